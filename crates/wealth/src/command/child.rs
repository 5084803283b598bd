//! Running the user's command with our signals passed on to it.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use tokio::process::Command;

use crate::signals::Signals;

/// Runs `command` with more environment variables and returns its exit code (128 + the signal
/// if one ended it, as a shell does).
pub(super) async fn run(
    command: &[OsString],
    variables: &[(&str, &str)],
    signals: &mut Signals,
) -> Result<ExitCode> {
    let [program, arguments @ ..] = command else { bail!("no command was given") };
    let mut child = Command::new(program);
    child.args(arguments).envs(variables.iter().copied());
    // On a terminal the command stays in our process group, so that it may read the keyboard and
    // Ctrl-C reaches it directly. Elsewhere it gets its own, so that a signal passed on also
    // reaches what it started: cargo, for one, leaves its tests running.
    let own_group = !std::io::stdin().is_terminal();
    if own_group {
        child.as_std_mut().process_group(0);
    }
    let mut child =
        child.spawn().with_context(|| format!("cannot run {}", program.to_string_lossy()))?;
    loop {
        tokio::select! {
            status = child.wait() => {
                let status = status.context("cannot wait for the command")?;
                let code = status.code().or(status.signal().map(|signal| 128 + signal));
                return Ok(code.and_then(|c| u8::try_from(c).ok()).map_or(ExitCode::FAILURE, ExitCode::from));
            }
            name = signals.next() => {
                let Some(pid) = child.id() else { continue };
                let target = if own_group { format!("-{pid}") } else { pid.to_string() };
                pass_on(name, &target).await;
            }
        }
    }
}

/// The standard library can only kill; a shell can send any signal.
async fn pass_on(name: &str, target: &str) {
    let script = "kill -s \"$0\" -- \"$1\"";
    // It fails only if the command has just ended, which the caller is about to see.
    let _ = Command::new("sh").args(["-c", script, name, target]).output().await;
}
