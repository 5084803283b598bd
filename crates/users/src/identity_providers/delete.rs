//! DELETE /v1/users/identity-providers/{identity_provider_id}

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ConfigureSignIn};
use wealth_db::{p, sql};
use wealth_http::{
    App, IfMatch, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content,
};

/// Trust an issuer no more
///
/// Its tokens stop working within minutes, when the functions look at the settings again. The issuer
/// of the caller's own token cannot be removed. Takes a recent sign-in.
#[utoipa::path(delete, path = "/v1/users/identity-providers/{identity_provider_id}",
    operation_id = "identity_provider_delete", tag = "users",
    params(
        ("identity_provider_id" = Uuid, Path, description = "The identity provider"),
        ("If-Match" = String, Header, description = "Its version as an ETag, or `*`"),
    ),
    responses((status = 204, description = "It is gone")), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ConfigureSignIn>()?;
    let write = app.write("identity_provider_delete", &principal, &input.idempotency);
    delete(write, &allowed, id, expected, &principal.context().issuer).await
}

async fn delete(
    write: Write,
    _: &Authorized<ConfigureSignIn>,
    id: Uuid,
    expected: Option<i64>,
    own_issuer: &str,
) -> Result<Response> {
    let params = [p::uuid(&id), p::int8(&expected), p::text(&own_issuer)];
    write.finish(&[(sql!("users", "identity_provider_delete"), &params)], no_content()).await
}
