//! A profile as an answer shows it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;

/// What somebody says of themselves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Profile {
    user_id: Uuid,
    /// E.164.
    phone: Option<String>,
    /// Storage key of the picture.
    avatar: Option<String>,
    /// IANA time zone to show times in; answers themselves are in UTC.
    #[schema(example = "America/New_York")]
    timezone: String,
    /// BCP 47 language tag.
    #[schema(example = "en")]
    language: String,
    /// Whatever the person's clients keep here. Only for oneself: it may speak of another firm.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    preferences: Option<Value>,
    /// Null before the first change.
    updated_at: Option<DateTime<Utc>>,
}

impl Profile {
    /// For the person themselves.
    pub(crate) fn own(row: &Row) -> Self {
        Self { preferences: row.get("preferences"), ..Self::of_member(row) }
    }

    /// For an administrator.
    pub(crate) fn of_member(row: &Row) -> Self {
        Self {
            user_id: row.get("user_id"),
            phone: row.get("phone"),
            avatar: row.get("avatar"),
            timezone: row.get("timezone"),
            language: row.get("language"),
            preferences: None,
            updated_at: row.get("updated_at"),
        }
    }
}
