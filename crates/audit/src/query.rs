//! What several operations take and do.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;
use wealth_core::audit::Event;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_core::{Parse as _, text};
use wealth_db::{Query, Row, p, sql};
use wealth_http::{App, Principal, Problem, Result};

/// An instant of the query, after noting what is wrong with it.
pub(crate) fn instant(
    text: Option<&str>,
    pointer: &str,
    violations: &mut Violations,
) -> Option<DateTime<Utc>> {
    match DateTime::parse(text?) {
        Ok(value) => Some(value),
        Err(error) => {
            violations.add(pointer, error.code, error.message);
            None
        }
    }
}

/// A name of the query, after noting what is wrong with it.
pub(crate) fn name(
    text: Option<&str>,
    pointer: &str,
    violations: &mut Violations,
) -> Option<String> {
    text::clean(text?, text::EXTERNAL_ID, pointer, violations)
}

/// An id out of a path: text that is none names nothing.
pub(crate) fn event_id(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Problem::not_found(&problem::NOT_FOUND))
}

/// A name out of a path: text that nothing can be called names nothing.
pub(crate) fn path_name(text: &str) -> Result<String> {
    let name = text::clean(text, text::EXTERNAL_ID, "", &mut Violations::new());
    name.ok_or_else(|| Problem::not_found(&problem::NOT_FOUND))
}

/// What orders events, newest first.
pub(crate) fn key(event: &Event) -> (String, Uuid) {
    (event.occurred_at.clone(), event.event_id)
}

/// Reads for a caller. With `asked` the look is recorded in the same transaction: who looks at what
/// others did is seen in turn.
pub(crate) async fn read(
    app: &App,
    principal: &Principal,
    name: &'static str,
    queries: &[Query<'_>],
    asked: Option<&Value>,
) -> Result<Vec<Vec<Row>>> {
    let Some(asked) = asked else {
        return Ok(app.read(name, principal).batch_and_commit(queries).await?);
    };
    let recorded = [p::text(&READ), p::json(asked)];
    let record = (sql!("audit", "record_access"), &recorded[..]);
    let all: Vec<Query<'_>> = queries.iter().copied().chain([record]).collect();
    Ok(app.db.begin(name, principal.context()).batch_and_commit(&all).await?)
}

/// The record that others' events were read.
pub(crate) const READ: &str = "audit_log.read";
/// The same for an export.
pub(crate) const EXPORTED: &str = "audit_log.exported";

/// What was asked for, without what was not.
pub(crate) fn asked(operation: &str, filters: &[(&str, Value)]) -> Value {
    let given = filters.iter().filter(|(_, value)| !value.is_null());
    let given = given.map(|(name, value)| ((*name).to_owned(), value.clone()));
    let mut asked: serde_json::Map<String, Value> = given.collect();
    asked.insert("operation".to_owned(), operation.into());
    Value::Object(asked)
}
