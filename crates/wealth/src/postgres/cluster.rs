//! Making a cluster, starting its server and never leaving it behind.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{Instant, sleep, timeout};

use super::binaries::Binaries;
use super::place::Account;

/// How long a server may take from start to its first answer: crash recovery is part of it.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Keeps the server company. It holds a pipe from us as its input: when we end, in whatever way,
/// the pipe closes and it stops the server by its process id, first politely (SIGINT: clients are
/// disconnected, data written), then at once (SIGQUIT), and removes what was to be thrown away.
const WATCHDOG: &str = r#"
remove=$1; shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  trap '' INT TERM HUP
  read -r _ <&3
  kill -INT "$server" 2>/dev/null
  tries=0
  while kill -0 "$server" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -eq 50 ] && kill -QUIT "$server" 2>/dev/null
    [ "$tries" -ge 100 ] && { kill -KILL "$server" 2>/dev/null; break; }
    sleep 0.1
  done
  [ -n "$remove" ] && rm -rf "$remove"
) &
stopper=$!
exec 3<&-
wait "$server"
status=$?
[ -z "$remove" ] && kill -KILL "$stopper" 2>/dev/null
wait "$stopper"
exit "$status"
"#;

/// A data directory, the programs that serve it and the account they run as.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) binaries: Binaries,
    pub(super) account: Option<Account>,
    pub(super) data: PathBuf,
}

/// A running server. Dropping it closes the watchdog's pipe, which stops the server.
#[derive(Debug)]
pub(super) struct Server {
    watchdog: Child,
    /// Held open for as long as the server is wanted.
    pipe: Option<ChildStdin>,
}

impl Cluster {
    /// Makes the data directory, unless it is there. It is made beside its place and moved there
    /// when it is whole, so that an interrupted `initdb` leaves nothing that looks like a cluster.
    pub(super) async fn create(&self, password: Option<&str>) -> Result<()> {
        if self.data.join("PG_VERSION").is_file() {
            return Ok(());
        }
        let fresh = self.data.with_extension("new");
        let _ = std::fs::remove_dir_all(&fresh);
        self.make_directory(&fresh)?;
        let secret = self.data.with_extension("secret");
        let mut command = self.command("initdb");
        command.arg("-D").arg(&fresh).args(["-U", "postgres", "-E", "UTF8", "--no-instructions"]);
        command.arg(if cfg!(target_os = "macos") {
            "--locale=en_US.UTF-8"
        } else {
            "--locale=C.UTF-8"
        });
        if let Some(password) = password {
            self.write_private(&secret, password)?;
            command.args(["--auth", "scram-sha-256", "--pwfile"]).arg(&secret);
        } else {
            command.args(["--auth", "trust", "--no-sync"]);
        }
        let made = command.stdin(Stdio::null()).output().await.context("cannot run initdb");
        let _ = std::fs::remove_file(&secret);
        let made = made?;
        if !made.status.success() {
            let complaint = String::from_utf8_lossy(&made.stderr).into_owned();
            bail!("initdb failed: {}", complaint.trim().lines().last().unwrap_or("no message"));
        }
        std::fs::rename(&fresh, &self.data)
            .with_context(|| format!("cannot make {}", self.data.display()))
    }

    /// Starts the server on `port` and waits until it answers. `remove`, if given, is deleted
    /// once the server has stopped.
    pub(super) async fn start(
        &self,
        port: u16,
        settings: &[(&str, &str)],
        remove: Option<&Path>,
    ) -> Result<Server> {
        let log = self.data.join("server.log");
        self.write_private(&log, "")?;
        let output = std::fs::OpenOptions::new().append(true).open(&log)?;
        let mut command = Command::new("sh");
        command.args(["-c", WATCHDOG, "watchdog"]).arg(remove.unwrap_or(Path::new("")));
        command.arg(self.binaries.directory.join("postgres")).arg("-D").arg(&self.data);
        command.arg("-c").arg(format!("port={port}"));
        for (name, value) in COMMON.iter().chain(settings) {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        self.prepare(&mut command);
        command.stdin(Stdio::piped()).stdout(output.try_clone()?).stderr(output);
        let mut watchdog = command.spawn().context("cannot start the database's watchdog")?;
        let pipe = watchdog.stdin.take();
        let mut server = Server { watchdog, pipe };
        server.wait_until_it_answers(port, &log).await?;
        Ok(server)
    }

    /// Kills the server and all its processes, and waits until they are gone.
    pub(super) async fn kill(&self) -> Result<()> {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid"))?;
        let server: u32 = file.lines().next().unwrap_or_default().parse().context("its pid")?;
        let mut all = children(server);
        all.push(server);
        // The server first, so that it starts no other.
        let pids = all.iter().rev().map(u32::to_string);
        let script =
            r#"kill -KILL "$@"; for pid; do while kill -0 "$pid"; do sleep 0.01; done; done"#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "kill"]).args(pids).stderr(Stdio::null());
        timeout(START_LIMIT, command.status()).await.context("it lives on")??;
        Ok(())
    }

    /// A command for a server program that runs as the server's account, away from our process
    /// group so that Ctrl-C in a terminal reaches only us.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::from(self.binaries.command(program));
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        if let Some(libraries) = &self.binaries.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        // Variables meant for a client must not steer the server's own programs.
        for name in ["PGDATA", "PGPORT", "PGHOST", "PGUSER", "PGPASSWORD", "PGOPTIONS"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").current_dir("/");
        let command = command.as_std_mut();
        command.process_group(0);
        if let Some(account) = self.account {
            command.uid(account.uid).gid(account.gid);
        }
    }

    pub(super) fn make_directory(&self, directory: &Path) -> Result<()> {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
        std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))?;
        self.give_away(directory)
    }

    fn write_private(&self, file: &Path, text: &str) -> Result<()> {
        super::write_private(file, text.as_bytes())?;
        self.give_away(file)
    }

    fn give_away(&self, path: &Path) -> Result<()> {
        if let Some(account) = self.account {
            chown(path, Some(account.uid), Some(account.gid))
                .with_context(|| format!("cannot give {} to the server", path.display()))?;
        }
        Ok(())
    }
}

/// The processes that another one started, where the system shows them under `/proc`.
fn children(parent: u32) -> Vec<u32> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    let pid = |entry: std::io::Result<std::fs::DirEntry>| -> Option<u32> {
        let pid = entry.ok()?.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // After the name in parentheses: the state, then the parent.
        let parent_of = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
        (parent_of.parse() == Ok(parent)).then_some(pid)
    };
    processes.filter_map(pid).collect()
}

/// Settings of every local server: reachable on the loopback address only, in UTC, without
/// just-in-time compilation, whose libraries may be missing and which slows short statements, and
/// with its statements counted, as `infra/database.yaml` has it.
const COMMON: [(&str, &str); 7] = [
    ("listen_addresses", "127.0.0.1"),
    ("unix_socket_directories", ""),
    ("jit", "off"),
    ("shared_preload_libraries", "pg_stat_statements"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("logging_collector", "off"),
];

impl Server {
    async fn wait_until_it_answers(&mut self, port: u16, log: &Path) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            if let Some(status) = self.watchdog.try_wait()? {
                bail!("PostgreSQL did not start: {}", reason(log).unwrap_or(status.to_string()));
            }
            if answers(port).await {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("PostgreSQL did not answer within {} s", START_LIMIT.as_secs());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends when the server has gone by itself, which it never should.
    pub(super) async fn gone(&mut self) {
        // An error here means that the child cannot be waited for: as good as gone.
        let _ = self.watchdog.wait().await;
    }

    /// Stops the server and waits until it has.
    pub(super) async fn stop(mut self) {
        drop(self.pipe.take());
        // The watchdog sends SIGKILL after ten seconds at the latest.
        let _ = timeout(Duration::from_secs(15), self.watchdog.wait()).await;
    }
}

/// Whether the server takes sessions: any answer of PostgreSQL other than "starting up" counts,
/// a refused password included.
async fn answers(port: u16) -> bool {
    let mut config = tokio_postgres::Config::new();
    config.host("127.0.0.1").port(port).user("postgres").dbname("postgres").password("-");
    config.connect_timeout(Duration::from_secs(2));
    match config.connect(tokio_postgres::NoTls).await {
        Ok(_) => true,
        Err(e) => {
            e.code().is_some_and(|code| *code == tokio_postgres::error::SqlState::INVALID_PASSWORD)
        }
    }
}

/// The line of the server's log that says why it stopped.
fn reason(log: &Path) -> Option<String> {
    let text = std::fs::read_to_string(log).ok()?;
    let told = |word: &str| text.lines().rev().find(|line| line.contains(word)).map(str::to_owned);
    told("FATAL:").or_else(|| told("error")).or_else(|| text.lines().last().map(str::to_owned))
}

/// A free port of the loopback address. Another process can take it before the server does; the
/// server then fails to start and the caller tries again.
pub(super) fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
