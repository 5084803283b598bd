//! Deliveries that come twice or at once, processes that die or stall.

use std::time::Instant;

use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::{JOB, call, event, lapse, runs, send, told, windows};

const NOON: &str = "2026-11-21T12:00:00Z";
const OPENED: [&str; 1] = ["opened 2026-11-21 4"];

async fn scene() -> TestApp {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 4, &["2026-11-21"]).await;
    app
}

/// Takes Meridian's run as a process would that dies later; gives run and epoch.
async fn claim(app: &TestApp) -> (String, i64) {
    let job = jobs::find(JOB).expect("the job");
    let plan = format!(
        "select run_id from jobs.open_runs('{JOB}', true, 'UTC', '0', 'day', {}, '{NOON}') where tenant_id = '{}'",
        job.catch_up,
        Firm::Meridian.tenant_id()
    );
    let run = app.sql(&plan).await[0]["run_id"].as_str().expect("an id").to_owned();
    (run.clone(), take(app, &run).await["epoch"].as_i64().expect("an epoch"))
}

async fn take(app: &TestApp, run: &str) -> Value {
    let firm = Firm::Meridian.tenant_id();
    let claim = format!(
        "select outcome, epoch from jobs.claim('{firm}', '{run}', '{firm}', 120, 3, '{NOON}')"
    );
    app.sql(&claim).await.remove(0)
}

/// One chunk of so many windows; the database's answer or refusal.
async fn chunk(app: &TestApp, (run, epoch): &(String, i64), size: u32) -> Result<Value, String> {
    let step = format!(
        "select jobs.turn_availability('{}', '{run}', {epoch}, {size}, 120, '{NOON}', '{run}') as kept",
        Firm::Meridian.tenant_id()
    );
    let client = app.database.superuser().await;
    let rows = client.query_typed(&format!("select to_jsonb(q) from ({step}) q"), &[]).await;
    let rows =
        rows.map_err(|error| error.as_db_error().expect("a refusal").message().to_owned())?;
    Ok(rows[0].get::<_, Value>(0)["kept"].clone())
}

#[tokio::test]
async fn sixteen_deliveries_at_once_have_one_effect() {
    let app = scene().await;
    let answers = join_all((0..16).map(|_| send(&app, event(JOB, NOON)))).await;
    let done: u64 = answers.iter().map(|it| it.as_ref().unwrap()["done"].as_u64().unwrap()).sum();
    // Both firms' runs, each brought to its end by one of them.
    assert_eq!(done, 2, "{answers:?}");
    assert_eq!(told(&app, Firm::Meridian).await, OPENED);
    assert_eq!(runs(&app, JOB).await, ["a 2026-11-21 done", "b 2026-11-21 done"]);
    // Hours later the queue gives it back once more.
    let again = call(&app, JOB, "2026-11-21T18:00:00Z").await.unwrap();
    assert_eq!(again, json!({"job": JOB, "done": 0, "busy": 0, "left": 0, "counts": {}}));
    assert_eq!(told(&app, Firm::Meridian).await, OPENED);
}

#[tokio::test]
async fn two_that_plan_at_once_note_one_run() {
    let app = scene().await;
    let plan = format!(
        "select count(*) from jobs.open_runs('{JOB}', true, 'UTC', '0', 'day', 9, '{NOON}')"
    );
    let (one, other) = (app.database.superuser().await, app.database.superuser().await);
    one.batch_execute(&format!("begin; {plan}")).await.unwrap();
    // The other cannot see yet what the one has noted.
    let waits = tokio::spawn(async move { other.batch_execute(&plan).await });
    let blocked = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    for _ in 0..100 {
        if !app.sql(blocked).await.is_empty() || waits.is_finished() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    one.batch_execute("commit").await.unwrap();
    waits.await.unwrap().unwrap();
    assert_eq!(runs(&app, JOB).await, ["a 2026-11-21 waiting", "b 2026-11-21 waiting"]);
}

#[tokio::test]
async fn a_process_that_died_between_two_chunks_is_gone_on_from() {
    let app = scene().await;
    let mine = claim(&app).await;
    let kept = chunk(&app, &mine, 1).await.unwrap();
    assert_eq!((&kept["more"], &kept["counts"]["opened"]), (&json!(true), &json!(1)));
    // It may still be alive: nobody takes it over.
    let busy = send(&app, event(JOB, NOON)).await.unwrap();
    assert_eq!((&busy["done"], &busy["busy"]), (&json!(1), &json!(1)));
    lapse(&app).await;
    let done = send(&app, event(JOB, NOON)).await.unwrap();
    assert_eq!(done["counts"], json!({"opened": 4, "closed": 0}));
    assert_eq!(told(&app, Firm::Meridian).await, OPENED);
}

#[tokio::test]
async fn a_process_that_wakes_up_after_it_was_replaced_writes_nothing() {
    let app = scene().await;
    let stalled = claim(&app).await;
    chunk(&app, &stalled, 1).await.unwrap();
    lapse(&app).await;
    let next = take(&app, &stalled.0).await;
    assert_eq!(next, json!({"outcome": "taken", "epoch": stalled.1 + 1}));
    assert_eq!(chunk(&app, &stalled, 1).await.unwrap_err(), "The run is in other hands");
    let fresh = (stalled.0.clone(), stalled.1 + 1);
    assert_eq!(chunk(&app, &fresh, 10).await.unwrap()["more"], false);
    for late in [&stalled, &fresh] {
        assert_eq!(chunk(&app, late, 10).await.unwrap_err(), "The run is in other hands");
    }
    assert_eq!(told(&app, Firm::Meridian).await, OPENED);
}

#[tokio::test]
async fn an_answer_that_was_lost_after_the_last_commit_is_no_second_effect() {
    let app = scene().await;
    let mine = claim(&app).await;
    assert_eq!(chunk(&app, &mine, 10).await.unwrap()["more"], false);
    // The process died before it could say so; the event comes again.
    let again = send(&app, event(JOB, NOON)).await.unwrap();
    assert_eq!(again["done"], 1, "Harbour's alone: {again}");
    assert_eq!(told(&app, Firm::Meridian).await, OPENED);
}

#[tokio::test]
async fn a_run_whose_processes_keep_dying_is_given_up() {
    let app = scene().await;
    let (run, _) = claim(&app).await;
    for epoch in [2, 3] {
        lapse(&app).await;
        assert_eq!(take(&app, &run).await, json!({"outcome": "taken", "epoch": epoch}));
    }
    lapse(&app).await;
    let failed = send(&app, event(JOB, NOON)).await.unwrap_err();
    assert!(failed.contains("process died"), "{failed}");
    assert_eq!(runs(&app, JOB).await, ["a 2026-11-21 failed", "b 2026-11-21 done"]);
    assert!(told(&app, Firm::Meridian).await.is_empty());
}

#[tokio::test]
async fn what_is_not_done_in_time_goes_on_with_the_next_call() {
    let app = scene().await;
    let now = || Instant::now();
    let asked = jobs::on_event(app.app.clone(), app.jobs(), event("analyze-tables", NOON), now());
    // There was no time for even one run.
    assert_eq!(asked.await.unwrap()["left"], 1);
    let mut calls: u64 = 1;
    loop {
        // Time for a few chunks at most, and for one in the end.
        let ends = Instant::now() + std::time::Duration::from_millis(5 * calls);
        let event = event("analyze-tables", NOON);
        let asked = jobs::on_event(app.app.clone(), app.jobs(), event, ends).await.unwrap();
        calls += 1;
        if asked["left"] == 0 {
            break;
        }
    }
    let chunks = app.sql("select chunks, counts from jobs.runs where job = 'analyze-tables'").await;
    let tables = app
        .sql(
            "select count(*) as n from pg_class where relkind in ('r', 'p') and not relispartition
                and relowner = 'wealth_owner'::regrole",
        )
        .await;
    assert_eq!(chunks[0]["counts"]["tables"], tables[0]["n"]);
    assert!(chunks[0]["chunks"].as_u64() > Some(1), "{calls} calls for {chunks:?}");
}
