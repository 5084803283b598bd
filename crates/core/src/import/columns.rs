//! What a kind of row must say about itself.

use serde::de::DeserializeOwned;

use crate::json::{JsonError, from_slice};
use crate::parse::ParseError;
use crate::violations::Violations;

/// A kind of row: its columns, and how a row becomes a value.
pub trait Kind: Default {
    /// What a row becomes.
    type Value;
    /// A row while it is read.
    type Draft: Default;
    /// Each column of CSV and the JSON pointer of the field that it fills.
    const COLUMNS: &'static [(&'static str, &'static str)];
    /// Columns that must be in the header.
    const REQUIRED: &'static [&'static str];

    /// Fills one cell that is not empty.
    ///
    /// # Errors
    /// What is wrong with it, where the draft cannot hold a wrong value.
    fn set(draft: &mut Self::Draft, column: &'static str, text: &str) -> Result<(), ParseError>;

    /// Reads an NDJSON line.
    ///
    /// # Errors
    /// What is wrong with it.
    fn from_json(text: &[u8]) -> Result<Self::Draft, Violations>;

    /// Checks the whole row, and against the rows before it.
    ///
    /// # Errors
    /// Everything that is wrong with it, by JSON pointer.
    fn finish(&mut self, draft: Self::Draft) -> Result<Self::Value, Violations>;
}

/// The column that fills a field, or the nearest that holds it.
pub(super) fn column_of<K: Kind>(pointer: &str) -> Option<String> {
    let holds = |field: &str| pointer == field || pointer.starts_with(&format!("{field}/"));
    let within = |field: &str| !pointer.is_empty() && field.starts_with(&format!("{pointer}/"));
    let find = |matches: &dyn Fn(&str) -> bool| {
        K::COLUMNS.iter().find(|(_, field)| matches(field)).map(|(name, _)| (*name).to_owned())
    };
    find(&holds).or_else(|| find(&within))
}

pub(super) fn read_json<T: DeserializeOwned>(text: &[u8]) -> Result<T, Violations> {
    from_slice(text).map_err(|error| match error {
        JsonError::Shape(violations) => violations,
        JsonError::Malformed(message) => Violations::one("", "malformed_json", message),
    })
}

/// Reads a whole number.
pub(super) fn whole(text: &str) -> Result<u32, ParseError> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|_| plain)
        .ok_or_else(|| ParseError::new("number_invalid", "must be a whole number"))
}

/// Reads yes or no, as spreadsheets write it.
pub(super) fn flag(text: &str) -> Result<bool, ParseError> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => Ok(true),
        "false" | "no" | "n" | "0" => Ok(false),
        _ => Err(ParseError::new("flag_invalid", "must be true or false")),
    }
}
