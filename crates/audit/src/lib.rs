//! The audit context: what happened, who may read it, and the proof that nothing of it was changed
//! afterwards (S0-58 … S0-70, S0-103, X-02; docs/adr/0015).
//!
//! Events are written by the functions and triggers of every context, in the transaction of what
//! they tell of. A job gives each of them its leaf in the tenant's Merkle tree and signs the head;
//! head and tiles go to an archive that the database cannot reach.

mod archive;
mod checkpoint;
pub mod columns;
pub mod export;
mod get;
mod history;
mod list;
pub mod months;
mod proofs;
mod query;
mod row;
mod seal;
mod services;
mod signer;

use wealth_http::{Routes, routes};

pub use archive::{Archive, ArchiveError, LockMode};
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
}
