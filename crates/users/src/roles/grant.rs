//! POST /v1/users/{user_id}/roles

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageRoles};
use wealth_core::problem;
use wealth_core::text::{self, REASON, Rule};
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, PathParams, Principal, Result, Row404, Write, created};

use super::UserRole;

/// A role for a member.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NewGrant {
    /// The role.
    #[schema(value_type = String, required = true, max_length = 100, example = "SalesManager")]
    role_name: Option<String>,
    /// First instant; now unless given. Not in the past.
    effective_from: Option<DateTime<Utc>>,
    /// The first instant at which it is over; for good unless given.
    effective_to: Option<DateTime<Utc>>,
    /// Why.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl NewGrant {
    fn validate(self) -> Result<Value, Violations> {
        let mut v = Violations::new();
        let rule = Rule { min: 1, max: 100, multiline: false };
        let role = match self.role_name {
            Some(role) => text::clean(&role, rule, "/role_name", &mut v),
            None => {
                v.add("/role_name", "required", "is required");
                None
            }
        };
        let reason = self.reason.and_then(|reason| text::clean(&reason, REASON, "/reason", &mut v));
        v.into_result(json!({
            "role_name": role,
            "effective_from": self.effective_from,
            "effective_to": self.effective_to,
            "reason": reason,
        }))
    }
}

/// Grant a role
///
/// From now or a later instant on, for good or for a time. In force with the next request that
/// brings a token with the role. Nobody grants a role above their own, to themselves or others.
#[utoipa::path(post, path = "/v1/users/{user_id}/roles", operation_id = "user_roles_create", tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("Idempotency-Key" = String, Header, description = "New for each intent"),
    ),
    request_body = NewGrant,
    responses((status = 201, description = "The grant", body = UserRole,
        headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(user): PathParams<Uuid>,
    input: Input<NewGrant>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageRoles>()?;
    let write = app.write("user_roles_create", &principal, input.idempotency.required()?);
    let grant = input.body.validate()?;
    let (done, rows) = insert(write, &allowed, &app, user, &grant).await?;
    let role = UserRole::read(&rows.one_or(&problem::NOT_FOUND)?);
    let location = format!("/v1/users/{user}/roles/{}", role.user_role_id);
    done.reply(created(&location, &role)?.etag(role.version)).await
}

async fn insert(
    write: Write,
    _: &Authorized<ManageRoles>,
    app: &App,
    user: Uuid,
    grant: &Value,
) -> Result<(Done, Vec<Row>)> {
    let id = app.ids.next();
    let params = [p::uuid(&user), p::uuid(&id), p::json(grant)];
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "user_role_grant"), &params),
            (sql!("users", "user_role_get"), &[p::uuid(&user), p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default()))
}
