//! What a directory sends: bodies, and the versions that it has seen.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde_json::Value;
use wealth_core::json::{self, JsonError};
use wealth_core::problem;
use wealth_http::{Problem, RawInput};

/// A JSON body and its length in bytes.
pub(crate) struct Body {
    pub(crate) value: Value,
    pub(crate) length: usize,
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let raw = RawInput::from_request(request, state).await?;
        if !matches!(raw.content_type.as_str(), "application/scim+json" | "application/json") {
            let text = "Send the body as application/scim+json or application/json.";
            return Err(Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE, text));
        }
        let value = json::from_slice(&raw.bytes).map_err(|error| {
            let reason = match error {
                JsonError::Malformed(reason) => reason,
                JsonError::Shape(found) => found.to_string(),
            };
            Problem::new(&problem::MALFORMED_JSON, format!("The body is not JSON: {reason}."))
        })?;
        Ok(Self { value, length: raw.bytes.len() })
    }
}

/// The version that If-Match names; none without the header or with `*`. Entity tags are weak
/// (RFC 7644 section 3.14), and only their version part guards a change.
pub(crate) struct SeenVersion(pub(crate) Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for SeenVersion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        seen(value.to_str().unwrap_or_default()).map(Self)
    }
}

/// The version in an entity tag that we gave out; none for `*`.
pub(crate) fn seen(text: &str) -> Result<Option<i64>, Problem> {
    let text = text.trim();
    if text == "*" {
        return Ok(None);
    }
    let tag = text.strip_prefix("W/").unwrap_or(text);
    let tag = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    let version = tag.map(|tag| tag.split_once('-').map_or(tag, |(version, _)| version));
    match version.and_then(|version| version.parse().ok()) {
        Some(version) => Ok(Some(version)),
        None => Err(Problem::new(
            &problem::VERSION_CONFLICT,
            "If-Match holds no entity tag of this resource.",
        )),
    }
}

/// The entity tags that the caller holds, from If-None-Match.
pub(crate) struct Held(String);

impl Held {
    pub(crate) fn holds(&self, tag: &str) -> bool {
        let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        self.0.split(',').any(|held| weak(held) == weak(tag))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Held {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let value = parts.headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
        Ok(Self(value.unwrap_or_default().to_owned()))
    }
}
