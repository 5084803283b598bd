//! The job of erasure: what events tell about a person is destroyed, and the commitments to it are
//! left in its place, so that every leaf and proof stays what it was (docs/adr/0015).

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::audit::{CanonicalError, Event, Hash, Part};
use wealth_db::{Meter, Row, p, sql};
use wealth_http::{App, Problem, Result};

use crate::row;

/// Events erased in one transaction.
const CHUNK: i32 = 1_000;
/// When a run stops taking more: the next one goes on.
const ENOUGH: Duration = Duration::from_secs(15);
/// How long a statement may take that looks through all of a log for what is left of a person.
const LONG: Duration = Duration::from_secs(120);

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shredded {
    /// Erasures that were visited.
    pub erasures: u64,
    /// Events of which a part was destroyed.
    pub events: u64,
    /// Whether there was more to do than time.
    pub more: bool,
}

/// Erases the audit log as far as executing erasure requests ask for it. May be run at any time: a
/// run that died left whole events or erased ones, and the next one goes on. What is under a legal
/// hold waits for the hold's release. One erasure's failure keeps no other waiting; the run fails in
/// the end and names it.
///
/// # Errors
/// `dependency_unavailable`: some erasure could not go on.
pub async fn shred(app: &App) -> Result<Shredded> {
    let started = Instant::now();
    let waiting = sql!("audit", "erasures_to_run");
    let found = app.db.system_query(waiting, &[], &Meter::default()).await?;
    let (mut shredded, mut failed) = (Shredded::default(), Vec::new());
    for row in found {
        let erasure =
            Erasure { tenant: row.get("tenant_id"), id: row.get("erasure_id"), after: None };
        let name = format!("{} of {}", erasure.id, erasure.tenant);
        shredded.erasures += 1;
        if let Err(problem) = erasure.run(app, started, &mut shredded).await {
            failed.push(format!("{name}: {}", problem.why()));
        }
        shredded.more |= started.elapsed() >= ENOUGH;
    }
    tracing::info!(
        erasures = shredded.erasures,
        events = shredded.events,
        failed = failed.len(),
        "audit log erased"
    );
    if failed.is_empty() {
        Ok(shredded)
    } else {
        Err(Problem::unavailable(format!("not erased: {}", failed.join("; "))))
    }
}

/// An erasure request that is being executed.
struct Erasure {
    tenant: Uuid,
    id: Uuid,
    /// The last event that this run took, in the log's order.
    after: Option<(DateTime<Utc>, Uuid)>,
}

impl Erasure {
    /// Erases until there is nothing left, or no time.
    async fn run(mut self, app: &App, started: Instant, shredded: &mut Shredded) -> Result<()> {
        while started.elapsed() < ENOUGH {
            match self.step(app).await? {
                Some(events) if events > 0 => shredded.events += events,
                _ => break,
            }
        }
        Ok(())
    }

    /// Erases the next events; how many. With none left it ends with its certificate.
    async fn step(&mut self, app: &App) -> Result<Option<u64>> {
        let (now, request) = (app.clock.now(), app.ids.next());
        let (at, id) = self.after.unzip();
        let params = [
            p::uuid(&self.tenant),
            p::uuid(&self.id),
            p::timestamptz(&now),
            p::uuid(&request),
            p::int4(&CHUNK),
            p::timestamptz(&at),
            p::uuid(&id),
        ];
        let take = sql!("audit", "job_erasure_take");
        let rows = app.db.long_query(LONG, take, &params, &Meter::default()).await?;
        let last = rows.last().map(|row| (row.get("occurred_at"), row.get("event_id")));
        self.after = last.or(self.after);
        let parts: Value = rows.iter().map(erased).collect::<Result<_>>()?;
        let params = [
            p::uuid(&self.tenant),
            p::uuid(&self.id),
            p::timestamptz(&now),
            p::uuid(&request),
            p::json(&parts),
        ];
        let put = sql!("audit", "job_erasure_put");
        let rows = app.db.long_query(LONG, put, &params, &Meter::default()).await?;
        Ok(rows.first().and_then(|row| u64::try_from(row.get::<_, i64>("erased")).ok()))
    }
}

/// What is left of an event: the commitment to each part that goes, the key of one that stays.
fn erased(row: &Row) -> Result<Value> {
    let event = row::event(row)?;
    let both = [(Part::Actor, row.get("erase_actor")), (Part::Content, row.get("erase_content"))];
    let [(actor, actor_key), (content, content_key)] =
        both.map(|(part, goes)| left_of(&event, part, goes));
    let text = |hash: Result<Option<Hash>, CanonicalError>| {
        let hash = hash.map_err(|error| Problem::internal(format!("{}: {error}", event.event_id)));
        Ok::<_, Problem>(hash?.map(|hash| STANDARD.encode(hash.0)))
    };
    Ok(json!({
        "id": event.event_id,
        "at": event.occurred_at,
        "actor": text(actor)?,
        "content": text(content)?,
        "actor_key": text(actor_key)?,
        "content_key": text(content_key)?,
    }))
}

type Left = (Result<Option<Hash>, CanonicalError>, Result<Option<Hash>, CanonicalError>);

fn left_of(event: &Event, part: Part, goes: bool) -> Left {
    if goes {
        (event.commitment(part).map(Some), Ok(None))
    } else {
        (Ok(None), Ok(event.key(part)))
    }
}
