//! What the archive has of one log's month: a JSON file that anybody reads, and a signed note that
//! holds its hash, so that nothing of it can be edited to fit.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use uuid::Uuid;
use wealth_core::audit::{Hash, Note, NoteError, VerifierKey};

/// The first line of the note. No log has this name, so that a note about a month is never taken for
/// a signed head, nor a head for it.
const TITLE: &str = "wealth audit manifest";

/// A log's part of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the columns.
    pub schema: u32,
    /// Whose log; the nil UUID is the platform's own.
    pub tenant_id: Uuid,
    /// Which month: `2025-10`.
    pub month: String,
    /// How many events.
    pub rows: u64,
    /// The first leaf.
    pub first_leaf: u64,
    /// The last leaf.
    pub last_leaf: u64,
    /// When the first event happened.
    pub first_at: String,
    /// When the last one did.
    pub last_at: String,
    /// The columns of each file.
    pub columns: Vec<String>,
    /// The size of the tree that the leaves are in.
    pub tree_size: u64,
    /// Its head.
    pub root: Hash,
    /// The signed head.
    pub checkpoint: String,
    /// When the archive was begun.
    pub begun_at: String,
    /// Until when nothing of it can be deleted.
    pub keep_until: String,
    /// The manifest of this log before it.
    pub previous: Option<Previous>,
    /// The files, in the order of the leaves.
    pub files: Vec<File>,
}

/// The manifest before a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Previous {
    /// Its month.
    pub month: String,
    /// Its SHA-256.
    pub sha256: Hash,
}

/// A file of Parquet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name, in the manifest's folder.
    pub name: String,
    /// Its SHA-256.
    pub sha256: Hash,
    /// Its length.
    pub bytes: u64,
    /// How many events.
    pub rows: u64,
    /// The leaves in it: from which one on, how many.
    pub runs: Vec<(u64, u64)>,
    /// When the first event in it happened.
    pub first_at: String,
    /// When the last one did.
    pub last_at: String,
}

/// A manifest that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// It is not there, or cannot be read.
    #[error("the manifest of {0} is missing or damaged")]
    Damaged(String),
    /// Its note is not this log's.
    #[error("the note of the manifest of {0} {1}")]
    Unsigned(String, NoteError),
    /// It is not the one that was signed.
    #[error("the manifest of {0} is not the one that was signed")]
    Edited(String),
}

/// The SHA-256 of something, in the form of the others.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// The folder of a log's month in the archive.
pub fn folder(tenant: Uuid, month: &str) -> String {
    format!("{tenant}/events/{month}")
}

impl Manifest {
    /// Its text.
    pub fn text(&self) -> String {
        // Strings, numbers and null always serialise.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// What is signed of it.
    pub(crate) fn statement(&self, hash: Hash) -> String {
        format!("{TITLE}\n{}\n{hash}\n", self.month)
    }

    /// The manifest of a month in these bytes, whoever wrote it.
    ///
    /// # Errors
    /// [`ManifestError::Damaged`].
    pub fn read(month: &str, bytes: &[u8]) -> Result<Self, ManifestError> {
        let read: Option<Self> = serde_json::from_slice(bytes).ok();
        let read = read.filter(|read| read.month == month && read.counts());
        read.ok_or_else(|| ManifestError::Damaged(month.to_owned()))
    }

    /// Whether its numbers are such as can be added up, whoever wrote them.
    fn counts(&self) -> bool {
        let rows = self.files.iter().try_fold(0_u64, |rows, file| rows.checked_add(file.rows));
        let mut runs = self.files.iter().flat_map(|file| &file.runs);
        rows.is_some() && runs.all(|(first, count)| first.checked_add(*count).is_some())
    }

    /// Whether one of `keys` signed that these bytes are the manifest of the month.
    ///
    /// # Errors
    /// None of them did.
    pub fn signed_by(
        month: &str,
        bytes: &[u8],
        note: &str,
        keys: &[VerifierKey],
    ) -> Result<(), ManifestError> {
        let unsigned = |error| ManifestError::Unsigned(month.to_owned(), error);
        let note = Note::parse(note).map_err(unsigned)?;
        note.signed_by(keys).map_err(unsigned)?;
        if note.text == format!("{TITLE}\n{month}\n{}\n", sha256(bytes)) {
            Ok(())
        } else {
            Err(ManifestError::Edited(month.to_owned()))
        }
    }

    /// Whether the leaf is one of the month's.
    pub fn holds(&self, leaf: u64) -> bool {
        let runs = self.files.iter().flat_map(|file| &file.runs);
        runs.into_iter().any(|(first, count)| (*first..first + count).contains(&leaf))
    }
}
