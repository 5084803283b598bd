//! Events and numbers as they stand in rows.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::value::RawValue;
use uuid::Uuid;
use wealth_core::audit::{Erased, Event, Hash, Record};
use wealth_db::Row;
use wealth_http::{Problem, Result};

/// An event out of a row with its columns.
pub(crate) fn event(row: &Row) -> Result<Event> {
    Ok(Event {
        event_id: row.get("event_id"),
        tenant_id: row.get("tenant_id"),
        occurred_at: instant(row.get("occurred_at")),
        recorded_at: instant(row.get("recorded_at")),
        actor_id: row.get("actor_id"),
        actor_type: row.get("actor_type"),
        actor_label: row.get("actor_label"),
        action: row.get("action"),
        legacy_action: row.get("legacy_action"),
        resource_type: row.get("resource_type"),
        resource_id: row.get("resource_id"),
        old_values: raw(row, "old_values")?,
        new_values: raw(row, "new_values")?,
        details: raw(row, "details")?,
        ip_address: row.get("ip_address"),
        user_agent: row.get("user_agent"),
        session_id: row.get("session_id"),
        session_ref: row.get("session_ref"),
        request_id: row.get("request_id"),
        transaction_name: row.get("transaction_name"),
        outcome: row.get("outcome"),
        reason: row.get("reason"),
        purpose: row.get("purpose"),
        salt: row.get("salt"),
        erased: erased(row)?,
    })
}

/// What is left of an event after an erasure.
fn erased(row: &Row) -> Result<Option<Erased>> {
    let Some(erasures) = row.get("erasures") else { return Ok(None) };
    let hash = |column: &str| {
        let bytes: Option<&[u8]> = row.get(column);
        let hash = bytes.map(Hash::from_slice).transpose();
        hash.map_err(|error| Problem::internal(format!("{column}: {error}")))
    };
    Ok(Some(Erased {
        actor: hash("actor_commitment")?,
        content: hash("content_commitment")?,
        actor_key: hash("actor_key")?,
        content_key: hash("content_key")?,
        erasures,
    }))
}

/// A leaf with its event, if that is still there.
pub(crate) fn record(row: &Row) -> Result<Record> {
    let present: Option<Uuid> = row.get("event_id");
    let hash: Option<&[u8]> = row.get("leaf_hash");
    let hash = hash.and_then(|bytes| Hash::from_slice(bytes).ok());
    Ok(Record {
        leaf_index: natural(row.get("leaf_index"))?,
        leaf_hash: hash.unwrap_or(wealth_core::audit::EMPTY_ROOT),
        event_id: row.get("leaf_event_id"),
        event: present.map(|_| event(row)).transpose()?,
        // Only the archive closes anything.
        sealed: None,
    })
}

/// An instant as it is hashed: all six decimals, whatever they are.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// jsonb as PostgreSQL writes it, its numbers as exact as they are kept.
fn raw(row: &Row, column: &str) -> Result<Option<Box<RawValue>>> {
    let text: Option<String> = row.get(column);
    let raw = text.map(RawValue::from_string).transpose();
    raw.map_err(|error| Problem::internal(format!("{column}: {error}")))
}

/// A count out of a column.
pub(crate) fn natural(value: i64) -> Result<u64> {
    u64::try_from(value).map_err(|error| Problem::internal(error.to_string()))
}

/// A count as a parameter.
pub(crate) fn signed(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|error| Problem::internal(error.to_string()))
}
