//! PATCH /scim/v2/Groups/{group_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::scim::PatchRequest;
use wealth_http::{App, Params, PathParams, Result};

use crate::scim::answer::resource;
use crate::scim::body::{Body, SeenVersion};
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::listing::Shown;
use crate::scim::store;

/// Change a group
///
/// All operations take effect, or none.
#[utoipa::path(patch, path = "/scim/v2/Groups/{group_id}", operation_id = "scim_groups_patch", tag = "scim",
    params(("group_id" = Uuid, Path, description = "The group"), Shown,
        ("If-Match" = Option<String>, Header, description = "The version that is to be changed")),
    request_body(content = Object, content_type = "application/scim+json"),
    responses((status = 200, description = "The group", body = Object,
        content_type = "application/scim+json", headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    PathParams(id): PathParams<Uuid>,
    Params(shown): Params<Shown>,
    SeenVersion(seen): SeenVersion,
    body: Body,
) -> Result<Response> {
    let kind = Kind::Group;
    let projection = shown.projection(kind)?;
    let request = PatchRequest::read(&body.value)?;
    let now = store::patch(&app, &directory, kind, (id, seen), &request).await?;
    Ok(resource(StatusCode::OK, kind.resource_type(), &now, &projection))
}
