//! POST /v1/auth/recover

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Email, problem};
use wealth_db::{p, sql};
use wealth_http::{App, Input, Problem, Result, Row404, Visitor, json};

use super::{Accepted, Hold, Link};
use crate::services::Services;

/// Where a link goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Address {
    #[serde(default)]
    #[schema(required, value_type = Email)]
    email: Checked<Email>,
}

/// Have a link sent that sets a new password
///
/// The answer is the same for every address, and so is the work done for it; the links sent before
/// stop working. At most five an hour go to one address.
#[utoipa::path(post, path = "/v1/auth/recover", operation_id = "auth_recover", tag = "auth", security(()),
    request_body = Address,
    responses((status = 202, description = "If there is an account, a mail is on its way", body = Accepted)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<Address>,
) -> Result<Response> {
    send(&app, &services, &visitor, Link::Recover, input.body).await
}

/// Queues the mail if the address has an account that needs it. One round trip.
pub(super) async fn send(
    app: &App,
    services: &Services,
    visitor: &Visitor,
    link: Link,
    body: Address,
) -> Result<Response> {
    let hold = Hold::new(services.settings.answer_after);
    let answer = queue(app, services, visitor, link, body).await;
    hold.release().await;
    answer
}

async fn queue(
    app: &App,
    services: &Services,
    visitor: &Visitor,
    link: Link,
    body: Address,
) -> Result<Response> {
    let mut found = Violations::new();
    let Some(email) = body.email.required("/email", &mut found) else { return Err(found.into()) };
    let caller = visitor.describe(link.purpose());
    let made = link.make(app, services, visitor.now, email.as_str()).await?;
    let (purpose, email) = (link.purpose(), email.as_str());
    let params = [p::text(&purpose), p::text(&email), p::json(&made), p::json(&caller)];
    let rows = visitor.query(app, sql!("users", "send_link"), &params).await?;
    let wait: i32 = rows.one_or(&problem::NOT_FOUND)?.get("retry_after");
    if wait > 0 {
        return Err(Problem::wait(wait));
    }
    Ok(json(StatusCode::ACCEPTED, &Accepted::ANSWER)?.into_response())
}
