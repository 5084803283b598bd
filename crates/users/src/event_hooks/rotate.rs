//! POST /v1/users/event-hooks/{event_hook_id}/rotate

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ConfigureSignIn};
use wealth_db::{p, sql};
use wealth_http::{App, Done, OptionalInput, PathParams, Principal, Result, Write, json};

use super::secret::HookSecret;

/// What becomes of the secret before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Rotate {
    /// Whether it goes on working until the next rotation; no where it leaked.
    #[schema(default = true)]
    keep_old: bool,
}

impl Default for Rotate {
    fn default() -> Self {
        Self { keep_old: true }
    }
}

/// The new secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RotatedEventHook {
    event_hook_id: Uuid,
    /// What the directory is to send in the Authorization header from now on.
    secret: HookSecret,
}

/// Give a hook another secret
///
/// The one before goes on working, unless told, until the next rotation. Takes a recent sign-in.
#[utoipa::path(post, path = "/v1/users/event-hooks/{event_hook_id}/rotate",
    operation_id = "event_hook_rotate", tag = "users",
    params(("event_hook_id" = Uuid, Path, description = "The hook")),
    request_body = Option<Rotate>,
    responses((status = 200, description = "The new secret", body = RotatedEventHook)),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(hook): PathParams<Uuid>,
    input: OptionalInput<Rotate>,
) -> Result<Response> {
    let allowed = principal.authorize::<ConfigureSignIn>()?;
    let secret = HookSecret::generate()?;
    let write = app.write("event_hook_rotate", &principal, &input.idempotency.forgotten());
    let done = rotate(write, &allowed, hook, &secret, input.body.keep_old).await?;
    done.reply(json(StatusCode::OK, &RotatedEventHook { event_hook_id: hook, secret })?).await
}

async fn rotate(
    write: Write,
    _: &Authorized<ConfigureSignIn>,
    hook: Uuid,
    secret: &HookSecret,
    keep_old: bool,
) -> Result<Done> {
    let hash = secret.hash();
    let params = [p::uuid(&hook), p::bytes(&hash), p::bool(&keep_old)];
    let (done, _) = write.last(&[(sql!("users", "event_hook_rotate"), &params)]).await?;
    Ok(done)
}
