//! Failures below `/scim`, where directories read RFC 7644 section 3.12 and nothing else.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wealth_core::problem::{self, Code};
use wealth_core::scim::{ScimError, ScimType};

use crate::problem::Problem;

/// The media type of everything below `/scim`.
pub const SCIM_JSON: &str = "application/scim+json";

/// An error as SCIM clients read it (RFC 7644 section 3.12).
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "describes the document that wealth_core::scim::ScimError makes")]
#[schema(rename_all = "camelCase")]
pub(crate) struct ScimErrorDocument {
    /// `urn:ietf:params:scim:api:messages:2.0:Error`
    schemas: Vec<String>,
    /// The HTTP status, as text.
    #[schema(example = "409")]
    status: String,
    /// The keyword, where there is one.
    #[schema(example = "uniqueness")]
    scim_type: Option<String>,
    /// What happened here.
    detail: String,
}

/// Whether a path belongs to SCIM.
pub(crate) fn is_scim(path: &str) -> bool {
    path == "/scim" || path.starts_with("/scim/")
}

impl From<ScimError> for Problem {
    fn from(error: ScimError) -> Self {
        let code = match error.status {
            404 => &problem::NOT_FOUND,
            409 => &problem::DUPLICATE,
            412 => &problem::VERSION_CONFLICT,
            413 => &problem::PAYLOAD_TOO_LARGE,
            _ => &problem::MALFORMED_REQUEST,
        };
        Self::new(code, error.detail).scim(error.scim_type)
    }
}

impl Problem {
    /// The failure in the words of SCIM; what other layers found wrong with the input is a 400
    /// there, for SCIM does not know 422.
    pub fn to_scim(&self) -> ScimError {
        let code = self.code();
        let status = if code.status == 422 { 400 } else { code.status };
        let scim_type = self.scim_type().or_else(|| keyword(code));
        ScimError { status, scim_type, detail: self.detail().to_owned() }
    }

    pub(crate) fn render_scim(self) -> Response {
        let error = self.to_scim();
        let status = StatusCode::from_u16(error.status);
        let body = error.document().to_string();
        let mut response =
            (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body).into_response();
        response.headers_mut().extend(self.into_headers());
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(SCIM_JSON));
        response
    }
}

fn keyword(code: &Code) -> Option<ScimType> {
    if *code == problem::DUPLICATE {
        Some(ScimType::Uniqueness)
    } else if *code == problem::MALFORMED_JSON {
        Some(ScimType::InvalidSyntax)
    } else if *code == problem::VALIDATION_FAILED {
        Some(ScimType::InvalidValue)
    } else {
        None
    }
}
