//! POST /v1/auth/step-up

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json as value};
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Parse, ParseError, Password, problem};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Enrollee, Input, Principal, Problem, Result, Row404, json};

use super::proof::{Given, Method, Shown};
use super::session::{RaisedSession, raised};
use super::{own_user, refused, too_many};
use crate::auth::seen;
use crate::one_time::OneTimeToken;
use crate::passwords::Known;
use crate::services::Services;

/// A way to show again who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum StepUpMethod {
    /// The code of an authenticator app.
    Totp,
    /// One of the codes for when it is gone.
    RecoveryCode,
    /// A passkey.
    Webauthn,
    /// The password, for people who have no second factor.
    Password,
}

impl StepUpMethod {
    /// The second factor that it is.
    const fn factor(self) -> Option<Method> {
        match self {
            Self::Totp => Some(Method::Totp),
            Self::RecoveryCode => Some(Method::RecoveryCode),
            Self::Webauthn => Some(Method::Webauthn),
            Self::Password => None,
        }
    }
}

impl Parse for StepUpMethod {
    fn parse(text: &str) -> std::result::Result<Self, ParseError> {
        let all = [Self::Totp, Self::RecoveryCode, Self::Webauthn, Self::Password];
        let name = |method: Self| method.factor().map_or("password", Method::name);
        all.into_iter().find(|method| name(*method) == text).ok_or_else(|| {
            let text = "must be totp, recovery_code, webauthn or password";
            ParseError::new("unknown_value", text)
        })
    }
}

/// A proof of who acts, in a session that is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepUpProof {
    /// How it is shown.
    #[serde(default)]
    #[schema(value_type = StepUpMethod, required = true)]
    method: Checked<StepUpMethod>,
    /// Six digits of the authenticator app, or a recovery code.
    #[schema(max_length = 64)]
    code: Option<String>,
    /// The challenge of `POST /v1/auth/webauthn/options`, for `webauthn`.
    #[schema(value_type = Option<String>)]
    challenge: Option<Checked<OneTimeToken>>,
    /// What `navigator.credentials.get()` gave, as JSON, for `webauthn`.
    #[schema(value_type = Option<Object>)]
    credential: Option<Value>,
    /// One's present password, for `password`.
    #[schema(value_type = Option<Password>)]
    password: Option<Checked<Password>>,
}

/// What is shown, right by type.
enum Proof {
    Factor(Shown),
    Password(Password),
}

impl StepUpProof {
    fn validate(self) -> std::result::Result<Option<Proof>, Violations> {
        let mut v = Violations::new();
        let Self { method, code, challenge, credential, password } = self;
        let Some(method) = method.required("/method", &mut v) else { return Err(v) };
        let mut absent = |present: bool, pointer: &str| {
            if present {
                v.add(pointer, "not_applicable", "does not go with this method");
            }
        };
        let Some(factor) = method.factor() else {
            absent(code.is_some(), "/code");
            absent(challenge.is_some(), "/challenge");
            absent(credential.is_some(), "/credential");
            let password = password.unwrap_or_default().required("/password", &mut v);
            return v.into_result(password.map(Proof::Password));
        };
        absent(password.is_some(), "/password");
        let given = Given { method: factor.into(), code, challenge, credential };
        let shown = given.shown(&mut v);
        v.into_result(shown.map(Proof::Factor))
    }
}

/// Show again who one is, for what is sensitive
///
/// Raises the session and gives an access token that says so (RFC 9470). The refresh token stays.
/// Whoever has no second factor shows the password, which makes the sign-in fresh and no stronger:
/// what takes a second factor stays closed. Whoever has one shows that. A password is counted as one
/// at sign-in is.
#[utoipa::path(post, path = "/v1/auth/step-up", operation_id = "auth_step_up", tag = "auth",
    request_body = StepUpProof,
    responses((status = 200, description = "The session with a fresh proof", body = RaisedSession)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Enrollee,
    input: Input<StepUpProof>,
) -> Result<Response> {
    principal.in_person()?;
    let row = match input.body.validate()? {
        Some(Proof::Factor(shown)) => by_factor(&app, &services, &principal, &shown).await?,
        Some(Proof::Password(password)) => {
            by_password(&app, &services, &principal, &password).await?
        }
        None => return Err(Problem::internal("a step-up without its parts")),
    };
    let session = raised(&app, &services, &principal, &row).await?;
    Ok(json(StatusCode::OK, &session)?.into_response())
}

async fn by_factor(
    app: &App,
    services: &Services,
    principal: &Principal,
    shown: &Shown,
) -> Result<Row> {
    let keys = services.keys.get(app).await?;
    let (challenge, credential) = shown.keys();
    let name = shown.method().name();
    let params = [p::text(&name), p::bytes(&challenge), p::bytes(&credential)];
    let mut tx = app.db.begin("auth_step_up", principal.context());
    let rows = tx.query(sql!("users", "begin_step_up"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let wait: i32 = row.get("wait");
    if wait > 0 {
        tx.commit().await?;
        return Err(too_many(wait));
    }
    let now = principal.context().now;
    let proof = shown.prove(&row, own_user(principal), &keys, &services.ceremonies, now)?;
    let methods = shown.method().references();
    let params = [p::json(&proof), p::texts(&methods)];
    let rows = tx.query_and_commit(sql!("users", "finish_step_up"), &params).await?;
    rows.into_iter().next().ok_or_else(refused)
}

/// In two transactions: nothing is held while the password is checked.
async fn by_password(
    app: &App,
    services: &Services,
    principal: &Principal,
    password: &Password,
) -> Result<Row> {
    let none = None::<Vec<u8>>;
    let params = [p::text(&"password"), p::bytes(&none), p::bytes(&none)];
    let tx = app.db.begin("auth_step_up", principal.context());
    let rows = tx.query_and_commit(sql!("users", "begin_step_up"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let wait: i32 = row.get("wait");
    if wait > 0 {
        return Err(too_many(wait));
    }
    let secrets = row.get::<_, Option<Value>>("secrets").unwrap_or_default();
    if secrets["refused"] == "has_factor" {
        let text = "You have a second factor: show that.";
        return Err(Problem::new(&problem::STATE_CONFLICT, text));
    }
    let hash = secrets["hash"].as_str().map(str::to_owned);
    let seen = seen(hash.as_deref());
    let known = Known { hash, ..Known::default() };
    let proven = services.passwords.check(password, &known).await?.proven;
    let proof = value!({
        "method": "password",
        "seen": seen,
        "refused": (!proven).then_some("wrong_password"),
    });
    let methods: &[&str] = &["pwd"];
    let params = [p::json(&proof), p::texts(&methods)];
    let tx = app.db.begin("auth_step_up", principal.context());
    let rows = tx.query_and_commit(sql!("users", "finish_step_up"), &params).await?;
    rows.into_iter().next().ok_or_else(refused)
}
