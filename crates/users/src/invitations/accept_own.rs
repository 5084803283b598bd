//! POST /v1/users/me/invitations/accept

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, problem};
use wealth_db::{p, sql};
use wealth_http::{App, Input, Person, Result, Row404, json};

use super::accepted::AcceptedInvitation;
use crate::one_time::OneTimeToken;

/// The link of the mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnAcceptance {
    #[serde(default)]
    #[schema(required, value_type = String)]
    token: Checked<OneTimeToken>,
}

/// Accept an invitation with the account one is signed in with
///
/// One's account works for the inviting firm too from then on; the session stays with the firm it
/// was opened for. The invitation must have gone to the address of the account. An account that a
/// firm's directory keeps is for that firm only. An Idempotency-Key has no effect here.
#[utoipa::path(post, path = "/v1/users/me/invitations/accept", operation_id = "me_invitation_accept",
    tag = "users", request_body = OwnAcceptance,
    responses(
        (status = 200, description = "Accepted", body = AcceptedInvitation),
        (status = 409, description = "duplicate: a user of the firm already; state_conflict: not an account that can accept it", body = wealth_http::ProblemDocument, content_type = "application/problem+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    input: Input<OwnAcceptance>,
) -> Result<Response> {
    principal.in_person()?;
    let mut found = Violations::new();
    let Some(token) = input.body.token.required("/token", &mut found) else {
        return Err(found.into());
    };
    let token = token.hash();
    // A refusal is recorded too, so nothing waits for the answer here.
    let write = app.write("invitations_accept", &principal, &input.idempotency.forgotten());
    let accept = (sql!("users", "invitation_accept_own"), &[p::bytes(&token)][..]);
    let (done, mut answers) = write.last(&[accept]).await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    done.reply(json(StatusCode::OK, &AcceptedInvitation::read(&row)?)?).await
}
