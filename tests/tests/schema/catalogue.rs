//! Our schemas as lines of text, and the committed files they are compared with.

use std::path::{Path, PathBuf};

use tokio_postgres::{Client, SimpleQueryMessage};

/// The first column of every row.
pub(crate) async fn texts(client: &Client, query: &str) -> Result<Vec<String>, String> {
    let messages = client.simple_query(query).await.map_err(|error| {
        error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
    })?;
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
        _ => None,
    });
    Ok(rows.collect())
}

/// Everything, one line each.
pub(crate) async fn lines(client: &Client) -> Result<Vec<String>, String> {
    texts(client, include_str!("catalogue.sql")).await
}

/// The lines that decide who sees and changes what, and what is recorded of it.
pub(crate) async fn fences(client: &Client) -> Result<Vec<String>, String> {
    let kinds = ["rls ", "policy ", "trigger ", "grant ", "role ", "function ", "view "];
    let mut lines = lines(client).await?;
    lines.retain(|line| kinds.iter().any(|kind| line.starts_with(kind)));
    Ok(lines)
}

/// A path of this package.
pub(crate) fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path.trim_start_matches("tests/"))
}

/// Compares lines with a committed file; `WEALTH_BLESS=1` writes the file instead.
///
/// # Panics
/// If they differ; the message shows where.
pub(crate) fn compare(path: &str, found: &[String]) {
    let file = here(path);
    if std::env::var_os("WEALTH_BLESS").is_some() {
        std::fs::write(&file, found.join("\n") + "\n").expect("a file to write");
    }
    if let Err(difference) = difference(&std::fs::read_to_string(&file).unwrap_or_default(), found)
    {
        panic!("{path} (WEALTH_BLESS=1 writes it anew):\n{difference}");
    }
}

/// What is missing from `found` and what is too much in it.
pub(crate) fn difference(committed: &str, found: &[String]) -> Result<(), String> {
    let committed: Vec<&str> = committed.lines().collect();
    let missing = committed.iter().filter(|line| !found.iter().any(|other| other == *line));
    let extra = found.iter().filter(|line| !committed.contains(&line.as_str()));
    let said: Vec<String> = missing
        .map(|line| format!("- {line}"))
        .chain(extra.map(|line| format!("+ {line}")))
        .collect();
    if said.is_empty() { Ok(()) } else { Err(said.join("\n")) }
}
