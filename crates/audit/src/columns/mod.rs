//! The log as a table: which columns it has, of which kind, and what an event puts into each. Files
//! of Parquet are written and read column by column, without arrow.
//!
//! Ids and hashes are bytes of fixed length, instants are microseconds in UTC, JSON is text as it
//! was sealed. Who reads a file elsewhere finds them as `UUID`, `TIMESTAMP` and `JSON`.

mod read;
mod write;

use chrono::{DateTime, Utc};
use parquet::errors::ParquetError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use thiserror::Error;
use uuid::Uuid;
use wealth_core::audit::{Event, Hash, Record};

pub use self::read::Rows;
pub use self::write::Table;
use crate::row::instant;

/// What stands in each file as `wealth.schema`: it grows with the columns.
pub(crate) const SCHEMA_VERSION: u32 = 2;

/// The columns in their order, with their kinds.
pub const COLUMNS: [(&str, Kind); 28] = [
    ("leaf_index", Kind::Number),
    ("leaf_hash", Kind::Hash),
    ("event_id", Kind::Id),
    ("tenant_id", Kind::Id),
    ("occurred_at", Kind::Instant),
    ("recorded_at", Kind::Instant),
    ("actor_id", Kind::Id),
    ("actor_type", Kind::Text),
    ("actor_label", Kind::Text),
    ("action", Kind::Text),
    ("legacy_action", Kind::Text),
    ("resource_type", Kind::Text),
    ("resource_id", Kind::Text),
    ("old_values", Kind::Json),
    ("new_values", Kind::Json),
    ("details", Kind::Json),
    ("ip_address", Kind::Text),
    ("user_agent", Kind::Text),
    ("session_id", Kind::Id),
    ("session_ref", Kind::Text),
    ("request_id", Kind::Id),
    ("transaction_name", Kind::Text),
    ("outcome", Kind::Text),
    ("reason", Kind::Text),
    ("purpose", Kind::Text),
    ("salt", Kind::Id),
    ("erased", Kind::Json),
    ("sealed", Kind::Json),
];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An integer.
    Number,
    /// 32 bytes.
    Hash,
    /// A UUID.
    Id,
    /// Microseconds since 1970, UTC.
    Instant,
    /// Text.
    Text,
    /// JSON as text.
    Json,
}

/// A file that is none of ours, or an event that fits no file.
#[derive(Debug, Error)]
pub enum TableError {
    /// Parquet says so.
    #[error("{0}")]
    Parquet(#[from] ParquetError),
    /// A cell has not the form of its column.
    #[error("column {0} holds what cannot stand there")]
    Cell(&'static str),
    /// It has other columns.
    #[error("has other columns than an audit log")]
    Columns,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cell {
    Null,
    Number(i64),
    Bytes(Vec<u8>),
}

/// The cells of a record, in the order of [`COLUMNS`].
fn cells(record: &Record) -> Result<Vec<Cell>, TableError> {
    let index = i64::try_from(record.leaf_index).map_err(|_| TableError::Cell("leaf_index"))?;
    let mut cells = Vec::with_capacity(COLUMNS.len());
    cells.extend([
        Cell::Number(index),
        Cell::Bytes(record.leaf_hash.0.to_vec()),
        id(Some(record.event_id)),
    ]);
    let Some(event) = &record.event else {
        cells.resize(COLUMNS.len(), Cell::Null);
        return Ok(cells);
    };
    cells.extend([
        id(Some(event.tenant_id)),
        micros(&event.occurred_at, "occurred_at")?,
        micros(&event.recorded_at, "recorded_at")?,
        id(event.actor_id),
        text(Some(&event.actor_type)),
        text(event.actor_label.as_ref()),
        text(Some(&event.action)),
        text(event.legacy_action.as_ref()),
        text(event.resource_type.as_ref()),
        text(event.resource_id.as_ref()),
        json(event.old_values.as_deref()),
        json(event.new_values.as_deref()),
        json(event.details.as_deref()),
        text(event.ip_address.as_ref()),
        text(event.user_agent.as_ref()),
        id(event.session_id),
        text(event.session_ref.as_ref()),
        id(event.request_id),
        text(event.transaction_name.as_ref()),
        text(Some(&event.outcome)),
        text(event.reason.as_ref()),
        text(event.purpose.as_ref()),
        id(event.salt),
        document(event.erased.as_ref(), "erased")?,
        document(record.sealed.as_ref(), "sealed")?,
    ]);
    Ok(cells)
}

fn id(id: Option<Uuid>) -> Cell {
    id.map_or(Cell::Null, |id| Cell::Bytes(id.as_bytes().to_vec()))
}

fn text(text: Option<&String>) -> Cell {
    text.map_or(Cell::Null, |text| Cell::Bytes(text.clone().into_bytes()))
}

fn json(value: Option<&RawValue>) -> Cell {
    value.map_or(Cell::Null, |value| Cell::Bytes(value.get().as_bytes().to_vec()))
}

/// What has a form of its own, as JSON.
fn document<T: Serialize>(value: Option<&T>, column: &'static str) -> Result<Cell, TableError> {
    let Some(value) = value else { return Ok(Cell::Null) };
    let text = serde_json::to_vec(value).map_err(|_| TableError::Cell(column))?;
    Ok(Cell::Bytes(text))
}

fn micros(text: &str, column: &'static str) -> Result<Cell, TableError> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| TableError::Cell(column))?;
    Ok(Cell::Number(at.timestamp_micros()))
}

/// A record out of its cells.
fn record(cells: Vec<Cell>) -> Result<Record, TableError> {
    let mut cells = Taken(cells.into_iter(), 0);
    let (leaf_index, leaf_hash, event_id) = (cells.number()?, cells.hash()?, cells.needed_id()?);
    let leaf_index = u64::try_from(leaf_index).map_err(|_| TableError::Cell("leaf_index"))?;
    let event = match cells.id()? {
        None => None,
        Some(tenant_id) => Some(Event {
            event_id,
            tenant_id,
            occurred_at: cells.instant()?,
            recorded_at: cells.instant()?,
            actor_id: cells.id()?,
            actor_type: cells.needed_text()?,
            actor_label: cells.text()?,
            action: cells.needed_text()?,
            legacy_action: cells.text()?,
            resource_type: cells.text()?,
            resource_id: cells.text()?,
            old_values: cells.json()?,
            new_values: cells.json()?,
            details: cells.json()?,
            ip_address: cells.text()?,
            user_agent: cells.text()?,
            session_id: cells.id()?,
            session_ref: cells.text()?,
            request_id: cells.id()?,
            transaction_name: cells.text()?,
            outcome: cells.needed_text()?,
            reason: cells.text()?,
            purpose: cells.text()?,
            salt: cells.id()?,
            erased: cells.document()?,
        }),
    };
    let sealed = if event.is_some() { cells.document()? } else { None };
    Ok(Record { leaf_index, leaf_hash, event_id, event, sealed })
}

/// Cells as they are taken, each for the next column.
struct Taken(std::vec::IntoIter<Cell>, usize);

impl Taken {
    fn next(&mut self) -> (Cell, TableError) {
        let column = COLUMNS.get(self.1).map_or("", |(name, _)| name);
        self.1 += 1;
        (self.0.next().unwrap_or(Cell::Null), TableError::Cell(column))
    }

    fn document<T: DeserializeOwned>(&mut self) -> Result<Option<T>, TableError> {
        let column = COLUMNS.get(self.1).map_or("", |(name, _)| name);
        let text = self.json()?;
        let value = text.map(|text| serde_json::from_str(text.get())).transpose();
        value.map_err(|_| TableError::Cell(column))
    }

    fn number(&mut self) -> Result<i64, TableError> {
        match self.next() {
            (Cell::Number(number), _) => Ok(number),
            (_, error) => Err(error),
        }
    }

    fn bytes<T>(
        &mut self,
        read: impl FnOnce(Vec<u8>) -> Option<T>,
    ) -> Result<Option<T>, TableError> {
        match self.next() {
            (Cell::Null, _) => Ok(None),
            (Cell::Bytes(bytes), error) => read(bytes).map(Some).ok_or(error),
            (Cell::Number(_), error) => Err(error),
        }
    }

    fn needed<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Option<T>, TableError>,
    ) -> Result<T, TableError> {
        let column = COLUMNS.get(self.1).map_or("", |(name, _)| name);
        read(self)?.ok_or(TableError::Cell(column))
    }

    fn id(&mut self) -> Result<Option<Uuid>, TableError> {
        self.bytes(|bytes| Uuid::from_slice(&bytes).ok())
    }

    fn needed_id(&mut self) -> Result<Uuid, TableError> {
        self.needed(Self::id)
    }

    fn hash(&mut self) -> Result<Hash, TableError> {
        self.needed(|cells| cells.bytes(|bytes| Hash::from_slice(&bytes).ok()))
    }

    fn text(&mut self) -> Result<Option<String>, TableError> {
        self.bytes(|bytes| String::from_utf8(bytes).ok())
    }

    fn needed_text(&mut self) -> Result<String, TableError> {
        self.needed(Self::text)
    }

    fn json(&mut self) -> Result<Option<Box<RawValue>>, TableError> {
        self.bytes(|bytes| RawValue::from_string(String::from_utf8(bytes).ok()?).ok())
    }

    fn instant(&mut self) -> Result<String, TableError> {
        let column = COLUMNS.get(self.1).map_or("", |(name, _)| name);
        let at = DateTime::<Utc>::from_timestamp_micros(self.number()?);
        at.map(instant).ok_or(TableError::Cell(column))
    }
}

#[cfg(test)]
mod tests;
