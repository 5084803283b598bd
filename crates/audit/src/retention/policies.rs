//! The policies, with every version.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::authz::ViewRetention;
use wealth_core::retention::{Basis, RuleVersion};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Principal, Result};

use super::parsed;

/// What is promised to a class of records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RetentionPolicy {
    /// The class.
    class: String,
    /// What is in it.
    title: String,
    /// What starts its clock.
    basis: Basis,
    /// Every version of the platform's rule and of the firm's own. A record keeps the longest of
    /// those that were in force since it was made.
    versions: Vec<RuleVersion>,
    /// The tables that hold such records.
    tables: Vec<String>,
    /// Of the firm's own period, for If-Match; 0 while there is none.
    version: i64,
}

impl RetentionPolicy {
    pub(super) fn read(row: &Row) -> Result<Self> {
        let basis: String = row.get("basis");
        Ok(Self {
            class: row.get("class"),
            title: row.get("title"),
            basis: serde_json::from_value(basis.into())
                .map_err(|error| wealth_http::Problem::internal(error.to_string()))?,
            versions: parsed(row, "versions")?,
            tables: row.get("tables"),
            version: row.get("version"),
        })
    }
}

/// The policies.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RetentionPolicies {
    /// One for each class of records, by name.
    items: Vec<RetentionPolicy>,
}

/// List the retention policies
///
/// For each class of records what starts its clock, how long it is kept and by which regulation or
/// wish of the firm, with every version there was.
#[utoipa::path(
    get,
    path = "/v1/audit/retention-policies",
    operation_id = "retention_policies_list",
    tag = "audit",
    responses((status = 200, description = "The policies", body = RetentionPolicies))
)]
pub(crate) async fn handler(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let read = app.read("retention_policies_list", &principal);
    let all = [p::text(&None::<String>)];
    let rows = read.query_and_commit(sql!("audit", "retention_policies"), &all).await?;
    let items = rows.iter().map(RetentionPolicy::read).collect::<Result<_>>()?;
    Ok(Json(RetentionPolicies { items }).into_response())
}
