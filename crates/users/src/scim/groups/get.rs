//! GET /scim/v2/Groups/{group_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use wealth_http::{App, Params, PathParams, Result};

use crate::scim::answer::{not_modified, resource};
use crate::scim::body::Held;
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::listing::Shown;
use crate::scim::store;

/// Read a group
///
/// With If-None-Match a copy that is still current is answered 304.
#[utoipa::path(get, path = "/scim/v2/Groups/{group_id}", operation_id = "scim_groups_get", tag = "scim",
    params(("group_id" = Uuid, Path, description = "The group"), Shown),
    responses(
        (status = 200, description = "The group", body = Object, content_type = "application/scim+json",
            headers(("ETag" = String))),
        (status = 304, description = "The copy held is current"),
    ),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    PathParams(id): PathParams<Uuid>,
    Params(shown): Params<Shown>,
    held: Held,
) -> Result<Response> {
    let kind = Kind::Group;
    let projection = shown.projection(kind)?;
    let members = kind.shows_members(&projection);
    let found = store::get(&app, &directory, kind, id, members).await?;
    if held.holds(&found.tag) {
        return Ok(not_modified(&found));
    }
    Ok(resource(StatusCode::OK, kind.resource_type(), &found, &projection))
}
