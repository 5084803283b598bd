//! POST /v1/users/me/password

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Password, problem};
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Idempotency, Input, Person, Principal, Problem, Result, Row404, no_content,
};

use crate::auth::seen;
use crate::passwords::{NewPassword, Passwords};
use crate::services::Services;

/// The present password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    #[serde(default)]
    #[schema(required, value_type = Password)]
    current_password: Checked<Password>,
    #[serde(default)]
    #[schema(required, value_type = Password)]
    new_password: Checked<Password>,
}

/// Change one's own password
///
/// Takes the present one, and a recent sign-in, with a second factor from whoever has one. Every
/// other session of the person ends, and a mail says so. An
/// Idempotency-Key has no effect here: of a body with passwords nothing is kept.
#[utoipa::path(post, path = "/v1/users/me/password", operation_id = "me_password_change", tag = "users",
    request_body = PasswordChange,
    responses((status = 204, description = "Changed"), (status = 429, description = "Too many attempts",
        body = wealth_http::ProblemDocument, content_type = "application/problem+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Person,
    input: Input<PasswordChange>,
) -> Result<Response> {
    principal.step_up()?;
    let mut found = Violations::new();
    let current = input.body.current_password.required("/current_password", &mut found);
    let new = input.body.new_password.required("/new_password", &mut found);
    let (Some(current), Some(new)) = (current, new) else { return Err(found.into()) };
    let forgotten = input.idempotency.forgotten();
    let row = facts(&app, &principal, &forgotten).await?;
    let hashes: Vec<String> = row.get("hashes");
    let seen = seen(hashes.first().map(String::as_str));
    let proven = prove(&services.passwords, &current, &row).await?;
    let hash = match proven {
        true => {
            let judged = NewPassword { row: &row, password: &new, pointer: "/new_password" };
            Some(judged.hash(&services.passwords).await?)
        }
        false => None,
    };
    let refused = (!proven).then_some("wrong_password");
    let session = principal.context().session_id;
    let params = [p::text(&seen), p::text(&hash), p::text(&refused), p::uuid(&session)];
    let write = app.write("me_password_change", &principal, &forgotten);
    let (done, mut rows) = write.last(&[(sql!("users", "change_password"), &params)]).await?;
    let rows = rows.pop().unwrap_or_default();
    match rows.one_or(&problem::NOT_FOUND)?.get("outcome") {
        "changed" => done.reply(no_content()).await,
        _ => Err(not_yours()),
    }
}

/// The first round trip: what the passwords are judged by.
pub(super) async fn facts(app: &App, principal: &Principal, key: &Idempotency) -> Result<Row> {
    let ip = principal.context().client_ip.map(|ip| ip.to_string());
    let write = app.write("me_password_facts", principal, key);
    let query = (sql!("users", "password_facts"), &[p::text(&ip)][..]);
    let (_done, mut rows) = write.last(&[query]).await?;
    let row = rows.pop().unwrap_or_default().into_iter().next();
    let Some(row) = row else {
        let text = "This account has no password here: it signs in with its firm's directory.";
        return Err(Problem::new(&problem::STATE_CONFLICT, text));
    };
    match row.get::<_, i32>("retry_after") {
        0 => Ok(row),
        wait => Err(Problem::wait(wait)),
    }
}

/// Whether `password` is the present one.
pub(super) async fn prove(passwords: &Passwords, password: &Password, row: &Row) -> Result<bool> {
    let mut hashes: Vec<String> = row.get("hashes");
    hashes.truncate(1);
    Ok(passwords.find(password, hashes).await?.is_some())
}

/// The present password was not the present one.
pub(super) fn not_yours() -> Problem {
    Violations::one("/current_password", "wrong_password", "is not your present password").into()
}
