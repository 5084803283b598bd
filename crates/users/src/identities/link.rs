//! POST /v1/users/{user_id}/identities

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageUsers};
use wealth_core::problem;
use wealth_core::text::{self, Rule};
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, PathParams, Principal, Result, Row404, Write, created};

use super::Identity;
use crate::fields::EXTERNAL;

/// Longest `iss` that the platform takes.
const ISSUER: Rule = Rule { min: 1, max: 512, multiline: false };

/// A sign-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewIdentity {
    /// `iss` of its tokens: an issuer that this firm, and only this firm, trusts.
    #[schema(min_length = 1, max_length = 512)]
    issuer: String,
    /// `sub` of its tokens.
    #[schema(min_length = 1, max_length = 255)]
    subject: String,
}

impl NewIdentity {
    fn validate(self) -> Result<(String, String), Violations> {
        let mut v = Violations::new();
        let issuer = text::clean(&self.issuer, ISSUER, "/issuer", &mut v);
        let subject = text::clean(&self.subject, EXTERNAL, "/subject", &mut v);
        v.into_result((issuer.unwrap_or_default(), subject.unwrap_or_default()))
    }
}

/// Link a sign-in to a user
///
/// For people of the firm's own directory, and for an issuer of the firm's own: everybody else links
/// sign-ins personally, by tokens of both. Refused when it belongs to somebody else. Needs a
/// recent, strong sign-in.
#[utoipa::path(post, path = "/v1/users/{user_id}/identities", operation_id = "user_identities_create",
    tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("Idempotency-Key" = String, Header, description = "New for each intent"),
    ),
    request_body = NewIdentity,
    responses((status = 201, description = "The sign-in", body = Identity,
        headers(("Location" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(user): PathParams<Uuid>,
    input: Input<NewIdentity>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    principal.step_up()?;
    let write = app.write("user_identities_create", &principal, input.idempotency.required()?);
    let (issuer, subject) = input.body.validate()?;
    let (done, rows) = insert(write, &allowed, &app, user, (&issuer, &subject)).await?;
    let identity = Identity::read(&rows.one_or(&problem::NOT_FOUND)?);
    let location = format!("/v1/users/{user}/identities/{}", identity.identity_id);
    done.reply(created(&location, &identity)?).await
}

async fn insert(
    write: Write,
    _: &Authorized<ManageUsers>,
    app: &App,
    user: Uuid,
    (issuer, subject): (&str, &str),
) -> Result<(Done, Vec<Row>)> {
    let id = app.ids.next();
    let params = [p::uuid(&user), p::uuid(&id), p::text(&issuer), p::text(&subject)];
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "user_identity_link"), &params),
            (
                sql!("users", "user_identity_get"),
                &[p::uuid(&user), p::text(&issuer), p::text(&subject)],
            ),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default()))
}
