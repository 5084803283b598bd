//! The SCIM 2.0 server (RFC 7643, RFC 7644): the firm's directory keeps members and groups here.
//! Which firm, the credential says. What the protocol means stands in `wealth_core::scim`.

mod answer;
mod body;
mod bulk;
mod conditions;
mod directory;
mod discovery;
mod groups;
mod kind;
mod listing;
mod operation;
mod password;
mod search;
mod store;
mod users;

use wealth_http::{Routes, routes};

/// Every route below /scim/v2.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(discovery::service_provider))
        .routes(routes!(discovery::resource_types))
        .routes(routes!(discovery::resource_type))
        .routes(routes!(discovery::schemas))
        .routes(routes!(discovery::schema))
        .routes(routes!(users::list::handler, users::create::handler))
        .routes(routes!(users::search::handler))
        .routes(routes!(
            users::get::handler,
            users::replace::handler,
            users::patch::handler,
            users::delete::handler
        ))
        .routes(routes!(groups::list::handler, groups::create::handler))
        .routes(routes!(groups::search::handler))
        .routes(routes!(
            groups::get::handler,
            groups::replace::handler,
            groups::patch::handler,
            groups::delete::handler
        ))
        .routes(routes!(search::handler))
        .routes(routes!(bulk::handler))
}
