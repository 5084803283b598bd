//! GET /v1/users/{user_id}/identities

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::ReviewAccess;
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Cursor, Limit, Page, Params, PathParams, Principal, Problem, Purpose, Result,
};

use super::Identity;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List the sign-ins of a user
///
/// Those at issuers that the firm trusts, and all of the people of its own directory.
#[utoipa::path(get, path = "/v1/users/{user_id}/identities", operation_id = "user_identities_list",
    tag = "users",
    params(("user_id" = Uuid, Path, description = "The user"), Query, ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "A page of sign-ins", body = Page<Identity>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    PathParams(id): PathParams<Uuid>,
    Params(query): Params<Query>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ReviewAccess>()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let about = serde_json::json!({"user_id": id});
    let rows = app
        .personal("user_identities_list", &principal, purpose, &about)
        .query_and_commit(
            sql!("users", "user_identities_list"),
            &[
                p::uuid(&id),
                p::timestamptz(&after.map(|(at, _)| at)),
                p::uuid(&after.map(|(_, id)| id)),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    if rows.is_empty() {
        return Err(Problem::not_found(&problem::NOT_FOUND));
    }
    let linked = |row: &&Row| row.get::<_, Option<Uuid>>("identity_id").is_some();
    let items = rows.iter().filter(linked).map(Identity::read).collect();
    let key = |identity: &Identity| (identity.created_at, identity.identity_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}
