//! DELETE /v1/invitations/{invitation_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageUsers};
use wealth_db::{p, sql};
use wealth_http::{App, Nothing, OptionalInput, PathParams, Person, Result, Write, no_content};

/// Revoke an invitation
///
/// Its link stops working at once. Revoking twice does no harm, so it takes no If-Match.
#[utoipa::path(delete, path = "/v1/invitations/{invitation_id}", operation_id = "invitations_revoke",
    tag = "invitations",
    params(
        ("invitation_id" = Uuid, Path, description = "The invitation"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses(
        (status = 204, description = "Revoked"),
        (status = 409, description = "state_conflict: it was accepted", body = wealth_http::ProblemDocument, content_type = "application/problem+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    PathParams(id): PathParams<Uuid>,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    let write = app.write("invitations_revoke", &principal, &input.idempotency);
    revoke(write, &allowed, id).await
}

async fn revoke(write: Write, _: &Authorized<ManageUsers>, id: Uuid) -> Result<Response> {
    write.finish(&[(sql!("users", "invitation_revoke"), &[p::uuid(&id)])], no_content()).await
}
