//! The lists of the documents (S4-97, S4-98, S4-99).

use serde_json::Value;
use testkit::TestApp;

use super::{call, report};

fn members(report: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_daily_list_tells_of_growth_and_of_failed_jobs() {
    let app = TestApp::new().await;
    let first = report(&app, "report-daily", "2026-11-21T06:00:00Z").await;
    let first = &first.runs[0].report;
    assert_eq!(
        members(first),
        [
            "archiver",
            "connections",
            "database",
            "failed_jobs",
            "findings",
            "mail",
            "restore_drill",
            "slow_statements",
            "tables"
        ]
    );
    assert!(first["connections"]["limit"].as_u64() > Some(0), "{first}");
    assert!(first["tables"].as_array().unwrap().iter().all(|table| table["grown"].is_null()));
    // S4-96: what grew since, by the table.
    app.execute(
        "insert into users.throttles (bucket, subject_hash, window_start)
         select 'x', sha256(n::text::bytea), now() from generate_series(1, 20000) n;
         insert into jobs.runs (tenant_id, job, business_date, scheduled_at, state, finished_at)
         select tenant_id, 'seal-audit', '2026-11-21', now(), 'failed', now() from tenants.tenants
          where public_code = 'T001'",
    )
    .await;
    let second = report(&app, "report-daily", "2026-11-22T06:00:00Z").await;
    let second = &second.runs[0].report;
    let tables = second["tables"].as_array().unwrap();
    let grown = tables.iter().find(|table| table["table"] == "users.throttles").unwrap();
    assert!(grown["grown"].as_i64() > Some(100_000), "{grown}");
    assert_eq!(second["failed_jobs"][0]["job"], "seal-audit");
    let findings = second["findings"].as_array().unwrap();
    assert!(findings.iter().any(|found| found == "1 jobs failed"), "{findings:?}");
}

/// S4-97, with the eyes of the function's own login: statements of others, and what their sessions do.
#[tokio::test]
async fn the_daily_list_sees_slow_statements_and_connections_of_others() {
    let app = TestApp::new().await;
    let other = app.database.superuser().await;
    // Other tests' statements may crowd it out again.
    for day in 1..=20 {
        let slow = "-- reports.slow: waits\nselect pg_sleep(0.15)";
        other.batch_execute(slow).await.unwrap();
        let daily = report(&app, "report-daily", &format!("2026-12-{day:02}T06:00:00Z")).await;
        let list = &daily.runs[0].report;
        assert!(list["connections"]["idle"].as_u64() > Some(0), "{list}");
        let findings = list["findings"].to_string();
        assert!(!findings.contains("not seen") && !findings.contains("not counted"), "{list}");
        let found = list["slow_statements"].as_array().into_iter().flatten();
        if found.clone().any(|slow| slow["statement"] == "-- reports.slow: waits") {
            assert!(findings.contains(" statements take more than 100 ms"), "{findings}");
            return;
        }
    }
    panic!("the slow statement is never on the list");
}

/// What the list cannot see it says.
#[tokio::test]
async fn the_daily_list_says_when_it_cannot_see_statements() {
    let app = TestApp::new().await;
    app.execute("drop extension pg_stat_statements").await;
    let daily = report(&app, "report-daily", "2026-11-21T06:00:00Z").await;
    let list = &daily.runs[0].report;
    assert_eq!(list["slow_statements"], Value::Null);
    let text =
        "slow statements are not counted: pg_stat_statements is not preloaded or not created";
    assert!(list["findings"].as_array().unwrap().iter().any(|it| it == text), "{list}");
}

#[tokio::test]
async fn the_weekly_list_names_what_an_operator_mends() {
    let app = TestApp::new().await;
    app.execute(
        "insert into users.throttles (bucket, subject_hash, window_start)
         select 'x', sha256(n::text::bytea), now() from generate_series(1, 60000) n;
         delete from users.throttles where bucket = 'x'",
    )
    .await;
    // The table is emptied, its index stays as it was (S0-130).
    app.execute("vacuum (truncate true) users.throttles").await;
    let weekly = report(&app, "report-weekly", "2026-11-23T06:05:00Z").await;
    assert_eq!(members(&weekly.runs[0].report), ["findings", "indexes", "tables"]);
    assert_eq!(weekly.runs[0].business_date.to_string(), "2026-11-23");
}

#[tokio::test]
async fn the_monthly_list_finds_a_login_above_the_fence() {
    let app = TestApp::new().await;
    let monthly = report(&app, "report-monthly", "2026-12-01T06:10:00Z").await;
    let list = &monthly.runs[0].report;
    assert_eq!(members(list), ["findings", "logins", "oldest_transaction_age"]);
    let logins = list["logins"].as_array().unwrap();
    let ours = logins.iter().find(|login| login["login"] == "wealth_test").unwrap();
    assert_eq!(ours["superuser"], false);
    // The tests' own superuser is one.
    let findings = list["findings"].as_array().unwrap();
    let above =
        |found: &Value| found.as_str().unwrap().contains("is not held by row level security");
    assert!(findings.iter().any(above), "{findings:?}");
    app.execute("alter table products.products no force row level security").await;
    let next = report(&app, "report-monthly", "2027-01-01T06:10:00Z").await;
    let findings = next.runs[0].report["findings"].as_array().unwrap();
    let hole = findings.iter().any(|it| it == "products.products has no fence between tenants");
    assert!(hole, "{findings:?}");
    assert!(call(&app, "report-monthly", "2027-01-01T06:10:00Z").await.is_ok());
}
