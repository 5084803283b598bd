//! PUT /scim/v2/Users/{member_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::scim::document;
use wealth_http::{App, Params, PathParams, Result};

use crate::scim::answer::resource;
use crate::scim::body::{Body, SeenVersion};
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::listing::Shown;
use crate::scim::store;

/// Replace a user
///
/// What is not in the body is taken away; whether a user is active stays if the body says nothing of it.
#[utoipa::path(put, path = "/scim/v2/Users/{member_id}", operation_id = "scim_users_replace", tag = "scim",
    params(("member_id" = Uuid, Path, description = "The user"), Shown,
        ("If-Match" = Option<String>, Header, description = "The version that is to be replaced")),
    request_body(content = Object, content_type = "application/scim+json"),
    responses((status = 200, description = "The user", body = Object,
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
    let kind = Kind::User;
    let projection = shown.projection(kind)?;
    let document = document::read(kind.resource_type(), &body.value)?;
    let now = store::replace(&app, &directory, kind, (id, seen), document).await?;
    Ok(resource(StatusCode::OK, kind.resource_type(), &now, &projection))
}
