//! pgbouncer in transaction mode: the stricter stand-in for RDS Proxy (rules.md 4.6).
//!
//! With `WEALTH_TEST_THROUGH=pgbouncer` every [`TestApp`](crate::TestApp) reaches its database
//! through one, over two server connections per database.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use tokio::sync::OnceCell;
use wealth_db::DbConfig;

use crate::database::LOGIN;
use crate::watched::{Watched, free_port};

static SHARED: OnceCell<PgBouncer> = OnceCell::const_new();

/// A running pgbouncer; stopped when dropped.
#[derive(Debug)]
pub struct PgBouncer {
    port: u16,
    directory: PathBuf,
    _program: Watched,
}

impl PgBouncer {
    /// Starts one in front of the server on `server_port`, with `pool_size` server connections per
    /// database and login. Nothing is reset between two clients of a server connection.
    ///
    /// # Panics
    /// If there is no pgbouncer; `.ci/tools test` installs it.
    pub async fn start(server_port: u16, pool_size: usize) -> Self {
        let port = free_port();
        let name = format!("wealth-pgbouncer-{}-{port}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory).expect("a directory");
        std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o755)).expect("mode");
        let users = directory.join("users.txt");
        std::fs::write(&users, format!("\"{LOGIN}\" \"\"\n")).expect("the list of users");
        let settings = directory.join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={server_port}\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = trust\nauth_file = {}\npool_mode = transaction\n\
             default_pool_size = {pool_size}\nmax_client_conn = 1000\nserver_reset_query =\n\
             ignore_startup_parameters = extra_float_digits\nserver_idle_timeout = 5\n",
            users.display()
        );
        std::fs::write(&settings, text).expect("the settings");
        let mut arguments = vec![settings.display().to_string()];
        if rustix::process::geteuid().is_root() {
            // It refuses to run as root.
            arguments.splice(0..0, ["-u".to_owned(), "nobody".to_owned()]);
        }
        let log = directory.join("log");
        let program = Watched::start(&program(), &arguments, port, &log).await;
        Self { port, directory, _program: program }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        // A directory that stays behind in the temporary directory harms nobody.
        drop(std::fs::remove_dir_all(&self.directory));
    }
}

/// Sends `config` through the shared pgbouncer when `WEALTH_TEST_THROUGH` asks for it.
///
/// # Panics
/// If the variable has another value than `pgbouncer`.
pub async fn divert(config: &mut DbConfig) {
    match std::env::var("WEALTH_TEST_THROUGH").as_deref() {
        Err(_) | Ok("") => {}
        Ok("pgbouncer") => {
            let server = config.port;
            config.port = SHARED.get_or_init(|| PgBouncer::start(server, 2)).await.port();
        }
        Ok(other) => panic!("WEALTH_TEST_THROUGH={other}: only pgbouncer is known"),
    }
}

fn program() -> PathBuf {
    let root = wealth::postgres::project_root().expect("the working copy");
    let places = [root.join(".local/bin/pgbouncer"), "/usr/sbin/pgbouncer".into()];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|directory| directory.join("pgbouncer"));
    let mut all = places.into_iter().chain(on_path.collect::<Vec<_>>());
    all.find(|file| file.is_file()).expect("pgbouncer: run .ci/tools test")
}
