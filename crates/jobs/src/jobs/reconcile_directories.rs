//! The nightly comparison with the directories of the firms (S0-140). It keeps an account of its own
//! for each firm and day, and goes on where the last turn stopped (limits of the directory, large
//! firms): most turns find nothing left to do.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures_util::FutureExt;
use serde_json::{Value, json};
use wealth_http::Result;

use crate::registry::{Chunk, Context, Job, Period, Run, Scope, Work};

/// A chunk ends well before its lease does; a page and the patience that a directory asks for may
/// take half a minute more.
const ENOUGH: Duration = Duration::from_secs(60);

pub(super) const JOB: Job = Job {
    name: "reconcile-directories",
    about: "Compares each firm's people and groups with its directory and repairs what was lost.",
    schedule: "cron(*/5 1-5 * * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, run| chunk(context, run).boxed()),
};

async fn chunk(context: &Context<'_>, run: &Run) -> Result<Chunk> {
    let users = context.services.users().await?;
    let left = context.ends.saturating_duration_since(Instant::now()).min(ENOUGH);
    let budget = TimeDelta::from_std(left).unwrap_or_default();
    let compared = users::jobs::compare(context.app, users, run.id, None, budget).await?;
    let first = run.cursor.is_none();
    let tenants = if first { compared.reports.len() } else { 0 };
    // What the chunks before have to tell; a firm that is over is nothing new to them.
    let mut told: Vec<Value> =
        run.cursor.clone().and_then(|it| it.as_array().cloned()).unwrap_or_default();
    let news = compared.reports.into_iter();
    told.extend(news.filter(|report| first || report["status"] != "nothing_to_do"));
    let done = Chunk::last(json!({ "tenants": tenants })).reporting(json!({ "directories": told }));
    Ok(Chunk { next: compared.more.then(|| json!(told)), ..done })
}
