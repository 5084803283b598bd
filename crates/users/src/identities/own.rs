//! POST /v1/users/me/identities

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::auth::{AuthError, VerifiedToken};
use wealth_http::{App, Input, Person, Problem, Result, Row404, json};

use super::Identity;

/// Proof of a second sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondToken {
    /// An access token of the other issuer, in force and for this firm. It is not kept.
    #[schema(max_length = 16384)]
    token: String,
}

/// Link a second sign-in to oneself
///
/// The bearer token proves one sign-in, the token in the body the other; both must be in force and
/// for the same firm. E-mails are not compared. Refused when the other sign-in belongs to somebody
/// else. Needs a recent, strong sign-in, in person.
#[utoipa::path(post, path = "/v1/users/me/identities", operation_id = "me_identities_create", tag = "users",
    params(("Idempotency-Key" = Option<String>, Header, description = "New for each intent")),
    request_body = SecondToken,
    responses((status = 200, description = "The sign-in, linked now or before", body = Identity)),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    input: Input<SecondToken>,
) -> Result<Response> {
    principal.step_up()?;
    let proof = app.verifier.verify(&input.body.token, app.clock.now()).await;
    let proof = proof.map_err(|error| match error {
        AuthError::Unavailable(_) => Problem::unavailable(error.to_string()),
        AuthError::Refused(_) => refused(),
    })?;
    if !serves(&proof, principal.context().tenant_id) {
        return Err(refused());
    }
    let id = app.ids.next();
    let (issuer, subject) = (&proof.issuer, &proof.subject);
    let write = app.write("me_identities_create", &principal, &input.idempotency);
    let params = [p::uuid(&id), p::text(issuer), p::text(subject)];
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "own_identity_link"), &params),
            (sql!("users", "own_identity_get"), &[p::text(issuer), p::text(subject)]),
        ])
        .await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    done.reply(json(StatusCode::OK, &Identity::read(&row))?).await
}

/// A token of an outside issuer for this firm, of nobody in another's place.
fn serves(proof: &VerifiedToken, tenant_id: uuid::Uuid) -> bool {
    proof.tenant_id == tenant_id && proof.user_id.is_none() && proof.impersonator_id.is_none()
}

/// One text for every reason: the token may be stolen.
fn refused() -> Problem {
    Violations::one(
        "/token",
        "token_refused",
        "must be an access token in force, of another issuer that this firm trusts",
    )
    .into()
}
