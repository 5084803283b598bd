//! The archived months of a log: verified by themselves, or put in where the database has leaves
//! without their events.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use audit::Archive;
use audit::columns::{COLUMNS, Rows};
use audit::months::manifest::{File, Manifest, ManifestError, Previous, folder, sha256};
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
    keys: &[VerifierKey],
    trusted: &Checkpoint,
) -> Result<()> {
    let (mut tree, head) = Tree::of_archive(archive, tenant, keys, trusted).await?;
    let months = months_of(archive, tenant).await?;
    let (mut rows, mut closed, mut previous) = (0, 0, None);
    for (month, manifest, bytes) in &months {
        let damaged = || ManifestError::Damaged(month.clone());
        let manifest = manifest.as_ref().ok_or_else(damaged)?;
        let place = folder(tenant, month);
        // The events first: whoever edited file and manifest alike is told which event it was.
        for file in &manifest.files {
            let path = format!("{place}/{}", file.name);
            let found = archive.object(&path).await?;
            let found = found.ok_or_else(|| FileError::Missing(path.clone()))?;
            let mut contents = Contents::open(file, tenant, found)?;
            while let Some(record) = contents.next(&mut tree).await? {
                rows += 1;
                closed += u64::from(record.sealed.is_some());
            }
        }
        let head = proven(archive, tenant, manifest, bytes, keys, previous.as_ref()).await?;
        tree.goes_on_from(archive, &head)
            .await
            .with_context(|| format!("the head in the manifest of {month}"))?;
        previous = Some(Previous { month: month.clone(), sha256: sha256(bytes) });
    }
    say(&format!(
        "{rows} archived events of {} months are what was sealed, {closed} of them closed with keys, \
         under a head of {} leaves",
        months.len(),
        head.size
    ));
    say(&format!("root {}", head.root));
    Ok(())
}

/// Makes sure that a manifest in these bytes was signed, and agrees with itself and with the one
/// before it; the head in it.
async fn proven(
    archive: &Archive,
    tenant: Uuid,
    manifest: &Manifest,
    bytes: &[u8],
    keys: &[VerifierKey],
    before: Option<&Previous>,
) -> Result<Checkpoint> {
    let month = &manifest.month;
    let note = archive.object(&format!("{}/manifest.note", folder(tenant, month))).await?;
    let note = note.ok_or_else(|| ManifestError::Damaged(month.clone()))?;
    Manifest::signed_by(month, bytes, &String::from_utf8_lossy(&note), keys)
        .with_context(|| format!("the first leaf that is in no file is {}", gap(manifest)))?;
    agrees(manifest, tenant, keys, before)
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

/// Makes sure that a signed manifest agrees with itself and with the one before it; the head in it.
fn agrees(
    manifest: &Manifest,
    tenant: Uuid,
    keys: &[VerifierKey],
    before: Option<&Previous>,
) -> Result<Checkpoint> {
    let month = &manifest.month;
    if manifest.previous.as_ref() != before {
        let wanted = manifest.previous.as_ref().map_or("no month", |previous| &previous.month);
        bail!("before {month} comes {wanted}, which is missing or another one");
    }
    let head = Checkpoint::open(&manifest.checkpoint, keys)
        .with_context(|| format!("the head in the manifest of {month}"))?;
    let rows: u64 = manifest.files.iter().map(|file| file.rows).sum();
    let whole = manifest.tenant_id == tenant
        && (head.size, head.root) == (manifest.tree_size, manifest.root)
        && rows == manifest.rows
        && manifest.columns == COLUMNS.map(|(name, _)| name);
    if whole { Ok(head) } else { bail!("the manifest of {month} contradicts itself") }
}

/// Archived events by their leaves, which are asked for in their order.
pub(super) struct Shelf {
    archive: Archive,
    tenant: Uuid,
    months: Vec<Manifest>,
    open: BTreeMap<usize, Open>,
    /// The first thing in it that nobody signed.
    doubt: Option<anyhow::Error>,
}

/// A month that is being read.
struct Open {
    file: usize,
    rows: Rows,
}

impl Shelf {
    /// The months of an archive, and the heads that stand in their manifests. What is wrong with these
    /// is told in the end: who changed an event is told which.
    pub(super) async fn of(
        archive: &Archive,
        tenant: Uuid,
        keys: &[VerifierKey],
    ) -> Result<(Self, Vec<Checkpoint>)> {
        let (mut months, mut heads, mut previous) = (Vec::new(), Vec::new(), None);
        let mut doubt = None;
        for (month, manifest, bytes) in months_of(archive, tenant).await? {
            let Some(manifest) = manifest else {
                doubt.get_or_insert(ManifestError::Damaged(month).into());
                continue;
            };
            match proven(archive, tenant, &manifest, &bytes, keys, previous.as_ref()).await {
                Ok(head) => heads.push(head),
                Err(error) => drop(doubt.get_or_insert(error)),
            }
            previous = Some(Previous { month, sha256: sha256(&bytes) });
            months.push(manifest);
        }
        let (archive, open) = (archive.clone(), BTreeMap::new());
        Ok((Self { archive, tenant, months, open, doubt }, heads))
    }

    /// The first thing in the archive that nobody signed, if there is one.
    pub(super) fn doubt(&mut self) -> Option<anyhow::Error> {
        self.doubt.take()
    }

    /// The event of a leaf, if a month has it.
    pub(super) async fn take(&mut self, leaf: u64) -> Result<Option<Record>> {
        let Some(month) = self.months.iter().position(|month| month.holds(leaf)) else {
            return Ok(None);
        };
        let Some(manifest) = self.months.get(month) else { return Ok(None) };
        let inside = |file: &File| {
            file.runs.iter().any(|(first, count)| (*first..first + count).contains(&leaf))
        };
        let Some(file) = manifest.files.iter().position(inside) else { return Ok(None) };
        if self.open.get(&month).is_none_or(|open| open.file != file) {
            let Some(known) = manifest.files.get(file) else { return Ok(None) };
            let path = format!("{}/{}", folder(self.tenant, &manifest.month), known.name);
            let bytes = self.archive.object(&path).await?;
            let bytes = bytes.ok_or_else(|| FileError::Missing(path.clone()))?;
            if sha256(&bytes) != known.sha256 {
                self.doubt.get_or_insert(FileError::Bytes(path.clone()).into());
            }
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
