//! POST /v1/users/{user_id}/deactivate and /reactivate

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageUsers};
use wealth_core::text::{self, REASON};
use wealth_core::violations::Violations;
use wealth_db::{Row, Sql, p, sql};
use wealth_http::{App, Done, IfMatch, OptionalInput, PathParams, Principal, Result, Write};

use super::{User, answer};

/// Why; it goes into the audit trail.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Grounds {
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl Grounds {
    fn validate(self) -> Result<Option<String>, Violations> {
        let mut v = Violations::new();
        let reason = self.reason.and_then(|reason| text::clean(&reason, REASON, "/reason", &mut v));
        v.into_result(reason)
    }
}

/// Deactivate a user
///
/// Ends every session and API key of the member in this firm in the same transaction; the next
/// request with any of them is refused. Roles are kept for the return. The last administrator
/// stays. A user who is inactive already stays as is.
#[utoipa::path(post, path = "/v1/users/{user_id}/deactivate", operation_id = "users_deactivate", tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("If-Match" = String, Header, description = "The user's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body = Option<Grounds>,
    responses((status = 200, description = "The user", body = User, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn deactivate(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Grounds>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    let write = app.write("users_deactivate", &principal, &input.idempotency);
    let reason = input.body.validate()?;
    let change = sql!("users", "user_deactivate");
    let (done, answers) = switch(write, &allowed, change, id, version, reason).await?;
    answer(done, answers).await
}

/// Reactivate a user
///
/// Sessions and API keys that ended stay ended. A user who is active already stays as is.
#[utoipa::path(post, path = "/v1/users/{user_id}/reactivate", operation_id = "users_reactivate", tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("If-Match" = String, Header, description = "The user's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body = Option<Grounds>,
    responses((status = 200, description = "The user", body = User, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn reactivate(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Grounds>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    let write = app.write("users_reactivate", &principal, &input.idempotency);
    let reason = input.body.validate()?;
    let change = sql!("users", "user_reactivate");
    let (done, answers) = switch(write, &allowed, change, id, version, reason).await?;
    answer(done, answers).await
}

async fn switch(
    write: Write,
    _: &Authorized<ManageUsers>,
    change: Sql,
    id: Uuid,
    version: Option<i64>,
    reason: Option<String>,
) -> Result<(Done, Vec<Vec<Row>>)> {
    let params = [p::uuid(&id), p::int8(&version), p::text(&reason)];
    write.last(&[(change, &params), (sql!("users", "user_get"), &[p::uuid(&id)])]).await
}
