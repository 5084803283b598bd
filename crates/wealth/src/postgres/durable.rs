//! The server of `make run`: kept under `.local/`, safe against crashes, reused by the next run.

use std::fs::{File, TryLockError};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::time::sleep;

use super::binaries::Binaries;
use super::cluster::{Cluster, Server, free_port};
use super::place::{self, Account};
use super::version::Version;

/// How long the server of a run that was killed may take to stop.
const PREDECESSOR_LIMIT: Duration = Duration::from_secs(20);

/// The private PostgreSQL server of one working copy, on a port of its own that stays the same
/// from run to run. Passwords are required; the superuser's is in `.local/pg.password`, readable
/// by its owner only. The server stops when this value is dropped or the process ends.
#[derive(Debug)]
pub struct Durable {
    server: Server,
    port: u16,
    password: String,
    version: Version,
    /// Locked while we run, so that a second `make run` notices.
    _lock: File,
}

impl Durable {
    /// Starts it, making the cluster on the first run and installing PostgreSQL if the machine
    /// has none.
    ///
    /// # Errors
    /// One line: another run holds it, no PostgreSQL can be had, or the server does not start.
    pub async fn start() -> Result<Self> {
        let base = place::base_directory()?;
        let lock = lock(&base)?;
        let looked = base.clone();
        let binaries =
            tokio::task::spawn_blocking(move || Binaries::find_or_install(&looked)).await;
        let binaries = binaries.context("the search for PostgreSQL failed")??;
        let data = base.join("pg");
        check_major(&data, binaries.version)?;
        let version = binaries.version;
        let cluster = Cluster { binaries, account: Account::choose()?, data };
        wait_for_predecessor(&cluster.data).await?;
        let password = password(&base, &cluster.data)?;
        cluster.create(Some(&password)).await?;
        let (server, port) = start(&cluster, &base).await?;
        Ok(Self { server, port, password, version, _lock: lock })
    }

    /// The superuser's URL, password included, of the given database.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// The server's version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Ends when the server has gone by itself, for instance because someone killed it.
    pub async fn gone(&mut self) {
        self.server.gone().await;
    }

    /// Stops the server and waits until it has.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

/// Takes the lock of this working copy; the file tells others who holds it.
fn lock(base: &Path) -> Result<File> {
    let path = base.join("run.lock");
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .with_context(|| format!("cannot open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = std::fs::read_to_string(&path).unwrap_or_default();
            bail!("already running here (process {}); stop it first", holder.trim());
        }
        Err(TryLockError::Error(e)) => {
            return Err(e).with_context(|| format!("cannot lock {}", path.display()));
        }
    }
    file.set_len(0)?;
    file.write_all(std::process::id().to_string().as_bytes())?;
    Ok(file)
}

/// A later major release cannot read an earlier one's files.
fn check_major(data: &Path, offered: Version) -> Result<()> {
    let Ok(made_by) = std::fs::read_to_string(data.join("PG_VERSION")) else { return Ok(()) };
    let made_by = made_by.trim();
    if made_by == offered.major.to_string() {
        return Ok(());
    }
    bail!(
        "the database in {} was made by PostgreSQL {made_by}, and this machine now offers \
         {offered}; install {made_by} again, or remove that directory to start afresh",
        data.display(),
    )
}

/// Reads the superuser's password, or makes one for a new cluster.
fn password(base: &Path, data: &Path) -> Result<String> {
    let file = base.join("pg.password");
    if data.join("PG_VERSION").is_file() {
        return std::fs::read_to_string(&file).with_context(|| {
            format!("cannot read {}; remove {} to start afresh", file.display(), data.display())
        });
    }
    let password = super::random_hex()?;
    super::write_private(&file, password.as_bytes())?;
    Ok(password)
}

/// Starts the server on the port of the last run if that is free, else on another.
async fn start(cluster: &Cluster, base: &Path) -> Result<(Server, u16)> {
    let file = base.join("pg.port");
    let last = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
    let mut port = match last {
        Some(port) => port,
        None => free_port()?,
    };
    for _ in 0..3 {
        match cluster.start(port, &[("max_connections", "50")], None).await {
            Ok(server) => {
                std::fs::write(&file, port.to_string())?;
                return Ok((server, port));
            }
            Err(e) if e.to_string().contains("could not create any TCP/IP sockets") => {
                port = free_port()?;
            }
            Err(e) => return Err(e),
        }
    }
    bail!("PostgreSQL found no free port")
}

/// After a crash, the server of the last run may still be stopping, or its note of being alive
/// (`postmaster.pid`) may name a process that is long gone or is something else by now.
async fn wait_for_predecessor(data: &Path) -> Result<()> {
    let note = data.join("postmaster.pid");
    let mut waited = Duration::ZERO;
    loop {
        let Ok(text) = std::fs::read_to_string(&note) else { return Ok(()) };
        let Some(pid) = text.lines().next().and_then(|line| line.trim().parse::<u32>().ok()) else {
            return Ok(());
        };
        if !serves(pid, data) {
            return std::fs::remove_file(&note)
                .with_context(|| format!("cannot remove {}", note.display()));
        }
        if waited == Duration::from_secs(5) {
            // Its watchdog was killed too, so nobody else will stop it.
            let _ = Command::new("sh").args(["-c", "kill -INT \"$0\"", &pid.to_string()]).status();
        }
        if waited >= PREDECESSOR_LIMIT {
            bail!("the server of an earlier run (process {pid}) does not stop; kill it");
        }
        sleep(Duration::from_millis(250)).await;
        waited += Duration::from_millis(250);
    }
}

/// Whether process `pid` is a server for this very data directory.
fn serves(pid: u32, data: &Path) -> bool {
    let line = std::fs::read(format!("/proc/{pid}/cmdline"))
        .or_else(|_| {
            Command::new("ps")
                .args(["-o", "command=", "-p", &pid.to_string()])
                .output()
                .map(|o| o.stdout)
        })
        .unwrap_or_default();
    String::from_utf8_lossy(&line).contains(&*data.to_string_lossy())
}
