//! POST /v1/auth/verify-email

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Password, problem};
use wealth_db::{p, sql};
use wealth_http::{App, Input, Problem, Result, Row404, Visitor, no_content};

use super::seen;
use crate::one_time::OneTimeToken;
use crate::passwords::Known;
use crate::services::Services;

/// The link of the mail, and the password that was chosen with the address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verification {
    #[serde(default)]
    #[schema(required, value_type = String)]
    token: Checked<OneTimeToken>,
    #[serde(default)]
    #[schema(required, value_type = Password)]
    password: Checked<Password>,
}

/// Show that an address is one's own
///
/// Takes the password besides the link: whoever registered with a stranger's address does not read the
/// mail, and the stranger who does, and opens the link, does not know the password.
#[utoipa::path(post, path = "/v1/auth/verify-email", operation_id = "auth_verify_email", tag = "auth", security(()),
    request_body = Verification,
    responses((status = 204, description = "Verified; sign in")))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<Verification>,
) -> Result<Response> {
    let mut found = Violations::new();
    let token = input.body.token.required("/token", &mut found);
    let password = input.body.password.required("/password", &mut found);
    let (Some(token), Some(password)) = (token, password) else { return Err(found.into()) };
    let (hash, caller) = (token.hash(), visitor.describe("verify_email"));
    let params = [p::bytes(&hash), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "verification_facts"), &params).await?;
    let known = rows.first().map(|row| row.get::<_, String>("hash"));
    let seen = seen(known.as_deref());
    let known = Known { hash: known, ..Known::default() };
    let proven = services.passwords.check(&password, &known).await?.proven;
    let params = [p::bytes(&hash), p::bool(&proven), p::text(&seen), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "verify_email"), &params).await?;
    match rows.one_or(&problem::NOT_FOUND)?.get("outcome") {
        "verified" => Ok(no_content().into_response()),
        _ => Err(spent()),
    }
}

/// One text for a link that was used, has expired, never was, or came with a wrong password.
pub(super) fn spent() -> Problem {
    let text = "The link does not work, or the password is not the one that was chosen. Have a new link sent.";
    Problem::new(&problem::ONE_TIME_TOKEN_INVALID, text)
}
