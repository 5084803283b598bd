//! A caller without a credential: who signs in, renews a token or recovers an account.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_db::{Meter, Param, Row, Sql};

use crate::app::App;
use crate::caller::Caller;
use crate::observe::Observation;
use crate::problem::{Problem, Result};

/// What is known of such a caller. Its statements run outside any tenant, through functions that
/// were granted for it and that set their own context.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The instant the call is judged at.
    pub now: DateTime<Utc>,
    /// Echoed to the caller and written beside every audit event.
    pub request_id: Uuid,
    /// Address of the caller.
    pub client_ip: Option<IpAddr>,
    /// `User-Agent`.
    pub user_agent: Option<String>,
    pub(crate) meter: Meter,
}

impl Visitor {
    /// The parameter `p_caller` of the functions behind these calls; `transaction` names the call
    /// in the audit log.
    pub fn describe(&self, transaction: &str) -> Value {
        json!({
            "now": self.now.to_rfc3339_opts(SecondsFormat::Micros, true),
            "request_id": self.request_id,
            "ip": self.client_ip,
            "user_agent": self.user_agent,
            "transaction": transaction,
        })
    }

    /// A caller out of nowhere, for tests that go past HTTP.
    pub fn for_tests(now: DateTime<Utc>) -> Self {
        let meter = Meter::default();
        Self { now, request_id: Uuid::nil(), client_ip: None, user_agent: None, meter }
    }

    /// One statement, atomic by itself.
    pub async fn query(&self, app: &App, sql: Sql, params: &[Param<'_>]) -> Result<Vec<Row>> {
        Ok(app.db.system_query(sql, params, &self.meter).await?)
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let observed = Observation::of(&parts.extensions)?;
        let caller = parts.extensions.get::<Caller>();
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok());
        Ok(Self {
            now: app.clock.now(),
            request_id: observed.request_id,
            client_ip: caller.and_then(|caller| caller.source_ip),
            user_agent: agent.map(|agent| agent.chars().take(512).collect()),
            meter: observed.meter.clone(),
        })
    }
}
