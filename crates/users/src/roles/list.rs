//! GET /v1/users/{user_id}/roles

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::ReviewAccess;
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, PathParams, Principal, Problem, Result};

use super::UserRole;

/// Which grants.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only the grants in force at this instant, past or to come. Without it all grants that ever
    /// were.
    as_of: Option<DateTime<Utc>>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List the roles of a user
///
/// Latest first, with the origin of each grant. With `as_of` the answer to "which roles had this
/// user at that time": a grant cannot be made, or moved, into the past. Whether the user could use
/// them then also depends on the account being active.
#[utoipa::path(get, path = "/v1/users/{user_id}/roles", operation_id = "user_roles_list", tag = "users",
    params(("user_id" = Uuid, Path, description = "The user"), Query),
    responses((status = 200, description = "A page of grants", body = Page<UserRole>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    PathParams(id): PathParams<Uuid>,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ReviewAccess>()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let rows = app
        .read("user_roles_list", &principal)
        .query_and_commit(
            sql!("users", "user_roles_list"),
            &[
                p::uuid(&id),
                p::timestamptz(&query.as_of),
                p::timestamptz(&after.map(|(from, _)| from)),
                p::uuid(&after.map(|(_, id)| id)),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    if rows.is_empty() {
        return Err(Problem::not_found(&problem::NOT_FOUND));
    }
    let grants =
        rows.iter().filter(|row: &&Row| row.get::<_, Option<Uuid>>("user_role_id").is_some());
    let items = grants.map(UserRole::read).collect();
    let key = |role: &UserRole| (role.effective_from, role.user_role_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}
