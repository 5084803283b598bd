//! Answers in `application/scim+json`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use wealth_core::scim::{LIST_RESPONSE, Object, Projection, ResourceType};
use wealth_http::SCIM_JSON;

/// A resource as the server holds it.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    /// Everything, canonical.
    pub(crate) whole: Object,
    /// The entity tag, quotes and all.
    pub(crate) tag: String,
    pub(crate) location: String,
}

/// A JSON document.
pub(crate) fn document(status: StatusCode, body: &Value) -> Response {
    let mut response = (status, body.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(SCIM_JSON));
    response
}

/// One resource, with its entity tag; the address of a new one in Location.
pub(crate) fn resource(
    status: StatusCode,
    kind: &ResourceType,
    resource: &Resource,
    projection: &Projection,
) -> Response {
    let shown = projection.apply(kind, &resource.whole);
    let mut response = document(status, &Value::Object(shown));
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&resource.tag) {
        headers.insert(header::ETAG, tag);
    }
    let name = match status {
        StatusCode::CREATED => header::LOCATION,
        _ => header::CONTENT_LOCATION,
    };
    if let Ok(location) = HeaderValue::from_str(&resource.location) {
        headers.insert(name, location);
    }
    response
}

/// 304: the caller's copy is current.
pub(crate) fn not_modified(resource: &Resource) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    if let Ok(tag) = HeaderValue::from_str(&resource.tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// A page of a list.
pub(crate) fn list(total: i64, start: i64, resources: Vec<Value>) -> Response {
    let body = json!({
        "schemas": [LIST_RESPONSE],
        "totalResults": total,
        "itemsPerPage": resources.len(),
        "startIndex": start,
        "Resources": resources,
    });
    document(StatusCode::OK, &body)
}
