//! DELETE /v1/users/{user_id}/identities/{identity_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageUsers};
use wealth_db::{p, sql};
use wealth_http::{
    App, Done, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content,
};

/// Take a sign-in from a user
///
/// Its tokens are refused from the next request on. The firm may take those of issuers of its own
/// and of the people of its own directory. The last way in of an administrator stays. Needs a
/// recent, strong sign-in.
#[utoipa::path(delete, path = "/v1/users/{user_id}/identities/{identity_id}",
    operation_id = "user_identities_delete", tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("identity_id" = Uuid, Path, description = "The sign-in"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Taken away")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(ids): PathParams<(Uuid, Uuid)>,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    principal.step_up()?;
    let write = app.write("user_identities_delete", &principal, &input.idempotency);
    unlink(write, &allowed, ids).await?.reply(no_content()).await
}

async fn unlink(
    write: Write,
    _: &Authorized<ManageUsers>,
    (user, id): (Uuid, Uuid),
) -> Result<Done> {
    let params = [p::uuid(&user), p::uuid(&id)];
    Ok(write.last(&[(sql!("users", "user_identity_unlink"), &params)]).await?.0)
}
