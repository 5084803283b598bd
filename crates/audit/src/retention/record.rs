//! The retention of one record, explained.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_core::problem;
use wealth_core::retention::{Fiscal, Record, Retention, RuleVersion, ScopeKind, retention};
use wealth_db::{Row, p, sql};
use wealth_http::{App, PathParams, Principal, Problem, Result, Row404};

use super::parsed;
use crate::query;

/// A hold over a record, and by which scope.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct HoldOver {
    /// The hold.
    hold_id: Uuid,
    /// Its matter.
    name: String,
    /// What about the record it covers.
    kind: ScopeKind,
}

/// Until when a record is kept, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordRetention {
    /// Where it lies.
    table_name: String,
    /// Which it is.
    record_id: String,
    /// Its classes; the longest wins.
    classes: Vec<String>,
    /// When it was made.
    created_on: Option<NaiveDate>,
    /// When its clock started; null while it has not.
    clock_on: Option<NaiveDate>,
    /// The last day and what each version of a rule has to do with it.
    #[serde(flatten)]
    retention: Retention,
    /// The holds over it: as long as there is one, nothing deletes it.
    holds: Vec<HoldOver>,
    /// Whether it may be disposed of today: its last day is over, nothing holds it, and no other record
    /// needs it.
    disposable: bool,
}

impl RecordRetention {
    fn read(table_name: String, record_id: String, row: &Row) -> Result<Self> {
        let record = Record {
            classes: row.get("classes"),
            created_on: row.get("created_on"),
            clock_on: row.get("clock_on"),
        };
        let rules: Vec<RuleVersion> = parsed(row, "versions")?;
        let number = |column: &str| {
            u32::try_from(row.get::<_, i32>(column))
                .map_err(|error| Problem::internal(error.to_string()))
        };
        let fiscal = Fiscal { month: number("fiscal_month")?, day: number("fiscal_day")? };
        let retention = retention(&record, &rules, fiscal);
        let held: bool = row.get("held");
        let disposal: String = row.get("disposal");
        let disposable = !held && disposal != "never" && retention.is_over(row.get("today"));
        let Record { classes, created_on, clock_on } = record;
        let holds = parsed(row, "holds")?;
        Ok(Self {
            table_name,
            record_id,
            classes,
            created_on,
            clock_on,
            retention,
            holds,
            disposable,
        })
    }
}

/// Explain the retention of a record
///
/// Until when it is kept, which versions of which policies say so, from which day each is counted,
/// and which holds are over it. Without a last day it is kept for ever: its clock has not started.
#[utoipa::path(
    get,
    path = "/v1/audit/records/{resource_type}/{resource_id}/retention",
    operation_id = "record_retention_get",
    tag = "audit",
    params(
        ("resource_type" = String, Path, description = "Its table, such as `rates.rate_history`"),
        ("resource_id" = String, Path, description = "Its id; the parts of a longer key are joined by `/`"),
    ),
    responses((status = 200, description = "Its retention", body = RecordRetention))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams((table, record)): PathParams<(String, String)>,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let (table, record) = (query::path_name(&table)?, query::path_name(&record)?);
    let params = [p::text(&table), p::text(&record)];
    let read = app.read("record_retention_get", &principal);
    let rows = read.query_and_commit(sql!("audit", "retention_record"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    Ok(Json(RecordRetention::read(table, record, &row)?).into_response())
}
