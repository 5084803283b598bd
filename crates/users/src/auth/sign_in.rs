//! POST /v1/auth/sign-in

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{SecondsFormat, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem::{self, Code};
use wealth_core::violations::Violations;
use wealth_core::{Checked, Email, Password, text};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Input, Problem, Result, Row404, Visitor, json};

use super::{Hold, seen, tenant_name};
use crate::one_time::OneTimeToken;
use crate::passwords::Known;
use crate::services::Services;
use crate::tokens::{NewSession, Opened, Prepared, TokenAnswer};

/// How long the second factor may take.
const MFA_MINUTES: i64 = 10;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    #[serde(default)]
    #[schema(required, value_type = Email)]
    email: Checked<Email>,
    #[serde(default)]
    #[schema(required, value_type = Password)]
    password: Checked<Password>,
    /// Id or public code of the firm; needed by a member of several.
    #[schema(max_length = 64)]
    tenant: Option<String>,
    /// What the person calls the device.
    #[schema(max_length = 255)]
    device: Option<String>,
}

/// The password was right; a second factor is due.
#[derive(Serialize, ToSchema)]
pub(crate) struct MfaChallenge {
    /// Always true.
    mfa_required: bool,
    /// Goes with the second factor; good for ten minutes.
    mfa_token: OneTimeToken,
    /// The factors that the person has.
    #[schema(example = json!(["totp", "recovery_code"]))]
    methods: Vec<String>,
}

/// What a sign-in gives.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the two answers")]
pub(crate) enum SignInAnswer {
    /// A session.
    Tokens(TokenAnswer),
    /// A second step.
    Challenge(MfaChallenge),
}

struct Asked {
    email: Email,
    password: Password,
    tenant: Option<String>,
    device: Option<String>,
}

impl SignIn {
    fn validate(self) -> Result<Asked, Violations> {
        let mut found = Violations::new();
        let email = self.email.required("/email", &mut found);
        let password = self.password.required("/password", &mut found);
        let tenant = tenant_name(self.tenant.as_deref(), &mut found);
        let device =
            self.device.and_then(|name| text::clean(&name, text::NAME, "/device", &mut found));
        let (Some(email), Some(password)) = (email, password) else { return Err(found) };
        found.into_result(Asked { email, password, tenant, device })
    }
}

/// Sign in with address and password
///
/// What is wrong with an account or firm is said only to whoever knows the password. A member of
/// several firms who names none is told which they are.
#[utoipa::path(post, path = "/v1/auth/sign-in", operation_id = "auth_sign_in", tag = "auth", security(()),
    request_body = SignIn,
    responses(
        (status = 200, description = "A session, or the second step that is due", body = SignInAnswer),
        (status = 401, description = "invalid_credentials", body = wealth_http::ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "account_inactive, tenant_inactive, email_not_verified, password_change_required, unknown_identity", body = wealth_http::ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "tenant_required: the member tenants lists them", body = wealth_http::ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<SignIn>,
) -> Result<Response> {
    let hold = Hold::new(services.settings.answer_after);
    let answer = sign_in(&app, &services, &visitor, input.body).await;
    // That it is right is no secret.
    if answer.is_err() {
        hold.release().await;
    }
    answer
}

async fn sign_in(
    app: &App,
    services: &Services,
    visitor: &Visitor,
    body: SignIn,
) -> Result<Response> {
    let asked = body.validate()?;
    let caller = visitor.describe("sign_in");
    let (known, tenant, user) = begin(app, visitor, &asked, &caller).await?;
    let checked = services.passwords.check(&asked.password, &known).await?;
    let new = NewSession {
        tenant_id: tenant.unwrap_or_default(),
        user_id: user.unwrap_or_default(),
        assurance: 1,
        methods: &["pwd"],
        device: asked.device.as_deref(),
        impersonator: None,
    };
    let prepared = Prepared::new(app, services, &new).await?;
    let (session, mfa) = (prepared.describe(&new), OneTimeToken::generate()?);
    let expires = visitor.now + TimeDelta::minutes(MFA_MINUTES);
    let attempt = json!({
        "seen": seen(known.hash.as_deref()),
        "rehash": checked.rehash,
        "mfa_token": mfa.hash_hex(),
        "mfa_expires_at": expires.to_rfc3339_opts(SecondsFormat::Micros, true),
    });
    let email = asked.email.as_str();
    let params = [
        p::text(&email),
        p::text(&asked.tenant),
        p::bool(&checked.proven),
        p::json(&attempt),
        p::json(&session),
        p::json(&caller),
    ];
    let rows = visitor.query(app, sql!("users", "authenticate"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    match row.get::<_, &str>("outcome") {
        "opened" => {
            let opened = Opened {
                roles: row.get("roles"),
                access_token_minutes: row.get("access_token_minutes"),
                expires_at: row.get("expires_at"),
            };
            let answer = prepared.answer(app, services, visitor.now, &new, opened);
            Ok(secret(json(StatusCode::OK, &answer)?.into_response()))
        }
        "mfa_required" => {
            let methods = row.get("methods");
            let answer = MfaChallenge { mfa_required: true, mfa_token: mfa, methods };
            Ok(secret(json(StatusCode::OK, &answer)?.into_response()))
        }
        outcome => Err(refused(outcome, &row)),
    }
}

/// The first round trip: what the password is checked against, and where a session would be.
async fn begin(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
    caller: &Value,
) -> Result<(Known, Option<Uuid>, Option<Uuid>)> {
    let email = asked.email.as_str();
    let params = [p::text(&email), p::text(&asked.tenant), p::json(caller)];
    let rows = visitor.query(app, sql!("users", "begin_sign_in"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let wait: i32 = row.get("retry_after");
    if wait > 0 {
        return Err(Problem::wait(wait));
    }
    let cost: Option<i32> = row.get("bcrypt_cost");
    let known = Known {
        hash: row.get("hash"),
        argon2: row.get("argon2_in_use"),
        bcrypt: cost.and_then(|cost| u32::try_from(cost).ok()),
    };
    Ok((known, row.get("tenant_id"), row.get("user_id")))
}

/// Tokens are for the caller and no cache (RFC 6749 §5.1).
pub(crate) fn secret(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn refused(outcome: &str, row: &Row) -> Problem {
    let Some(code) = Code::find(outcome) else {
        return Problem::internal(format!("sp_authenticate_user says {outcome}"));
    };
    let problem = Problem::new(code, code.title);
    match code.code {
        "invalid_credentials" => {
            problem.header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
        }
        "tenant_required" => {
            problem.with("tenants", row.get::<_, Option<Value>>("tenants").unwrap_or_default())
        }
        _ => problem,
    }
}
