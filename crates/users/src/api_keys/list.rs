//! GET /v1/api-keys

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::AdministerAccess;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Person, Result};

use super::view::ApiKeyView;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only this member's keys.
    user_id: Option<Uuid>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List API keys
///
/// One's own; for administrators, all of the firm. Newest first, those that ended among them.
#[utoipa::path(
    get,
    path = "/v1/api-keys",
    operation_id = "api_keys_list",
    tag = "api-keys",
    params(Query),
    responses((status = 200, description = "A page of keys", body = Page<ApiKeyView>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    let administers = principal.may::<AdministerAccess>();
    let after = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let ((at, id), fetch) = (after.unzip(), query.limit.fetch());
    let params = [
        p::uuid(&query.user_id),
        p::bool(&administers),
        p::timestamptz(&at),
        p::uuid(&id),
        p::int8(&fetch),
    ];
    let tx = app.read("api_key_list", &principal);
    let rows = tx.query_and_commit(sql!("users", "list_api_keys"), &params).await?;
    let keys: Vec<ApiKeyView> = rows.iter().map(ApiKeyView::read).collect();
    let page = Page::new(keys, query.limit, &uri, |key| (key.created_at, key.api_key_id));
    Ok(page.into_response())
}
