//! The rehearsal of a restore (S0-120): what was archived comes back, and nothing else changes.

use std::time::{Duration, Instant};

use audit::months::{self, Drilled};
use futures_util::future::join_all;
use jobs::{Order, Report};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::{Firm, TestApp};

use super::scene::Scene;
use super::{MONTH, PLATFORM, archive, day, in_archive, in_database, old_month, state};
use crate::audit::firm;

/// When the job comes first, and a quarter later.
pub(super) const FIRST: &str = "2026-11-21T12:00:00Z";
const SECOND: &str = "2027-01-01T05:00:00Z";
const THIRD: &str = "2027-04-01T05:00:00Z";

async fn fire(app: &TestApp, at: &str) -> Report {
    let at = at.parse().expect("an instant");
    app.clock.set(at);
    let order = Order { scheduled: at, tenant: None, date: None };
    let job = jobs::find("drill-restore").expect("the job");
    let ends = Instant::now() + Duration::from_secs(60);
    let done = jobs::run(&app.app, &app.jobs(), job, &order, ends).await;
    done.unwrap_or_else(|problem| panic!("{}", problem.summary()))
}

/// The report of the run of that instant, but for the time that it took.
pub(super) async fn reported(app: &TestApp, at: &str) -> Value {
    let done = fire(app, at).await;
    assert_eq!((done.done, &done.failed), (1, &Vec::new()), "{:?}", done.runs);
    timeless(done.runs[0].report.clone())
}

fn timeless(mut report: Value) -> Value {
    let seconds = report.as_object_mut().expect("a report").remove("seconds");
    assert!(seconds.is_some_and(|seconds| seconds.is_u64()), "{report}");
    report
}

/// What a sound rehearsal of the month says, made of nothing but the archive.
async fn sound(app: &TestApp) -> Value {
    let mut checksum = [0; 32];
    let mut rows = 0;
    for log in [PLATFORM.to_owned(), firm(), Firm::Harbour.tenant_id().to_string()] {
        for record in in_archive(app, &log).await {
            checksum = Sha256::digest([checksum, record.leaf_hash.0].concat()).into();
            rows += 1;
        }
    }
    let checksum: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    let files = app.sql("select count(*) as n, sum(bytes) as bytes from audit.archive_files").await;
    json!({"month": MONTH, "logs": 3, "files": files[0]["n"], "rows": rows, "bytes": files[0]["bytes"],
        "checksum": checksum, "outcome": "restored"})
}

/// Everything that a rehearsal leaves as it was: the log, and how far its months are.
pub(super) async fn world(app: &TestApp) -> Vec<Value> {
    app.sql(
        "select (select count(*) from audit.audit_events) as events, (select jsonb_agg(l order by l.tenant_id) from audit.logs l) as logs,
                (select jsonb_agg(m order by m.month) from audit.archive_months m) as months,
                (select jsonb_agg(f order by f.tenant_id, f.part) from audit.archive_files f) as files,
                (select jsonb_agg(i.inhrelid::regclass::text order by i.inhrelid::regclass::text) from pg_inherits i) as partitions,
                to_regclass('audit.drill_2025_09') as drill",
    )
    .await
}

/// One chunk that ends as soon as it may.
async fn step(app: &TestApp, place: Option<Value>) -> Drilled {
    months::drill(&app.app, &app.seals, place, Duration::ZERO).await.expect("a step")
}

pub(super) async fn place(app: &TestApp, before: Option<Value>) -> Value {
    match step(app, before).await {
        Drilled::Unfinished(place) => place,
        other => panic!("{other:?}"),
    }
}

/// Goes on to the end in the smallest chunks there are; how many there were, and the report.
pub(super) async fn finish(app: &TestApp, mut place: Option<Value>) -> (u32, Value) {
    for chunks in 1.. {
        match step(app, place).await {
            Drilled::Unfinished(next) => place = Some(next),
            Drilled::Ended(report) => return (chunks, timeless(report)),
            Drilled::Nothing => panic!("there is a month"),
        }
    }
    unreachable!("it ends")
}

/// Fired three times at once and once more.
#[tokio::test]
async fn a_month_is_brought_back_once_and_leaves_no_trace() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let before = world(app).await;
    let fired = join_all((0..3).map(|_| fire(app, FIRST))).await;
    assert_eq!(fired.iter().map(|report| report.done).sum::<u32>(), 1);
    let done = fired.iter().find(|report| report.done == 1).expect("a run");
    assert_eq!(json!(done.counts), json!({"months": 1, "events": 18}));
    assert_eq!(timeless(done.runs[0].report.clone()), sound(app).await);
    let again = fire(app, FIRST).await;
    assert_eq!((again.done, again.busy, again.failed), (0, 0, Vec::new()));
    assert_eq!(world(app).await, before);
    // What came of it is kept as long as the month is known, and the operator and the daily list see it.
    let kept = app.sql("select report from audit.archive_drills").await.remove(0);
    assert_eq!(timeless(kept["report"].clone()), sound(app).await);
    let status =
        app.sql("select state, report from jobs.status('drill-restore', null, null, 9)").await;
    assert_eq!((status.len(), &status[0]["state"]), (1, &json!("done")));
    assert_eq!(status[0]["report"], kept["report"]);
    let daily = app.sql("select jobs.daily_health('2026-11-21') as list").await.remove(0);
    assert_eq!(daily["list"]["restore_drill"]["outcome"], "restored");
}

#[tokio::test]
async fn without_an_archived_month_there_is_nothing_to_bring_back() {
    let app = old_month(3).await;
    let done = fire(&app, FIRST).await;
    assert_eq!(done.runs[0].report, json!({"reason": "no month is in the archive"}));
    assert_eq!(app.sql("select from audit.archive_drills").await.len(), 0);
}

/// Whose rehearsal is longest ago, those first that had none.
#[tokio::test]
async fn each_month_has_its_turn() {
    let app = old_month(3).await;
    app.execute(&format!(
        "select audit.ensure_partitions('2025-08-01', 1);
         insert into audit.audit_events (tenant_id, actor_type, action, occurred_at)
         values ('{}', 'system', 'old.written', '2025-08-03Z')",
        firm()
    ))
    .await;
    app.seal().await;
    archive(&app).await;
    // A month without events proves nothing.
    app.execute("insert into audit.archive_months (month, state) values ('2025-07-01', 'dropped')")
        .await;
    for (at, month) in [(FIRST, "2025-08"), (SECOND, MONTH), (THIRD, "2025-08")] {
        let report = reported(&app, at).await;
        assert_eq!((&report["month"], &report["outcome"]), (&json!(month), &json!("restored")));
    }
}

/// The smallest chunks there are come to the same, and whoever lost the table begins it anew.
#[tokio::test]
async fn a_rehearsal_goes_on_where_it_was_or_begins_anew() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let wanted = sound(app).await;
    let (chunks, report) = finish(app, None).await;
    assert!(chunks > 5, "{chunks}");
    assert_eq!(report, wanted);
    // A chunk died before its place was kept: more events are in the table than it says.
    let first = place(app, None).await;
    let mut kept = first.clone();
    loop {
        let next = place(app, Some(kept.clone())).await;
        if next["rows"] != kept["rows"] {
            break;
        }
        kept = next;
    }
    let anew = place(app, Some(kept)).await;
    assert_ne!(anew["drill_id"], first["drill_id"]);
    let there = "select count(*) as n from audit.drill_2025_09";
    assert_eq!(app.sql(there).await[0]["n"], anew["rows"]);
    // Whoever is late puts nothing into it.
    let (id, rows) = (&first["drill_id"], &anew["rows"]);
    let late =
        format!("select audit.job_drill_rows('{PLATFORM}', '{MONTH}-01', {id}, {rows}, '[]')")
            .replace('"', "'");
    assert_eq!(app.refusal(&late).await.as_deref(), Some("This rehearsal is in other hands"));
    assert_eq!(finish(app, Some(anew)).await.1, wanted);
    // The answer to the last chunk was lost: the report stands.
    let last = app
        .sql("select month, drill_id, (report -> 'rows')::bigint as rows from audit.archive_drills")
        .await;
    let (month, id) = (&last[0]["month"], &last[0]["drill_id"]);
    let kept =
        format!("select report from audit.job_drill_begin('{month}', '{id}', 0)").replace('"', "");
    assert_eq!(timeless(app.sql(&kept).await[0]["report"].clone()), wanted);
}

/// The process dies with half of the month in the table; the next delivery begins it anew.
#[tokio::test]
async fn a_process_that_dies_in_the_middle_is_followed_by_another() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let before = world(app).await;
    // Loading does not look at the leaves' table, reading again does.
    let lock = app.database.superuser().await;
    lock.batch_execute("begin; lock table audit.log_leaves in access exclusive mode")
        .await
        .unwrap();
    let blocked = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    let waits = async {
        while app.sql(blocked).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        report = fire(app, FIRST) => panic!("it came past the lock: {:?}", report.runs),
        () = waits => {}
    }
    lock.batch_execute("rollback").await.unwrap();
    let half = app.sql("select (select count(*) from audit.drill_2025_09) as there, rows from audit.archive_drills").await;
    assert_eq!(half, [json!({"there": 2, "rows": 2})]);
    // Nobody can tell yet that it is dead.
    assert_eq!((fire(app, FIRST).await.done, fire(app, FIRST).await.busy), (0, 1));
    app.execute(
        "update jobs.runs set lease_until = now() - interval '1 s' where state = 'running'",
    )
    .await;
    assert_eq!(reported(app, FIRST).await, sound(app).await);
    assert_eq!(world(app).await, before);
}

/// Neither knows of the other's table.
#[tokio::test]
async fn a_restore_a_hold_and_a_run_of_the_archive_go_their_way_meanwhile() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let wanted = sound(app).await;
    let begun = place(app, None).await;
    let hold = json!({"name": "x", "reason": "y", "scopes": [{"kind": "tenant"}]});
    app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
    assert_eq!(
        months::restore(&app.app, &app.seals, day(), |_, _| {}).await.expect("a restore"),
        18
    );
    let restored = in_database(app).await;
    assert_eq!((restored.len(), state(app).await.as_deref()), (18, Some("restored")));
    let further = place(app, Some(begun)).await;
    months::release(&app.app, &app.seals, day()).await.expect("a release");
    // The hold keeps the month in the log, and does not mind the rehearsal.
    assert!(archive(app).await.dropped.is_empty());
    assert_eq!(finish(app, Some(further)).await.1, wanted);
    assert_eq!(in_database(app).await, restored);
    // What is in the log is not in the archive alone: there is nothing to bring back.
    assert_eq!(step(app, None).await, Drilled::Nothing);
}

#[tokio::test]
async fn nobody_reads_the_table_of_a_rehearsal() {
    let scene = Scene::new().await;
    place(&scene.app, None).await;
    let open = scene
        .app
        .sql(
            "select r.rolname from pg_roles r
              where r.rolname in ('app_read_only', 'app_read_write', 'app_admin', 'application_role', 'jobs_service', 'wealth_test')
                and has_table_privilege(r.rolname, 'audit.drill_2025_09', 'select, insert, update, delete, truncate')
             union all
             select 'unfenced' from pg_class c where c.relname = 'drill_2025_09' and not (c.relrowsecurity and c.relforcerowsecurity)",
        )
        .await;
    assert_eq!(open, Vec::<Value>::new());
}
