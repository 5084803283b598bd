//! DELETE /v1/users/impersonations/{impersonation_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, OverseeImpersonation};
use wealth_db::{p, sql};
use wealth_http::{App, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content};

/// End a session in another's place
///
/// Its token stops working at once. One that is over already stays as it is, and the answer is the
/// same.
#[utoipa::path(delete, path = "/v1/users/impersonations/{impersonation_id}",
    operation_id = "impersonation_end", tag = "users",
    params(("impersonation_id" = Uuid, Path, description = "The session")),
    responses((status = 204, description = "It is over")), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(session): PathParams<Uuid>,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<OverseeImpersonation>()?;
    let write = app.write("impersonation_end", &principal, &input.idempotency);
    end(write, &allowed, session).await
}

async fn end(
    write: Write,
    _: &Authorized<OverseeImpersonation>,
    session: Uuid,
) -> Result<Response> {
    let params = [p::uuid(&session)];
    write.finish(&[(sql!("users", "impersonation_end"), &params)], no_content()).await
}
