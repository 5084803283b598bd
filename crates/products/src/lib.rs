//! The products context: the catalogue, its terms and availability, and saved comparisons.

mod activity;
mod appointments;
mod availability;
mod comparisons;
mod create;
mod facets;
mod get;
mod get_by_cusip;
pub mod imports;
mod ladders;
mod list;
mod list_active;
mod patch;
mod recommendations;
mod row;
mod terms;
mod versions;
mod view;

use wealth_http::{Routes, routes};

/// Every route of the context.
pub fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(list_active::handler))
        .routes(routes!(facets::handler))
        .routes(routes!(get_by_cusip::handler))
        .routes(routes!(get::handler, patch::handler))
        .routes(routes!(activity::deactivate))
        .routes(routes!(activity::reactivate))
        .routes(routes!(versions::handler))
        .routes(routes!(terms::list::handler, terms::publish::handler))
        .routes(routes!(terms::get::handler))
        .routes(routes!(availability::list::handler, availability::add::handler))
        .routes(routes!(availability::change::handler, availability::remove::handler))
        .routes(routes!(comparisons::list::handler, comparisons::create::handler))
        .routes(routes!(comparisons::get::handler))
        .routes(routes!(comparisons::reproduce::handler))
        .routes(routes!(recommendations::create::handler))
        .routes(routes!(recommendations::list::handler))
        .routes(routes!(recommendations::get::handler))
        .routes(routes!(recommendations::decide::approve))
        .routes(routes!(recommendations::decide::refuse))
        .routes(routes!(ladders::build::handler))
        .routes(routes!(appointments::list::handler, appointments::add::handler))
        .routes(routes!(appointments::settings::get, appointments::settings::put))
        .routes(routes!(
            appointments::get::handler,
            appointments::change::handler,
            appointments::remove::handler
        ))
        .and(imports::router())
}
