//! Successful answers.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::etag::etag;
use crate::problem::{Problem, Result};

/// An answer with its bytes made, so that the same bytes can be stored and sent.
#[derive(Debug)]
pub struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// `status` with `body` as JSON.
pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Result<Reply> {
    let bytes = serde_json::to_vec(body).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(json_bytes(status, bytes))
}

/// `status` with JSON that was made before: what is kept as text is sent as the same bytes.
pub fn json_text(status: StatusCode, text: String) -> Reply {
    json_bytes(status, text.into_bytes())
}

/// `status` with the bytes of JSON.
pub(crate) fn json_bytes(status: StatusCode, bytes: Vec<u8>) -> Reply {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Reply { status, headers, body: bytes.into() }
}

/// 201 with the new resource's address.
pub fn created<T: Serialize>(location: &str, body: &T) -> Result<Reply> {
    json(StatusCode::CREATED, body).map(|reply| reply.header(header::LOCATION, location))
}

/// 204: done, and there is nothing to show.
pub fn no_content() -> Reply {
    Reply { status: StatusCode::NO_CONTENT, headers: HeaderMap::new(), body: Bytes::new() }
}

/// 304: the caller's copy is current.
pub fn not_modified(version: i64) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    response.headers_mut().insert(header::ETAG, etag(version));
    response
}

impl Reply {
    /// Adds a header; a value that cannot be one is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// The same answer with the member `name` in its JSON object.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self> {
        let unreadable = |error: serde_json::Error| Problem::internal(error.to_string());
        let mut body: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(&self.body).map_err(unreadable)?;
        body.insert(name.to_owned(), value.into());
        self.body = serde_json::to_vec(&body).map_err(unreadable)?.into();
        Ok(self)
    }

    /// The text member `name` of its JSON object.
    pub fn member(&self, name: &str) -> Option<String> {
        let body: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        body.get(name)?.as_str().map(str::to_owned)
    }

    /// The headers as they are stored under an idempotency key.
    pub(crate) fn headers_as_json(&self) -> serde_json::Value {
        let pair = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.into()))
        };
        serde_json::Value::Object(self.headers.iter().filter_map(pair).collect())
    }

    /// Adds the entity tag of a version.
    #[must_use]
    pub fn etag(mut self, version: i64) -> Self {
        self.headers.insert(header::ETAG, etag(version));
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
