//! GET /v1/users/group-role-mappings

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::ReviewAccess;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::Mapping;
use crate::fields;

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

/// List which groups give which roles
///
/// One table for SCIM groups and for groups that a token names.
#[utoipa::path(get, path = "/v1/users/group-role-mappings", operation_id = "group_role_mappings_list",
    tag = "users", params(Query),
    responses((status = 200, description = "A page of mappings", body = Page<Mapping>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ReviewAccess>()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(String, String, Uuid)>()).transpose()?;
    let provider = after.as_ref().map(|(provider, ..)| provider);
    let group = after.as_ref().map(|(_, group, _)| group);
    fields::plain("cursor", provider)?;
    fields::plain("cursor", group)?;
    let rows = app
        .read("group_role_mappings_list", &principal)
        .query_and_commit(
            sql!("users", "group_role_mappings_list"),
            &[
                p::text(&provider),
                p::text(&group),
                p::uuid(&after.as_ref().map(|(.., id)| *id)),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    let items = rows.iter().map(Mapping::read).collect();
    let key = |m: &Mapping| (m.provider.clone(), m.group_name.clone(), m.mapping_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}
