//! The audit context: what happened, who may read it, and the proof that nothing of it was changed
//! afterwards (S0-58 … S0-70, S0-103, X-02; docs/adr/0015).
//!
//! Events are written by the functions and triggers of every context, in the transaction of what
//! they tell of. A job gives each of them its leaf in the tenant's Merkle tree and signs the head;
//! head and tiles go to an archive that the database cannot reach.

mod archive;
mod checkpoint;
pub mod columns;
pub mod envelope;
pub mod export;
mod get;
mod history;
mod list;
pub mod months;
mod proofs;
mod query;
mod retention;
mod row;
mod seal;
mod services;
mod signer;

use wealth_http::{Routes, routes};

pub use archive::{Archive, ArchiveError, LockMode};
pub use retention::{Shredded, Swept, shred, sweep};
pub use seal::{Sealed, seal};
pub use services::{Parts, Services, SettingsError, origin};
pub use signer::{KeyError, SecretSigner, Signer, SigningKey};

/// Every route of the context.
pub fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(list::handler))
        .routes(routes!(get::handler))
        .routes(routes!(proofs::inclusion::handler))
        .routes(routes!(proofs::consistency::handler))
        .routes(routes!(history::handler))
        .routes(routes!(checkpoint::handler))
        .routes(routes!(export::handler))
        .routes(routes!(retention::policies::handler))
        .routes(routes!(retention::policy_put::handler))
        .routes(routes!(retention::record::handler))
        .routes(routes!(retention::holds::create::handler, retention::holds::list::handler))
        .routes(routes!(retention::holds::get::handler))
        .routes(routes!(retention::holds::release::request))
        .routes(routes!(retention::holds::release::release))
        .routes(routes!(retention::holds::release::refuse))
        .routes(routes!(retention::disposals::create::handler, retention::disposals::list::handler))
        .routes(routes!(retention::disposals::get::handler))
        .routes(routes!(retention::disposals::items::handler))
        .routes(routes!(retention::disposals::decide::approve))
        .routes(routes!(retention::disposals::decide::reject))
        .routes(routes!(retention::erasures::create::handler, retention::erasures::list::handler))
        .routes(routes!(retention::erasures::get::handler))
        .routes(routes!(retention::erasures::decide::execute))
        .routes(routes!(retention::erasures::decide::reject))
}
