//! POST /scim/v2/Groups/.search

use axum::extract::State;
use axum::response::Response;
use wealth_http::{App, Result};

use crate::scim::answer::list;
use crate::scim::body::Body;
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::listing::Listing;

/// List groups without writing the filter into the address
///
/// The same as the list, with the parameters in the body (RFC 7644 section 3.4.3).
#[utoipa::path(post, path = "/scim/v2/Groups/.search", operation_id = "scim_groups_search", tag = "scim",
    request_body(content = Object, content_type = "application/scim+json"),
    responses((status = 200, description = "A page of groups", body = Object,
        content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    body: Body,
) -> Result<Response> {
    let listing = Listing::search(&body.value)?;
    let (total, page) = listing.page(&app, &directory, Kind::Group, false).await?;
    Ok(list(total, listing.start, page))
}
