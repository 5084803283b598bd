//! DELETE /v1/users/group-role-mappings/{mapping_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageRoles};
use wealth_db::{p, sql};
use wealth_http::{
    App, Done, IfMatch, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content,
};

/// Take a mapping away
///
/// Whoever held the role by a group that SCIM provisions holds it no longer; the grants stay in the
/// list with their end. The last administrator stays one.
#[utoipa::path(delete, path = "/v1/users/group-role-mappings/{mapping_id}",
    operation_id = "group_role_mappings_delete", tag = "users",
    params(
        ("mapping_id" = Uuid, Path, description = "The mapping"),
        ("If-Match" = String, Header, description = "The mapping's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Taken away")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageRoles>()?;
    let write = app.write("group_role_mappings_delete", &principal, &input.idempotency);
    delete(write, &allowed, id, version).await?.reply(no_content()).await
}

async fn delete(
    write: Write,
    _: &Authorized<ManageRoles>,
    id: Uuid,
    version: Option<i64>,
) -> Result<Done> {
    let params = [p::uuid(&id), p::int8(&version)];
    Ok(write.last(&[(sql!("users", "group_role_mapping_delete"), &params)]).await?.0)
}
