//! DELETE /v1/users/{user_id}/roles/{user_role_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageRoles};
use wealth_db::{p, sql};
use wealth_http::{
    App, Done, IfMatch, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content,
};

/// End a grant
///
/// Now: the next request with a token that names the role is refused. The grant stays in the list
/// with its end; one that had not begun is taken away. The last administrator stays one.
#[utoipa::path(delete, path = "/v1/users/{user_id}/roles/{user_role_id}", operation_id = "user_roles_delete",
    tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("user_role_id" = Uuid, Path, description = "The grant"),
        ("If-Match" = String, Header, description = "The grant's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Ended")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(ids): PathParams<(Uuid, Uuid)>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageRoles>()?;
    let write = app.write("user_roles_delete", &principal, &input.idempotency);
    end(write, &allowed, ids, version).await?.reply(no_content()).await
}

async fn end(
    write: Write,
    _: &Authorized<ManageRoles>,
    (user, id): (Uuid, Uuid),
    version: Option<i64>,
) -> Result<Done> {
    let params = [p::uuid(&user), p::uuid(&id), p::int8(&version)];
    Ok(write.last(&[(sql!("users", "user_role_end"), &params)]).await?.0)
}
