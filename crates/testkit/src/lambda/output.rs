//! What the function prints: in Lambda, its CloudWatch log stream.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    sync::Notify,
    time::timeout,
};

/// The lines that the function has written so far, standard output and standard error together in
/// the order of their arrival.
#[derive(Clone, Debug, Default)]
pub struct Output(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    lines: Mutex<Vec<String>>,
    grown: Notify,
}

impl Output {
    /// All lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lock().clone()
    }

    /// The lines that are JSON objects: the request log.
    #[must_use]
    pub fn json(&self) -> Vec<Value> {
        let objects = |line: &String| serde_json::from_str(line).ok().filter(Value::is_object);
        self.lock().iter().filter_map(objects).collect()
    }

    /// Waits for the first line that `wanted` accepts, also among those already written.
    ///
    /// # Errors
    /// When none came within `limit`; the message holds what was printed instead.
    pub async fn wait_for(
        &self,
        limit: Duration,
        wanted: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        let search = async {
            loop {
                let grown = self.0.grown.notified();
                tokio::pin!(grown);
                // Listen before looking: a line that arrives in between is not missed.
                grown.as_mut().enable();
                let found = self.lock().iter().find(|line| wanted(line)).cloned();
                match found {
                    Some(line) => return line,
                    None => grown.await,
                }
            }
        };
        timeout(limit, search)
            .await
            .with_context(|| format!("no such line in:\n{}", self.lines().join("\n")))
    }

    /// Copies a stream into the lines until it ends.
    pub(super) fn capture(&self, stream: Option<impl AsyncRead + Send + Unpin + 'static>) {
        let Some(stream) = stream else { return };
        let output = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(stream).split(b'\n');
            // A read error is the end of the stream: the process has gone.
            while let Ok(Some(line)) = lines.next_segment().await {
                output.lock().push(String::from_utf8_lossy(&line).into_owned());
                output.0.grown.notify_waiters();
            }
        });
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
