//! POST /v1/auth/verify-email/resend

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use wealth_http::{App, Input, Result, Visitor};

use super::recover::{Address, send};
use super::{Accepted, Link};
use crate::services::Services;

/// Have another link to verify an address sent
///
/// The answer is the same for every address; the links sent before stop working.
#[utoipa::path(post, path = "/v1/auth/verify-email/resend", operation_id = "auth_verify_email_resend", tag = "auth",
    security(()), request_body = Address,
    responses((status = 202, description = "If that is due, a mail is on its way", body = Accepted)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<Address>,
) -> Result<Response> {
    send(&app, &services, &visitor, Link::VerifyEmail, input.body).await
}
