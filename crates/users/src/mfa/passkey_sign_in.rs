//! POST /v1/auth/webauthn

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem::{self, Code};
use wealth_core::violations::Violations;
use wealth_core::{Checked, text};
use wealth_db::{p, sql};
use wealth_http::{App, Input, Problem, Result, Visitor, json};

use super::proof::{Method, Shown};
use super::refused;
use super::webauthn::Assertion;
use crate::one_time::OneTimeToken;
use crate::services::Services;
use crate::tokens::{self, NewSession, TokenAnswer};

/// A passkey, shown to sign in by it alone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeySignIn {
    /// What `POST /v1/auth/webauthn/options` gave.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    challenge: Checked<OneTimeToken>,
    /// What `navigator.credentials.get()` gave, as JSON.
    #[schema(value_type = Object, required = true)]
    credential: Option<Value>,
    /// Id or public code of the firm; needed by a member of several.
    #[schema(max_length = 64)]
    tenant: Option<String>,
    /// What the person calls the device.
    #[schema(max_length = 255)]
    device: Option<String>,
}

struct Asked {
    assertion: Assertion,
    tenant: Option<String>,
    device: Option<String>,
}

/// A firm's id or code is short; what is longer names none.
const TENANT: text::Rule = text::Rule { min: 1, max: 64, multiline: false };

impl PasskeySignIn {
    fn validate(self) -> std::result::Result<Option<Asked>, Violations> {
        let mut v = Violations::new();
        let assertion = Assertion::read(Some(self.challenge), self.credential, &mut v);
        let tenant = self.tenant.and_then(|name| text::clean(&name, TENANT, "/tenant", &mut v));
        let device = self.device.and_then(|name| text::clean(&name, text::NAME, "/device", &mut v));
        v.into_result(assertion.map(|assertion| Asked { assertion, tenant, device }))
    }
}

/// Sign in with a passkey alone
///
/// The device has verified the person, so this is a sign-in with two factors.
#[utoipa::path(post, path = "/v1/auth/webauthn", operation_id = "auth_webauthn", tag = "auth",
    security(()), request_body = PasskeySignIn,
    responses((status = 200, description = "Signed in with two factors", body = TokenAnswer)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<PasskeySignIn>,
) -> Result<Response> {
    let Some(Asked { assertion, tenant, device }) = input.body.validate()? else {
        return Err(Problem::internal("a passkey without its parts"));
    };
    // Nobody was named before, so the authenticator has to name its person.
    let named = assertion.user_handle().is_some();
    let shown = Shown::Passkey(Box::new(assertion));
    let (keys, caller) = (services.keys.get(&app).await?, visitor.describe("auth_webauthn"));
    let (challenge, credential) = shown.keys();
    let params = [p::bytes(&challenge), p::bytes(&credential), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "begin_passkey_sign_in"), &params).await?;
    let row = rows.first().filter(|_| named).ok_or_else(refused)?;
    let user_id: Uuid = row.get("user_id");
    let proof = shown.prove(row, user_id, &keys, &services.ceremonies, visitor.now)?;
    let params = [p::uuid(&user_id), p::text(&tenant), p::json(&proof), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "finish_passkey_sign_in"), &params).await?;
    let row = rows.first().ok_or_else(refused)?;
    let tenant_id = match row.get::<_, &str>("standing") {
        "active" => row.get("tenant_id"),
        "tenant_required" => return Err(which(&row.get("tenants"))),
        other => {
            let code = Code::find(other).unwrap_or(&problem::UNKNOWN_IDENTITY);
            return Err(Problem::new(code, format!("{}.", code.title)));
        }
    };
    let new = NewSession {
        tenant_id,
        user_id,
        assurance: 2,
        methods: Method::Webauthn.references(),
        device: device.as_deref(),
        impersonator: None,
    };
    let answer = tokens::open(&app, &services, &visitor, "auth_webauthn", &new).await?;
    Ok(json(StatusCode::OK, &answer)?.into_response())
}

/// A member of several firms has to name one; they may be listed to whom they belong.
fn which(tenants: &Value) -> Problem {
    let all = tenants.as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |tenant: &Value| {
        format!(
            "{} ({})",
            tenant["name"].as_str().unwrap_or_default(),
            tenant["tenant_id"].as_str().unwrap_or_default()
        )
    };
    let all: Vec<String> = all.iter().map(one).collect();
    Violations::one("/tenant", "required", format!("name one of your firms: {}", all.join(", ")))
        .into()
}
