//! The rates context: effective-dated and bitemporal rates of products, feeds that bring them,
//! second persons who decide on them, and the yields that follow from them (S0-32 … S0-38, S0-92,
//! S0-139).
//!
//! A product's rates form one line of days without gap or overlap, which the database holds by
//! constraint. Nothing on it is ever rewritten: a change supersedes rows and records new ones, so
//! that both questions have an answer: what was in force on a day (`as_of`), and what was believed
//! at an instant (`known_at`).

mod apy;
mod changes;
mod continuity;
mod current;
mod events;
mod feeds;
mod history;
pub mod jobs;
mod list;
mod matching;
mod overrides;
mod put;
mod query;
mod row;
mod settings;
mod timeline;
mod yields;

use wealth_http::{Routes, routes};

pub use events::on_event;
pub use feeds::pull::{DueFeed, Outcome, Pulled};

/// Every route of the context.
pub fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(timeline::handler, put::handler))
        .routes(routes!(current::handler))
        .routes(routes!(history::handler))
        .routes(routes!(continuity::handler))
        .routes(routes!(apy::handler))
        .routes(routes!(list::handler))
        .routes(routes!(settings::get, settings::put))
        .routes(routes!(yields::handler))
        .routes(routes!(changes::list::handler))
        .routes(routes!(changes::get::handler))
        .routes(routes!(changes::decide::approve))
        .routes(routes!(changes::decide::reject))
        .routes(routes!(overrides::create::handler))
        .routes(routes!(overrides::list::handler))
        .routes(routes!(overrides::get::handler))
        .routes(routes!(overrides::decide::approve))
        .routes(routes!(overrides::decide::reject))
        .routes(routes!(overrides::end::handler))
        .routes(routes!(feeds::list::handler))
        .routes(routes!(feeds::put::handler))
        .routes(routes!(feeds::deliver::handler))
        .routes(routes!(feeds::batch::handler))
}
