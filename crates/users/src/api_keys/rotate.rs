//! POST /v1/api-keys/{api_key_id}/rotate

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::AdministerAccess;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Input, PathParams, Person, Principal, Reply, Result, Row404, created};

use super::secret::NewKey;
use super::view::{ApiKeyView, NewApiKey, reveal};
use crate::services::Services;

/// An hour to change over.
const OVERLAP: u16 = 60;
/// Seven days.
const OVERLAP_MAX: u16 = 7 * 24 * 60;

/// How the change-over goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotateKey {
    /// Minutes that the old key works on, at most seven days; 60 unless given, 0 ends it at once.
    #[schema(minimum = 0, maximum = 10_080, default = 60)]
    overlap_minutes: Option<u16>,
}

/// Put a new API key in an old one's place
///
/// Name, scopes, member and length of life stay. The new key is in this answer, in its repetitions
/// under the same Idempotency-Key, and nowhere else. Takes a recent sign-in.
#[utoipa::path(
    post,
    path = "/v1/api-keys/{api_key_id}/rotate",
    operation_id = "api_keys_rotate",
    tag = "api-keys",
    params(
        ("api_key_id" = Uuid, Path, description = "The key to be replaced"),
        ("Idempotency-Key" = String, Header, description = "New for each intent"),
    ),
    request_body = RotateKey,
    responses((status = 201, description = "The new key", body = NewApiKey,
        headers(("Location" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Person,
    PathParams(old): PathParams<Uuid>,
    input: Input<RotateKey>,
) -> Result<Response> {
    let tenant_id = principal.context().tenant_id;
    principal.step_up()?;
    input.idempotency.required()?;
    let stored = rotate(&app, &services, &principal, old, input).await;
    reveal(&app, &services, tenant_id, stored).await
}

async fn rotate(
    app: &App,
    services: &Services,
    principal: &Principal,
    old: Uuid,
    input: Input<RotateKey>,
) -> Result<Reply> {
    let overlap = input.body.overlap_minutes.unwrap_or(OVERLAP);
    if overlap > OVERLAP_MAX {
        let text = format!("must be from 0 to {OVERLAP_MAX}");
        return Err(Violations::one("/overlap_minutes", "out_of_range", text).into());
    }
    let (id, keys) = (app.ids.next(), services.keys.get(app).await?);
    let key = NewKey::derive(keys.refresh_key(), principal.context().tenant_id, id);
    let row = json!({"api_key_id": id, "prefix": key.prefix, "key_hash": key.hash});
    let (overlap, administers) = (i32::from(overlap), principal.may::<AdministerAccess>());
    let write = app.write("api_key_rotate", principal, &input.idempotency);
    let (done, mut answers) = write
        .last(&[
            (
                sql!("users", "rotate_api_key"),
                &[p::uuid(&old), p::json(&row), p::int4(&overlap), p::bool(&administers)],
            ),
            (sql!("users", "get_api_key"), &[p::uuid(&id), p::bool(&administers)]),
        ])
        .await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    let reply = created(&format!("/v1/api-keys/{id}"), &ApiKeyView::read(&row))?;
    done.store(&reply).await?;
    Ok(reply)
}
