//! Reading typed values out of rows. A row that does not fit its type is a fault of ours and is
//! named as such, with statement and column.

use chrono::{DateTime, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use wealth_core::money::{Amount, Percent};
use wealth_core::parse::{Parse, ParseError};
use wealth_db::Row;
use wealth_http::{Problem, Result};

/// An instant, shown in RFC 3339, UTC, with milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timestamp(pub DateTime<Utc>);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples([serde_json::Value::from("2026-11-21T12:00:00.000Z")])
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {}

/// An instant.
pub(crate) fn timestamp(row: &Row, column: &str) -> Timestamp {
    Timestamp(row.get(column))
}

/// An instant, if there is one.
pub(crate) fn timestamp_opt(row: &Row, column: &str) -> Option<Timestamp> {
    row.get::<_, Option<DateTime<Utc>>>(column).map(Timestamp)
}

/// A percentage.
pub(crate) fn percent(row: &Row, column: &str) -> Result<Percent> {
    fits(column, Percent::new(row.get(column)))
}

/// A percentage, if there is one.
pub(crate) fn percent_opt(row: &Row, column: &str) -> Result<Option<Percent>> {
    let value: Option<Decimal> = row.get(column);
    value.map(|value| fits(column, Percent::new(value))).transpose()
}

/// An amount.
pub(crate) fn amount(row: &Row, column: &str) -> Result<Amount> {
    fits(column, Amount::new(row.get(column)))
}

/// An amount, if there is one.
pub(crate) fn amount_opt(row: &Row, column: &str) -> Result<Option<Amount>> {
    let value: Option<Decimal> = row.get(column);
    value.map(|value| fits(column, Amount::new(value))).transpose()
}

/// A value with a text form.
pub(crate) fn parsed<T: Parse>(row: &Row, column: &str) -> Result<T> {
    fits(column, T::parse(row.get(column)))
}

/// A value with a text form, if there is one.
pub(crate) fn parsed_opt<T: Parse>(row: &Row, column: &str) -> Result<Option<T>> {
    let text: Option<&str> = row.get(column);
    text.map(|text| fits(column, T::parse(text))).transpose()
}

/// Values with a text form; NULL is none.
pub(crate) fn parsed_list<T: Parse>(row: &Row, column: &str) -> Result<Vec<T>> {
    let texts: Option<Vec<&str>> = row.get(column);
    texts.unwrap_or_default().into_iter().map(|text| fits(column, T::parse(text))).collect()
}

fn fits<T>(column: &str, value: Result<T, ParseError>) -> Result<T> {
    value.map_err(|error| Problem::internal(format!("column {column}: {error}")))
}

/// In hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
