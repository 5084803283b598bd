//! GET /scim/v2/Users

use axum::extract::State;
use axum::response::Response;
use wealth_http::{App, Params, Result};

use crate::scim::answer::list;
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::listing::{ListQuery, Listing};

/// List users
///
/// A filter of comparisons with the name, externalId, id, active, an address, a member or
/// lastModified, joined by and, is answered from an index; any other is looked at resource by resource
/// among at most 5000, else it is refused with tooMany.
#[utoipa::path(get, path = "/scim/v2/Users", operation_id = "scim_users_list", tag = "scim",
    params(ListQuery),
    responses((status = 200, description = "A page of users", body = Object,
        content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    Params(query): Params<ListQuery>,
) -> Result<Response> {
    let listing = Listing::try_from(query)?;
    let (total, page) = listing.page(&app, &directory, Kind::User, false).await?;
    Ok(list(total, listing.start, page))
}
