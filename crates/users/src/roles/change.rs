//! PUT /v1/users/{user_id}/roles/{user_role_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageRoles};
use wealth_core::problem;
use wealth_core::text::{self, REASON};
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, IfMatch, Input, PathParams, Principal, Result, Row404, Write, json};

use super::UserRole;

/// Until when a grant lasts, and why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct GrantTerms {
    /// The first instant at which it is over; null or absent lasts. In the future.
    effective_to: Option<DateTime<Utc>>,
    /// Why.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// Change a grant
///
/// Sets until when a role that was granted by hand lasts, and why. What has ended stays ended; what
/// a group of the directory gives is changed there.
#[utoipa::path(put, path = "/v1/users/{user_id}/roles/{user_role_id}", operation_id = "user_roles_put",
    tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("user_role_id" = Uuid, Path, description = "The grant"),
        ("If-Match" = String, Header, description = "The grant's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body = GrantTerms,
    responses((status = 200, description = "The grant", body = UserRole, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(ids): PathParams<(Uuid, Uuid)>,
    IfMatch(version): IfMatch,
    input: Input<GrantTerms>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageRoles>()?;
    let write = app.write("user_roles_put", &principal, &input.idempotency);
    let mut v = Violations::new();
    let reason =
        input.body.reason.and_then(|reason| text::clean(&reason, REASON, "/reason", &mut v));
    let terms = v.into_result((input.body.effective_to, reason))?;
    let (done, rows) = update(write, &allowed, ids, version, &terms).await?;
    let role = UserRole::read(&rows.one_or(&problem::NOT_FOUND)?);
    done.reply(json(StatusCode::OK, &role)?.etag(role.version)).await
}

async fn update(
    write: Write,
    _: &Authorized<ManageRoles>,
    (user, id): (Uuid, Uuid),
    version: Option<i64>,
    (effective_to, reason): &(Option<DateTime<Utc>>, Option<String>),
) -> Result<(Done, Vec<Row>)> {
    let params = [
        p::uuid(&user),
        p::uuid(&id),
        p::int8(&version),
        p::timestamptz(effective_to),
        p::text(reason),
    ];
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "user_role_change"), &params),
            (sql!("users", "user_role_get"), &[p::uuid(&user), p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default()))
}
