//! Problem documents (RFC 9457): every failure of every context in one shape.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::Denied;
use wealth_core::problem::{self, Code};
use wealth_core::scim::ScimType;
use wealth_core::violations::{FieldError, Violations};
use wealth_db::{DbError, RequestContext};

use crate::constraints;
use crate::person::NOT_FOR_KEYS;

/// What a handler returns.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// A failure on its way to the caller. It is rendered by the outermost layer, which knows the
/// request's id.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    code: &'static Code,
    detail: String,
    errors: Vec<FieldError>,
    headers: HeaderMap,
    more: Map<String, Value>,
    cause: Option<String>,
    replay: Option<Replay>,
    oauth: Option<&'static str>,
    scim_type: Option<ScimType>,
}

/// Not a failure: the stored answer of an earlier request with the same key is due.
#[derive(Debug, Clone)]
pub(crate) struct Replay {
    pub(crate) context: RequestContext,
    pub(crate) key: String,
}

/// The document as it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// URN of the kind of problem; docs/errors.md lists them.
    #[serde(rename = "type")]
    #[schema(example = "urn:wealth:problem:validation-failed")]
    kind: String,
    /// Short text of the kind.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// The kind, for programs.
    #[schema(example = "validation_failed")]
    code: &'static str,
    /// What happened here.
    detail: String,
    /// The fields at fault, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// The error's name in OAuth (RFC 6749 §5.2), where OAuth clients ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "invalid_grant")]
    error: Option<&'static str>,
    /// Quote this when asking for help; also in the X-Request-Id header.
    request_id: Uuid,
    /// What only some kinds have (RFC 9457 section 3.2).
    #[serde(flatten)]
    #[schema(ignore)]
    more: Map<String, Value>,
}

impl Problem {
    /// A problem of a registered kind.
    pub fn new(code: &'static Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            headers: HeaderMap::new(),
            more: Map::new(),
            cause: None,
            replay: None,
            oauth: None,
            scim_type: None,
        }))
    }

    /// A bug of ours: the cause goes to the log and nowhere else.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "This is a fault on our side. It has been logged under the request id.";
        Self::new(&problem::INTERNAL_ERROR, detail).because(cause)
    }

    /// Try again later.
    pub fn unavailable(cause: impl Into<String>) -> Self {
        let detail = "A system this request depends on does not answer. Try again in a moment.";
        Self::new(&problem::DEPENDENCY_UNAVAILABLE, detail)
            .because(cause)
            .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// The same text for an id that never was and one of another tenant.
    pub fn not_found(code: &'static Code) -> Self {
        Self::new(code, code.title)
    }

    /// Adds what only the log may know.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Adds a member of the document that only this kind has: what the caller needs to go on.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.more.insert(name.to_owned(), value);
        self
    }

    /// The caller must wait.
    pub fn wait(seconds: i32) -> Self {
        let text = format!("Too many attempts from here. Try again in {seconds} seconds.");
        Self::new(&problem::RATE_LIMITED, text)
            .header(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)))
    }

    /// Adds the field at fault.
    #[must_use]
    pub fn at(mut self, pointer: &str, code: impl Into<Cow<'static, str>>, message: &str) -> Self {
        self.0.errors.push(FieldError {
            pointer: pointer.to_owned(),
            code: code.into(),
            message: message.to_owned(),
        });
        self
    }

    /// Adds the name that OAuth has for it.
    #[must_use]
    pub fn oauth(mut self, error: &'static str) -> Self {
        self.0.oauth = Some(error);
        self
    }

    pub(crate) fn replay(context: RequestContext, key: String) -> Self {
        let mut problem = Self::new(&problem::IDEMPOTENCY_IN_PROGRESS, "replay");
        problem.0.replay = Some(Replay { context, key });
        problem
    }

    pub(crate) fn take_replay(&mut self) -> Option<Replay> {
        self.0.replay.take()
    }

    /// Adds the keyword that SCIM has for it.
    #[must_use]
    pub(crate) fn scim(mut self, keyword: Option<ScimType>) -> Self {
        self.0.scim_type = keyword;
        self
    }

    pub(crate) fn scim_type(&self) -> Option<ScimType> {
        self.0.scim_type
    }

    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    pub(crate) fn into_headers(self) -> HeaderMap {
        self.0.headers
    }

    /// The registered kind.
    pub fn code(&self) -> &'static Code {
        self.0.code
    }

    /// Everything about it on one line, for events, whose senders get no document.
    pub fn summary(&self) -> String {
        let fields = self.0.errors.iter().map(|e| format!("{}: {}", e.pointer, e.message));
        let fields: Vec<String> = fields.collect();
        let text = if fields.is_empty() { self.0.detail.clone() } else { fields.join("; ") };
        self.0.cause.iter().fold(text, |text, cause| format!("{text}; {cause}"))
    }

    /// Why, for whoever operates: the cause, or all there is to say.
    pub fn why(&self) -> String {
        self.0.cause.clone().unwrap_or_else(|| self.summary())
    }

    /// What the log should say, for problems that are ours.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    pub(crate) fn render(self, request_id: Uuid) -> Response {
        let parts = *self.0;
        let document = ProblemDocument {
            kind: format!("urn:wealth:problem:{}", parts.code.slug()),
            title: parts.code.title,
            status: parts.code.status,
            code: parts.code.code,
            detail: parts.detail,
            errors: parts.errors,
            error: parts.oauth,
            request_id,
            more: parts.more,
        };
        // The document has string keys only, so it always serialises.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status(parts.code), body).into_response();
        response.headers_mut().extend(parts.headers);
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }
}

fn status(code: &Code) -> StatusCode {
    StatusCode::from_u16(code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(self.0.code).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Violations> for Problem {
    fn from(violations: Violations) -> Self {
        let detail = match violations.0.as_slice() {
            [one] if one.pointer.is_empty() => one.message.clone(),
            // A reader of the detail alone learns which field it is, too.
            [one] => format!("{}: {}", one.pointer, one.message),
            many => format!("{} fields need attention.", many.len()),
        };
        let cusip = violations.0.iter().all(|e| e.code == problem::CUSIP_INVALID.code);
        let code = if cusip { &problem::CUSIP_INVALID } else { &problem::VALIDATION_FAILED };
        let mut problem = Self::new(code, detail);
        problem.0.errors = violations.0;
        problem
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let mut text = denied.to_string();
        text[..1].make_ascii_uppercase();
        Self::new(&problem::PERMISSION_DENIED, format!("{text}."))
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Rejected(rejection) => constraints::rejected(rejection),
            DbError::Constraint(constraint) => constraints::violated(&constraint),
            DbError::Unscoped => Self::new(&problem::PERMISSION_DENIED, NOT_FOR_KEYS),
            DbError::UnknownOutcome => {
                let detail = "The connection broke while the change was being saved: it may or \
                              may not be in effect. Send the same request again with the same \
                              Idempotency-Key, or read the resource first.";
                Self::new(&problem::DEPENDENCY_UNAVAILABLE, detail)
                    .because("connection lost during COMMIT")
                    .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            }
            DbError::Contention(_) | DbError::Timeout(_) | DbError::Unavailable(_) => {
                Self::unavailable(chain(&error))
            }
            DbError::Unfit(_) => Self::unavailable(chain(&error)),
            DbError::Replay | DbError::Bug { .. } | DbError::RowCount { .. } => {
                Self::internal(chain(&error))
            }
        }
    }
}

/// An error with its causes on one line, for the log.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
