//! A server for tests: made in a second, fast because nothing is kept, gone with its owner.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::binaries::Binaries;
use super::cluster::{Cluster, Server, free_port};
use super::place::{self, Account};
use super::version::Version;

/// Settings that trade durability for speed. Autovacuum is off because a worker in a template
/// database makes `CREATE DATABASE … TEMPLATE` wait.
const FAST: [(&str, &str); 9] = [
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("max_wal_size", "2GB"),
    ("autovacuum", "off"),
    ("max_connections", "300"),
    ("shared_buffers", "256MB"),
];

/// Who may enter: members of the role `password_login` need their password, so that rotation and
/// wrong passwords can be tested; everyone else is trusted.
const HOST_RULES: &str = "\
host all +password_login 127.0.0.1/32 scram-sha-256
host all all             127.0.0.1/32 trust
";

/// A private PostgreSQL server on a free port of 127.0.0.1, in memory where the machine has a
/// memory disk. It stops, and its files go, when this value is dropped or the process ends in
/// any way, `kill -9` included.
///
/// Every role may log in without a password, unless it is a member of a role named
/// `password_login`, which a test can make.
#[derive(Debug)]
pub struct Throwaway {
    server: Server,
    /// Those that were killed. The first one's watchdog removes the files.
    killed: Vec<Server>,
    cluster: Cluster,
    settings: Vec<(String, String)>,
    port: u16,
    directory: PathBuf,
}

impl Throwaway {
    /// Starts one, installing PostgreSQL under `.local/` first if the machine has none.
    ///
    /// # Errors
    /// One line that says why there is no server.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// Starts one with further server settings, such as `("ssl", "on")`; they override the
    /// defaults.
    ///
    /// # Errors
    /// As [`Throwaway::start`].
    pub async fn start_with(settings: &[(&str, &str)]) -> Result<Self> {
        let base = place::base_directory()?;
        // Looking and installing run other programs, and must not hold up the runtime.
        let binaries = tokio::task::spawn_blocking(move || Binaries::find_or_install(&base)).await;
        let binaries = binaries.context("the search for PostgreSQL failed")??;
        let account = Account::choose()?;
        let port = free_port()?;
        let name = format!("wealth-test-{}-{port}", std::process::id());
        let directory = place::throwaway_parent().join(name);
        let cluster = Cluster { binaries: binaries.clone(), account, data: directory.join("data") };
        cluster.make_directory(&directory)?;
        let settings: Vec<_> =
            FAST.iter().chain(settings).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let started = start(&cluster, port, &settings, &directory).await;
        if started.is_err() {
            let _ = std::fs::remove_dir_all(&directory);
        }
        Ok(Self { server: started?, killed: Vec::new(), cluster, settings, port, directory })
    }

    /// Kills every process of the server with SIGKILL, as a power cut would, and starts it again on
    /// the same files. What was acknowledged survives only with `synchronous_commit` on. On Linux;
    /// elsewhere the sessions end by themselves a moment after the server.
    ///
    /// # Errors
    /// One line that says why the server is not back.
    pub async fn crash(&mut self) -> Result<()> {
        self.cluster.kill().await?;
        let server = self.cluster.start(self.port, &borrowed(&self.settings), None).await?;
        self.killed.push(std::mem::replace(&mut self.server, server));
        Ok(())
    }

    /// The superuser's URL, without a password: `postgres://postgres@127.0.0.1:PORT/postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.cluster.binaries.version
    }

    /// The programs it was started from, `pg_dump` among them.
    #[must_use]
    pub fn binaries(&self) -> &Binaries {
        &self.cluster.binaries
    }

    /// The superuser's URL of another database of this server.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The directory of the cluster, which goes with it.
    #[must_use]
    pub fn directory(&self) -> &std::path::Path {
        &self.directory
    }

    /// Stops the server and waits until it and its files are gone.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

async fn start(
    cluster: &Cluster,
    port: u16,
    settings: &[(String, String)],
    directory: &std::path::Path,
) -> Result<Server> {
    cluster.create(None).await?;
    std::fs::write(cluster.data.join("pg_hba.conf"), HOST_RULES)?;
    cluster.start(port, &borrowed(settings), Some(directory)).await
}

fn borrowed(settings: &[(String, String)]) -> Vec<(&str, &str)> {
    settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
