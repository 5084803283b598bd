//! Strong entity tags made of row versions, and the If-Match that guards against lost updates.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use wealth_core::problem;

use crate::problem::Problem;

/// The entity tag of a version.
pub fn etag(version: i64) -> HeaderValue {
    // Digits and quotes are always a valid header value.
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// The version that the caller has seen, from the required If-Match header. `*` means whichever
/// there is: the caller accepts to overwrite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            let text = "Read the resource first and send its ETag in If-Match, so that a change \
                        made meanwhile is not lost.";
            return Err(Problem::new(&problem::PRECONDITION_REQUIRED, text));
        };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let version = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        match version.and_then(|v| v.parse().ok()) {
            Some(version) => Ok(Self(Some(version))),
            // A tag we never gave out cannot match (RFC 9110, 13.1.1).
            None => Err(Problem::new(
                &problem::VERSION_CONFLICT,
                "If-Match holds no entity tag of this resource.",
            )),
        }
    }
}
