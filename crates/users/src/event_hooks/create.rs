//! POST /v1/users/event-hooks

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ConfigureSignIn};
use wealth_db::{p, sql};
use wealth_http::{App, Done, Nothing, OptionalInput, Principal, Result, Write, created};

use super::list::url;
use super::secret::HookSecret;
use crate::services::Services;

/// A hook with its secret, which is shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewEventHook {
    event_hook_id: Uuid,
    /// The address to enter in the directory.
    url: String,
    /// What the directory is to send in the Authorization header.
    secret: HookSecret,
}

/// Open a hook for the firm's directory
///
/// In Okta: Workflow, Event Hooks, with address and secret of this answer. The answer is not kept
/// under an Idempotency-Key: it is a secret. Takes a recent sign-in.
#[utoipa::path(post, path = "/v1/users/event-hooks", operation_id = "event_hooks_create",
    tag = "users",
    responses((status = 201, description = "The hook", body = NewEventHook,
        headers(("Location" = String)))), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Principal,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ConfigureSignIn>()?;
    let (hook, secret) = (app.ids.next(), HookSecret::generate()?);
    let write = app.write("event_hooks_create", &principal, &input.idempotency.forgotten());
    let done = create(write, &allowed, hook, &secret).await?;
    let url = url(&services, principal.context().tenant_id, hook);
    let location = format!("/v1/users/event-hooks/{hook}");
    done.reply(created(&location, &NewEventHook { event_hook_id: hook, url, secret })?).await
}

async fn create(
    write: Write,
    _: &Authorized<ConfigureSignIn>,
    hook: Uuid,
    secret: &HookSecret,
) -> Result<Done> {
    let hash = secret.hash();
    let params = [p::uuid(&hook), p::bytes(&hash)];
    let (done, _) = write.last(&[(sql!("users", "event_hook_create"), &params)]).await?;
    Ok(done)
}
