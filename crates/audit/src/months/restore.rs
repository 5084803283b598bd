//! A month back in the log, read-only, and out of it again.

use bytes::Bytes;
use chrono::NaiveDate;
use uuid::Uuid;
use wealth_core::audit::Event;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Problem, Result};

use super::check::{Contents, problem};
use super::keys::keys_of;
use super::manifest::{self, File};
use super::put::file;
use super::step::Months;
use super::tree::Tree;
use super::{name, natural};
use crate::seal::{Log, archive_problem, broken};
use crate::services::Services;

/// Events that are put at once, and bytes of their values that are enough for it.
pub(super) const PAGE: usize = 2_000;
const PAGE_BYTES: usize = 8 << 20;

/// Events on their way into the database.
#[derive(Default)]
pub(super) struct Batch {
    events: Vec<Event>,
    bytes: usize,
}

impl Batch {
    pub(super) fn push(&mut self, event: Event) {
        let values = [&event.old_values, &event.new_values, &event.details];
        self.bytes += values.into_iter().flatten().map(|json| json.get().len()).sum::<usize>();
        self.events.push(event);
    }

    pub(super) fn is_full(&self) -> bool {
        self.events.len() >= PAGE || self.bytes >= PAGE_BYTES
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The events as the database takes them back; none is left.
    pub(super) fn take(&mut self) -> Result<String> {
        let events = std::mem::take(self).events;
        serde_json::to_string(&events).map_err(|error| Problem::internal(error.to_string()))
    }
}

/// Loads a month out of the archive and makes it a part of the log again, every event held against
/// the sealed tree on its way; how many there were. What was closed with a key that an
/// erasure destroyed comes back erased. `said` hears of each file.
///
/// # Errors
/// `state_conflict` unless the month was dropped, `chain_broken` for an archive that is not what was
/// sealed, else `dependency_unavailable`.
pub async fn restore(
    app: &App,
    services: &Services,
    month: NaiveDate,
    mut said: impl FnMut(&str, u64),
) -> Result<u64> {
    let months = Months::new(app, services);
    let begun = months.patiently(sql!("audit", "job_restore_begin"), &[p::date(&month)]).await?;
    let mut restored = 0;
    for row in begun {
        let tenant: Uuid = row.get("tenant_id");
        restored += months.restore_log(month, tenant, &mut said).await?;
    }
    loop {
        let made = months.patiently(sql!("audit", "job_restore_index"), &[p::date(&month)]).await?;
        if !made.first().is_some_and(|row| row.get("made")) {
            break;
        }
    }
    let rows = crate::row::signed(restored)?;
    let params = [p::date(&month), p::int8(&rows)];
    months.patiently(sql!("audit", "job_restore_attach"), &params).await?;
    Ok(restored)
}

/// Lets a restored month go: it is verified and dropped by the next run of the archive. Gives up a
/// restore that has not come to its end: whoever is at it is refused, at the latest when the events
/// are counted.
///
/// # Errors
/// `state_conflict` unless the month was restored or is being restored.
pub async fn release(app: &App, services: &Services, month: NaiveDate) -> Result<()> {
    let months = Months::new(app, services);
    months.patiently(sql!("audit", "job_archive_release"), &[p::date(&month)]).await?;
    Ok(())
}

impl Months<'_> {
    async fn restore_log(
        &self,
        month: NaiveDate,
        tenant: Uuid,
        said: &mut impl FnMut(&str, u64),
    ) -> Result<u64> {
        let log = Log::open(self.app, self.services, tenant).await?;
        let mut tree = Tree::of_database(self.app, tenant, log.edge);
        let params = [p::uuid(&tenant), p::date(&month)];
        let rows = self.query(sql!("audit", "job_archive_files"), &params).await?;
        let files: Vec<File> = rows.iter().map(file).collect::<Result<_>>()?;
        let keys = keys_of(self.app, tenant, month, false).await?;
        let mut restored = 0;
        for file in &files {
            let path = format!("{}/{}", manifest::folder(tenant, &name(month)), file.name);
            let bytes = self.archived(&path).await?;
            let mut contents = Contents::open(file, tenant, bytes).map_err(problem)?;
            let mut batch = Batch::default();
            while let Some(record) = contents.next_open(&mut tree, &keys).await.map_err(problem)? {
                record.event.into_iter().for_each(|event| batch.push(event));
                if batch.is_full() {
                    restored += self.put_back(month, tenant, &mut batch).await?;
                }
            }
            restored += self.put_back(month, tenant, &mut batch).await?;
            said(&path, file.rows);
        }
        Ok(restored)
    }

    /// What the archive has under this name.
    pub(super) async fn archived(&self, path: &str) -> Result<Bytes> {
        let bytes = self.services.archive.object(path).await.map_err(archive_problem)?;
        bytes.ok_or_else(|| broken(format!("{path} is missing")))
    }

    async fn put_back(&self, month: NaiveDate, tenant: Uuid, batch: &mut Batch) -> Result<u64> {
        if batch.is_empty() {
            return Ok(0);
        }
        let text = batch.take()?;
        let params = [p::uuid(&tenant), p::date(&month), p::text(&text)];
        let rows: Vec<Row> = self.query(sql!("audit", "job_restore_rows"), &params).await?;
        rows.first().map_or(Ok(0), |row| natural(row, "rows"))
    }
}
