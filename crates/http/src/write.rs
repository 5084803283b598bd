//! A write that happens once per idempotency key: claim and statements in the first round trip,
//! the stored answer and COMMIT in the second. Without a key everything is one round trip.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wealth_db::{Db, DbError, Query, RequestContext, Row, Sql, Tx, p};

use crate::app::App;
use crate::idempotency::{Idempotency, REPLAYED};
use crate::problem::{Problem, Replay, Result};
use crate::reply::Reply;

const FINISH: Sql = Sql {
    name: "platform.idempotency_finish",
    text: "select platform.idempotency_finish($1, $2, $3, $4)",
};
const STORED: Sql = Sql {
    name: "platform.idempotency_stored",
    text: "select status, headers, body from platform.idempotency_stored($1)",
};

/// A transaction under way.
pub struct Write {
    tx: Tx,
    context: RequestContext,
    key: Option<String>,
}

/// Its statements are through: committed, or waiting to be committed with the answer.
#[must_use = "the transaction is committed by reply()"]
pub struct Done {
    open: Option<(Tx, String)>,
}

impl Write {
    pub(crate) fn new(mut tx: Tx, context: RequestContext, idempotency: &Idempotency) -> Self {
        let key = idempotency.key.clone();
        if let Some(key) = &key {
            tx.claim(key, &idempotency.operation, &idempotency.fingerprint);
        }
        Self { tx, context, key }
    }

    /// Runs statements whose answers decide what comes next.
    pub async fn run(&mut self, queries: &[Query<'_>]) -> Result<Vec<Vec<Row>>> {
        let result = self.tx.batch(queries).await;
        result.map_err(|error| problem(error, &self.context, self.key.as_ref()))
    }

    /// Runs the last statements. What must not be committed has to raise in SQL: without a key,
    /// COMMIT is already on its way behind them.
    pub async fn last(self, queries: &[Query<'_>]) -> Result<(Done, Vec<Vec<Row>>)> {
        let Self { mut tx, context, key } = self;
        match key {
            None => {
                let answers = tx.batch_and_commit(queries).await?;
                Ok((Done { open: None }, answers))
            }
            Some(key) => {
                let answers = tx.batch(queries).await;
                let answers = answers.map_err(|error| problem(error, &context, Some(&key)))?;
                Ok((Done { open: Some((tx, key)) }, answers))
            }
        }
    }

    /// Runs the last statements, stores the answer and commits, all in one round trip. For answers
    /// that are known before their statements have run; what must not be answered has to raise.
    pub async fn finish(mut self, queries: &[Query<'_>], reply: Reply) -> Result<Response> {
        let Some(key) = self.key.take() else {
            self.tx.batch_and_commit(queries).await?;
            return Ok(reply.into_response());
        };
        let (status, headers) = (i32::from(reply.status.as_u16()), reply.headers_as_json());
        let body: &[u8] = &reply.body;
        let stored = [p::text(&key), p::int4(&status), p::json(&headers), p::bytes(&body)];
        let all: Vec<Query<'_>> = queries.iter().copied().chain([(FINISH, &stored[..])]).collect();
        let answers = self.tx.batch_and_commit(&all).await;
        answers.map_err(|error| problem(error, &self.context, Some(&key)))?;
        Ok(reply.into_response())
    }
}

impl Done {
    /// Commits, storing the answer under the key, and gives it. An error answer is never stored:
    /// nothing was done, so a repetition may try again.
    pub async fn reply(self, reply: Reply) -> Result<Response> {
        self.store(&reply).await?;
        Ok(reply.into_response())
    }

    /// Commits and stores `reply`, and gives nothing: what is sent holds more than may be stored.
    pub async fn store(self, reply: &Reply) -> Result<()> {
        if let Some((tx, key)) = self.open {
            let (status, headers) = (i32::from(reply.status.as_u16()), reply.headers_as_json());
            let body: &[u8] = &reply.body;
            let params = [p::text(&key), p::int4(&status), p::json(&headers), p::bytes(&body)];
            tx.query_and_commit(FINISH, &params).await?;
        }
        Ok(())
    }
}

fn problem(error: DbError, context: &RequestContext, key: Option<&String>) -> Problem {
    match (error, key) {
        (DbError::Replay, Some(key)) => Problem::replay(context.clone(), key.clone()),
        (error, _) => error.into(),
    }
}

/// The answer that was given the first time, byte for byte.
pub(crate) async fn stored_answer(db: &Db, replay: Replay) -> Result<Response> {
    Ok(stored_reply(db, &replay).await?.into_response())
}

async fn stored_reply(db: &Db, replay: &Replay) -> Result<Reply> {
    let tx = db.read("idempotency_replay", &replay.context);
    let rows = tx.query_and_commit(STORED, &[p::text(&replay.key)]).await?;
    let Some(row) = rows.first() else {
        return Err(Problem::unavailable("the stored answer has just expired"));
    };
    let (status, headers, body): (i32, serde_json::Value, Vec<u8>) =
        (row.get(0), row.get(1), row.get(2));
    let status = u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let mut reply = Reply {
        status: status.unwrap_or(StatusCode::OK),
        headers: HeaderMap::new(),
        body: body.into(),
    };
    for (name, value) in headers.as_object().into_iter().flatten() {
        let name = HeaderName::try_from(name.as_str());
        let value = value.as_str().map(HeaderValue::from_str);
        if let (Ok(name), Some(Ok(value))) = (name, value) {
            reply.headers.insert(name, value);
        }
    }
    reply.headers.insert(HeaderName::from_static(REPLAYED), HeaderValue::from_static("true"));
    Ok(reply)
}

impl App {
    /// The stored answer that `problem` stands for, where a handler has to complete it: what is
    /// secret in an answer is not stored with it. Any other problem comes back.
    pub async fn replayed(&self, mut problem: Problem) -> Result<Reply> {
        match problem.take_replay() {
            Some(replay) => stored_reply(&self.db, &replay).await,
            None => Err(problem),
        }
    }
}
