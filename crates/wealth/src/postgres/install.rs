//! Installing PostgreSQL's programs under `.local/postgres`, without touching the system.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{place, version::Version};

/// Unpacks Debian's server package, and the libraries the machine lacks, into
/// `<unpacked>/debian`. Nothing is installed into the system, so no root is needed as long as
/// the package lists are there; as root they are refreshed first when they are too old.
pub(super) fn from_debian(unpacked: &Path) -> Result<()> {
    if !runs("apt-get", &["--version"]) {
        bail!("apt-get is not here");
    }
    let mut candidate = newest_candidate();
    if candidate.is_none() && place::my_uid()? == 0 {
        run("apt-get", Command::new("apt-get").args(["-q", "update"]))?;
        candidate = newest_candidate();
    }
    let Some(version) = candidate else {
        bail!("apt-get knows no PostgreSQL package with the security fixes");
    };
    eprintln!("postgres: fetching Debian's PostgreSQL {version} into .local (once)");
    let fresh = unpacked.join("debian.new");
    let _ = std::fs::remove_dir_all(&fresh);
    std::fs::create_dir_all(&fresh).with_context(|| format!("cannot make {}", fresh.display()))?;
    let packages = needed_packages(version.major)?;
    // A name that apt's own download user need not write to: root downloads as itself.
    let options = ["-q", "-o", "APT::Sandbox::User=root", "download"];
    run("apt-get", Command::new("apt-get").args(options).args(&packages).current_dir(&fresh))?;
    for file in std::fs::read_dir(&fresh)?.flatten() {
        if file.path().extension().is_some_and(|e| e == "deb") {
            run("dpkg", Command::new("dpkg").arg("-x").arg(file.path()).arg(&fresh))?;
            std::fs::remove_file(file.path())?;
        }
    }
    replace(&fresh, &unpacked.join("debian"))
}

/// The newest server package at or above the floor that apt offers.
fn newest_candidate() -> Option<Version> {
    (15..=19u16).rev().find_map(|major| {
        let name = format!("postgresql-{major}");
        let out = Command::new("apt-cache").args(["policy", &name]).env("LC_ALL", "C").output();
        let text = String::from_utf8_lossy(&out.ok()?.stdout).into_owned();
        let line = text.lines().find(|line| line.trim().starts_with("Candidate:"))?;
        Version::find(line).filter(|v| v.major == major && v.is_at_floor())
    })
}

/// The server, its client programs, and those shared libraries that apt would have to install.
/// LLVM is left out: it serves only just-in-time compilation, which is off.
fn needed_packages(major: u16) -> Result<Vec<String>> {
    let mut all = vec![format!("postgresql-{major}"), format!("postgresql-client-{major}")];
    let out = Command::new("apt-get")
        .args(["install", "--simulate", "--no-install-recommends", "libpq5"])
        .args(&all)
        .env("LC_ALL", "C")
        .output()
        .context("cannot run apt-get")?;
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let names = text.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    for name in names.filter(|n| n.starts_with("lib") && !n.starts_with("libllvm")) {
        if !name.contains("perl") && !name.ends_with("-dev") {
            all.push(name.to_owned());
        }
    }
    Ok(all)
}

/// The directory of the libraries that were unpacked beside the server.
pub(super) fn debian_libraries(debian: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(debian.join("usr/lib")).ok()?.flatten();
    entries.map(|e| e.path()).find(|p| p.to_string_lossy().ends_with("-linux-gnu"))
}

/// Installs the npm package of server binaries, which brings every library it needs.
/// With `have_another`, only if it carries the security fixes.
pub(super) fn from_npm(unpacked: &Path, have_another: bool) -> Result<()> {
    if !runs("npm", &["--version"]) {
        bail!("npm is not here");
    }
    let package = npm_package();
    let quick = ["--fetch-retries=0", "--fetch-timeout=60000"];
    let mut view = Command::new("npm");
    let offered = run("npm", view.args(quick).args(["view", &package, "version"]))?;
    let Some(version) = Version::find(&offered) else { bail!("npm has no {package}") };
    if have_another && !version.is_at_floor() {
        bail!("npm offers {version}, which lacks the security fixes too");
    }
    eprintln!("postgres: fetching PostgreSQL {version} from npm into .local (once)");
    let fresh = unpacked.join("npm.new");
    let _ = std::fs::remove_dir_all(&fresh);
    std::fs::create_dir_all(&fresh).with_context(|| format!("cannot make {}", fresh.display()))?;
    let mut install = Command::new("npm");
    install.args(quick).args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&fresh);
    run("npm", install.arg(&package))?;
    replace(&fresh, &unpacked.join("npm"))
}

/// Where the npm package is unpacked.
pub(super) fn npm_directory(unpacked: &Path) -> PathBuf {
    unpacked.join("npm/node_modules").join(npm_package())
}

/// The package for this system and processor.
fn npm_package() -> String {
    let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    let processor = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    format!("@embedded-postgres/{system}-{processor}")
}

/// Moves a finished directory into its place, so that a half-made one is never used.
fn replace(fresh: &Path, place: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(place);
    std::fs::rename(fresh, place).with_context(|| format!("cannot make {}", place.display()))
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|out| out.status.success())
}

/// Runs a program and returns what it printed; its last line of complaint is the error.
fn run(name: &str, command: &mut Command) -> Result<String> {
    let out = command.env("LC_ALL", "C").output().with_context(|| format!("cannot run {name}"))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&out.stderr).into_owned();
    let mut lines = complaint.lines().map(str::trim).filter(|line| !line.is_empty());
    let first_error = lines.clone().find(|l| l.starts_with("E: ") || l.contains(" code "));
    bail!("{name} failed ({})", first_error.or_else(|| lines.next_back()).unwrap_or("no message"))
}
