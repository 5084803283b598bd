//! Outside systems that deliver rates, and what they delivered.

pub(crate) mod batch;
pub(crate) mod deliver;
pub(crate) mod delivery;
pub(crate) mod list;
pub(crate) mod pull;
pub(crate) mod put;
pub(crate) mod report;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::shape::FeedSource;
use wealth_core::{Percent, problem};
use wealth_db::Row;
use wealth_http::{Problem, Result};

use crate::row::optional_percent;

use pull::{LastPull, Pull};

/// A source of rates.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateFeed {
    /// Its name in addresses.
    #[schema(value_type = FeedSource)]
    source: String,
    /// Its name for people.
    name: Option<String>,
    /// The larger wins: a rate against one of a stronger source is held back.
    precedence: i32,
    /// Largest move, in percentage points, that is let through; null is the tenant's.
    tolerance: Option<Percent>,
    /// Whether batches are taken.
    is_active: bool,
    /// Where it is asked for them; null where it delivers them itself.
    pull: Option<Pull>,
    /// How that went last; null before the first time.
    last_pull: Option<LastPull>,
    /// When it was declared.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
    /// Its version, as in the ETag.
    version: i64,
}

impl RateFeed {
    /// Out of a row of `rates.feed_get` or `rates.feeds_list`.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            source: row.get("source"),
            name: row.get("name"),
            precedence: row.get("precedence"),
            tolerance: optional_percent(row, "tolerance")?,
            is_active: row.get("is_active"),
            pull: Pull::read(row),
            last_pull: LastPull::read(row)?,
            created_at: row.get("created_at"),
            updated_at: row.get("updated_at"),
            version: row.get("version"),
        })
    }
}

/// The form that `rate_feeds_source_check` asks for.
pub(crate) fn is_source(text: &str) -> bool {
    let first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let rest = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    first && text.len() <= 64 && text.bytes().all(rest) && !matches!(text, "manual" | "import")
}

/// A source out of a path or an event: what cannot be one's name names none, and may hold what
/// PostgreSQL cannot (U+0000).
pub(crate) fn source_named(text: &str) -> Result<&str> {
    if is_source(text) { Ok(text) } else { Err(Problem::not_found(&problem::FEED_NOT_FOUND)) }
}
