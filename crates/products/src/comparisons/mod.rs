//! Saved comparisons (S0-81 to S0-89, C0-16): kept as the exact bytes that were shown, and
//! reproducible from what was known when they were made.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod question;
pub(crate) mod reproduce;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wealth_core::comparison::{Assumptions, Client, ComparisonResult, Engine, Scenario};
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
    /// What was assumed of markets; absent from comparisons of the first engine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Assumptions)]
    pub(crate) assumptions: Option<Assumptions>,
    /// By which version of the rules it was computed; absent for the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i16, example = 2)]
    pub(crate) engine_version: Option<i16>,
    /// The products, best first.
    #[serde(flatten)]
    pub(crate) result: ComparisonResult,
}

impl Comparison {
    fn new(
        comparison_id: ComparisonId,
        user_id: UserId,
        known_at: DateTime<Utc>,
        scenario: &Scenario,
        result: ComparisonResult,
    ) -> Self {
        let newer = scenario.engine > Engine::V1;
        Self {
            comparison_id,
            user_id,
            known_at: known_at.to_rfc3339_opts(SecondsFormat::Micros, true),
            client: scenario.client,
            assumptions: newer.then_some(scenario.assumptions),
            engine_version: newer.then(|| scenario.engine.number()),
            result,
        }
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
