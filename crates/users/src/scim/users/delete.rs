//! DELETE /scim/v2/Users/{member_id}

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_http::{App, PathParams, Result, no_content};

use crate::scim::body::SeenVersion;
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::store;

/// Remove a user
///
/// The membership ends: sessions, API keys, groups and roles with it, and the userName is free.
#[utoipa::path(delete, path = "/scim/v2/Users/{member_id}", operation_id = "scim_users_delete", tag = "scim",
    params(("member_id" = Uuid, Path, description = "The user"),
        ("If-Match" = Option<String>, Header, description = "The version that is to be removed")),
    responses((status = 204, description = "It is gone")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    PathParams(id): PathParams<Uuid>,
    SeenVersion(seen): SeenVersion,
) -> Result<Response> {
    store::delete(&app, &directory, Kind::User, (id, seen)).await?;
    Ok(no_content().into_response())
}
