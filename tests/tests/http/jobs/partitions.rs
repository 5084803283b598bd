//! Months of the audit log, made before they are needed (S2-30, C2-03; rules.md §3).

use serde_json::json;
use testkit::{TestApp, cusip};

use super::{call, report, runs};

const LAST: &str =
    "select max(relname) as name from pg_class where relname ~ '^audit_events_20.._..$'";

async fn last(app: &TestApp) -> String {
    app.sql(LAST).await[0]["name"].as_str().expect("a name").to_owned()
}

/// As if the clock had jumped past the months that are made: those from this one on are gone.
async fn jump(app: &TestApp) {
    app.execute(
        "do $$ declare t record; begin
             for t in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
                       where i.inhparent = 'audit.audit_events'::regclass
                         and c.relname >= 'audit_events_' || to_char(now() at time zone 'UTC', 'YYYY_MM') loop
                 execute format('drop table audit.%I', t.relname);
             end loop; end $$",
    )
    .await;
}

#[tokio::test]
async fn months_of_the_audit_log_are_made_six_ahead() {
    let app = TestApp::new().await;
    let before = last(&app).await;
    let quiet = report(&app, "make-audit-partitions", "2026-11-21T12:00:00Z").await;
    assert_eq!(quiet.runs[0].report, json!({"months_ahead": 6}));
    assert_eq!((quiet.counts["made"].as_i64(), last(&app).await), (Some(0), before));
    app.execute(
        "insert into audit.audit_events (tenant_id, occurred_at, actor_type, action)
         select '00000000-0000-0000-0000-000000000000', day, 'system', 'test'
           from unnest(array['2026-11-30T23:59:59Z', '2027-05-31T23:59:59Z']::timestamptz[]) day",
    )
    .await;
}

/// A clock that jumps four months ahead, when as many as ever are made: nothing fails, and it rings.
#[tokio::test]
async fn a_clock_that_jumps_four_months_rings_while_two_are_left() {
    let app = TestApp::new().await;
    // Years after the last migration this job alone has made them.
    let there = report(&app, "make-audit-partitions", "2030-11-30T12:00:00Z").await;
    let rang = "only -1 months of the audit log were made ahead";
    assert_eq!(
        (&there.runs[0].report["alarm"], there.counts["made"].as_i64()),
        (&json!(rang), Some(7))
    );
    assert_eq!(last(&app).await, "audit_events_2031_05");
    let jumped = report(&app, "make-audit-partitions", "2031-03-30T12:00:00Z").await;
    let rang = "only 2 months of the audit log were made ahead";
    assert_eq!(jumped.runs[0].report, json!({"months_ahead": 6, "alarm": rang}));
    assert_eq!(
        (jumped.counts["made"].as_i64(), last(&app).await.as_str()),
        (Some(4), "audit_events_2031_09")
    );
    let next = report(&app, "make-audit-partitions", "2031-03-31T12:00:00Z").await;
    assert_eq!(
        (&next.runs[0].report, next.counts["made"].as_i64()),
        (&json!({"months_ahead": 6}), Some(0))
    );
}

/// Something stands in the way of the next month: it rings on each of the days on which events can
/// still be written, for as many months as were made.
#[tokio::test]
async fn a_job_that_cannot_make_them_rings_long_before_a_write_fails() {
    let app = TestApp::new().await;
    report(&app, "make-audit-partitions", "2030-11-30T12:00:00Z").await;
    app.execute("create table audit.audit_events_2031_06 ()").await;
    let beside = report(&app, "make-audit-partitions", "2030-12-01T12:00:00Z").await;
    let rang = "only 5 months of the audit log are made ahead and no more can be";
    assert_eq!(beside.runs[0].report, json!({"months_ahead": 5, "alarm": rang}));
    // The same with what the server refuses: each day's run fails, which rings, too.
    app.execute(
        "drop table audit.audit_events_2031_06;
         create table audit.odd partition of audit.audit_events
             for values from ('2031-06-10 00:00:00+00') to ('2031-06-11 00:00:00+00');
         alter table audit.odd owner to wealth_owner",
    )
    .await;
    for day in ["2030-12-02", "2030-12-03"] {
        for _ in 0..3 {
            let refused = call(&app, "make-audit-partitions", &format!("{day}T12:00:00Z")).await;
            assert!(refused.is_err_and(|why| why.contains("unexpected database error")), "{day}");
        }
    }
    assert_eq!(
        runs(&app, "make-audit-partitions").await,
        ["0 2030-11-30 done", "0 2030-12-01 done", "0 2030-12-02 failed", "0 2030-12-03 failed"]
    );
    app.execute(
        "insert into audit.audit_events (tenant_id, occurred_at, actor_type, action)
         values ('00000000-0000-0000-0000-000000000000', '2031-05-31T23:59:59Z', 'system', 'test')",
    )
    .await;
}

/// Without its month no event can be written, and nothing happens without its event.
#[tokio::test]
async fn a_change_without_a_month_for_its_event_is_refused_whole_and_can_be_made_afterwards() {
    let app = TestApp::new().await;
    jump(&app).await;
    let body = json!({"cusip": cusip(1), "product_name": "Sure", "product_type": "CD", "base_rate": "4.0000"});
    let refused = app.admin().post("/v1/products", body.clone()).await.expect(500);
    let mut problem = refused.body.clone();
    let id = problem.as_object_mut().and_then(|problem| problem.remove("request_id"));
    assert!(id.is_some_and(|id| id.is_string()), "{}", refused.body);
    assert_eq!(
        problem,
        json!({"type": "urn:wealth:problem:internal-error", "title": "An internal error", "status": 500,
            "code": "internal_error", "detail": "This is a fault on our side. It has been logged under the request id."})
    );
    let written = "select (select count(*) from products.products) + (select count(*) from rates.rate_history)
        + (select count(*) from products.product_versions) + (select count(*) from platform.idempotency_keys)
        + (select count(*) from audit.audit_events) as n";
    assert_eq!(app.sql(written).await, [json!({"n": 0})]);
    // Reading goes on; and the job, which needs no event for it, makes the months.
    app.admin().get("/v1/products").await.expect(200);
    let made = report(&app, "make-audit-partitions", "2026-11-21T12:00:00Z").await;
    let rang = "only -1 months of the audit log were made ahead";
    assert_eq!(made.runs[0].report, json!({"months_ahead": 6, "alarm": rang}));
    app.admin().post("/v1/products", body).await.expect(201);
}

#[tokio::test]
async fn an_event_in_a_default_partition_rings() {
    let app = TestApp::new().await;
    // The schema has none (docs/adr/0016); whoever makes one is told when something lies in it.
    app.execute(
        "create table audit.astray partition of audit.audit_events default;
         alter table audit.astray owner to wealth_owner",
    )
    .await;
    let quiet = report(&app, "make-audit-partitions", "2026-11-21T12:00:00Z").await;
    assert_eq!(quiet.runs[0].report, json!({"months_ahead": 6}));
    app.execute(
        "insert into audit.audit_events (tenant_id, occurred_at, actor_type, action)
         values ('00000000-0000-0000-0000-000000000000', '2040-01-01', 'system', 'test')",
    )
    .await;
    let rings = report(&app, "make-audit-partitions", "2026-11-22T12:00:00Z").await;
    let alarm = "events lie in the DEFAULT partition of the audit log";
    assert_eq!(rings.runs[0].report, json!({"months_ahead": 6, "alarm": alarm}));
}
