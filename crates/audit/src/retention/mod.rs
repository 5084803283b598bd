//! How long records are kept and what stands in the way of their end: policies, legal holds,
//! disposal and erasure (S0-134, X-14, X-19; rules.md §3).

mod decision;
pub(crate) mod disposals;
pub(crate) mod erasures;
pub(crate) mod holds;
pub(crate) mod policies;
pub(crate) mod policy_put;
pub(crate) mod record;
mod shred;
mod sweep;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serializer;
use serde::de::DeserializeOwned;
use wealth_db::Row;
use wealth_http::{Problem, Result};

use decision::RetentionDecision;
pub use shred::{Shredded, shred};
pub use sweep::{Swept, sweep};

/// A column of JSON as what it stands for.
fn parsed<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T> {
    let text: String = row.get(column);
    serde_json::from_str(&text).map_err(|error| Problem::internal(format!("{column}: {error}")))
}

/// RFC 3339, UTC, with milliseconds.
fn millis<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The same, if there is one.
fn millis_opt<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => millis(at, serializer),
        None => serializer.serialize_none(),
    }
}
