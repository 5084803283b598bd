//! POST /v1/auth/invitations/accept

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Password, problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Input, Result, Row404, Visitor, json as answer};

use super::accepted::{AcceptedInvitation, spent};
use crate::auth::seen;
use crate::fields::PERSON_NAME;
use crate::one_time::OneTimeToken;
use crate::passwords::{Known, Owner};
use crate::services::Services;

/// The link of the mail, and who comes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    #[serde(default)]
    #[schema(required, value_type = String)]
    token: Checked<OneTimeToken>,
    /// That of the account that the address has on this platform, else one for the account that is
    /// made.
    #[serde(default)]
    #[schema(required, value_type = Password)]
    password: Checked<Password>,
    /// For an account that is made.
    #[schema(max_length = 100)]
    first_name: Option<String>,
    /// For an account that is made.
    #[schema(max_length = 100)]
    last_name: Option<String>,
}

struct Asked {
    token: OneTimeToken,
    password: Password,
    first_name: Option<String>,
    last_name: Option<String>,
}

impl Acceptance {
    fn validate(self) -> Result<Asked, Violations> {
        let mut v = Violations::new();
        let token = self.token.required("/token", &mut v);
        let password = self.password.required("/password", &mut v);
        let mut name = |name: Option<String>, pointer: &str| {
            name.and_then(|name| text::clean(&name, PERSON_NAME, pointer, &mut v))
        };
        let first_name = name(self.first_name, "/first_name");
        let last_name = name(self.last_name, "/last_name");
        let (Some(token), Some(password)) = (token, password) else { return Err(v) };
        v.into_result(Asked { token, password, first_name, last_name })
    }
}

/// Accept an invitation by its link
///
/// Somebody without an account on this platform chooses a password and gets one, with the address
/// verified; somebody with an account shows its password and works for one firm more. Nobody is
/// signed in by it. Whoever signs in elsewhere accepts by `POST /v1/users/me/invitations/accept`.
#[utoipa::path(post, path = "/v1/auth/invitations/accept", operation_id = "auth_invitation_accept",
    tag = "auth", security(()), request_body = Acceptance,
    responses(
        (status = 200, description = "Accepted; sign in", body = AcceptedInvitation),
        (status = 403, description = "account_inactive", body = wealth_http::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "duplicate: a user of the firm already; state_conflict: the account has no password here", body = wealth_http::ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<Acceptance>,
) -> Result<Response> {
    let asked = input.body.validate()?;
    let (token, caller) = (asked.token.hash(), visitor.describe("invitation_accept"));
    let params = [p::bytes(&token), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "invitation_facts"), &params).await?;
    let person = match rows.first() {
        Some(facts) => person(&services, &asked, facts).await?,
        None => json!({"proven": false}),
    };
    let params = [p::bytes(&token), p::json(&person), p::json(&caller)];
    let accepted = visitor.query(&app, sql!("users", "invitation_accept"), &params).await?;
    let accepted = accepted.one_or(&problem::NOT_FOUND)?;
    if rows.is_empty() {
        return Err(spent());
    }
    Ok(answer(StatusCode::OK, &AcceptedInvitation::read(&accepted)?)?.into_response())
}

/// What the second round trip is told: the proof of an account that is there, or the hash for one
/// that is made.
async fn person(services: &Services, asked: &Asked, facts: &Row) -> Result<Value> {
    let hash: Option<String> = facts.get("hash");
    if facts.get::<_, &str>("account") != "new" {
        let seen = seen(hash.as_deref());
        let known = Known { hash, ..Known::default() };
        let proven = services.passwords.check(&asked.password, &known).await?.proven;
        return Ok(json!({"proven": proven, "seen": seen}));
    }
    let names = [&asked.first_name, &asked.last_name].into_iter().flatten();
    let owner = Owner {
        email: facts.get("email"),
        names: names.map(String::as_str).chain([facts.get::<_, &str>("firm")]).collect(),
        min_length: facts.get("min_length"),
    };
    let mut found = Violations::new();
    services.passwords.judge(&asked.password, &owner, "/password", &mut found);
    found.into_result(())?;
    Ok(json!({
        "proven": false,
        "hash": services.passwords.hash(&asked.password).await?,
        "first_name": asked.first_name,
        "last_name": asked.last_name,
        "issuer": services.settings.issuer,
    }))
}
