//! A fresh database per test, cloned from a template that is migrated once a run.
//!
//! `TEST_DATABASE_URL` names a superuser's database on a server that may be filled with rubbish
//! (`wealth with-postgres -- cargo test` sets it); without it each test program starts a server of
//! its own.

use std::sync::atomic::{AtomicU32, Ordering};

use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;
use wealth::postgres::Throwaway;

/// The login that tests serve requests as: a member of each function's role and nothing else.
pub const LOGIN: &str = "wealth_test";

static SERVER: OnceCell<(String, Option<Throwaway>)> = OnceCell::const_new();
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database of one test; dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// Clones the template.
    pub async fn new() -> Self {
        let template = TEMPLATE.get_or_init(make_template).await;
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let server = admin("postgres").await;
        let text = format!("create database {name} template {template} strategy file_copy");
        server.batch_execute(&text).await.expect("a database cloned from the template");
        // A clone has its template's objects, not the rights on the database itself.
        let text = format!(
            "revoke create, temporary on database {name} from public;
             grant create on database {name} to wealth_owner"
        );
        server.batch_execute(&text).await.expect("the rights of a migrated database");
        Self { name }
    }

    /// A superuser's connection to it.
    pub async fn superuser(&self) -> tokio_postgres::Client {
        admin(&self.name).await
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL of `login` on it.
    pub async fn url(&self, login: &str) -> String {
        let base = server_url().await;
        let (_, place) = base.rsplit_once('@').expect("user@host");
        let (place, _) = place.rsplit_once('/').expect("host/database");
        format!("postgres://{login}@{place}/{}", self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // The runtime may be going down, so this is left to a thread of its own; the server is
        // thrown away anyway, but a thousand databases would fill its memory disk.
        let name = self.name.clone();
        let Some((url, _)) = SERVER.get() else { return };
        let url = url.clone();
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let (client, connection) =
                    tokio_postgres::connect(&url, NoTls).await.map_err(std::io::Error::other)?;
                let driver = tokio::spawn(connection);
                let text = format!("drop database if exists {name} with (force)");
                let result = client.batch_execute(&text).await.map_err(std::io::Error::other);
                driver.abort();
                result
            })
        });
        if let Ok(Err(error)) = dropped.join() {
            eprintln!("a test database stays behind: {error}");
        }
    }
}

/// Has this program's tests use a server of its own, by a superuser's URL.
///
/// # Panics
/// If a database was made already.
pub fn serve_from(url: String) {
    SERVER.set((url, None)).expect("no server yet");
}

/// The superuser's URL of the server.
pub async fn server_url() -> String {
    let (url, _) = SERVER
        .get_or_init(|| async {
            match std::env::var("TEST_DATABASE_URL") {
                Ok(url) => (url, None),
                Err(_) => {
                    // A static is never dropped; the launcher's watchdog stops the server when
                    // this process ends in whatever way.
                    let server = Throwaway::start().await.expect("a PostgreSQL server");
                    (server.url(), Some(server))
                }
            }
        })
        .await;
    url.clone()
}

async fn admin(database: &str) -> tokio_postgres::Client {
    let url = server_url().await;
    let (base, _) = url.rsplit_once('/').expect("a database in the URL");
    let url = format!("{base}/{database}");
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("the server");
    tokio::spawn(connection);
    client
}

/// Migrates a database once for all test programs of this build, and never touches it again: no
/// session may be connected to a template while it is cloned.
async fn make_template() -> String {
    let mut digest = Sha256::new();
    for migration in wealth_db::MIGRATIONS {
        digest.update(migration.text);
    }
    for object in wealth_db::REPEATABLE {
        digest.update(object.text);
    }
    digest.update(include_str!("seed.sql"));
    let checksum: String = digest.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect();
    let name = format!("template_{checksum}");
    let server = admin("postgres").await;
    // One program at a time; the lock goes with the session.
    server.batch_execute("select pg_advisory_lock(4711)").await.expect("the template lock");
    let found = server
        .query_typed(&format!("select from pg_database where datname = '{name}'"), &[])
        .await
        .expect("the list of databases");
    if found.is_empty() {
        let draft = format!("{name}_draft");
        let text = format!("drop database if exists {draft}");
        server.batch_execute(&text).await.expect("no draft");
        server.batch_execute(&format!("create database {draft}")).await.expect("a draft");
        let client = admin(&draft).await;
        wealth_db::migrate(&client).await.expect("the migrations");
        client.batch_execute(include_str!("seed.sql")).await.expect("the seed");
        drop(client);
        rename(&server, &draft, &name).await;
    }
    name
}

/// Renames once the last session has left, which the server notices a moment after we do.
async fn rename(server: &tokio_postgres::Client, from: &str, to: &str) {
    let text =
        format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{from}';");
    for _ in 0..50 {
        server.batch_execute(&text).await.expect("the sessions ended");
        let renamed = server.batch_execute(&format!("alter database {from} rename to {to}")).await;
        if renamed.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the template database stays in use");
}
