//! A month of the audit log on its way to the archive and back: the drill of docs/runbooks/audit-archive.md.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use audit::months::manifest::folder;
use audit::months::tree::Tree;
use audit::months::{self, Contents, Months, Step};
use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use testkit::{Firm, TestApp, seals_with};
use tokio_postgres::Client;
use wealth_core::audit::{Checkpoint, VerifierKey};

use crate::report::{Limit, Report};

/// Events of the month unless ARCHIVE_EVENTS says otherwise.
const EVENTS: u32 = 1_000_000;

/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    let events = std::env::var("ARCHIVE_EVENTS").ok().and_then(|text| text.parse().ok());
    let events: u32 = events.unwrap_or(EVENTS);
    report.section(&format!("A month of {events} audit events archived and restored"));
    let place = std::env::temp_dir().join(format!("wealth-bench-archive-{}", std::process::id()));
    std::fs::create_dir_all(&place)?;
    let mut app = TestApp::new().await;
    app.seals = seals_with(Arc::new(LocalFileSystem::new_with_prefix(&place)?));
    let measured = drill(report, &app, events).await;
    std::fs::remove_dir_all(&place)?;
    measured
}

async fn drill(report: &mut Report, app: &TestApp, events: u32) -> Result<()> {
    let superuser = app.database.superuser().await;
    superuser.batch_execute("select audit.ensure_partitions('2025-09-01', 1)").await?;
    make(&superuser, events).await?;
    superuser.batch_execute("vacuum analyze audit.audit_events_2025_09").await?;
    let mut sealed = 0;
    while sealed < u64::from(events) {
        let run = app.seal_once().await;
        sealed += run.map_err(|problem| anyhow::anyhow!(problem.summary()))?.leaves;
    }
    superuser.batch_execute("vacuum analyze audit.log_leaves, audit.log_tiles").await?;
    let month: NaiveDate = "2025-09-01".parse()?;
    let per_second = |seconds: f64| f64::from(events) / seconds;

    let copied = copy(&superuser).await?;
    report.figure("  COPY of the month, binary", per_second(copied.0), "events/s", Limit::None);
    report.figure("  its length", copied.1 / f64::from(events), "bytes/event", Limit::None);
    let taken = archive(app).await?;
    for (name, seconds) in [
        ("closing and counting", taken.begun),
        ("writing", taken.wrote),
        ("reading back and hashing", taken.verified),
        ("detaching and dropping", taken.dropped),
    ] {
        report.figure(&format!("  {name}"), seconds, "s", Limit::None);
    }
    let whole = taken.begun + taken.wrote + taken.verified + taken.dropped;
    report.figure("archiving", per_second(whole), "events/s", Limit::None);
    report.figure("writing against COPY", taken.wrote / copied.0, "x", Limit::None);
    report.figure("archiving against COPY", whole / copied.0, "x", Limit::None);

    let (verified, bytes) = offline(app).await?;
    report.figure("the archive's length", bytes / f64::from(events), "bytes/event", Limit::None);
    report.figure("the archive's length against COPY", bytes / copied.1, "x", Limit::None);
    report.figure("verifying the archive offline", per_second(verified), "events/s", Limit::None);

    let started = Instant::now();
    let restored = months::restore(&app.app, &app.seals, month, |_, _| {}).await;
    let restored = restored.map_err(|problem| anyhow::anyhow!(problem.summary()))?;
    let seconds = started.elapsed().as_secs_f64();
    ensure!(restored == u64::from(events), "{restored} events restored");
    report.figure("restoring", per_second(seconds), "events/s", Limit::None);
    report.figure("restoring against COPY out", seconds / copied.0, "x", Limit::None);
    let again = copy(&superuser).await?.1;
    ensure!((again - copied.1).abs() < f64::EPSILON, "{again} bytes came back of {}", copied.1);
    Ok(())
}

/// Events as a product's changes leave them, without indexes and triggers on their way in. The log
/// has the events of one transaction in the order of their ids; these rise with time by
/// the thousand, as if each thousand were a transaction.
async fn make(superuser: &Client, events: u32) -> Result<()> {
    let rows = format!(
        "insert into audit.audit_events (tenant_id, event_id, occurred_at, recorded_at, actor_id, actor_type, actor_label, action,
             resource_type, resource_id, ip_address, user_agent, request_id, transaction_name, old_values, new_values)
         select '{}', (lpad(to_hex(n / 1000), 8, '0') || substr(gen_random_uuid()::text, 9))::uuid, t.at, t.at, '00000000-0000-7000-9000-000000000a01', 'user', 'Ada admin', 'products.updated',
                'products', gen_random_uuid()::text, '203.0.113.7', 'bench', gen_random_uuid(), 'products_put',
                v || '{{\"base_rate\": 4.1000}}', v || '{{\"base_rate\": 4.2000}}'
           from generate_series(1, {events}) n,
                lateral (select '2025-09-01Z'::timestamptz + n * interval '0.2 s' as at) t,
                lateral (select jsonb_build_object('product_name', 'Harbor CD ' || n, 'cusip', n::text,
                    'minimum_investment', 1000.00, 'description', repeat('word ', 20)) as v) x;",
        Firm::Meridian.tenant_id()
    );
    let all =
        [include_str!("plans/set_aside.sql"), &rows, include_str!("plans/set_back.sql")].concat();
    let text = all
        .replace(":tables", "audit.audit_events")
        .replace(":all", "true")
        .replace(":expensive", "x");
    superuser.batch_execute(&text).await.context("events")
}

/// Seconds and bytes.
async fn copy(superuser: &Client) -> Result<(f64, f64)> {
    let columns = "tenant_id, event_id, occurred_at, recorded_at, actor_id, actor_type, actor_label, action,
        legacy_action, resource_type, resource_id, old_values, new_values, details, ip_address, user_agent, session_id,
        session_ref, request_id, transaction_name, outcome, reason, purpose, salt";
    let text = format!(
        "copy (select {columns} from audit.audit_events where occurred_at < '2025-10-01Z') to stdout (format binary)"
    );
    let started = Instant::now();
    let chunks = superuser.copy_out(&text).await?;
    let bytes = chunks.try_fold(0.0, |n, chunk: Bytes| {
        std::future::ready(Ok(n + u32::try_from(chunk.len()).map_or(0.0, f64::from)))
    });
    let bytes = bytes.await?;
    Ok((started.elapsed().as_secs_f64(), bytes))
}

#[derive(Default)]
struct Taken {
    begun: f64,
    wrote: f64,
    verified: f64,
    dropped: f64,
}

async fn archive(app: &TestApp) -> Result<Taken> {
    let months = Months::new(&app.app, &app.seals);
    let mut taken = Taken::default();
    loop {
        let started = Instant::now();
        let step = months.step(None).await;
        let step = step.map_err(|problem| anyhow::anyhow!(problem.summary()))?;
        let seconds = started.elapsed().as_secs_f64();
        match step {
            None => return Ok(taken),
            Some(Step::Begun(_)) => taken.begun += seconds,
            Some(Step::Wrote { .. } | Step::Written(_)) => taken.wrote += seconds,
            Some(Step::Verified(_) | Step::Proven(_)) => taken.verified += seconds,
            Some(Step::Detached(_) | Step::Dropped(_)) => taken.dropped += seconds,
            Some(Step::Waits(why)) => anyhow::bail!(why),
        }
    }
}

/// Verifies the archive with nothing but a head; seconds, and the length of its files.
async fn offline(app: &TestApp) -> Result<(f64, f64)> {
    let head = app.system_admin().get("/v1/audit/checkpoint").await.expect(200).body;
    let keys: [VerifierKey; 1] = [head["verifier_key"].as_str().context("a key")?.parse()?];
    let trusted = Checkpoint::open(head["note"].as_str().context("a note")?, &keys)?;
    let (tenant, archive) = (Firm::Meridian.tenant_id(), &app.seals.archive);
    let started = Instant::now();
    let (mut tree, _) = Tree::of_archive(archive, tenant, &keys, &trusted).await?;
    let mut length = 0.0;
    for (month, manifest, _) in months::months_of(archive, tenant).await? {
        for file in &manifest.context("a manifest")?.files {
            let bytes =
                archive.object(&format!("{}/{}", folder(tenant, &month), file.name)).await?;
            let bytes = bytes.context("a file")?;
            length += u32::try_from(bytes.len()).map_or(0.0, f64::from);
            let mut contents = Contents::open(file, tenant, bytes)?;
            while contents.next(&mut tree).await?.is_some() {}
        }
    }
    Ok((started.elapsed().as_secs_f64(), length))
}
