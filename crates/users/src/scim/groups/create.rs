//! POST /scim/v2/Groups

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use wealth_core::scim::document;
use wealth_http::{App, Params, Result};

use crate::scim::answer::resource;
use crate::scim::body::Body;
use crate::scim::directory::Directory;
use crate::scim::kind::Kind;
use crate::scim::listing::Shown;
use crate::scim::store;

/// Provision a group
///
/// What the server keeps itself, and what it does not know, is passed over.
#[utoipa::path(post, path = "/scim/v2/Groups", operation_id = "scim_groups_create", tag = "scim",
    params(Shown),
    request_body(content = Object, content_type = "application/scim+json"),
    responses((status = 201, description = "The group", body = Object,
        content_type = "application/scim+json", headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    Params(shown): Params<Shown>,
    body: Body,
) -> Result<Response> {
    let kind = Kind::Group;
    let projection = shown.projection(kind)?;
    let document = document::read(kind.resource_type(), &body.value)?;
    let made = store::create(&app, &directory, kind, app.ids.next(), document).await?;
    Ok(resource(StatusCode::CREATED, kind.resource_type(), &made, &projection))
}
