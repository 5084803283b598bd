//! The archived months of a log: verified by themselves, or put in where the database has leaves
//! without their events.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use audit::Archive;
use audit::columns::{COLUMNS, Rows};
use audit::months::manifest::{self, Manifest, ManifestError, Previous, sha256};
use audit::months::tree::Tree;
use audit::months::{Contents, FileError, months_of};
use uuid::Uuid;
use wealth_core::audit::{Checkpoint, Record, VerifierKey};

use crate::output::say;

/// Verifies what an archive has, with nothing but a head that is trusted: that its tree goes on from
/// that head, that each event is what was sealed at its place, and that no file says otherwise.
pub(super) async fn verify(
    archive: &Archive,
    tenant: Uuid,
    key: &VerifierKey,
    trusted: &Checkpoint,
) -> Result<()> {
    let (mut tree, head) = Tree::of_archive(archive, tenant, key, trusted).await?;
    let months = months_of(archive, tenant).await?;
    let (mut rows, mut previous) = (0, None);
    for (month, manifest, bytes) in &months {
        let damaged = || ManifestError::Damaged(month.clone());
        let manifest = manifest.as_ref().ok_or_else(damaged)?;
        let folder = manifest::folder(tenant, month);
        // The events first: whoever edited file and manifest alike is told which event it was.
        for file in &manifest.files {
            let path = format!("{folder}/{}", file.name);
            let found = archive.object(&path).await?;
            let found = found.ok_or_else(|| FileError::Missing(path.clone()))?;
            let mut contents = Contents::open(file, tenant, found)?;
            while contents.next(&mut tree).await?.is_some() {
                rows += 1;
            }
        }
        let note = archive.object(&format!("{folder}/manifest.note")).await?.ok_or_else(damaged)?;
        let note = String::from_utf8_lossy(&note);
        let signed = Manifest::signed_by(month, bytes, &note, key);
        signed
            .with_context(|| format!("the first leaf that is in no file is {}", gap(manifest)))?;
        agrees(manifest, tenant, key, previous.as_ref())?;
        previous = Some(Previous { month: month.clone(), sha256: sha256(bytes) });
    }
    say(&format!(
        "{rows} archived events of {} months are what was sealed, under a head of {} leaves",
        months.len(),
        head.size
    ));
    say(&format!("root {}", head.root));
    Ok(())
}

/// The first leaf from the month's first on that none of its files has.
fn gap(manifest: &Manifest) -> u64 {
    let runs = manifest.files.iter().flat_map(|file| &file.runs);
    let mut next = manifest.first_leaf;
    for (first, count) in runs {
        if *first > next {
            break;
        }
        next = next.max(first + count);
    }
    next
}

/// Whether a signed manifest agrees with itself and with the one before it.
fn agrees(
    manifest: &Manifest,
    tenant: Uuid,
    key: &VerifierKey,
    before: Option<&Previous>,
) -> Result<()> {
    let month = &manifest.month;
    if manifest.previous.as_ref() != before {
        let wanted = manifest.previous.as_ref().map_or("no month", |previous| &previous.month);
        bail!("before {month} comes {wanted}, which is missing or another one");
    }
    let head = Checkpoint::open(&manifest.checkpoint, key)
        .with_context(|| format!("the head in the manifest of {month}"))?;
    let rows: u64 = manifest.files.iter().map(|file| file.rows).sum();
    let whole = manifest.tenant_id == tenant
        && (head.size, head.root) == (manifest.tree_size, manifest.root)
        && rows == manifest.rows
        && manifest.columns == COLUMNS.map(|(name, _)| name);
    if whole { Ok(()) } else { bail!("the manifest of {month} contradicts itself") }
}

/// Archived events by their leaves, which are asked for in their order.
pub(super) struct Shelf {
    archive: Archive,
    tenant: Uuid,
    months: Vec<Manifest>,
    open: BTreeMap<usize, Open>,
}

/// A month that is being read.
struct Open {
    file: usize,
    rows: Rows,
}

impl Shelf {
    pub(super) async fn of(archive: &Archive, tenant: Uuid) -> Result<Self> {
        let months = months_of(archive, tenant).await?;
        let months = months.into_iter().filter_map(|(_, manifest, _)| manifest).collect();
        Ok(Self { archive: archive.clone(), tenant, months, open: BTreeMap::new() })
    }

    /// The event of a leaf, if a month has it.
    pub(super) async fn take(&mut self, leaf: u64) -> Result<Option<Record>> {
        let Some(month) = self.months.iter().position(|month| month.holds(leaf)) else {
            return Ok(None);
        };
        let Some(manifest) = self.months.get(month) else { return Ok(None) };
        let inside = |file: &manifest::File| {
            file.runs.iter().any(|(first, count)| (*first..first + count).contains(&leaf))
        };
        let Some(file) = manifest.files.iter().position(inside) else { return Ok(None) };
        if self.open.get(&month).is_none_or(|open| open.file != file) {
            let name = manifest.files.get(file).map_or("", |file| &file.name);
            let path = format!("{}/{name}", manifest::folder(self.tenant, &manifest.month));
            let bytes = self.archive.object(&path).await?;
            let bytes = bytes.with_context(|| format!("{path} is missing"))?;
            self.open.insert(month, Open { file, rows: Rows::open(bytes).context(path)? });
        }
        let Some(open) = self.open.get_mut(&month) else { return Ok(None) };
        for record in open.rows.by_ref() {
            let record = record?;
            if record.leaf_index >= leaf {
                return Ok(Some(record).filter(|record| record.leaf_index == leaf));
            }
        }
        Ok(None)
    }
}
