//! What the jobs themselves do.

use futures_util::future::join_all;
use jobs::JOBS;
use serde_json::json;
use testkit::{Firm, TestApp};

use super::{call, event, report, runs, send, told, windows};

#[tokio::test]
async fn every_job_comes_to_its_end_and_leaves_a_report_row() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &["2026-11-21"]).await;
    for job in JOBS {
        let answer = call(&app, job.name, "2026-11-21T12:00:00Z").await;
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", job.name));
        assert!(answer["done"].as_u64() > Some(0), "{}: {answer}", job.name);
    }
    let open = app.sql("select job, state, error from jobs.runs where state <> 'done'").await;
    assert!(open.is_empty(), "{open:?}");
    let told =
        app.sql("select count(distinct job) as jobs from jobs.runs where finished_at is not null");
    assert_eq!(told.await, [json!({"jobs": JOBS.len()})]);
}

/// Threat 33 of rules.md.
#[tokio::test]
async fn every_job_fired_three_times_at_once_and_once_more_is_done_once() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &["2026-11-20", "2026-11-21"]).await;
    let at = "2026-11-21T12:00:00Z";
    for job in JOBS.iter().filter(|job| job.name != "catch-up") {
        let fired = join_all((0..3).map(|_| send(&app, event(job.name, at)))).await;
        let done = fired.iter().map(|it| it.as_ref().expect(job.name)["done"].as_u64());
        let runs =
            app.sql(&format!("select state from jobs.runs where job = '{}'", job.name)).await;
        assert_eq!(done.sum::<Option<u64>>(), u64::try_from(runs.len()).ok(), "{}", job.name);
        assert!(runs.iter().all(|run| run["state"] == "done"), "{}: {runs:?}", job.name);
        let again = send(&app, event(job.name, at)).await.expect(job.name);
        assert_eq!((&again["done"], &again["busy"]), (&json!(0), &json!(0)), "{}", job.name);
    }
    assert_eq!(told(&app, Firm::Meridian).await, ["opened 2026-11-21 1", "closed 2026-11-21 1"]);
}

#[tokio::test]
async fn stored_answers_go_when_their_day_is_over() {
    let app = TestApp::new().await;
    app.execute(
        "insert into platform.idempotency_keys (tenant_id, user_id, key, operation, fingerprint, created_at, expires_at)
         select t.tenant_id, t.tenant_id, key, 'x', '\\x00', '2026-11-01',
                case key when 'old' then timestamptz '2026-11-21T11:59:59Z' else '2026-11-21T12:00:00Z' end
           from tenants.tenants t, unnest(array['old', 'new']) key",
    )
    .await;
    let done = call(&app, "purge-idempotency-keys", "2026-11-21T12:00:00Z").await.unwrap();
    assert_eq!(done["counts"], json!({"idempotency_keys": 2}));
    let left = "select key, count(*) as n from platform.idempotency_keys group by key";
    assert_eq!(app.sql(left).await, [json!({"key": "new", "n": 2})]);
}

#[tokio::test]
async fn a_day_is_counted_when_it_is_over_and_again_the_same() {
    let app = TestApp::new().await;
    let admin = app.admin();
    windows(&app, Firm::Meridian, 1, &["2026-11-21"]).await;
    admin.get("/v1/products").await.expect(200);
    let today = app.sql("select (now() at time zone 'America/New_York')::date::text as day").await;
    let day: chrono::NaiveDate = today[0]["day"].as_str().unwrap().parse().unwrap();
    // The log's own clock is the server's.
    let night = (day + chrono::Days::new(1)).and_hms_opt(6, 0, 0).unwrap().and_utc();
    let night = night.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let done = report(&app, "refresh-roll-ups", &night).await;
    assert_eq!(done.counts["activity"], 1, "{:?}", done.runs);
    let counted = "select business_date::text as day, sessions, comparisons, actions > 0 as acted from users.activity_daily";
    let wanted = [json!({"day": day.to_string(), "sessions": 0, "comparisons": 0, "acted": true})];
    assert_eq!(app.sql(counted).await, wanted);
    app.execute("update jobs.runs set state = 'waiting', finished_at = null, cursor = null").await;
    report(&app, "refresh-roll-ups", &night).await;
    assert_eq!(app.sql(counted).await, wanted);
}

#[tokio::test]
async fn old_runs_are_forgotten_by_their_kind() {
    let app = TestApp::new().await;
    app.execute(
        "insert into jobs.runs (tenant_id, job, business_date, turn, scheduled_at, state, finished_at)
         select '00000000-0000-0000-0000-000000000000', k.job, date '2026-11-21' - k.age, k.turn, now(), k.state,
                case when k.state <> 'waiting' then now() end
           from (values ('turn-7', 7, now(), 'done'), ('turn-8', 8, now(), 'done'), ('day-730', 730, null, 'done'),
                        ('day-731', 731, null, 'skipped'), ('bad-365', 365, now(), 'failed'),
                        ('bad-366', 366, now(), 'failed'), ('open', 9999, null, 'waiting'))
             as k(job, age, turn, state)",
    )
    .await;
    let done = call(&app, "purge-runs", "2026-11-21T12:00:00Z").await.unwrap();
    assert_eq!(done["counts"], json!({"runs": 3}));
    let left = app.sql("select job from jobs.runs where job <> 'purge-runs' order by job").await;
    let left: Vec<&str> = left.iter().map(|row| row["job"].as_str().unwrap()).collect();
    assert_eq!(left, ["bad-365", "day-730", "open", "turn-7"]);
}

#[tokio::test]
async fn rates_come_into_force_at_each_firms_midnight() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &[]).await;
    let product = app.sql("select product_id::text as id from products.products").await;
    let path = format!("/v1/products/{}/rates", product[0]["id"].as_str().unwrap());
    let rate = json!({"base_rate": "6.0000", "effective_date": "2026-11-23"});
    app.admin().put(&path, rate, "*").await.expect(200);
    let mirrored = async |at: &str| {
        call(&app, "activate-rates", at).await.unwrap();
        app.sql("select base_rate::text as rate from products.products").await[0]["rate"].clone()
    };
    assert_eq!(mirrored("2026-11-23T04:46:00Z").await, "4.0000");
    assert_eq!(mirrored("2026-11-23T05:01:00Z").await, "6.0000");
    assert_eq!(runs(&app, "activate-rates").await.len(), 2);
}

/// Nothing is old enough at first; then a month is, and goes in a turn.
#[tokio::test]
async fn old_months_of_the_audit_log_are_archived() {
    let app = TestApp::new().await;
    let done = call(&app, "archive-audit", "2026-11-21T02:20:00Z").await.unwrap();
    assert_eq!(done["counts"], json!({"events": 0, "months": 0}));
    app.execute(
        "select audit.ensure_partitions('2025-09-01', 1);
         insert into audit.audit_events (tenant_id, actor_type, action, occurred_at)
         select '00000000-0000-7000-8000-00000000000a', 'system', 'old.written', '2025-09-01Z'::timestamptz + i * interval '1 h'
           from generate_series(1, 5) i",
    )
    .await;
    app.seal().await;
    let done = call(&app, "archive-audit", "2026-11-22T02:20:00Z").await.unwrap();
    assert_eq!(done["counts"], json!({"events": 5, "months": 1}));
    let left = "select count(*)::integer as n from audit.audit_events where action = 'old.written'";
    assert_eq!(app.sql(left).await, [json!({"n": 0})]);
}
