//! Strict reading of bodies and queries: unknown fields are refused, and the field at fault is
//! named.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;
use wealth_core::json::{self, JsonError};
use wealth_core::problem;

use crate::idempotency::Idempotency;
use crate::problem::{Problem, Result};

/// A JSON body and what identifies a repetition of it.
#[derive(Debug)]
pub struct Input<T> {
    /// The body.
    pub body: T,
    /// Key and fingerprint.
    pub idempotency: Idempotency,
}

impl<S, T> FromRequest<S> for Input<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let raw = RawInput::from_request(request, state).await?;
        require_json(&raw.content_type)?;
        Ok(Self { body: parse(&raw.bytes)?, idempotency: raw.idempotency })
    }
}

/// A JSON body that may be left out.
#[derive(Debug)]
pub struct OptionalInput<T> {
    /// The body, or what stands for none.
    pub body: T,
    /// Key and fingerprint.
    pub idempotency: Idempotency,
}

impl<S, T> FromRequest<S> for OptionalInput<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Default,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let RawInput { bytes, content_type, idempotency } =
            RawInput::from_request(request, state).await?;
        if bytes.is_empty() {
            return Ok(Self { body: T::default(), idempotency });
        }
        require_json(&content_type)?;
        Ok(Self { body: parse(&bytes)?, idempotency })
    }
}

/// The body of a call that takes none: left out, or an object without members. What a caller sends
/// is never overlooked.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A body as it came, for CSV and other formats.
#[derive(Debug)]
pub struct RawInput {
    /// The body.
    pub bytes: Bytes,
    /// Media type without parameters, lower case; empty when the header is missing.
    pub content_type: String,
    /// Key and fingerprint.
    pub idempotency: Idempotency,
}

impl<S: Send + Sync> FromRequest<S> for RawInput {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let content_type = media_type(request.headers());
        let headers = request.headers().clone();
        let target = request.uri().path_and_query().map_or("/", |pq| pq.as_str());
        let operation = format!("{} {target}", request.method());
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejection| {
                match rejection.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => too_large(),
                    _ => Problem::new(&problem::MALFORMED_REQUEST, "The body cannot be read."),
                }
            })?;
        let idempotency = Idempotency::read(&headers, operation, &bytes)?;
        Ok(Self { bytes, content_type, idempotency })
    }
}

/// More than any call takes.
pub(crate) fn too_large() -> Problem {
    let text = "The body is larger than this call takes. Split it.";
    Problem::new(&problem::PAYLOAD_TOO_LARGE, text)
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

fn require_json(content_type: &str) -> Result<()> {
    let json = content_type == "application/json"
        || (content_type.starts_with("application/") && content_type.ends_with("+json"));
    if json {
        return Ok(());
    }
    let text = "Send the body as application/json.";
    Err(Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE, text))
}

/// Parses JSON with the reader that imports and feeds use too.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    json::from_slice(bytes).map_err(|error| match error {
        JsonError::Shape(violations) => violations.into(),
        JsonError::Malformed(reason) => {
            Problem::new(&problem::MALFORMED_JSON, format!("The body is not JSON: {reason}."))
        }
    })
}

/// A query string, unknown parameters refused (put `deny_unknown_fields` on `T`).
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<S, T> FromRequestParts<S> for Params<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(query) => Ok(Self(query.0)),
            Err(rejection) => {
                let text = rejection.body_text();
                let reason = text.rsplit_once("query string: ").map_or(text.as_str(), |(_, r)| r);
                let text = format!("The query cannot be read: {reason}.");
                Err(Problem::new(&problem::MALFORMED_REQUEST, text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only parsed")]
    struct Body {
        name: String,
        #[serde(default)]
        list: Vec<Item>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "only parsed")]
    struct Item {
        year: u8,
    }

    fn code(text: &str) -> String {
        parse::<Body>(text.as_bytes()).unwrap_err().code().code.to_owned()
    }

    #[test]
    fn json_that_is_not_json_is_told_from_json_that_does_not_fit() {
        assert_eq!(code("{"), "malformed_json");
        assert_eq!(code(r#"{"name":"a"} {}"#), "malformed_json");
        assert_eq!(code("\u{feff}{}"), "malformed_json");
        assert_eq!(code(r#"{"name":1}"#), "validation_failed");
        assert_eq!(code(r#"{"name":"a","extra":1}"#), "validation_failed");
        assert_eq!(code(r#"{"name":"a","name":"b"}"#), "validation_failed");
        assert_eq!(code(r#"["a",[]]"#), "validation_failed");
        assert_eq!(code(r#"{"name":"a","list":[[7]]}"#), "validation_failed");
        let deep = format!(r#"{{"name":{}"#, "[".repeat(100_000));
        assert_eq!(code(&deep), "validation_failed");
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(parse::<Nothing>(b"{}").is_ok());
        for text in ["[]", "null", "0", r#"{"is_active":false}"#] {
            let problem = parse::<Nothing>(text.as_bytes()).unwrap_err();
            assert_eq!(problem.code().code, "validation_failed", "{text}");
        }
    }

    #[test]
    fn the_pointer_leads_to_the_field() {
        let text = r#"{"name":"a","list":[{"year":1},{"year":"x"}]}"#;
        let problem = parse::<Body>(text.as_bytes()).unwrap_err();
        let rendered = format!("{problem:?}");
        assert!(rendered.contains("\"/list/1/year\""), "{rendered}");
    }
}
