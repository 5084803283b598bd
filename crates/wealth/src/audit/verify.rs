//! The verification itself, and what is known beside the log.

use anyhow::{Context as _, Result, bail};
use audit::Archive;
use uuid::Uuid;
use wealth_core::audit::{Checkpoint, Hash, LogVerifier, Record, TILE_WIDTH, TileId, VerifierKey};

use super::shelf::{self, Shelf};
use super::{Arguments, source};
use crate::output::say;

/// What the log is held against.
pub(super) struct Known {
    pub(super) keys: Vec<VerifierKey>,
    tenant: Uuid,
    archive: Option<Archive>,
    /// What has left the database.
    shelf: Option<Shelf>,
    /// How many leaves the archive has.
    archived: u64,
    /// The leaf hashes of the tile that was asked for last.
    tile: Option<(u64, Vec<Hash>)>,
}

pub(super) async fn run(arguments: Arguments) -> Result<()> {
    let keys = arguments.keys.iter().map(|key| key.parse().with_context(|| format!("--key {key}")));
    let keys: Vec<VerifierKey> = keys.collect::<Result<_>>()?;
    let note = std::fs::read_to_string(&arguments.trusted)
        .with_context(|| format!("cannot read {}", arguments.trusted.display()))?;
    let trusted = Checkpoint::open(&note, &keys).context("the trusted checkpoint")?;
    if let Some(other) = keys.iter().find(|key| key.name() != trusted.origin) {
        bail!("--key {other} is the key of another log than {}", trusted.origin);
    }
    let tenant = trusted.origin.rsplit('/').next().and_then(|id| id.parse().ok());
    let tenant: Uuid = tenant.context("the key is that of no tenant's log")?;
    let archive = arguments.archive.as_deref().map(Archive::open).transpose()?;
    let mut log = LogVerifier::new(tenant);
    log.expect(&trusted)?;
    let mut known = Known { keys, tenant, archive, shelf: None, archived: 0, tile: None };
    let read = match (arguments.exports.as_slice(), arguments.act_as) {
        ([], Some(person)) => {
            known.expect_archive(&mut log).await?;
            source::from_database(tenant, &person, &mut log, &mut known).await
        }
        ([], None) => {
            let archive = known.archive.as_ref();
            let archive = archive.context("say what to verify: --export, --archive or --as")?;
            return shelf::verify(archive, tenant, &known.keys, &trusted).await;
        }
        (exports, _) => {
            known.expect_archive(&mut log).await?;
            source::from_files(exports, &mut log, &mut known).await
        }
    };
    let verdict = match (read, known.shelf.as_mut().and_then(Shelf::doubt)) {
        (Ok(()), None) => log.finish()?,
        (Ok(()), Some(doubt)) => return Err(doubt),
        (Err(error), None) => return Err(error),
        (Err(error), Some(doubt)) => return Err(error.context(format!("{doubt:#}"))),
    };
    say(&format!(
        "{} events are what they were, {} of them under a signed head",
        verdict.size, verdict.proven
    ));
    if verdict.erased > 0 {
        say(&format!(
            "{} of them are erased in part, as certificates in the log say",
            verdict.erased
        ));
    }
    say(&format!("root {}", verdict.root));
    Ok(())
}

impl Known {
    /// Has the log lead to the archive's heads, too: the last one, and those in its manifests.
    async fn expect_archive(&mut self, log: &mut LogVerifier) -> Result<()> {
        let Some(archive) = &self.archive else { return Ok(()) };
        let note = archive.checkpoint(self.tenant).await?;
        let note = note.context("the archive has nothing of this log")?;
        let head = Checkpoint::open(&note, &self.keys).context("the archive's checkpoint")?;
        self.archived = head.size;
        log.expect(&head)?;
        let (shelf, heads) = Shelf::of(archive, self.tenant, &self.keys).await?;
        self.shelf = Some(shelf);
        Ok(heads.iter().try_for_each(|head| log.expect(head))?)
    }

    /// Gives an event to the verifier, with the archive's hash for its place.
    pub(super) async fn push(&mut self, log: &mut LogVerifier, record: &Record) -> Result<()> {
        let archived = self.archived_hash(log.size()).await?;
        if let (None, Some(shelf)) = (&record.event, &mut self.shelf)
            && let Some(kept) = shelf.take(record.leaf_index).await?
        {
            // The place is the log's, the event the archive's; both must have the leaf's hash.
            let kept = Record { leaf_index: record.leaf_index, ..kept };
            let same = (kept.event_id, kept.leaf_hash) == (record.event_id, record.leaf_hash);
            if same {
                return Ok(log.push_archived(&kept, archived)?);
            }
        }
        Ok(log.push(record, archived)?)
    }

    async fn archived_hash(&mut self, leaf: u64) -> Result<Option<Hash>> {
        let Some(archive) = self.archive.as_ref().filter(|_| leaf < self.archived) else {
            return Ok(None);
        };
        let index = leaf / TILE_WIDTH;
        if self.tile.as_ref().is_none_or(|(known, _)| *known != index) {
            let width = usize::try_from((self.archived - index * TILE_WIDTH).min(TILE_WIDTH))?;
            let path = TileId { level: 0, index }.path(width);
            let bytes = archive.tile(self.tenant, &path).await?;
            let bytes = bytes.with_context(|| format!("the archive has lost {path}"))?;
            let hashes = bytes.chunks(32).map(Hash::from_slice).collect::<Result<_, _>>()?;
            self.tile = Some((index, hashes));
        }
        let place = usize::try_from(leaf % TILE_WIDTH)?;
        Ok(self.tile.as_ref().and_then(|(_, hashes)| hashes.get(place)).copied())
    }
}
