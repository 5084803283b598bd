//! The named, tenant-fenced transaction of one request.
//!
//! Statements are unnamed and sent together: the first batch carries BEGIN and the context call in
//! front, the last one COMMIT behind, so a read costs one network round trip. Each statement has a
//! Sync of its own; after an error the server skips nothing but refuses everything up to COMMIT,
//! which then rolls back. COMMIT alone therefore says nothing: the statements' answers decide.

mod flight;

use std::time::Instant;

use deadpool_postgres::Object;
use futures_util::future::FutureExt;
use tokio_postgres::Row;

use self::flight::{Batch, Fault};
use crate::context::RequestContext;
use crate::error::DbError;
use crate::param::{Param, Sql};
use crate::pool::Db;

/// A statement with its parameters.
pub type Query<'a> = (Sql, &'a [Param<'a>]);

/// A transaction that has a name, a tenant and an actor. Dropped without
/// [`commit`](Self::commit), or cancelled in the middle of a flight, it rolls back.
pub struct Tx {
    db: Db,
    name: &'static str,
    context: RequestContext,
    read_only: bool,
    prelude: Option<Prelude>,
    state: State,
}

/// The claim of an idempotency key, sent between the context and the first statement.
struct Prelude {
    sql: Sql,
    key: String,
    operation: String,
    fingerprint: Vec<u8>,
}

enum State {
    /// Nothing has been sent.
    Fresh,
    /// BEGIN and the context are through.
    Open(Object),
    /// Statements are on their way. A request that is cancelled now leaves this state behind.
    InFlight(Object),
    /// Committed or failed: nothing more can be done.
    Closed,
}

impl Tx {
    pub(crate) fn new(
        db: Db,
        name: &'static str,
        context: RequestContext,
        read_only: bool,
    ) -> Self {
        Self { db, name, context, read_only, prelude: None, state: State::Fresh }
    }

    /// The transaction's name, as in the log line and the audit events.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Claims an idempotency key ahead of the first statement; a key that was used before fails
    /// the batch with [`DbError::Replay`] before anything behind it runs (docs/adr/0004).
    pub fn claim(&mut self, key: &str, operation: &str, fingerprint: &[u8]) {
        self.prelude = Some(Prelude {
            sql: Sql {
                name: "platform.idempotency_claim",
                text: "select platform.idempotency_claim($1, $2, $3)",
            },
            key: key.to_owned(),
            operation: operation.to_owned(),
            fingerprint: fingerprint.to_vec(),
        });
    }

    /// Runs one statement.
    pub async fn query(&mut self, sql: Sql, params: &[Param<'_>]) -> Result<Vec<Row>, DbError> {
        Ok(self.batch(&[(sql, params)]).await?.swap_remove(0))
    }

    /// Runs statements that do not depend on each other's answers, in one round trip. Answers come
    /// in order; the first error fails the whole transaction.
    pub async fn batch(&mut self, queries: &[Query<'_>]) -> Result<Vec<Vec<Row>>, DbError> {
        self.send(queries, false).await
    }

    /// Like [`query`](Self::query), with COMMIT right behind.
    pub async fn query_and_commit(
        mut self,
        sql: Sql,
        params: &[Param<'_>],
    ) -> Result<Vec<Row>, DbError> {
        Ok(self.send(&[(sql, params)], true).await?.swap_remove(0))
    }

    /// Like [`batch`](Self::batch), with COMMIT right behind. It is sent before any answer is
    /// seen, so what must not be committed has to raise.
    pub async fn batch_and_commit(
        mut self,
        queries: &[Query<'_>],
    ) -> Result<Vec<Vec<Row>>, DbError> {
        self.send(queries, true).await
    }

    /// Commits what has been done.
    pub async fn commit(mut self) -> Result<(), DbError> {
        match self.state {
            State::Fresh => Ok(()),
            _ => self.send(&[], true).await.map(drop),
        }
    }

    async fn send(
        &mut self,
        queries: &[Query<'_>],
        commit: bool,
    ) -> Result<Vec<Vec<Row>>, DbError> {
        let result = self.send_once(queries, commit).await;
        match result {
            // Nothing was committed and nothing can have been: a connection that had died in the
            // pool is replaced once, unseen by the caller.
            Err(Failure { error: DbError::Unavailable(_), safe_to_repeat: true }) => {
                self.state = State::Fresh;
                self.send_once(queries, commit).await.map_err(|failure| failure.error)
            }
            other => other.map_err(|failure| failure.error),
        }
    }

    async fn send_once(
        &mut self,
        queries: &[Query<'_>],
        commit: bool,
    ) -> Result<Vec<Vec<Row>>, Failure> {
        self.context.check_scope().map_err(Failure::final_)?;
        let (connection, first) = match std::mem::replace(&mut self.state, State::Closed) {
            State::Fresh => (self.db.connection().await.map_err(Failure::final_)?, true),
            State::Open(connection) => (connection, false),
            State::InFlight(connection) => {
                roll_back(&connection);
                return Err(self.closed());
            }
            State::Closed => return Err(self.closed()),
        };
        // The connection stays with the transaction while it flies, so that whoever cancels this
        // future leaves a ROLLBACK in front of the connection's next user.
        self.state = State::InFlight(connection);
        let started = Instant::now();
        let outcome = match self.db.limited(self.fly(queries, first, commit)).await {
            Ok(outcome) => outcome,
            Err(error) => Err(Fault { error, answered: false }),
        };
        let rows = outcome.as_ref().map_or(0, |answers| answers.iter().map(Vec::len).sum());
        self.context.meter.add(rows, started.elapsed());
        let State::InFlight(connection) = std::mem::replace(&mut self.state, State::Closed) else {
            return Err(self.closed());
        };
        match outcome {
            Ok(answers) => {
                if !commit {
                    self.state = State::Open(connection);
                }
                Ok(answers)
            }
            Err(fault) => Err(self.fail(connection, fault, first, commit)),
        }
    }

    async fn fly(
        &self,
        queries: &[Query<'_>],
        first: bool,
        commit: bool,
    ) -> Result<Vec<Vec<Row>>, Fault> {
        let State::InFlight(client) = &self.state else {
            return Err(Fault { error: self.closed().error, answered: false });
        };
        Batch::new(self, client, queries, first, commit).run().await
    }

    fn closed(&self) -> Failure {
        let text = format!("transaction {} is closed", self.name);
        Failure::final_(DbError::Unavailable(text))
    }

    /// Decides what an error leaves behind: a connection to reuse, one to throw away, or a COMMIT
    /// of which nobody knows.
    fn fail(&self, connection: Object, fault: Fault, first: bool, commit: bool) -> Failure {
        let Fault { error, answered } = fault;
        if error.breaks_connection() {
            drop(Object::take(connection));
            self.db.forget_idle_connections();
        } else if !commit {
            roll_back(&connection);
        }
        let lost = matches!(error, DbError::Unavailable(_) | DbError::Timeout(None));
        if lost && commit && !self.read_only && !answered {
            return Failure::final_(DbError::UnknownOutcome);
        }
        let safe_to_repeat = first && (!commit || self.read_only || answered);
        Failure { error, safe_to_repeat }
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut self.state, State::Closed);
        if let State::Open(connection) | State::InFlight(connection) = state {
            roll_back(&connection);
        }
    }
}

/// Queues ROLLBACK without waiting: the first poll writes it, and whatever the connection is used
/// for next comes behind it.
fn roll_back(connection: &Object) {
    drop(connection.batch_execute("rollback").now_or_never());
}

struct Failure {
    error: DbError,
    safe_to_repeat: bool,
}

impl Failure {
    fn final_(error: DbError) -> Self {
        Self { error, safe_to_repeat: false }
    }
}
