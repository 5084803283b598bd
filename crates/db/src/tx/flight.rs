//! One flight of a transaction's statements.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use tokio_postgres::error::Severity;
use tokio_postgres::{Client, Row};

use super::{Query, Tx};
use crate::error::DbError;
use crate::param::{Param, Sql, p};

const CONTEXT: Sql = Sql {
    name: "platform.begin_request",
    text: "select platform.begin_request($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
};

const STEP_UP: Sql =
    Sql { name: "users.require_step_up", text: "select users.require_step_up($1, $2, $3)" };

/// What went wrong in a flight.
pub(super) struct Fault {
    pub(super) error: DbError,
    /// The server itself answered with an error and lives: its transaction is aborted, so the
    /// COMMIT behind it does nothing. A FATAL error does not count, because a pooler sends one in
    /// the place of answers that it has lost.
    pub(super) answered: bool,
}

impl Fault {
    fn new(statement: &'static str, error: tokio_postgres::Error) -> Self {
        let severity = error.as_db_error().and_then(|server| server.parsed_severity());
        let answered = severity == Some(Severity::Error);
        Self { error: DbError::from_driver(statement, error), answered }
    }
}

/// One flight of statements.
pub(super) struct Batch<'a> {
    tx: &'a Tx,
    client: &'a Client,
    queries: &'a [Query<'a>],
    first: bool,
    commit: bool,
    /// A statement failed before it was sent (a parameter that does not fit its type), so the
    /// server knows of no error and would commit the others.
    doomed: AtomicBool,
}

impl<'a> Batch<'a> {
    /// `first` puts BEGIN, the context and the claim in front, `commit` a COMMIT behind.
    pub(super) fn new(
        tx: &'a Tx,
        client: &'a Client,
        queries: &'a [Query<'a>],
        first: bool,
        commit: bool,
    ) -> Self {
        Self { tx, client, queries, first, commit, doomed: AtomicBool::new(false) }
    }

    /// Polls everything in order, so that it is written in order, and waits for every answer, so
    /// that the connection is clean afterwards. The first error by position is the cause; those
    /// behind it only say that the transaction is aborted.
    pub(super) async fn run(self) -> Result<Vec<Vec<Row>>, Fault> {
        let queries = self.queries.iter().map(|(sql, params)| self.one(*sql, params));
        let (opened, answers, closed) =
            futures_util::join!(self.open(), join_all(queries), self.close());
        opened?;
        let answers = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        closed?;
        Ok(answers)
    }

    async fn open(&self) -> Result<(), Fault> {
        if !self.first {
            return Ok(());
        }
        let begin = if self.tx.read_only { "begin read only" } else { "begin" };
        let (begun, context, stepped_up, claimed) =
            futures_util::join!(self.simple(begin), self.context(), self.step_up(), self.claim());
        begun?;
        context?;
        stepped_up?;
        claimed
    }

    async fn close(&self) -> Result<(), Fault> {
        if !self.commit {
            return Ok(());
        }
        // Polled last, so every statement has been sent by now, or has failed without being sent.
        let doomed = self.doomed.load(Ordering::Relaxed);
        self.simple(if doomed { "rollback" } else { "commit" }).await
    }

    async fn simple(&self, text: &'static str) -> Result<(), Fault> {
        let result = self.client.batch_execute(text).await;
        result.map_err(|error| Fault::new(text, error))
    }

    async fn one(&self, sql: Sql, params: &[Param<'_>]) -> Result<Vec<Row>, Fault> {
        let result = self.client.query_typed(sql.text, params).await;
        result.map_err(|error| {
            self.doomed.store(true, Ordering::Relaxed);
            Fault::new(sql.name, error)
        })
    }

    async fn context(&self) -> Result<(), Fault> {
        let c = &self.tx.context;
        let ip = c.client_ip.map(|ip| ip.to_string());
        let params = [
            p::uuid(&c.tenant_id),
            p::text(&c.issuer),
            p::text(&c.subject),
            p::texts(&c.roles),
            p::bool(&c.check_grants),
            p::timestamptz(&c.now),
            p::uuid(&c.request_id),
            p::uuid(&c.session_id),
            p::text(&ip),
            p::text(&c.user_agent),
            p::text(&self.tx.name),
            p::uuid(&c.user_id),
            p::uuid(&c.api_key_id),
            p::uuid(&c.impersonator_id),
            p::bool(&c.before_enrolment),
        ];
        self.one(CONTEXT, &params).await.map(drop)
    }

    /// A sensitive action has its check in front of everything else.
    async fn step_up(&self) -> Result<(), Fault> {
        let step_up = &self.tx.context.step_up;
        let Some(enrols) = step_up.demanded() else { return Ok(()) };
        let params = [p::int4(&step_up.assurance), p::timestamptz(&step_up.at), p::bool(&enrols)];
        self.one(STEP_UP, &params).await.map(drop)
    }

    async fn claim(&self) -> Result<(), Fault> {
        let Some(claim) = &self.tx.prelude else { return Ok(()) };
        let params = [p::text(&claim.key), p::text(&claim.operation), p::bytes(&claim.fingerprint)];
        self.one(claim.sql, &params).await.map(drop)
    }
}
