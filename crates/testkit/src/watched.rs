//! A program beside the tests that never outlives them.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdin, Command};

/// Holds a pipe from us as its input: when we end, in whatever way, the pipe closes and it stops
/// the program by its process id.
const WATCHDOG: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
(read -r _ <&3; kill -TERM "$program" 2>/dev/null; sleep 1; kill -KILL "$program" 2>/dev/null) &
exec 3<&-
wait "$program"
"#;

/// A running program; it is stopped when this is dropped or this process ends.
#[derive(Debug)]
pub struct Watched {
    child: Child,
    _pipe: Option<ChildStdin>,
}

impl Watched {
    /// Starts `program`, its output going to the file `log`, and waits until it takes connections
    /// on `port` of the loopback address.
    ///
    /// # Panics
    /// If it cannot be started or does not listen within half a minute; the message shows its log.
    pub async fn start(program: &Path, arguments: &[String], port: u16, log: &Path) -> Self {
        let output = std::fs::File::create(log).expect("a log file");
        let errors = output.try_clone().expect("a second handle");
        let mut command = Command::new("sh");
        command.args(["-c", WATCHDOG, "watchdog"]).arg(program).args(arguments);
        command.stdin(Stdio::piped()).stdout(output).stderr(errors);
        let mut child = command.spawn().expect("sh");
        let pipe = child.stdin.take();
        let mut watched = Self { child, _pipe: pipe };
        for _ in 0..300 {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return watched;
            }
            if watched.child.try_wait().expect("its state").is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let log = std::fs::read_to_string(log).unwrap_or_default();
        panic!("{} does not listen on port {port}: {log}", program.display());
    }
}

/// A free port of the loopback address.
///
/// # Panics
/// If there is none.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
