//! POST /v1/auth/register

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Email, Password, problem, text};
use wealth_db::{p, sql};
use wealth_http::{App, Input, Problem, Result, Row404, Visitor, json};

use super::{Accepted, Hold, Link, tenant_name};
use crate::passwords::Owner;
use crate::services::Services;

/// A name of a person: 1 to 100 characters.
const NAME: text::Rule = text::Rule { min: 1, max: 100, multiline: false };

/// Who registers, and with whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    #[serde(default)]
    #[schema(required, value_type = Email)]
    email: Checked<Email>,
    /// The firm's policy says how long it must be.
    #[serde(default)]
    #[schema(required, value_type = Password)]
    password: Checked<Password>,
    #[schema(max_length = 100)]
    first_name: Option<String>,
    #[schema(max_length = 100)]
    last_name: Option<String>,
    /// Id or public code of the firm.
    #[schema(max_length = 64)]
    tenant: Option<String>,
}

struct Asked {
    email: Email,
    password: Password,
    first_name: Option<String>,
    last_name: Option<String>,
    tenant: String,
}

impl Registration {
    fn validate(self) -> Result<Asked, Violations> {
        let mut found = Violations::new();
        let email = self.email.required("/email", &mut found);
        let password = self.password.required("/password", &mut found);
        let mut name = |name: Option<String>, pointer: &str| {
            name.and_then(|name| text::clean(&name, NAME, pointer, &mut found))
        };
        let first_name = name(self.first_name, "/first_name");
        let last_name = name(self.last_name, "/last_name");
        if self.tenant.is_none() {
            found.add("/tenant", "required", "is required");
        }
        let tenant = tenant_name(self.tenant.as_deref(), &mut found);
        let (Some(email), Some(password), Some(tenant)) = (email, password, tenant) else {
            return Err(found);
        };
        found.into_result(Asked { email, password, first_name, last_name, tenant })
    }
}

/// Register with a firm that takes in people who register themselves
///
/// The answer is the same whether the address has an account or not: what differs goes there by
/// mail. The account has no roles, and cannot sign in before the address is verified.
#[utoipa::path(post, path = "/v1/auth/register", operation_id = "auth_register", tag = "auth", security(()),
    request_body = Registration,
    responses(
        (status = 202, description = "A mail is on its way", body = Accepted),
        (status = 403, description = "registration_closed", body = wealth_http::ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<Registration>,
) -> Result<Response> {
    let hold = Hold::new(services.settings.answer_after);
    let answer = register(&app, &services, &visitor, input.body).await;
    hold.release().await;
    answer
}

async fn register(
    app: &App,
    services: &Services,
    visitor: &Visitor,
    body: Registration,
) -> Result<Response> {
    let asked = body.validate()?;
    let caller = visitor.describe("register");
    let params = [p::text(&asked.tenant), p::json(&caller)];
    let rows = visitor.query(app, sql!("users", "begin_registration"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let wait: i32 = row.get("retry_after");
    if wait > 0 {
        return Err(Problem::wait(wait));
    }
    let Some(tenant_id) = row.get::<_, Option<Uuid>>("tenant_id") else {
        let text = "This firm takes nobody in who registers alone.";
        return Err(Problem::new(&problem::REGISTRATION_CLOSED, text));
    };
    let names: Vec<&str> =
        [&asked.first_name, &asked.last_name].into_iter().flatten().map(String::as_str).collect();
    let firm: &str = row.get("firm");
    let owner = Owner {
        email: asked.email.as_str(),
        names: names.into_iter().chain([firm]).collect(),
        min_length: row.get("min_length"),
    };
    let mut found = Violations::new();
    services.passwords.judge(&asked.password, &owner, "/password", &mut found);
    found.into_result(())?;
    let person = json!({
        "email": asked.email,
        "first_name": asked.first_name,
        "last_name": asked.last_name,
        "hash": services.passwords.hash(&asked.password).await?,
        "issuer": services.settings.issuer,
    });
    let link = Link::VerifyEmail.make(app, services, visitor.now, asked.email.as_str()).await?;
    let params = [p::uuid(&tenant_id), p::json(&person), p::json(&link), p::json(&caller)];
    visitor.query(app, sql!("users", "register"), &params).await?;
    Ok(json(StatusCode::ACCEPTED, &Accepted::ANSWER)?.into_response())
}
