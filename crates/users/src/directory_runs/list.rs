//! GET /v1/users/directory-runs

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::authz::ViewSignIn;
use wealth_db::sql;
use wealth_http::{App, Principal, Result, json};

use super::DirectoryRun;

/// The latest month of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DirectoryRuns {
    items: Vec<DirectoryRun>,
}

/// List the comparisons with the firm's directory
///
/// One for each day, latest first, 31 at most: what differed and what was done about it.
#[utoipa::path(get, path = "/v1/users/directory-runs", operation_id = "directory_runs_list", tag = "users",
    responses((status = 200, description = "The latest", body = DirectoryRuns)),
    security(("bearer" = [])))]
pub(crate) async fn handler(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ViewSignIn>()?;
    let read = app.read("directory_runs_list", &principal);
    let rows = read.query_and_commit(sql!("users", "directory_runs_list"), &[]).await?;
    let items = rows.iter().map(DirectoryRun::read).collect();
    Ok(json(StatusCode::OK, &DirectoryRuns { items })?.into_response())
}
