//! One turn of a firm's comparison: as many pages as there is time for.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{Meter, Param, Row, Sql, p, sql};
use wealth_http::{App, Problem, Result, Row404};

use super::{Directory, DirectoryError, Page, Place};

/// How long nobody else takes the comparison up, in seconds: longer than a page and its keeping.
const LEASE: i32 = 60;
/// The longest that a turn waits for a directory that asks for patience.
const PATIENCE: Duration = Duration::from_secs(10);

/// A comparison in this process's hands.
pub(crate) struct Turn<'a> {
    app: &'a App,
    directory: Arc<dyn Directory>,
    tenant: Uuid,
    request: Uuid,
    run: Uuid,
    epoch: i32,
    ends: DateTime<Utc>,
}

/// What became of a turn.
enum Step {
    /// The place after this one, and the groups left there.
    On(Place, Vec<String>),
    /// Everything has been read.
    Read,
    /// Another has the comparison.
    Lost,
}

impl<'a> Turn<'a> {
    /// Takes the day's comparison up and goes on with it until it is over or `ends` has come. Gives
    /// what to report.
    pub(crate) async fn take(
        app: &'a App,
        directory: Arc<dyn Directory>,
        tenant: Uuid,
        request: Uuid,
        ends: DateTime<Utc>,
    ) -> Result<Value> {
        let (now, run) = (app.clock.now(), app.ids.next());
        let params = [
            p::uuid(&tenant),
            p::uuid(&run),
            p::int4(&LEASE),
            p::timestamptz(&now),
            p::uuid(&request),
        ];
        let rows = ask(app, sql!("users", "job_directory_start"), &params).await?;
        let Some(row) = rows.first() else {
            return Ok(json!({"status": "nothing_to_do"}));
        };
        let (run, epoch) = (row.get("run_id"), row.get("epoch"));
        let turn = Self { app, directory, tenant, request, run, epoch, ends };
        let place = serde_json::from_value(row.get("cursor"))
            .map_err(|error| Problem::internal(format!("stored cursor: {error}")))?;
        turn.go(place, row.get("groups_left")).await
    }

    async fn go(self, mut place: Place, mut groups: Vec<String>) -> Result<Value> {
        loop {
            if let Some(next) = between(&place, &groups) {
                let Some(next) = next else { return self.finish().await };
                place = next;
            }
            if self.app.clock.now() >= self.ends {
                return self.stop(&place, "It goes on with the next turn").await;
            }
            let page = match self.page(&place).await {
                Ok(page) => page,
                Err(error) => return self.stop(&place, &error.to_string()).await,
            };
            match self.keep(&place, &page).await? {
                Step::On(next, left) => (place, groups) = (next, left),
                Step::Read => return self.finish().await,
                Step::Lost => return Ok(json!({"status": "lost"})),
            }
        }
    }

    /// A page, waited for once if the directory asks for a patience that we have.
    async fn page(&self, place: &Place) -> std::result::Result<Page, DirectoryError> {
        match self.directory.page(place).await {
            Err(DirectoryError::Wait(long)) if long <= PATIENCE && self.has(long) => {
                tokio::time::sleep(long).await;
                self.directory.page(place).await
            }
            answer => answer,
        }
    }

    fn has(&self, long: Duration) -> bool {
        TimeDelta::from_std(long).is_ok_and(|long| self.app.clock.now() + long < self.ends)
    }

    async fn keep(&self, place: &Place, page: &Page) -> Result<Step> {
        let next = place.clone().after(page.next.clone());
        let left = self.put(&json!(page.entries), &next, LEASE, None).await?;
        let Some(left) = left else { return Ok(Step::Lost) };
        match between(&next, &left) {
            Some(None) => Ok(Step::Read),
            _ => Ok(Step::On(next, left)),
        }
    }

    /// Lets the comparison go, to be taken up by the next turn.
    async fn stop(&self, place: &Place, reason: &str) -> Result<Value> {
        self.put(&json!([]), place, 0, Some(reason)).await?;
        Ok(json!({"status": "reading", "reason": reason}))
    }

    async fn put(
        &self,
        entries: &Value,
        place: &Place,
        lease: i32,
        reason: Option<&str>,
    ) -> Result<Option<Vec<String>>> {
        let (now, cursor) = (self.app.clock.now(), json!(place));
        let params = [
            p::uuid(&self.tenant),
            p::uuid(&self.run),
            p::int4(&self.epoch),
            p::json(entries),
            p::json(&cursor),
            p::int4(&lease),
            p::text(&reason),
            p::timestamptz(&now),
            p::uuid(&self.request),
        ];
        let rows = ask(self.app, sql!("users", "job_directory_keep"), &params).await?;
        Ok(rows.one_or(&problem::NOT_FOUND)?.get("groups_left"))
    }

    async fn finish(&self) -> Result<Value> {
        let now = self.app.clock.now();
        let params = [
            p::uuid(&self.tenant),
            p::uuid(&self.run),
            p::int4(&self.epoch),
            p::timestamptz(&now),
            p::uuid(&self.request),
        ];
        let rows = ask(self.app, sql!("users", "job_directory_finish"), &params).await?;
        let report: Option<Value> = rows.one_or(&problem::NOT_FOUND)?.get("report");
        Ok(report.unwrap_or_else(|| json!({"status": "lost"})))
    }
}

impl Place {
    /// The place behind a page whose directory says that `more` comes.
    fn after(self, more: Option<String>) -> Self {
        match (self, more) {
            (Self::People { .. }, Some(next)) => Self::People { next: Some(next) },
            (Self::People { .. }, None) => Self::Groups { next: None },
            (Self::Groups { .. }, Some(next)) => Self::Groups { next: Some(next) },
            (Self::Groups { .. }, None) => Self::Members { after: None, group: None, next: None },
            (Self::Members { after, group, .. }, Some(next)) => {
                Self::Members { after, group, next: Some(next) }
            }
            (Self::Members { group, .. }, None) => {
                Self::Members { after: group, group: None, next: None }
            }
        }
    }
}

/// Between two groups: the place of the next one, `Some(None)` when none is left.
fn between(place: &Place, left: &[String]) -> Option<Option<Place>> {
    match place {
        Place::Members { after, group: None, .. } => Some(left.first().map(|group| {
            Place::Members { after: after.clone(), group: Some(group.clone()), next: None }
        })),
        _ => None,
    }
}

async fn ask(app: &App, sql: Sql, params: &[Param<'_>]) -> Result<Vec<Row>> {
    Ok(app.db.system_query(sql, params, &Meter::default()).await?)
}
