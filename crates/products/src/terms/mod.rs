//! Versioned terms and conditions (S0-16): every text that ever held, with its SHA-256.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod publish;

use serde::Serialize;
use utoipa::ToSchema;
use wealth_db::Row;

use crate::row::{self, Timestamp};

/// A published text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Terms {
    /// Its number, from 1.
    pub(crate) terms_version: i32,
    /// The text.
    pub(crate) text: String,
    /// SHA-256 of the text in UTF-8, hexadecimal.
    pub sha256: String,
    /// Since when it holds.
    pub(crate) effective_at: Timestamp,
    /// When it was published.
    pub(crate) created_at: Timestamp,
    /// Who published it.
    pub(crate) created_by: String,
}

impl Terms {
    /// From a row of `products.terms_get`.
    fn read(row: &Row) -> Self {
        Self {
            terms_version: row.get("terms_version"),
            text: row.get("text"),
            sha256: row.get("sha256"),
            effective_at: row::timestamp(row, "effective_at"),
            created_at: row::timestamp(row, "created_at"),
            created_by: row.get("created_by"),
        }
    }
}
