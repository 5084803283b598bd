//! DELETE /v1/api-keys/{api_key_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::AdministerAccess;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Person, RawInput, Result, no_content};

/// Revoke an API key
///
/// It is refused from the next request on. Without If-Match: whoever revokes a key that leaked has
/// no time to read it first, and revoking twice does no harm.
#[utoipa::path(
    delete,
    path = "/v1/api-keys/{api_key_id}",
    operation_id = "api_keys_revoke",
    tag = "api-keys",
    params(
        ("api_key_id" = Uuid, Path, description = "The key"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Revoked")),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    PathParams(id): PathParams<Uuid>,
    input: RawInput,
) -> Result<Response> {
    let administers = principal.may::<AdministerAccess>();
    let params = [p::uuid(&id), p::bool(&administers)];
    let write = app.write("api_key_revoke", &principal, &input.idempotency);
    write.finish(&[(sql!("users", "revoke_api_key"), &params)], no_content()).await
}
