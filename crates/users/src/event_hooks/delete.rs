//! DELETE /v1/users/event-hooks/{event_hook_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ConfigureSignIn};
use wealth_db::{p, sql};
use wealth_http::{App, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content};

/// Close a hook
///
/// Its address answers as one that never was. Takes a recent sign-in.
#[utoipa::path(delete, path = "/v1/users/event-hooks/{event_hook_id}",
    operation_id = "event_hook_delete", tag = "users",
    params(("event_hook_id" = Uuid, Path, description = "The hook")),
    responses((status = 204, description = "It is closed")), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(hook): PathParams<Uuid>,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ConfigureSignIn>()?;
    let write = app.write("event_hook_delete", &principal, &input.idempotency);
    delete(write, &allowed, hook).await
}

async fn delete(write: Write, _: &Authorized<ConfigureSignIn>, hook: Uuid) -> Result<Response> {
    write.finish(&[(sql!("users", "event_hook_delete"), &[p::uuid(&hook)])], no_content()).await
}
