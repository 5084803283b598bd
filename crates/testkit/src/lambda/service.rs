//! What the Lambda service knows about one execution environment: the queue of invocations, the
//! ones in flight, and how far the function's start has come.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use super::extension::Extensions;

/// The largest response of a synchronous invocation, in bytes: 6 MB and Lambda's own 100 spare.
pub const MAX_PAYLOAD: usize = 6 * 1024 * 1024 + 100;

/// How an invocation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The handler's answer.
    Response(Value),
    /// `{"errorType", "errorMessage"}`: an unhandled error, or an answer that Lambda refuses.
    Error(Value),
}

impl Outcome {
    /// The answer.
    ///
    /// # Errors
    /// When the invocation ended in an error; the message is that error.
    pub fn into_response(self) -> anyhow::Result<Value> {
        match self {
            Self::Response(value) => Ok(value),
            Self::Error(error) => anyhow::bail!("the function failed: {error}"),
        }
    }

    /// The error.
    ///
    /// # Errors
    /// When the invocation was answered; the message is that answer.
    pub fn into_error(self) -> anyhow::Result<Value> {
        match self {
            Self::Error(error) => Ok(error),
            Self::Response(value) => anyhow::bail!("the function answered: {value}"),
        }
    }

    /// Reads the body of a `POST …/response` as Lambda does.
    pub(super) fn from_response(body: &[u8]) -> Self {
        if body.len() > MAX_PAYLOAD {
            return Self::Error(json!({
                "errorType": "Function.ResponseSizeTooLarge",
                "errorMessage": format!(
                    "Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes)."
                ),
            }));
        }
        match serde_json::from_slice(body) {
            Ok(value) => Self::Response(value),
            Err(error) => Self::Error(json!({
                "errorType": "Runtime.InvalidResponse",
                "errorMessage": format!("the response is not JSON: {error}"),
            })),
        }
    }

    /// Reads the body of a `POST …/error`.
    pub(super) fn from_error(body: &[u8]) -> Self {
        let text = || Value::String(String::from_utf8_lossy(body).into_owned());
        Self::Error(serde_json::from_slice(body).unwrap_or_else(|_| text()))
    }
}

/// How far the function's start has come.
#[derive(Clone, Debug)]
pub(super) enum Progress {
    /// Nothing was asked of the Runtime API yet.
    Starting,
    /// The first `GET …/next` came at this instant.
    Ready(Instant),
    /// The function reported that it cannot start.
    InitError(Value),
}

/// One event on its way to the function.
pub(super) struct Invocation {
    pub(super) request_id: String,
    pub(super) deadline_ms: u128,
    pub(super) trace_id: String,
    pub(super) event: Bytes,
}

/// The state behind the Runtime API.
pub(super) struct Service {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) extensions: Extensions,
    progress: watch::Sender<Progress>,
    queue: mpsc::UnboundedSender<Invocation>,
    waiting: tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>,
    in_flight: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
}

impl Service {
    pub(super) fn new(name: &str, arn: String) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        Self {
            arn,
            name: name.to_owned(),
            extensions: Extensions::default(),
            progress: watch::Sender::new(Progress::Starting),
            queue,
            waiting: tokio::sync::Mutex::new(waiting),
            in_flight: Mutex::default(),
        }
    }

    /// Queues an event; the receiver resolves when the function has ended the invocation.
    pub(super) fn submit(
        &self,
        event: Bytes,
        limit: Duration,
    ) -> (String, oneshot::Receiver<Outcome>) {
        let request_id = random_id().to_string();
        let (sender, receiver) = oneshot::channel();
        self.in_flight().insert(request_id.clone(), sender);
        let invocation = Invocation {
            deadline_ms: (unix_time() + limit).as_millis(),
            trace_id: trace_id(),
            request_id: request_id.clone(),
            event,
        };
        // The receiving half lives in self, so this cannot fail.
        let sent = self.queue.send(invocation);
        debug_assert!(sent.is_ok());
        (request_id, receiver)
    }

    /// The next event, for as long as it takes: the long poll behind `GET …/next`.
    pub(super) async fn next(&self) -> Option<Invocation> {
        self.progress.send_if_modified(|progress| {
            let first = matches!(progress, Progress::Starting);
            if first {
                *progress = Progress::Ready(Instant::now());
            }
            first
        });
        let mut waiting = self.waiting.lock().await;
        loop {
            let invocation = waiting.recv().await?;
            // The caller may have given up on it while it was queued.
            if self.in_flight().contains_key(&invocation.request_id) {
                return Some(invocation);
            }
        }
    }

    /// Ends an invocation; false when there is none of this id (any more).
    pub(super) fn finish(&self, request_id: &str, outcome: Outcome) -> bool {
        let caller = self.in_flight().remove(request_id);
        // A caller that stopped waiting does not make the id unknown.
        caller.map(|caller| caller.send(outcome)).is_some()
    }

    /// Forgets an invocation that ran out of time.
    pub(super) fn give_up(&self, request_id: &str) {
        self.in_flight().remove(request_id);
    }

    pub(super) fn init_failed(&self, error: Value) {
        self.progress.send_replace(Progress::InitError(error));
    }

    pub(super) fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    fn in_flight(&self) -> MutexGuard<'_, HashMap<String, oneshot::Sender<Outcome>>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "the service, not the platform, makes this id")]
pub(super) fn random_id() -> Uuid {
    Uuid::new_v4()
}

#[expect(clippy::disallowed_methods, reason = "a deadline of the real service is wall-clock time")]
pub(super) fn unix_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// An X-Ray header of the documented form: version, epoch seconds in hex, 96 random bits.
fn trace_id() -> String {
    let random = random_id().simple().to_string();
    let mut header = String::from("Root=1-");
    let written = write!(
        header,
        "{:08x}-{};Parent={};Sampled=0",
        unix_time().as_secs(),
        &random[..24],
        &random[16..]
    );
    debug_assert!(written.is_ok(), "writing to a String cannot fail");
    header
}
