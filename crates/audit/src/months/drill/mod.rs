//! The rehearsal of a restore (S0-05, S0-120, X-13): an archived month is brought back into a table beside
//! the log that never becomes a part of it, read again from there, and dropped. A restore that somebody
//! needs has its own table, and neither knows of the other.

mod place;

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::audit::Note;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Problem, Result, Row404};

use self::place::{Place, Time, folded};
use super::check::{Contents, FileError, problem as of_file};
use super::keys::keys_of;
use super::manifest::{File, Manifest, folder, sha256};
use super::put::{file, hex, tree_problem};
use super::restore::{Batch, PAGE};
use super::step::Months;
use super::tree::Tree;
use super::{name, natural};
use crate::row;
use crate::seal::{Log, broken};
use crate::services::Services;

/// How far a rehearsal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drilled {
    /// No month is in the archive.
    Nothing,
    /// It goes on from this place.
    Unfinished(Value),
    /// It is over, and this is its report: `outcome` is `restored` or `failed`, and then `alarm` says why.
    Ended(Value),
}

/// One log's part of the month.
struct Part<'a> {
    tenant: Uuid,
    manifest: Manifest,
    tree: Tree<'a>,
}

/// Goes on with a rehearsal from its place, or begins one, for about as long as it may take. What is not
/// what was sealed ends it with an alarm in its report.
///
/// # Errors
/// `dependency_unavailable`: it may be gone on with.
pub async fn drill(
    app: &App,
    services: &Services,
    place: Option<Value>,
    enough: Duration,
) -> Result<Drilled> {
    let time = Time { started: Instant::now(), enough };
    let months = Months::new(app, services);
    // A place that this version cannot read is none.
    let place = place.and_then(|place| serde_json::from_value(place).ok());
    let (mut place, tenants) = match months.begin_drill(place).await? {
        Begun::Nothing => return Ok(Drilled::Nothing),
        Begun::Ended(report) => return Ok(Drilled::Ended(report)),
        Begun::At(place, tenants) => (place, tenants),
    };
    let went = months.bring_back(&mut place, &tenants, time).await;
    let spent = u64::try_from(time.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    place.milliseconds = place.milliseconds.saturating_add(spent);
    match went {
        Ok(false) => Ok(Drilled::Unfinished(json!(place))),
        Ok(true) => months.end_drill(&place, None).await,
        Err(problem) if problem.code() == &problem::CHAIN_BROKEN => {
            months.end_drill(&place, Some(&problem.why())).await
        }
        Err(problem) => Err(problem),
    }
}

/// What there is to do.
enum Begun {
    Nothing,
    Ended(Value),
    At(Place, Vec<Uuid>),
}

impl<'a> Months<'a> {
    async fn begin_drill(&self, place: Option<Place>) -> Result<Begun> {
        let month = place.as_ref().map(|place| place.month);
        let drill = place.as_ref().map(|place| place.drill_id);
        let rows = place.as_ref().map(|place| row::signed(place.rows)).transpose()?;
        let params = [p::date(&month), p::uuid(&drill), p::int8(&rows)];
        let found = self.long(sql!("audit", "job_drill_begin"), &params).await?;
        let Some(row) = found.first() else { return Ok(Begun::Nothing) };
        if let Some(report) = row.get("report") {
            return Ok(Begun::Ended(report));
        }
        let (month, drill_id) = (row.get("month"), row.get("drill_id"));
        let same = place.filter(|place| place.drill_id == drill_id);
        let place = same.unwrap_or_else(|| Place::first(month, drill_id));
        Ok(Begun::At(place, row.get("tenants")))
    }

    /// Brings back log after log; whether that is all.
    async fn bring_back(&self, place: &mut Place, tenants: &[Uuid], time: Time) -> Result<bool> {
        while let Some(tenant) = tenants.get(place.logs) {
            let mut part = self.part(place.month, *tenant).await?;
            if !self.load(place, &mut part, time).await?
                || !self.read_again(place, &mut part, time).await?
            {
                return Ok(false);
            }
            (place.logs, place.files, place.after) = (place.logs + 1, 0, -1);
            if time.is_over() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The manifest is the log's own word, and the database knows the same files.
    async fn part(&self, month: NaiveDate, tenant: Uuid) -> Result<Part<'a>> {
        let log = Log::open(self.app, self.services, tenant).await?;
        let path = format!("{}/manifest", folder(tenant, &name(month)));
        let bytes = self.archived(&format!("{path}.json")).await?;
        let note = self.archived(&format!("{path}.note")).await?;
        let read = Manifest::read(&name(month), &bytes);
        let manifest = read.map_err(|error| broken(format!("{path}.json: {error}")))?;
        let note = Note::parse(&String::from_utf8_lossy(&note));
        let note = note.map_err(|error| broken(format!("{path}.note: {error}")))?;
        if !log.signs(&note) || note.text != manifest.statement(sha256(&bytes)) {
            return Err(broken(format!("{path}.json is not the one that was signed")));
        }
        let params = [p::uuid(&tenant), p::date(&month)];
        let rows = self.query(sql!("audit", "job_archive_files"), &params).await?;
        let known: Vec<File> = rows.iter().map(file).collect::<Result<_>>()?;
        let rows: u64 = known.iter().map(|file| file.rows).sum();
        if known != manifest.files || manifest.rows != rows {
            return Err(broken(format!("{path}.json names other files than were written")));
        }
        Ok(Part { tenant, manifest, tree: Tree::of_database(self.app, tenant, log.edge) })
    }

    /// Loads the files that are left; whether that is all of them.
    async fn load(&self, place: &mut Place, part: &mut Part<'_>, time: Time) -> Result<bool> {
        let keys = keys_of(self.app, part.tenant, place.month, false).await?;
        while let Some(file) = part.manifest.files.get(place.files) {
            let folder = folder(part.tenant, &name(place.month));
            let bytes = self.archived(&format!("{folder}/{}", file.name)).await?;
            let bad = |error: FileError| named(&folder, error);
            let mut contents = Contents::open(file, part.tenant, bytes).map_err(bad)?;
            let (mut seen, mut batch) = (0, Batch::default());
            loop {
                let next = contents.next_open(&mut part.tree, &keys).await.map_err(bad)?;
                let ended = next.is_none();
                if let Some(record) = next {
                    seen += 1;
                    // Those before it came with a chunk before.
                    if seen > place.taken {
                        place.sealed = folded(place.sealed, record.leaf_hash);
                        record.event.into_iter().for_each(|event| batch.push(event));
                    }
                }
                if batch.is_full() || ended {
                    self.put_aside(place, part.tenant, &mut batch).await?;
                    if !ended && time.is_over() {
                        return Ok(false);
                    }
                }
                if ended {
                    break;
                }
            }
            (place.files, place.taken) = (place.files + 1, 0);
            place.all_files += 1;
            place.bytes += file.bytes;
            if time.is_over() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn put_aside(&self, place: &mut Place, tenant: Uuid, batch: &mut Batch) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let (text, after) = (batch.take()?, row::signed(place.rows)?);
        let params = [
            p::uuid(&tenant),
            p::date(&place.month),
            p::uuid(&place.drill_id),
            p::int8(&after),
            p::text(&text),
        ];
        let put = self.query(sql!("audit", "job_drill_rows"), &params).await?;
        let put = natural(&put.one_or(&problem::NOT_FOUND)?, "rows")?;
        place.taken += put;
        place.rows += put;
        Ok(())
    }

    /// Reads the log again from the table and holds every event against the sealed tree; whether that
    /// is all of it.
    async fn read_again(&self, place: &mut Place, part: &mut Part<'_>, time: Time) -> Result<bool> {
        let limit = i32::try_from(PAGE).unwrap_or(i32::MAX);
        loop {
            let (tenant, month) = (p::uuid(&part.tenant), p::date(&place.month));
            let params = [tenant, month, p::int8(&place.after), p::int4(&limit)];
            let rows = self.query(sql!("audit", "job_drill_page"), &params).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let mut record = row::record(row)?;
                let leaf = part.tree.leaf(record.leaf_index).await.map_err(tree_problem)?;
                record.leaf_hash = leaf;
                let sound = record.sound(part.tenant, Some(leaf));
                let wrong =
                    |fault| broken(format!("what came back of log {}: {fault}", part.tenant));
                place.found = folded(place.found, sound.map_err(wrong)?);
                place.after = row::signed(record.leaf_index)?;
            }
            if time.is_over() {
                return Ok(false);
            }
        }
        if place.found == place.sealed {
            return Ok(true);
        }
        let of = part.tenant;
        Err(broken(format!("what came back of log {of} has another checksum than what was sealed")))
    }

    async fn end_drill(&self, place: &Place, why: Option<&str>) -> Result<Drilled> {
        let month = name(place.month);
        let mut report = json!({
            "month": month, "logs": place.logs, "files": place.all_files, "rows": place.rows,
            "bytes": place.bytes, "seconds": place.milliseconds.div_ceil(1_000),
            "checksum": hex(place.found),
        });
        if let Some(why) = why {
            report["alarm"] = json!(format!("{month} cannot be brought back: {why}"));
        }
        let params = [p::date(&place.month), p::uuid(&place.drill_id), p::json(&report)];
        let ended = self.long(sql!("audit", "job_drill_end"), &params).await?;
        Ok(Drilled::Ended(ended.one_or(&problem::NOT_FOUND)?.get("report")))
    }
}

/// What is wrong with a file, with its whole name.
fn named(folder: &str, error: FileError) -> Problem {
    match error {
        FileError::Tree(_) => of_file(error),
        of_its_own => broken(format!("{folder}/{of_its_own}")),
    }
}
