//! Who asks, and what the asking costs.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::error::DbError;

/// What the first statement of every transaction tells the database (checklist S0-104, X-15).
/// `platform.begin_request` turns issuer and subject into a user and refuses one who has left.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The tenant whose rows row level security lets through.
    pub tenant_id: Uuid,
    /// The `iss` of the verified token.
    pub issuer: String,
    /// The `sub` of the verified token.
    pub subject: String,
    /// Roles that the token claims.
    pub roles: Vec<String>,
    /// Whether the database must hold a grant for each role in force now.
    pub check_grants: bool,
    /// The instant the request is judged at; the business date derives from it.
    pub now: DateTime<Utc>,
    /// Echoed to the caller and written beside every audit event.
    pub request_id: Uuid,
    /// The session of the token, where it has one.
    pub session_id: Option<Uuid>,
    /// The user, where the credential is one of our own; else issuer and subject lead to one.
    pub user_id: Option<Uuid>,
    /// The API key that the caller came with.
    pub api_key_id: Option<Uuid>,
    /// The person who acts in the user's place.
    pub impersonator_id: Option<Uuid>,
    /// Whether the operation stays open to a session of ours that was opened without the second
    /// factor its firm demands.
    pub before_enrolment: bool,
    /// Whether an API key's scopes let it do what this request does.
    pub scope: Scope,
    /// How surely and when the caller was recognised, and what this request needs of it.
    pub step_up: StepUp,
    /// Address of the caller.
    pub client_ip: Option<IpAddr>,
    /// `User-Agent` of the caller.
    pub user_agent: Option<String>,
    /// What this request has used of the database so far.
    pub meter: Meter,
}

/// Whether a scope was found that lets an API key do what its request does; clones share it. Without
/// one no transaction of the request starts: an operation that asks for no permission is not for keys.
#[derive(Debug, Clone, Default)]
pub struct Scope(Arc<AtomicBool>);

impl Scope {
    /// One was found.
    pub fn grant(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn granted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl RequestContext {
    /// Refuses an API key whose scopes were not asked.
    pub(crate) fn check_scope(&self) -> Result<(), DbError> {
        let free = self.api_key_id.is_none() || self.scope.granted();
        if free { Ok(()) } else { Err(DbError::Unscoped) }
    }
}

/// How surely and when the caller was recognised; clones share what is demanded of it. A demand is
/// judged by `users.require_step_up` in front of the first statement, in the same round trip.
#[derive(Debug, Clone, Default)]
pub struct StepUp {
    /// Authentication assurance level (NIST SP 800-63B): 1, or 2 with a second factor.
    pub assurance: i32,
    /// When; `None` when the issuer does not say.
    pub at: Option<DateTime<Utc>>,
    demand: Arc<AtomicU8>,
}

/// What a request can demand of the sign-in behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demanded {
    /// For somebody who is about to enrol, and so may have no factor yet.
    Enrolment = 1,
    /// Fresh, and with a second factor where the person has one or the firm demands one. Wins over
    /// the other where both are demanded.
    StepUp = 2,
}

impl StepUp {
    /// Of somebody who was recognised.
    pub fn new(assurance: i32, at: Option<DateTime<Utc>>) -> Self {
        Self { assurance, at, demand: Arc::default() }
    }

    /// Makes every transaction of this request start with the check.
    pub fn demand(&self, demand: Demanded) {
        self.demand.fetch_max(demand as u8, Ordering::Relaxed);
    }

    /// Whether one was demanded, and whether it is for an enrolment.
    pub(crate) fn demanded(&self) -> Option<bool> {
        match self.demand.load(Ordering::Relaxed) {
            0 => None,
            demand => Some(demand == Demanded::Enrolment as u8),
        }
    }
}

/// Counts what one request uses of the database; clones share the count.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    round_trips: AtomicU32,
    rows: AtomicU64,
    micros: AtomicU64,
}

/// A reading of a [`Meter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Network round trips to the database.
    pub round_trips: u32,
    /// Rows received.
    pub rows: u64,
    /// Time spent waiting for the database, in microseconds.
    pub micros: u64,
}

impl Meter {
    pub(crate) fn add(&self, rows: usize, elapsed: Duration) {
        self.0.round_trips.fetch_add(1, Ordering::Relaxed);
        self.0.rows.fetch_add(rows as u64, Ordering::Relaxed);
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        self.0.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// What has been used so far.
    pub fn usage(&self) -> Usage {
        Usage {
            round_trips: self.0.round_trips.load(Ordering::Relaxed),
            rows: self.0.rows.load(Ordering::Relaxed),
            micros: self.0.micros.load(Ordering::Relaxed),
        }
    }
}
