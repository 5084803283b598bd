//! Where a log is read from: the pages of an export, or the database.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use audit::export::{HeadLine, stretch};
use uuid::Uuid;
use wealth_core::audit::{Checkpoint, LogVerifier, Record, VerifierKey};
use wealth_core::authz::{Authorized, ExportAudit, Roles};
use wealth_http::App;

use super::verify::Known;
use crate::import::target::Target;
use crate::{member, server};

/// Events a page of the live log.
const PAGE: u32 = 1_000;

/// A line of an export.
enum Line {
    Head(Checkpoint),
    Event(Box<Record>),
}

/// Gives the events of the files to the verifier.
pub(super) async fn from_files(
    files: &[PathBuf],
    log: &mut LogVerifier,
    known: &mut Known,
) -> Result<()> {
    // The heads first: one that comes late may be over events that come early.
    for file in files {
        each_line(file, &known.keys, |line| match line {
            Line::Head(head) => Ok(log.expect(&head)?),
            Line::Event(_) => Ok(()),
        })?;
    }
    for file in files {
        let mut records = Vec::new();
        each_line(file, &known.keys, |line| {
            if let Line::Event(record) = line {
                records.push(*record);
            }
            Ok(())
        })?;
        for record in records {
            known.push(log, &record).await?;
        }
    }
    Ok(())
}

fn each_line(
    file: &Path,
    keys: &[VerifierKey],
    mut take: impl FnMut(Line) -> Result<()>,
) -> Result<()> {
    let name = file.display();
    let opened = std::fs::File::open(file).with_context(|| format!("cannot read {name}"))?;
    for (number, line) in BufReader::new(opened).lines().enumerate() {
        let line = line.with_context(|| format!("cannot read {name}"))?;
        let at = || format!("{name}, line {}", number + 1);
        if line.is_empty() {
            continue;
        }
        let line = if line.starts_with(r#"{"checkpoint""#) {
            let head: HeadLine = serde_json::from_str(&line).with_context(at)?;
            Line::Head(
                Checkpoint::open(&head.checkpoint, keys).context("the head").with_context(at)?,
            )
        } else {
            Line::Event(Box::new(serde_json::from_str(&line).with_context(at)?))
        };
        take(line)?;
    }
    Ok(())
}

/// Gives the events of the database to the verifier, read in a member's name.
pub(super) async fn from_database(
    tenant: Uuid,
    person: &str,
    log: &mut LogVerifier,
    known: &mut Known,
) -> Result<()> {
    let target = Target::open().await?;
    let read = read(&target, tenant, person, log, known).await;
    target.stop().await;
    read
}

async fn read(
    target: &Target,
    tenant: Uuid,
    person: &str,
    log: &mut LogVerifier,
    known: &mut Known,
) -> Result<()> {
    let context = member::find(&target.db, &tenant.to_string(), person, "audit verify").await?;
    let _: Authorized<ExportAudit> = Roles::from_names(&context.roles)
        .authorize()
        .with_context(|| format!("{person} may not export the log"))?;
    let app: App = server::reading(target.db.clone());
    loop {
        let after = log.size().checked_sub(1);
        let page = stretch(&app, &context, after, PAGE, "verify").await;
        let page = page.map_err(|problem| anyhow!(problem.summary()))?;
        if let Some(note) = &page.note {
            let head = Checkpoint::open(note, &known.keys).context("the head of the database")?;
            if head.size > log.size() || page.records.is_empty() {
                log.expect(&head)?;
            }
        }
        for record in &page.records {
            known.push(log, record).await?;
        }
        if !page.full {
            return Ok(());
        }
        if log.size() == 0 {
            bail!("the log does not grow");
        }
    }
}
