//! GET /scim/v2/ServiceProviderConfig, /ResourceTypes and /Schemas: what this server is and has.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use wealth_core::problem;
use wealth_core::scim::schema::{
    RESOURCE_TYPES, SCHEMAS, resource_type_document, schema_document, service_provider_config,
};
use wealth_http::{PathParams, Problem, Result};

use super::answer::{document, list};
use super::directory::Directory;

/// Tell what this SCIM server can do
///
/// RFC 7643 section 5.
#[utoipa::path(get, path = "/scim/v2/ServiceProviderConfig", operation_id = "scim_service_provider_config",
    tag = "scim",
    responses((status = 200, description = "The configuration", body = Object,
        content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn service_provider(directory: Directory) -> Response {
    document(StatusCode::OK, &service_provider_config(&directory.base))
}

/// List the kinds of resources
///
/// Users and groups (RFC 7643 section 6).
#[utoipa::path(get, path = "/scim/v2/ResourceTypes", operation_id = "scim_resource_types_list", tag = "scim",
    responses((status = 200, description = "The kinds", body = Object, content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn resource_types(directory: Directory) -> Response {
    let all = RESOURCE_TYPES.iter().map(|kind| resource_type_document(kind, &directory.base));
    everything(all.collect())
}

/// Read a kind of resources
///
/// RFC 7643 section 6.
#[utoipa::path(get, path = "/scim/v2/ResourceTypes/{name}", operation_id = "scim_resource_types_get", tag = "scim",
    params(("name" = String, Path, description = "User or Group")),
    responses((status = 200, description = "The kind", body = Object, content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn resource_type(
    directory: Directory,
    PathParams(name): PathParams<String>,
) -> Result<Response> {
    let found = RESOURCE_TYPES.iter().find(|kind| kind.name == name).ok_or_else(unknown)?;
    Ok(document(StatusCode::OK, &resource_type_document(found, &directory.base)))
}

/// List the schemas
///
/// Those of resources and of the discovery documents (RFC 7643 section 7).
#[utoipa::path(get, path = "/scim/v2/Schemas", operation_id = "scim_schemas_list", tag = "scim",
    responses((status = 200, description = "The schemas", body = Object, content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn schemas(directory: Directory) -> Response {
    everything(SCHEMAS.iter().map(|schema| schema_document(schema, &directory.base)).collect())
}

/// Read a schema
///
/// RFC 7643 section 7.
#[utoipa::path(get, path = "/scim/v2/Schemas/{urn}", operation_id = "scim_schemas_get", tag = "scim",
    params(("urn" = String, Path, description = "The URN of the schema")),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn schema(
    directory: Directory,
    PathParams(urn): PathParams<String>,
) -> Result<Response> {
    let found = SCHEMAS.iter().find(|schema| schema.id.eq_ignore_ascii_case(&urn));
    let found = found.ok_or_else(unknown)?;
    Ok(document(StatusCode::OK, &schema_document(found, &directory.base)))
}

/// The discovery endpoints have neither filter nor pages (RFC 7644 section 4).
fn everything(resources: Vec<Value>) -> Response {
    list(i64::try_from(resources.len()).unwrap_or(i64::MAX), 1, resources)
}

fn unknown() -> Problem {
    Problem::not_found(&problem::NOT_FOUND)
}
