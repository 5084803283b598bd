//! `wealth import rates`: whole histories.

use serde_json::json;
use testkit::{TestApp, cusip};

use super::cli::{File, command, run};
use super::{file, send};

/// Days of 2025 in order, with a rate for each.
fn history(days: i64) -> String {
    let mut text = "cusip,base_rate,effective_date\n".to_owned();
    let start = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).expect("a date");
    for day in 0..days {
        let date = start + chrono::TimeDelta::days(day);
        text += &format!("{},{}.{:02},{date}\n", cusip(1), 3 + day % 3, day % 90);
    }
    text
}

#[tokio::test]
async fn a_history_is_laid_before_the_first_rate_and_again_changes_nothing() {
    let app = TestApp::new().await;
    send(&app.admin(), "", &file(1, 1, "4.5"), "k").await.expect(201);
    let file = File::new(&app, "rates.csv", &(history(300) + "037833100,5,2025-01-01\n"));
    for (done, unchanged) in [(300, 0), (0, 300)] {
        let mut load = command(&app, "rates", &file, "admin@a.test").await;
        load.args(["--batch", "70"]);
        let (code, out, err) = run(load).await;
        let told = format!(
            "301 rows: 0 were created, {done} updated, {unchanged} unchanged, 0 wait for a second person, 1 failed\n"
        );
        assert!(code == 3 && out.starts_with(&told), "{out}{err}");
        assert!(file.report().contains("302,cusip,unknown_product,"), "{}", file.report());
    }
    let line = app.sql("select count(*)::int as rows, min(effective_date) as first,
        count(*) filter (where end_date is null)::int as open from rates.rate_history where superseded_at is null").await;
    assert_eq!(line, [json!({"rows": 301, "first": "2025-01-01", "open": 1})]);
    let day = "select base_rate::text from rates.rate_history where superseded_at is null and valid @> date '2025-04-11'";
    assert_eq!(app.sql(day).await, [json!({"base_rate": "4.1000"})]);
}

#[tokio::test]
async fn a_dry_run_judges_each_rate_against_those_before_it() {
    let app = TestApp::new().await;
    send(&app.admin(), "", &file(1, 1, "4.5"), "k").await.expect(201);
    app.admin().put("/v1/rates/settings", json!({"tolerance": "0.5"}), "").await.expect(200);
    // Each step is within tolerance of the one before; only the last is not.
    let mut text = "cusip,base_rate,effective_date\n".to_owned();
    for (rate, date) in
        [("4.9", "2026-12-01"), ("5.3", "2027-01-01"), ("5.7", "2027-02-01"), ("9", "2027-03-01")]
    {
        text += &format!("{},{rate},{date}\n", cusip(1));
    }
    let file = File::new(&app, "steps.csv", &text);
    for (dry, verb) in [(true, "would be"), (false, "were")] {
        let mut load = command(&app, "rates", &file, "admin@a.test").await;
        load.args(["--batch", "1"]).args(dry.then_some("--dry-run"));
        let (code, out, err) = run(load).await;
        let told = format!(
            "4 rows: 0 {verb} created, 3 updated, 0 unchanged, 1 wait for a second person, 0 failed\n"
        );
        assert!(code == 0 && out.starts_with(&told), "{out}{err}");
        let pending = app.sql("select 1 as x from rates.rate_changes").await;
        assert_eq!(pending.len(), usize::from(!dry));
    }
}

#[tokio::test]
async fn months_with_an_end_join_to_one_line_whatever_the_batch() {
    let app = TestApp::new().await;
    send(&app.admin(), "", &file(1, 1, "4.5"), "k").await.expect(201);
    let text = format!(
        "cusip,base_rate,effective_date,end_date\n{0},1,2026-01-01,2026-01-31\n{0},2,2026-02-01,2026-02-28\n{0},3,2026-03-01,2026-03-31\n",
        cusip(1)
    );
    let file = File::new(&app, "months.csv", &text);
    let mut load = command(&app, "rates", &file, "admin@a.test").await;
    load.args(["--batch", "1"]);
    let (code, out, err) = run(load).await;
    assert_eq!(code, 0, "{out}{err}");
    let line = app
        .sql(
            "select base_rate::int as rate, effective_date as first, end_date as last
        from rates.rate_history where superseded_at is null order by effective_date limit 3",
        )
        .await;
    // March has an end, but nothing follows before the first known rate: it holds until that.
    let before = app
        .sql("select min(effective_date) - 1 as day from rates.rate_history where base_rate = 4.5")
        .await;
    assert_eq!(
        line,
        [
            json!({"rate": 1, "first": "2026-01-01", "last": "2026-01-31"}),
            json!({"rate": 2, "first": "2026-02-01", "last": "2026-02-28"}),
            json!({"rate": 3, "first": "2026-03-01", "last": before[0]["day"]}),
        ]
    );
}
