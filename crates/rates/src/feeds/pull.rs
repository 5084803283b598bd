//! A feed that is asked for its batches, in place of delivering them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{Meter, Row, p, sql};
use wealth_http::auth::is_public_address;
use wealth_http::{App, Problem, Result, Row404};

/// How often, in minutes.
const EVERY: std::ops::RangeInclusive<i32> = 5..=1440;

/// Where and how often a feed is asked for a batch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pull {
    /// An HTTPS address of a public name, without a query. It answers 200 with a batch, as it would
    /// be delivered, or 204 when it has nothing new. What it asks for to let us in is the operator's
    /// to enter, not a part of the address.
    #[schema(max_length = 512, example = "https://rates.example.com/wealth/latest")]
    pub(crate) url: String,
    /// How often, in minutes.
    #[serde(default = "hourly")]
    #[schema(minimum = 5, maximum = 1440, default = 60)]
    pub(crate) every_minutes: i32,
}

const fn hourly() -> i32 {
    60
}

impl Pull {
    pub(super) fn check(&self, v: &mut Violations) {
        if !is_public_address(&self.url) {
            let text = "must be an HTTPS address of a public name, without a query, at most 512 \
                        characters";
            v.add("/pull/url", "address_refused", text);
        }
        if !EVERY.contains(&self.every_minutes) {
            v.add("/pull/every_minutes", "out_of_range", "must be 5 to 1440");
        }
    }

    pub(super) fn read(row: &Row) -> Option<Self> {
        let url: Option<String> = row.get("pull_url");
        let every: Option<i32> = row.get("pull_minutes");
        Some(Self { url: url?, every_minutes: every? })
    }
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PullOutcome)]
pub enum Outcome {
    /// It gave a batch, which was taken, now or before.
    Taken,
    /// It had nothing new.
    Nothing,
    /// It gave what is no batch, or none that may be taken.
    Refused,
    /// It gave no answer, or not one that a feed gives; or what it gave could not be taken for now.
    Unreachable,
}

/// How a call went.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Pulled {
    /// What came of it.
    pub outcome: Outcome,
    /// The batch that was taken.
    pub batch_id: Option<Uuid>,
    /// Why none was.
    pub detail: Option<String>,
}

/// The last call to a feed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LastPull {
    /// When it was.
    at: DateTime<Utc>,
    #[serde(flatten)]
    pulled: Pulled,
}

impl LastPull {
    pub(super) fn read(row: &Row) -> Result<Option<Self>> {
        let (at, outcome): (Option<DateTime<Utc>>, Option<Value>) =
            (row.get("pulled_at"), row.get("pull_outcome"));
        let (Some(at), Some(outcome)) = (at, outcome) else { return Ok(None) };
        let pulled = serde_json::from_value(outcome);
        let pulled = pulled.map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Some(Self { at, pulled }))
    }
}

/// A feed whose time to be asked has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueFeed {
    /// Whose it is.
    pub tenant: Uuid,
    /// Its name.
    pub source: String,
    /// Where it is asked.
    pub url: String,
}

impl DueFeed {
    /// The feeds whose time has come, `limit` of them at most.
    ///
    /// # Errors
    /// `dependency_unavailable`.
    pub async fn list(app: &App, limit: i32) -> Result<Vec<Self>> {
        let (now, meter) = (app.clock.now(), Meter::default());
        let params = [p::timestamptz(&now), p::int4(&limit)];
        let rows = app.db.system_query(sql!("rates", "feeds_to_pull"), &params, &meter).await?;
        let feed = |row: &Row| Self {
            tenant: row.get("tenant_id"),
            source: row.get("source"),
            url: row.get("url"),
        };
        Ok(rows.iter().map(feed).collect())
    }

    /// Notes how a call to it went: its next time counts from now on.
    ///
    /// # Errors
    /// `dependency_unavailable`.
    pub async fn note(&self, app: &App, pulled: &Pulled, request: Uuid) -> Result<()> {
        let (now, outcome) = (app.clock.now(), json!(pulled));
        let params = [
            p::uuid(&self.tenant),
            p::timestamptz(&now),
            p::uuid(&request),
            p::text(&self.source),
            p::text(&self.url),
            p::json(&outcome),
        ];
        let note = sql!("rates", "job_feed_pulled");
        app.db.system_query(note, &params, &Meter::default()).await?.one_or(&problem::NOT_FOUND)?;
        Ok(())
    }
}
