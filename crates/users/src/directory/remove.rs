//! DELETE /v1/users/{user_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageUsers};
use wealth_db::{p, sql};
use wealth_http::{
    App, Done, IfMatch, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content,
};

/// Remove a user
///
/// Ends the membership with every session, API key, group and role. Of a person of the firm's own
/// directory nothing remains but the id; a person of the platform keeps the account. The audit
/// trail is not touched. The last administrator stays.
#[utoipa::path(delete, path = "/v1/users/{user_id}", operation_id = "users_delete", tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("If-Match" = String, Header, description = "The user's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Removed")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    let write = app.write("users_delete", &principal, &input.idempotency);
    remove(write, &allowed, id, version).await?.reply(no_content()).await
}

async fn remove(
    write: Write,
    _: &Authorized<ManageUsers>,
    id: Uuid,
    version: Option<i64>,
) -> Result<Done> {
    let params = [p::uuid(&id), p::int8(&version)];
    Ok(write.last(&[(sql!("users", "user_remove"), &params)]).await?.0)
}
