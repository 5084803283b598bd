//! Saved comparisons (S0-81 to S0-89, C0-16): kept as the exact bytes that were shown, and
//! reproducible from what was known when they were made.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod reproduce;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wealth_core::comparison::{Client, ComparisonResult};
use wealth_core::ids::{ComparisonId, UserId};
use wealth_http::{Problem, Result};

/// Name of the header with the digest of the body (RFC 9530).
const CONTENT_DIGEST: &str = "content-digest";

/// A comparison as it was shown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Comparison {
    /// Its id.
    pub(crate) comparison_id: ComparisonId,
    /// Who made it.
    pub(crate) user_id: UserId,
    /// The instant whose knowledge it rests on, to the microsecond: later corrections do not
    /// change it.
    #[schema(value_type = String, format = DateTime, example = "2026-11-21T12:00:00.123456Z")]
    pub(crate) known_at: String,
    /// What was known of the client.
    pub(crate) client: Client,
    /// The products, best first.
    #[serde(flatten)]
    pub(crate) result: ComparisonResult,
}

impl Comparison {
    fn new(
        comparison_id: ComparisonId,
        user_id: UserId,
        known_at: DateTime<Utc>,
        client: Client,
        result: ComparisonResult,
    ) -> Self {
        let known_at = known_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        Self { comparison_id, user_id, known_at, client, result }
    }

    /// The text that is stored and sent.
    fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Problem::internal(error.to_string()))
    }
}

/// Value of Content-Digest for a body.
fn digest(body: &str) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body.as_bytes())))
}
