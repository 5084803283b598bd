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

/// The versions that the caller holds a copy of, from If-None-Match; empty when there is none.
/// Answer [`crate::not_modified`] when the present version is among them (S0-116).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfNoneMatch(Vec<i64>);

impl IfNoneMatch {
    /// Whether the caller's copy is of this version. `*` is not honoured: it asks whether anything
    /// exists, which is no question of a cache.
    pub fn holds(&self, version: i64) -> bool {
        self.0.contains(&version)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let tags = parts.headers.get_all(header::IF_NONE_MATCH).iter();
        let tags = tags.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
        // The comparison is the weak one (RFC 9110, 13.1.2): a proxy may have weakened our tag.
        let version = |tag: &str| {
            let tag = tag.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag);
            tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
        };
        Ok(Self(tags.filter_map(version).collect()))
    }
}
