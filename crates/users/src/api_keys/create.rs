//! POST /v1/api-keys

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{self, AdministerAccess};
use wealth_core::problem;
use wealth_core::text::{self, Rule};
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Input, Person, Principal, Reply, Result, Row404, created};

use super::secret::NewKey;
use super::view::{ApiKeyView, NewApiKey, reveal};
use crate::services::Services;

const NAME: Rule = Rule { min: 1, max: 100, multiline: false };
/// A year: long enough for a service that is looked after, and an end for one that is not.
const DAYS: u16 = 365;
const DAYS_MAX: u16 = 730;

/// A key to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKeyRequest {
    /// What people call it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do: names of actions in kebab case, such as `view-products`.
    #[schema(min_items = 1, max_items = 100)]
    scopes: Vec<String>,
    /// Days until it expires, 1 to 730; 365 unless given.
    #[schema(minimum = 1, maximum = 730, default = 365)]
    expires_in_days: Option<u16>,
    /// The service in whose name it acts, for administrators; the caller unless given.
    user_id: Option<Uuid>,
}

/// The same, right by type.
struct Wanted {
    name: Option<String>,
    scopes: Vec<String>,
    lifetime: TimeDelta,
    user_id: Option<Uuid>,
}

impl NewKeyRequest {
    fn validate(self) -> Result<Wanted, Violations> {
        let mut v = Violations::new();
        let name = text::clean(&self.name, NAME, "/name", &mut v);
        check_scopes(&self.scopes, &mut v);
        let days = self.expires_in_days.unwrap_or(DAYS);
        if !(1..=DAYS_MAX).contains(&days) {
            let text = format!("must be from 1 to {DAYS_MAX}");
            v.add("/expires_in_days", "out_of_range", text);
        }
        let lifetime = TimeDelta::days(i64::from(days));
        v.into_result(Wanted { name, scopes: self.scopes, lifetime, user_id: self.user_id })
    }
}

/// Every scope is an action's name, once.
fn check_scopes(scopes: &[String], v: &mut Violations) {
    if !(1..=100).contains(&scopes.len()) {
        return v.add("/scopes", "out_of_range", "must name 1 to 100 scopes");
    }
    for (at, scope) in scopes.iter().enumerate() {
        let pointer = format!("/scopes/{at}");
        if !authz::scopes().any(|known| known == *scope) {
            v.add(pointer, "unknown_value", "is not the name of an action, such as view-products");
        } else if scopes[..at].contains(scope) {
            v.add(pointer, "duplicate", "is named twice");
        }
    }
}

/// Make an API key
///
/// For the caller, or, by an administrator, for a service: a member who cannot sign in. The key is
/// in this answer, in its repetitions under the same Idempotency-Key, and nowhere else. Takes a
/// recent sign-in.
#[utoipa::path(
    post,
    path = "/v1/api-keys",
    operation_id = "api_keys_create",
    tag = "api-keys",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewKeyRequest,
    responses((status = 201, description = "The key", body = NewApiKey,
        headers(("Location" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Person,
    input: Input<NewKeyRequest>,
) -> Result<Response> {
    let tenant_id = principal.context().tenant_id;
    principal.step_up()?;
    input.idempotency.required()?;
    let stored = create(&app, &services, &principal, input).await;
    reveal(&app, &services, tenant_id, stored).await
}

async fn create(
    app: &App,
    services: &Services,
    principal: &Principal,
    input: Input<NewKeyRequest>,
) -> Result<Reply> {
    let wanted = input.body.validate()?;
    let context = principal.context();
    let (id, keys) = (app.ids.next(), services.keys.get(app).await?);
    let key = NewKey::derive(keys.refresh_key(), context.tenant_id, id);
    let row = json!({
        "api_key_id": id,
        "name": wanted.name,
        "prefix": key.prefix,
        "key_hash": key.hash,
        "scopes": wanted.scopes,
        "expires_at": context.now + wanted.lifetime,
    });
    let administers = principal.may::<AdministerAccess>();
    let write = app.write("api_key_create", principal, &input.idempotency);
    let (done, mut answers) = write
        .last(&[
            (
                sql!("users", "create_api_key"),
                &[p::uuid(&wanted.user_id), p::json(&row), p::bool(&administers)],
            ),
            (sql!("users", "get_api_key"), &[p::uuid(&id), p::bool(&administers)]),
        ])
        .await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    let reply = created(&format!("/v1/api-keys/{id}"), &ApiKeyView::read(&row))?;
    done.store(&reply).await?;
    Ok(reply)
}
