//! If-Match where there may be nothing yet to match.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use wealth_core::problem;
use wealth_http::{IfMatch, Problem, Result};

/// The version that the caller has seen. Without the header the caller makes something new, so
/// version zero is expected; `*` means whichever there is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfMatchOrNew {
    given: bool,
    /// What the database shall expect; none accepts any.
    pub expected: Option<i64>,
}

impl IfMatchOrNew {
    /// A conflict without the header means that the header is missing.
    pub(crate) fn explain(self, conflict: Problem) -> Problem {
        if self.given || conflict.code() != &problem::VERSION_CONFLICT {
            return conflict;
        }
        let text = "This exists already. Read it first and send its ETag in If-Match, so that a \
                    change made meanwhile is not lost.";
        Problem::new(&problem::PRECONDITION_REQUIRED, text)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatchOrNew {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        if !parts.headers.contains_key(header::IF_MATCH) {
            return Ok(Self { given: false, expected: Some(0) });
        }
        let IfMatch(expected) = IfMatch::from_request_parts(parts, state).await?;
        Ok(Self { given: true, expected })
    }
}
