//! The application as its own process, so that its processor time is its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use wealth_http::Routes;

/// First argument of the benchmark program when it is to be the server.
pub(crate) const SERVE: &str = "--serve-for-bench";

/// The same when it is to be the users function alone.
pub(crate) const SERVE_USERS: &str = "--serve-users-for-bench";
/// Whom the users function issues tokens as.
pub(crate) const ISSUER: &str = "https://wealth.example";

/// A process that listens on a port of 127.0.0.1 and is killed with this value.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Our own router, on one thread as in Lambda, logging on.
    pub(crate) async fn ours(database_url: &str, pool: usize) -> Result<Self> {
        Self::own(SERVE, database_url, pool).await
    }

    /// This program in one of its roles.
    pub(crate) async fn own(role: &str, database_url: &str, pool: usize) -> Result<Self> {
        let port = free_port().await?;
        Self::start(&mut command(role, database_url, pool, port)?, port).await
    }

    /// The users function, which hashes new passwords by `scheme`.
    pub(crate) async fn users(
        database_url: &str,
        pool: usize,
        scheme: &str,
        keys: &Path,
    ) -> Result<Self> {
        let port = free_port().await?;
        let mut command = command(SERVE_USERS, database_url, pool, port)?;
        command.env("ISSUER_URL", ISSUER).env("USERS_KEYS_FILE", keys);
        Self::start(command.env("PASSWORD_SCHEME", scheme), port).await
    }

    /// Any command that will listen on `port`.
    pub(crate) async fn start(command: &mut Command, port: u16) -> Result<Self> {
        command.env("DB_ALLOW_BELOW_FLOOR", "1").kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut server = Self { child: command.spawn().context("the server process")?, port };
        let give_up = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended: {status}");
            }
            anyhow::ensure!(Instant::now() < give_up, "the server does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(server)
    }

    /// Processor time of all its threads so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        cpu_of(self.child.id().context("the server has ended")?)
    }

    /// Its process id while it runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends it.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

fn command(role: &str, database_url: &str, pool: usize, port: u16) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(role).arg(port.to_string()).env("DATABASE_URL", database_url);
    command.env("DATABASE_POOL_SIZE", pool.to_string());
    Ok(command)
}

/// Keys of the users function, in a file for whoever asked to remove.
pub(crate) fn keys_file() -> Result<PathBuf> {
    let path = std::env::temp_dir().join(format!("wealth-bench-{}.json", std::process::id()));
    std::fs::write(&path, users::keys::Keys::generate()?.to_json()?)?;
    Ok(path)
}

/// Processor time of a process's threads, from the scheduler's own books.
pub(crate) fn cpu_of(pid: u32) -> Result<Duration> {
    let mut nanos = 0;
    for thread in std::fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread that has just ended is gone with its time; the servers keep theirs.
        let Ok(stat) = std::fs::read_to_string(thread?.path().join("schedstat")) else { continue };
        let first = stat.split_whitespace().next().context("schedstat is empty")?;
        nanos += first.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(nanos))
}

/// A port that nobody has just now.
pub(crate) async fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port())
}

/// What the child does: settings from the environment, the routes of catalogue and rates.
pub(crate) async fn serve(port: u16) -> Result<()> {
    wealth_http::init_logging();
    let app = wealth_http::settings().await?;
    let (router, _) = wealth_http::build(&app, Routes::and(products::router(), rates::router()));
    listen(port, router).await
}

/// The same with the routes of the users function.
pub(crate) async fn serve_users(port: u16) -> Result<()> {
    wealth_http::init_logging();
    let (app, services) = (wealth_http::settings().await?, users::Services::from_env().await?);
    let (router, _) = wealth_http::build(&app, users::router(services));
    listen(port, router).await
}

async fn listen(port: u16, router: axum::Router) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    Ok(axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| {
            drop(stream.set_nodelay(true));
        }),
        router,
    )
    .await?)
}
