//! DELETE /scim/v2/Groups/{group_id}

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_http::{App, PathParams, Result, no_content};

use crate::scim::body::SeenVersion;
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::store;

/// Remove a group
///
/// The roles that it gave end, except where another group or a grant by hand still gives them.
#[utoipa::path(delete, path = "/scim/v2/Groups/{group_id}", operation_id = "scim_groups_delete", tag = "scim",
    params(("group_id" = Uuid, Path, description = "The group"),
        ("If-Match" = Option<String>, Header, description = "The version that is to be removed")),
    responses((status = 204, description = "It is gone")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    PathParams(id): PathParams<Uuid>,
    SeenVersion(seen): SeenVersion,
) -> Result<Response> {
    store::delete(&app, &directory, Kind::Group, (id, seen)).await?;
    Ok(no_content().into_response())
}
