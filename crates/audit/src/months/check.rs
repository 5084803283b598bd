//! Reading back: what a file holds, row by row, against what it should hold and what was sealed.

use bytes::Bytes;
use thiserror::Error;
use uuid::Uuid;
use wealth_core::audit::{Fault, Hash, Note, Record};
use wealth_db::{p, sql};
use wealth_http::Result;

use super::keys::keys_of;
use super::manifest::{File, Manifest, sha256};
use super::put::{file, tree_problem};
use super::step::{Months, Turn};
use super::tree::{Tree, TreeError};
use crate::columns::{Rows, TableError};
use crate::envelope::{self, EnvelopeError, Keys};
use crate::seal::{Log, archive_problem, broken};

/// A file that is not what it should be.
#[derive(Debug, Error)]
pub enum FileError {
    /// It is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// An event in it is not what was sealed, or not where it should be.
    #[error("{name}: {fault}")]
    Fault {
        /// The file.
        name: String,
        /// What is wrong.
        fault: Fault,
    },
    /// It cannot be read on from some leaf.
    #[error("{name} cannot be read from leaf {leaf} on: {error}")]
    Damaged {
        /// The file.
        name: String,
        /// The first leaf that could not be read.
        leaf: u64,
        /// What Parquet says.
        error: TableError,
    },
    /// What is closed in it does not open, or is not what was sealed.
    #[error("{name}: leaf {leaf}: {error}")]
    Shut {
        /// The file.
        name: String,
        /// The leaf.
        leaf: u64,
        /// Why.
        error: EnvelopeError,
    },
    /// It has other bytes than it had, though its events are what they were.
    #[error("{0} has other bytes than the manifest says")]
    Bytes(String),
    /// It says other times of its events than they have.
    #[error("{0} has events of other times than the manifest says")]
    Times(String),
    /// The tree gives no leaf.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The rows of a file, each at its place and as it was sealed.
pub struct Contents<'a> {
    file: &'a File,
    rows: Rows,
    /// The leaves that are to come.
    wanted: Box<dyn Iterator<Item = u64> + Send + 'a>,
    tenant: Uuid,
    next: u64,
    times: Option<(String, String)>,
    whole: bool,
}

impl<'a> Contents<'a> {
    /// Opens a file of a tenant's log. That its bytes are what they were is said in the end: who
    /// changed an event is told which.
    ///
    /// # Errors
    /// It is no file of ours.
    pub fn open(file: &'a File, tenant: Uuid, bytes: Bytes) -> Result<Self, FileError> {
        let whole = sha256(&bytes) == file.sha256
            && u64::try_from(bytes.len()).is_ok_and(|length| length == file.bytes);
        let wanted = file.runs.iter().flat_map(|(first, count)| *first..first + count);
        let next = file.runs.first().map_or(0, |(first, _)| *first);
        let damaged = |error| FileError::Damaged { name: file.name.clone(), leaf: next, error };
        let rows = Rows::open(bytes).map_err(damaged)?;
        Ok(Self { file, rows, wanted: Box::new(wanted), tenant, next, times: None, whole })
    }

    /// The next event, after it was held against the leaf that was sealed; none behind the last one,
    /// if the file as a whole is what it was.
    ///
    /// # Errors
    /// [`FileError`].
    pub async fn next(&mut self, tree: &mut Tree<'_>) -> Result<Option<Record>, FileError> {
        let name = || self.file.name.clone();
        let (wanted, row) = (self.wanted.next(), self.rows.next());
        let record = match (wanted, row) {
            (None, None) => return self.ended().map(|()| None),
            (_, Some(Err(error))) => {
                let leaf = wanted.unwrap_or(self.next);
                return Err(FileError::Damaged { name: name(), leaf, error });
            }
            (Some(index), None) => {
                let size = self.file.runs.last().map_or(index, |(first, count)| first + count);
                let fault = Fault::Cut { found: index, size };
                return Err(FileError::Fault { name: name(), fault });
            }
            (wanted, Some(Ok(record))) => {
                let found = record.leaf_index;
                let index = wanted.unwrap_or(self.next);
                if found != index || wanted.is_none() {
                    let late = found < index || wanted.is_none();
                    let fault = if late {
                        Fault::Order { index, found }
                    } else {
                        Fault::Missing { index, found }
                    };
                    return Err(FileError::Fault { name: name(), fault });
                }
                record
            }
        };
        let sealed = tree.leaf(record.leaf_index).await?;
        let sound = record.sound(self.tenant, Some(sealed));
        sound.map_err(|fault| FileError::Fault { name: name(), fault })?;
        self.next = record.leaf_index + 1;
        self.note_time(&record);
        Ok(Some(record))
    }

    /// The same, opened as far as its keys are there, and once more held against the leaf.
    ///
    /// # Errors
    /// [`FileError`].
    pub async fn next_open(
        &mut self,
        tree: &mut Tree<'_>,
        keys: &Keys,
    ) -> Result<Option<Record>, FileError> {
        let Some(mut record) = self.next(tree).await? else { return Ok(None) };
        let (name, leaf) = (|| self.file.name.clone(), record.leaf_index);
        let opened = envelope::open(&mut record, keys);
        opened.map_err(|error| FileError::Shut { name: name(), leaf, error })?;
        let sound = record.sound(self.tenant, None);
        sound.map_err(|fault| FileError::Fault { name: name(), fault })?;
        Ok(Some(record))
    }

    fn note_time(&mut self, record: &Record) {
        let Some(at) = record.event.as_ref().map(|event| &event.occurred_at) else { return };
        match &mut self.times {
            None => self.times = Some((at.clone(), at.clone())),
            Some((first, last)) => {
                if at < first {
                    first.clone_from(at);
                }
                if at > last {
                    last.clone_from(at);
                }
            }
        }
    }

    fn ended(&self) -> Result<(), FileError> {
        let said = Some((&self.file.first_at, &self.file.last_at));
        if said != self.times.as_ref().map(|(first, last)| (first, last)) {
            return Err(FileError::Times(self.file.name.clone()));
        }
        if self.whole { Ok(()) } else { Err(FileError::Bytes(self.file.name.clone())) }
    }
}

impl Months<'_> {
    /// Reads a file back and holds every event in it against the sealed tree; what is closed in it is
    /// opened, unless an erasure has destroyed its key meanwhile.
    pub(super) async fn verify_file(&self, turn: &Turn, path: &str) -> Result<()> {
        let log = Log::open(self.app, self.services, turn.tenant).await?;
        let mut tree = Tree::of_database(self.app, turn.tenant, log.edge);
        let params = [p::uuid(&turn.tenant), p::date(&turn.month)];
        let rows = self.query(sql!("audit", "job_archive_files"), &params).await?;
        let row = rows.iter().find(|row| row.get::<_, &str>("path") == path);
        let found = file(row.ok_or_else(|| broken(format!("{path} is not known")))?)?;
        let read = self.services.archive.locked(path, turn.keep_until).await;
        let bytes = read.map_err(archive_problem)?;
        let mut contents = Contents::open(&found, turn.tenant, bytes).map_err(problem)?;
        let keys = keys_of(self.app, turn.tenant, turn.month, false).await?;
        while contents.next_open(&mut tree, &keys).await.map_err(problem)?.is_some() {}
        self.verified(turn, Some(turn.part)).await
    }

    /// Reads the manifest back, with its note.
    pub(super) async fn verify_manifest(&self, turn: &Turn, path: &str, hash: &[u8]) -> Result<()> {
        let log = Log::open(self.app, self.services, turn.tenant).await?;
        let archive = &self.services.archive;
        let text = archive.locked(path, turn.keep_until).await.map_err(archive_problem)?;
        let month = super::name(turn.month);
        let manifest = Manifest::read(&month, &text).map_err(broken)?;
        let found = sha256(&text);
        let note = path.replace("manifest.json", "manifest.note");
        let note = archive.locked(&note, turn.keep_until).await.map_err(archive_problem)?;
        let note = Note::parse(&String::from_utf8_lossy(&note)).map_err(broken)?;
        let signed = log.signs(&note) && note.text == manifest.statement(found);
        if !signed || Hash::from_slice(hash) != Ok(found) {
            return Err(broken(format!("the manifest of {month} is not the one that was written")));
        }
        self.verified(turn, None).await
    }

    async fn verified(&self, turn: &Turn, part: Option<i32>) -> Result<()> {
        let params = [p::uuid(&turn.tenant), p::date(&turn.month), p::int4(&part)];
        self.query(sql!("audit", "job_archive_verified"), &params).await?;
        Ok(())
    }
}

/// What a bad file means for a job.
pub(super) fn problem(error: FileError) -> wealth_http::Problem {
    match error {
        FileError::Tree(error) => tree_problem(error),
        other => broken(other),
    }
}
