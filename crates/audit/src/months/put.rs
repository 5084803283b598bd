//! Writing a month: its events in files, what they tell about people closed with keys of these
//! people, and the manifest behind them.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::audit::{Hash, Note, Record};
use wealth_db::{Row, p, sql};
use wealth_http::{Problem, Result};

use super::keys::ring;
use super::manifest::{self, File, Manifest, Previous, sha256};
use super::step::{Months, PART_BYTES, Turn};
use super::tree::{Tree, TreeError};
use super::{name, natural};
use crate::columns::{COLUMNS, SCHEMA_VERSION, Table, TableError};
use crate::envelope;
use crate::row::{self, instant};
use crate::seal::{Log, archive_problem, broken};

/// Events that are asked for at once.
const PAGE: i32 = 2_000;

/// A file that is being made.
struct Part {
    table: Table,
    rows: u64,
    runs: Vec<(u64, u64)>,
    first_at: String,
    last_at: String,
    /// Which leaves each key closes.
    closed: BTreeMap<Uuid, Vec<u64>>,
}

impl Part {
    fn new() -> Result<Self> {
        let (first_at, last_at) = (String::new(), String::new());
        let table = Table::new().map_err(unwritable)?;
        let closed = BTreeMap::new();
        Ok(Self { table, rows: 0, runs: Vec::new(), first_at, last_at, closed })
    }

    fn push(&mut self, record: &Record) -> Result<()> {
        self.table.push(record).map_err(unwritable)?;
        self.rows += 1;
        match self.runs.last_mut() {
            Some((first, count)) if *first + *count == record.leaf_index => *count += 1,
            _ => self.runs.push((record.leaf_index, 1)),
        }
        for key in record.sealed.iter().flat_map(|sealed| sealed.keys()) {
            self.closed.entry(key).or_default().push(record.leaf_index);
        }
        if let Some(event) = &record.event {
            // Six decimals and Z: the order of the texts is that of the instants.
            if self.first_at.is_empty() || event.occurred_at < self.first_at {
                self.first_at.clone_from(&event.occurred_at);
            }
            if event.occurred_at > self.last_at {
                self.last_at.clone_from(&event.occurred_at);
            }
        }
        Ok(())
    }

    fn leaves(&self) -> Option<(u64, u64)> {
        let last = self.runs.last().map(|(first, count)| first + count - 1)?;
        Some((self.runs.first()?.0, last))
    }

    fn closed(&self) -> Value {
        let one = |(key, leaves)| json!({"key_id": key, "leaves": leaves});
        self.closed.iter().map(one).collect()
    }
}

fn unwritable(error: TableError) -> Problem {
    Problem::internal(error.to_string())
}

impl Months<'_> {
    /// Writes the next file of a turn; how many events are in it.
    pub(super) async fn put_file(&self, turn: &Turn, now: DateTime<Utc>) -> Result<u64> {
        let log = Log::open(self.app, self.services, turn.tenant).await?;
        let mut tree = Tree::of_database(self.app, turn.tenant, log.edge);
        let (mut part, mut after) = (Part::new()?, turn.after_leaf);
        while part.rows < self.part_rows && part.table.size() < PART_BYTES {
            let left = i32::try_from(self.part_rows - part.rows).unwrap_or(PAGE).min(PAGE);
            let rows = self.page(turn, after, left).await?;
            for row in &rows {
                let mut record = row::record(row)?;
                record.leaf_hash = tree.leaf(record.leaf_index).await.map_err(tree_problem)?;
                let actor = ring(row, "actor_key_ids", "actor_keys")?;
                let content = ring(row, "content_key_ids", "content_keys")?;
                envelope::seal(&mut record, &actor, &content)
                    .map_err(|error| Problem::internal(error.to_string()))?;
                part.push(&record)?;
                after = row::signed(record.leaf_index)?;
            }
            if rows.is_empty() {
                break;
            }
        }
        let Some((first_leaf, last_leaf)) = part.leaves() else {
            return Err(broken(format!("leaves of {} are gone", turn.month)));
        };
        let closed = part.closed();
        let (rows, runs, times) = (part.rows, part.runs, (part.first_at, part.last_at));
        let bytes = Bytes::from(part.table.finish().map_err(unwritable)?);
        let hash = sha256(&bytes);
        let folder = manifest::folder(turn.tenant, &name(turn.month));
        // The content names the file: a run that died left the same one, or one that is never read.
        let path = format!("{folder}/{:04}-{}.parquet", turn.part, &hex(hash)[..16]);
        let length = bytes.len();
        let put = self.services.archive.put_locked(&path, bytes, turn.keep_until, now).await;
        put.map_err(archive_problem)?;
        let file = json!({
            "part": turn.part, "path": path, "sha256": hex(hash), "bytes": length, "rows": rows,
            "first_leaf": first_leaf, "last_leaf": last_leaf, "runs": runs,
            "first_at": times.0, "last_at": times.1, "sealed": closed,
        });
        let params = [p::uuid(&turn.tenant), p::date(&turn.month), p::json(&file)];
        self.query(sql!("audit", "job_archive_put"), &params).await?;
        Ok(rows)
    }

    async fn page(&self, turn: &Turn, after: i64, limit: i32) -> Result<Vec<Row>> {
        let params =
            [p::uuid(&turn.tenant), p::date(&turn.month), p::int8(&after), p::int4(&limit)];
        self.query(sql!("audit", "job_archive_page"), &params).await
    }

    /// Writes the manifest of a turn whose files are all there.
    pub(super) async fn put_manifest(&self, turn: &Turn, now: DateTime<Utc>) -> Result<()> {
        let log = Log::open(self.app, self.services, turn.tenant).await?;
        let manifest = self.manifest(turn, &log).await?;
        let text = Bytes::from(manifest.text());
        let hash = sha256(&text);
        let folder = manifest::folder(turn.tenant, &manifest.month);
        let archive = &self.services.archive;
        let (path, beside) = (format!("{folder}/manifest.json"), format!("{folder}/manifest.note"));
        let note = self.note(&log, &beside, &manifest.statement(hash)).await?;
        for (path, bytes) in [(path.clone(), text), (beside, note)] {
            let put = archive.put_locked(&path, bytes, turn.keep_until, now).await;
            put.map_err(archive_problem)?;
        }
        let hash = hash.0.to_vec();
        let params = [p::uuid(&turn.tenant), p::date(&turn.month), p::text(&path), p::bytes(&hash)];
        self.query(sql!("audit", "job_archive_written"), &params).await?;
        Ok(())
    }

    /// The signed note of a statement: the one that a run left which died, for the key may be another
    /// one since.
    async fn note(&self, log: &Log<'_>, path: &str, statement: &str) -> Result<Bytes> {
        let left = self.services.archive.object(path).await.map_err(archive_problem)?;
        if let Some(left) = left
            && let Ok(note) = Note::parse(&String::from_utf8_lossy(&left))
            && note.text == statement
            && log.signs(&note)
        {
            return Ok(left);
        }
        Ok(log.signed(statement).await?.into())
    }

    /// The manifest, made of nothing but what is committed: a second run makes the same.
    async fn manifest(&self, turn: &Turn, log: &Log<'_>) -> Result<Manifest> {
        let head = log.verified(&turn.note)?;
        let params = [p::uuid(&turn.tenant), p::date(&turn.month)];
        let rows = self.query(sql!("audit", "job_archive_files"), &params).await?;
        let files: Vec<File> = rows.iter().map(file).collect::<Result<_>>()?;
        let before = self.query(sql!("audit", "job_archive_previous"), &params).await?;
        let previous = before.first().map(|row| {
            let month: NaiveDate = row.get("month");
            Ok::<_, Problem>(Previous { month: name(month), sha256: hash(row, "manifest_sha256")? })
        });
        Ok(Manifest {
            schema: SCHEMA_VERSION,
            tenant_id: turn.tenant,
            month: name(turn.month),
            rows: turn.rows,
            first_leaf: turn.first_leaf,
            last_leaf: turn.last_leaf,
            first_at: files.iter().map(|f| f.first_at.clone()).min().unwrap_or_default(),
            last_at: files.iter().map(|f| f.last_at.clone()).max().unwrap_or_default(),
            columns: COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect(),
            tree_size: turn.tree_size,
            root: head.root,
            checkpoint: turn.note.clone(),
            begun_at: instant(turn.begun_at),
            keep_until: instant(turn.keep_until),
            previous: previous.transpose()?,
            files,
        })
    }
}

/// A file as the database knows it.
pub(super) fn file(row: &Row) -> Result<File> {
    let path: String = row.get("path");
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let runs: serde_json::Value = row.get("runs");
    let runs = serde_json::from_value(runs).map_err(|e| Problem::internal(e.to_string()))?;
    Ok(File {
        name,
        sha256: hash(row, "sha256")?,
        bytes: natural(row, "bytes")?,
        rows: natural(row, "rows")?,
        runs,
        first_at: instant(row.get("first_at")),
        last_at: instant(row.get("last_at")),
    })
}

pub(super) fn hash(row: &Row, column: &str) -> Result<Hash> {
    Hash::from_slice(row.get(column)).map_err(|error| Problem::internal(error.to_string()))
}

/// What a tree's refusal means for a job.
pub(super) fn tree_problem(error: TreeError) -> Problem {
    match error {
        TreeError::Database(problem) => *problem,
        TreeError::Archive(error) => archive_problem(error),
        TreeError::Tiles(..) | TreeError::Head | TreeError::Forked(..) | TreeError::Cut(..) => {
            broken(error)
        }
    }
}

pub(super) fn hex(hash: Hash) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
