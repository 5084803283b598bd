//! Months of the audit log on their way out of the database and back (S0-133, S2-58, S4-124, X-14).

mod drill;
mod drill_faults;
mod guards;
mod readers;
mod restore;
mod rotation;
mod s3;
mod scene;
mod shredding;
mod shredding_races;
mod steps;
mod verify;

use std::sync::Arc;

use audit::months::{self, Archived, Months, Step};
use bytes::Bytes;
use chrono::NaiveDate;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use serde_json::Value;
use testkit::{Firm, TestApp, seals_with};
use wealth_core::audit::Record;

/// The month that is old enough: 13 months of heat end with it on the clock of the tests.
pub(super) const MONTH: &str = "2025-09";
/// The platform's own log.
pub(super) const PLATFORM: &str = "00000000-0000-0000-0000-000000000000";

/// Its first day.
pub(super) fn day() -> NaiveDate {
    format!("{MONTH}-01").parse().expect("a day")
}

/// An application with an archive in memory, and a sealed month of three logs.
pub(super) async fn old_month(events: u32) -> TestApp {
    old_month_in(Arc::new(InMemory::new()), events).await
}

/// The same with this archive: `events` of Meridian, a third of that of Harbour, two of the platform.
pub(super) async fn old_month_in(archive: Arc<dyn ObjectStore>, events: u32) -> TestApp {
    let mut app = TestApp::new().await;
    app.seals = seals_with(archive);
    app.execute(&format!("select audit.ensure_partitions('{MONTH}-01', 1)")).await;
    for (tenant, count) in [
        (Firm::Meridian.tenant_id().to_string(), events),
        (Firm::Harbour.tenant_id().to_string(), events / 3),
        (PLATFORM.to_owned(), 2),
    ] {
        write(&app, &tenant, count).await;
    }
    app.seal().await;
    app
}

/// Writes events into the old month, every one of them another.
pub(super) async fn write(app: &TestApp, tenant: &str, count: u32) {
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, occurred_at, recorded_at, actor_id, actor_type, actor_label, action,
             legacy_action, resource_type, resource_id, old_values, new_values, details, ip_address, user_agent,
             session_id, session_ref, request_id, transaction_name, outcome, reason, purpose)
         select '{tenant}', t.at, t.at + interval '1 ms',
                case when i % 3 > 0 then ('00000000-0000-7000-9000-00000000000' || i % 3)::uuid end,
                case when i % 3 > 0 then 'user' else 'system' end, 'Zoë ' || i,
                case when i % 2 = 0 then 'product.updated' else 'product.created' end,
                case when i % 2 = 0 then 'UPDATE_PRODUCT' else 'CREATE_PRODUCT' end, 'products', (i % 5)::text,
                case when i % 2 = 0 then jsonb_build_object('rate', 4.1000, 'n', i) end,
                jsonb_build_object('rate', 4.1000 + i, 'text', E'a\"b\\\\c\\nd ☃'), null,
                case when i % 4 = 0 then '2001:db8::1'::inet else '10.1.0.0/16'::inet end, 'agent/' || i,
                gen_random_uuid(), case when i % 7 = 0 then 'elsewhere' end, ('00000000-0000-4000-8000-' || lpad(to_hex(i / 2), 12, '0'))::uuid,
                'products_put', case when i % 9 = 0 then 'denied' else 'success' end, null, null
           from generate_series(1, {count}) i,
                lateral (select '{MONTH}-01Z'::timestamptz + make_interval(mins => i * 7, secs => 0.123456) as at) t"
    ))
    .await;
}

/// Archives everything that is due with files of so many rows; the steps.
pub(super) async fn steps(app: &TestApp, part_rows: u64) -> Vec<Step> {
    let months = Months::new(&app.app, &app.seals).with_part_rows(part_rows);
    let mut steps = Vec::new();
    while let Some(step) = months.step(None).await.expect("a step") {
        assert!(!matches!(step, Step::Waits(_)), "{step:?}");
        steps.push(step);
    }
    steps
}

/// A run of the job.
pub(super) async fn archive(app: &TestApp) -> Archived {
    tried(app).await.expect("a run")
}

/// The same, whatever comes of it.
pub(super) async fn tried(app: &TestApp) -> wealth_http::Result<Archived> {
    let enough = std::time::Duration::from_secs(60);
    months::run(&Months::new(&app.app, &app.seals), None, enough).await
}

/// The state of the month.
pub(super) async fn state(app: &TestApp) -> Option<String> {
    let found = app.sql("select state from audit.archive_months order by month").await;
    Some(found.first()?["state"].as_str()?.to_owned())
}

/// Whether the month's table is in the log, beside it, or gone.
pub(super) async fn table(app: &TestApp) -> &'static str {
    let found = app
        .sql("select c.relispartition as part from pg_class c where c.oid = to_regclass('audit.audit_events_2025_09')")
        .await;
    match found.first().map(|row| row["part"].as_bool()) {
        None => "gone",
        Some(Some(true)) => "attached",
        Some(_) => "beside",
    }
}

/// Every event of the month that a firm's log has in the database, as its row.
pub(super) async fn in_database(app: &TestApp) -> Vec<Value> {
    app.sql(&format!(
        "select to_jsonb(e) - 'xact' as event from audit.audit_events e
          where occurred_at >= '{MONTH}-01Z' and occurred_at < '2025-10-01Z' order by event_id"
    ))
    .await
}

/// The events that the archive has of a log's month, file by file.
pub(super) async fn in_archive(app: &TestApp, tenant: &str) -> Vec<Record> {
    let tenant = tenant.parse().expect("an id");
    let months = months::months_of(&app.seals.archive, tenant).await.expect("months");
    let mut records = Vec::new();
    for (month, manifest, _) in months {
        for file in manifest.expect("a manifest").files {
            let bytes = object(app, &format!("{tenant}/events/{month}/{}", file.name)).await;
            let rows = audit::columns::Rows::open(bytes).expect("a file");
            records.extend(rows.map(|row| row.expect("a row")));
        }
    }
    records
}

/// What stands in the archive under a name.
pub(super) async fn object(app: &TestApp, name: &str) -> Bytes {
    app.seals.archive.object(name).await.expect("the archive").expect(name)
}
