//! The function's process: started, watched, frozen, told to end, and never left behind.

use std::{
    fs,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use bytes::Bytes;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::{
    process::Child,
    select,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{Function, Outcome, Output, RuntimeApi, service::Progress};

/// How long Lambda waits after SIGTERM when the function has an internal extension only.
const SHUTDOWN_LIMIT: Duration = Duration::from_millis(500);

/// A running function: one execution environment. Dropping it kills the process.
pub struct Lambda {
    api: RuntimeApi,
    output: Output,
    pid: u32,
    started: Instant,
    exit: watch::Receiver<Option<ExitStatus>>,
    signals: mpsc::UnboundedSender<Signal>,
    // Owns the child, which is killed when this task is dropped.
    supervisor: JoinHandle<()>,
}

/// How a start ended.
#[derive(Debug)]
pub enum Started {
    /// The function asked for its first event this long after exec.
    Ready(Duration),
    /// It posted `/init/error`.
    InitError(Value),
    /// It ended without a word to the Runtime API.
    Exited(ExitStatus),
}

impl Lambda {
    /// Starts the process; it may not have asked for an event yet (see [`Self::started`]).
    ///
    /// # Errors
    /// When the binary cannot be executed.
    pub async fn start(function: Function) -> anyhow::Result<Self> {
        let api = RuntimeApi::start(&function.name, function.arn()).await?;
        let started = Instant::now();
        let mut child = function
            .command(api.address())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", function.binary.display()))?;
        let pid = child.id().context("the process has no id")?;
        let output = Output::default();
        output.capture(child.stdout.take());
        output.capture(child.stderr.take());
        let (signals, requested) = mpsc::unbounded_channel();
        let (ended, exit) = watch::channel(None);
        let supervisor = tokio::spawn(supervise(child, requested, ended));
        Ok(Self { api, output, pid, started, exit, signals, supervisor })
    }

    /// Waits until the function asks for its first event, reports a failed start, or ends.
    ///
    /// # Errors
    /// When none of these happened within `limit` (Lambda itself allows 10 s).
    pub async fn started(&self, limit: Duration) -> anyhow::Result<Started> {
        let mut progress = self.api.service.progress();
        let mut exit = self.exit.clone();
        let reached = async {
            select! {
                biased;
                reached = progress.wait_for(|step| !matches!(step, Progress::Starting)) => {
                    match &*reached.context("the Runtime API has stopped")? {
                        Progress::Ready(at) => Ok(Started::Ready(*at - self.started)),
                        Progress::InitError(error) => Ok(Started::InitError(error.clone())),
                        Progress::Starting => bail!("the start has no end"),
                    }
                }
                status = ended(&mut exit) => Ok(Started::Exited(status?)),
            }
        };
        timeout(limit, reached).await.with_context(|| self.silence("the start did not end"))?
    }

    /// Sends one event and waits for the answer or the error.
    ///
    /// # Errors
    /// When the function ended neither within `limit`, or died; the message holds its output.
    pub async fn invoke(&self, event: &Value, limit: Duration) -> anyhow::Result<Outcome> {
        self.invoke_raw(Bytes::from(event.to_string()), limit).await
    }

    /// Like [`Self::invoke`] with bytes that need not be JSON.
    ///
    /// # Errors
    /// As for [`Self::invoke`].
    pub async fn invoke_raw(&self, event: Bytes, limit: Duration) -> anyhow::Result<Outcome> {
        let mut exit = self.exit.clone();
        let outcome = select! {
            biased;
            outcome = self.api.invoke(event, limit) => outcome,
            status = ended(&mut exit) => Err(anyhow::anyhow!("the function ended: {}", status?)),
        };
        outcome.with_context(|| self.silence("no outcome"))
    }

    /// The Runtime API that the process talks to.
    #[must_use]
    pub fn api(&self) -> &RuntimeApi {
        &self.api
    }

    /// What it has printed.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Stops the process in its tracks, as Lambda does after each response.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets a frozen process go on.
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Asks the process to end.
    pub fn sigterm(&self) {
        self.signal(Signal::TERM);
    }

    /// Ends the process at once.
    pub fn sigkill(&self) {
        self.signal(Signal::KILL);
    }

    /// Ends the environment as Lambda does: with an extension SIGTERM and half a second to obey,
    /// then, or without one at once, SIGKILL.
    ///
    /// # Errors
    /// When the process cannot be waited for.
    pub async fn spin_down(&self) -> anyhow::Result<ExitStatus> {
        if self.api.service.extensions.any() {
            self.sigterm();
            if let Ok(status) = self.exited(SHUTDOWN_LIMIT).await {
                return Ok(status);
            }
        }
        self.sigkill();
        self.exited(Duration::from_secs(10)).await
    }

    /// Waits for the end of the process.
    ///
    /// # Errors
    /// When it still runs after `limit`.
    pub async fn exited(&self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let mut exit = self.exit.clone();
        timeout(limit, ended(&mut exit)).await.with_context(|| self.silence("still running"))?
    }

    /// Processor time of all its threads so far.
    ///
    /// # Errors
    /// When the process has ended, or the system keeps no such figure.
    pub fn cpu_time(&self) -> anyhow::Result<Duration> {
        let mut nanos = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.pid))? {
            let stat = fs::read_to_string(thread?.path().join("schedstat"))?;
            let first = stat.split_whitespace().next().context("schedstat is empty")?;
            nanos += first.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// The most memory that it ever had resident, in bytes.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn peak_memory(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()).context("no VmHWM")?;
        Ok(kib.parse::<u64>()? * 1024)
    }

    /// A process that has ended gets no signal: that is what the test then observes.
    fn signal(&self, signal: Signal) {
        let _already_ended = self.signals.send(signal);
    }

    fn silence(&self, what: &str) -> String {
        format!("{what}; the function printed:\n{}", self.output.lines().join("\n"))
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        self.supervisor.abort();
    }
}

/// Waits for the child and signals it. Only this task reaps, so the id is the child's for as long
/// as `child.id()` returns one, and never that of a stranger.
async fn supervise(
    mut child: Child,
    mut signals: mpsc::UnboundedReceiver<Signal>,
    ended: watch::Sender<Option<ExitStatus>>,
) {
    loop {
        let signal = select! {
            status = child.wait() => {
                ended.send_replace(status.ok());
                return;
            }
            signal = signals.recv() => signal,
        };
        let pid = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
        if let (Some(pid), Some(signal)) = (pid, signal) {
            // It fails only for a process that has just ended, which the wait then reports.
            let _just_ended = kill_process(pid, signal);
        }
    }
}

async fn ended(exit: &mut watch::Receiver<Option<ExitStatus>>) -> anyhow::Result<ExitStatus> {
    let status =
        exit.wait_for(Option::is_some).await.context("the process cannot be waited for")?;
    status.context("the process has no status")
}
