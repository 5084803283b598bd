//! Collects `sql/` into the binary: migrations in order, and the objects that are applied again
//! whenever their text changes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Contexts in the order in which their objects may refer to each other.
const CONTEXTS: [&str; 8] =
    ["platform", "tenants", "users", "audit", "products", "rates", "reporting", "jobs"];
const KINDS: [&str; 7] = ["functions", "views", "triggers", "policies", "grants", "data", "apply"];

fn main() -> io::Result<()> {
    let sql = Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?)
        .join("../../sql")
        .canonicalize()?;
    let mut code = String::from("&[\n");
    for path in files(&sql.join("migrations"))? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (version, name) = stem.split_once("__").unwrap_or((&stem, ""));
        let version: i32 = version.trim_start_matches('V').parse().map_err(io::Error::other)?;
        writeln!(
            code,
            "Migration {{ version: {version}, name: {name:?}, text: include_str!({path:?}) }},"
        )
        .map_err(io::Error::other)?;
    }
    code.push_str("]\n");
    write("migrations.rs", &code)?;

    let mut code = String::from("&[\n");
    for kind in KINDS {
        for context in CONTEXTS {
            for path in files(&sql.join(context).join(kind))? {
                let name = path.strip_prefix(&sql).unwrap_or(&path).display().to_string();
                writeln!(code, "Repeatable {{ path: {name:?}, text: include_str!({path:?}) }},")
                    .map_err(io::Error::other)?;
            }
        }
    }
    code.push_str("]\n");
    write("repeatable.rs", &code)?;
    println!("cargo::rerun-if-changed={}", sql.join("migrations").display());
    for context in CONTEXTS {
        for kind in KINDS {
            let folder = sql.join(context).join(kind);
            let watched = if folder.exists() { folder } else { sql.clone() };
            println!("cargo::rerun-if-changed={}", watched.display());
        }
    }
    Ok(())
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?;
    found.retain(|path| path.extension().is_some_and(|e| e == "sql"));
    found.sort();
    Ok(found)
}

fn write(name: &str, code: &str) -> io::Result<()> {
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join(name), code)
}
