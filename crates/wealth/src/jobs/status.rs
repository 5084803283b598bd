//! `wealth jobs status`.

use anyhow::{Result, bail};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_db::{Meter, Row, p, sql};

use super::Status;
use super::table::table;
use crate::import::target::Target;
use crate::output::say;

pub(super) async fn run(arguments: Status) -> Result<()> {
    if let Some(job) = arguments.job.as_deref().filter(|job| jobs::find(job).is_none()) {
        bail!("there is no job {job}; see wealth jobs list");
    }
    let target = Target::open().await?;
    let limit = i32::from(arguments.last);
    let params = [
        p::text(&arguments.job),
        p::date(&arguments.date),
        p::uuid(&arguments.tenant),
        p::int4(&limit),
    ];
    let rows = target.db.system_query(sql!("jobs", "status"), &params, &Meter::default()).await;
    target.stop().await;
    let rows = rows?;
    if arguments.json {
        say(&serde_json::to_string_pretty(&rows.iter().map(object).collect::<Vec<_>>())?);
    } else if rows.is_empty() {
        say("no runs");
    } else {
        let rows: Vec<_> = rows.iter().map(line).collect();
        say(&table(["JOB", "FIRM", "DATE", "STATE", "FAILED", "ENDED", "COUNTED", "WHY"], &rows));
    }
    Ok(())
}

fn object(row: &Row) -> Value {
    json!({
        "job": row.get::<_, String>("job"),
        "tenant_id": row.get::<_, Uuid>("tenant_id"),
        "run_id": row.get::<_, Uuid>("run_id"),
        "business_date": row.get::<_, NaiveDate>("business_date"),
        "turn": row.get::<_, Option<DateTime<Utc>>>("turn"),
        "state": row.get::<_, String>("state"),
        "failures": row.get::<_, i32>("failures"),
        "chunks": row.get::<_, i32>("chunks"),
        "counts": row.get::<_, Value>("counts"),
        "report": row.get::<_, Value>("report"),
        "error": row.get::<_, Option<String>>("error"),
        "started_at": row.get::<_, Option<DateTime<Utc>>>("started_at"),
        "finished_at": row.get::<_, Option<DateTime<Utc>>>("finished_at"),
    })
}

fn line(row: &Row) -> [String; 8] {
    let ended: Option<DateTime<Utc>> = row.get("finished_at");
    [
        row.get("job"),
        firm(row.get("tenant_id")),
        row.get::<_, NaiveDate>("business_date").to_string(),
        row.get("state"),
        row.get::<_, i32>("failures").to_string(),
        ended.map(|at| at.format("%Y-%m-%d %H:%M:%SZ").to_string()).unwrap_or_default(),
        members(&row.get("counts")),
        row.get::<_, Option<String>>("error").unwrap_or_default(),
    ]
}

/// A firm's id, or whose it is without one.
pub(super) fn firm(id: Uuid) -> String {
    if id.is_nil() { "platform".to_owned() } else { id.to_string() }
}

/// `name 3, other 0`.
pub(super) fn members(object: &Value) -> String {
    let members = object.as_object().into_iter().flatten();
    members.map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}
