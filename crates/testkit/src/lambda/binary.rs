//! Where the binary under test is.

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tokio::{process::Command, sync::Mutex};

/// What this test process has built: one call of cargo for all its tests.
static BUILT: Mutex<BTreeMap<String, PathBuf>> = Mutex::const_new(BTreeMap::new());

/// The path of the Lambda binary `name`.
///
/// `LAMBDA_BIN_DIR` names a directory that holds it, as `<name>` or, the way cargo-lambda lays it
/// out, `<name>/bootstrap`: so the same tests judge a release build. Without it cargo builds the
/// binary first (a fresh one costs a fraction of a second), because a stale binary proves nothing.
///
/// # Errors
/// When the directory has no such binary, or cargo cannot build it.
pub async fn binary(name: &str) -> anyhow::Result<PathBuf> {
    match env::var_os("LAMBDA_BIN_DIR") {
        Some(dir) => within(Path::new(&dir), name),
        None => {
            let mut built = BUILT.lock().await;
            if let Some(path) = built.get(name) {
                return Ok(path.clone());
            }
            let path = build(name).await?;
            built.insert(name.to_owned(), path.clone());
            Ok(path)
        }
    }
}

fn within(dir: &Path, name: &str) -> anyhow::Result<PathBuf> {
    [dir.join(name).join("bootstrap"), dir.join(name)]
        .into_iter()
        .find(|path| path.is_file())
        .with_context(|| format!("LAMBDA_BIN_DIR={} holds no {name}", dir.display()))
}

async fn build(name: &str) -> anyhow::Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // --workspace keeps the dependencies' features, and so their builds, those of the test run.
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--workspace", "--bin", name])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .await
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "cargo cannot build {name}");
    let messages = String::from_utf8_lossy(&output.stdout);
    match messages.lines().find_map(|line| executable(line, name)) {
        Some(path) => Ok(path),
        None => bail!("cargo built no binary {name}"),
    }
}

/// The path in one of cargo's messages, if it announces the binary `name`.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = message.get("target")?;
    let is_bin = target.get("kind")?.as_array()?.iter().any(|kind| kind == "bin");
    (is_bin && target.get("name")? == name)
        .then(|| message.get("executable")?.as_str().map(PathBuf::from))?
}
