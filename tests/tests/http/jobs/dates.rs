//! Business dates: by each firm's clock, none left out, none twice (threat 26).

use serde_json::json;
use testkit::{Firm, TestApp};

use super::{JOB, call, event, runs, send, told, windows};

#[tokio::test]
async fn a_day_begins_when_the_firms_does() {
    let app = TestApp::new().await;
    // Midnight has come to Berlin and not to New York.
    call(&app, JOB, "2026-11-21T23:02:00Z").await.unwrap();
    assert_eq!(runs(&app, JOB).await, ["a 2026-11-21 done", "b 2026-11-22 done"]);
    call(&app, JOB, "2026-11-22T05:02:00Z").await.unwrap();
    assert_eq!(
        runs(&app, JOB).await,
        ["a 2026-11-21 done", "a 2026-11-22 done", "b 2026-11-22 done"]
    );
}

#[tokio::test]
async fn three_missed_days_are_done_one_by_one_in_their_order() {
    let app = TestApp::new().await;
    let days = ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"];
    windows(&app, Firm::Meridian, 2, &days).await;
    call(&app, JOB, "2026-11-20T12:00:00Z").await.unwrap();
    let caught_up = call(&app, JOB, "2026-11-24T12:00:00Z").await.unwrap();
    assert_eq!(caught_up["done"], 8);
    let told = told(&app, Firm::Meridian).await;
    assert_eq!(
        told,
        [
            "opened 2026-11-21 2",
            "opened 2026-11-22 2",
            "closed 2026-11-22 2",
            "opened 2026-11-23 2",
            "closed 2026-11-23 2",
            "opened 2026-11-24 2",
            "closed 2026-11-24 2",
        ]
    );
    let order = app
        .sql(
            "select string_agg(business_date::text, ' ' order by finished_at) as days from jobs.runs
              where tenant_id::text like '%a' and business_date > '2026-11-20'",
        )
        .await;
    assert_eq!(order, [json!({"days": days.join(" ")})]);
}

/// Once a later date is noted nobody looks for those before it: naming it must not lose them.
#[tokio::test]
async fn a_date_that_is_named_is_done_after_the_days_missed_before_it() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"])
        .await;
    call(&app, JOB, "2026-11-18T12:00:00Z").await.unwrap();
    app.clock.set("2026-11-23T12:00:00Z".parse().unwrap());
    let mut named = event(JOB, "2026-11-23T12:00:00Z");
    named["detail"]["date"] = json!("2026-11-22");
    named["detail"]["tenant_id"] = json!(Firm::Meridian.tenant_id());
    assert_eq!(send(&app, named.clone()).await.unwrap()["done"], 4);
    let dates = runs(&app, JOB).await;
    let meridian: Vec<_> = dates.iter().filter(|run| run.starts_with('a')).collect();
    assert_eq!(meridian.last().unwrap().as_str(), "a 2026-11-22 done");
    assert_eq!(meridian.len(), 5, "{dates:?}");
    let told = told(&app, Firm::Meridian).await;
    assert_eq!(told.iter().filter(|line| line.starts_with("opened")).count(), 4, "{told:?}");
    // A day that is past notes none between: the later ones are known.
    named["detail"]["date"] = json!("2026-11-10");
    assert_eq!(send(&app, named).await.unwrap()["done"], 1);
    assert_eq!(runs(&app, JOB).await.len(), dates.len() + 1);
}

#[tokio::test]
async fn the_catch_up_job_does_the_days_on_which_nothing_called() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &["2026-11-21", "2026-11-22", "2026-11-23"]).await;
    call(&app, "catch-up", "2026-11-20T12:00:00Z").await.unwrap();
    let caught_up = call(&app, "catch-up", "2026-11-23T12:00:00Z").await.unwrap();
    assert_eq!(caught_up["counts"][JOB], 6, "{caught_up}");
    assert_eq!(told(&app, Firm::Meridian).await.len(), 5);
    // Lists of a day that is gone cannot be made any more: the last one only.
    assert_eq!(runs(&app, "report-daily").await, ["0 2026-11-20 done", "0 2026-11-23 done"]);
}

/// A turn that comes once a day is gone on with; one that comes again as soon is left to that.
#[tokio::test]
async fn the_catch_up_job_goes_on_with_a_turn_that_was_left() {
    let app = TestApp::new().await;
    call(&app, "dispose-records", "2026-11-21T03:20:00Z").await.unwrap();
    call(&app, "send-mail", "2026-11-21T03:20:00Z").await.unwrap();
    let caught_up = call(&app, "catch-up", "2026-11-21T03:25:00Z").await.unwrap();
    assert_eq!(caught_up["counts"].get("dispose-records"), None, "{caught_up}");
    app.execute(
        "update jobs.runs set state = 'waiting', finished_at = null
          where job in ('dispose-records', 'send-mail')",
    )
    .await;
    let caught_up = call(&app, "catch-up", "2026-11-21T03:30:00Z").await.unwrap();
    assert_eq!(caught_up["counts"]["dispose-records"], 1, "{caught_up}");
    assert_eq!(runs(&app, "dispose-records").await, ["0 2026-11-21 done"]);
    assert_eq!(runs(&app, "send-mail").await, ["0 2026-11-21 waiting"]);
    // And with one whose process died, but with none that somebody has.
    for (lease, state) in [("+ interval '1 minute'", "running"), ("- interval '1 s'", "done")] {
        app.execute(&format!(
            "update jobs.runs set state = 'running', finished_at = null, lease_owner = run_id,
                    lease_until = clock_timestamp() {lease} where job = 'dispose-records'"
        ))
        .await;
        call(&app, "catch-up", "2026-11-21T03:35:00Z").await.unwrap();
        app.execute("delete from jobs.runs where job = 'catch-up'").await;
        let wanted = format!("0 2026-11-21 {state}");
        assert_eq!(runs(&app, "dispose-records").await, [wanted]);
    }
}

#[tokio::test]
async fn no_later_day_is_done_before_an_earlier_one() {
    let app = TestApp::new().await;
    call(&app, JOB, "2026-11-21T12:00:00Z").await.unwrap();
    app.execute(
        "update jobs.runs set state = 'running', lease_until = now() + interval '1 hour', lease_owner = run_id,
                finished_at = null where tenant_id::text like '%a'",
    )
    .await;
    let waits = call(&app, JOB, "2026-11-22T12:00:00Z").await.unwrap();
    assert_eq!((&waits["done"], &waits["busy"]), (&json!(1), &json!(2)));
    assert_eq!(
        runs(&app, JOB).await,
        ["a 2026-11-21 running", "a 2026-11-22 waiting", "b 2026-11-21 done", "b 2026-11-22 done"]
    );
}

#[tokio::test]
async fn an_event_that_comes_late_makes_no_date_twice_and_none_before_the_first() {
    let app = TestApp::new().await;
    call(&app, JOB, "2026-11-21T12:00:00Z").await.unwrap();
    for old in ["2026-11-20T12:00:00Z", "2026-11-21T00:02:00Z", "2020-02-29T12:00:00Z"] {
        assert_eq!(send(&app, event(JOB, old)).await.unwrap()["done"], 0, "{old}");
    }
    assert_eq!(runs(&app, JOB).await.len(), 2);
    // What has not come yet would use up the days until then.
    let early = send(&app, event(JOB, "2026-11-28T12:00:00Z")).await.unwrap_err();
    assert_eq!(early, "/time: has not come yet");
}

/// Calls every quarter of an hour from one instant to another, as the schedule does; the dates of a
/// firm.
async fn quarters(from: &str, to: &str, job: &str) -> Vec<String> {
    let app = TestApp::new().await;
    let instant = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let (mut at, to) = (instant(from), instant(to));
    while at <= to {
        let stamp = at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        call(&app, job, &stamp).await.unwrap();
        at += chrono::TimeDelta::minutes(15);
    }
    runs(&app, job).await.into_iter().filter(|run| run.starts_with('a')).collect()
}

#[tokio::test]
async fn a_night_with_an_hour_more_or_less_has_one_date() {
    // New York, 8 March 2026: 02:00 to 03:00 is left out; 1 November: 01:00 to 02:00 comes twice.
    for (from, to, first, second) in [
        ("2026-03-08T04:02:00Z", "2026-03-08T08:02:00Z", "2026-03-07", "2026-03-08"),
        ("2026-11-01T03:02:00Z", "2026-11-01T08:02:00Z", "2026-10-31", "2026-11-01"),
    ] {
        let wanted = [format!("a {first} done"), format!("a {second} done")];
        assert_eq!(quarters(from, to, JOB).await, wanted);
    }
    // Half an hour after midnight, and of the day that ended then.
    let ended = quarters("2026-03-09T03:47:00Z", "2026-03-09T05:02:00Z", "refresh-roll-ups").await;
    assert_eq!(ended, ["a 2026-03-07 done", "a 2026-03-08 done"]);
}

#[tokio::test]
async fn the_leap_day_is_a_day_like_others() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &["2028-02-29", "2028-03-01"]).await;
    call(&app, JOB, "2028-02-28T12:00:00Z").await.unwrap();
    call(&app, JOB, "2028-03-01T12:00:00Z").await.unwrap();
    let dates = runs(&app, JOB).await;
    assert_eq!(dates[..3], ["a 2028-02-28 done", "a 2028-02-29 done", "a 2028-03-01 done"]);
    assert_eq!(
        told(&app, Firm::Meridian).await,
        ["opened 2028-02-29 1", "opened 2028-03-01 1", "closed 2028-03-01 1"]
    );
    // Weeks begin on Monday, months on their first.
    call(&app, "report-weekly", "2028-02-29T12:00:00Z").await.unwrap();
    call(&app, "report-monthly", "2028-02-29T12:00:00Z").await.unwrap();
    assert_eq!(runs(&app, "report-weekly").await, ["0 2028-02-28 done"]);
    assert_eq!(runs(&app, "report-monthly").await, ["0 2028-02-01 done"]);
}

#[tokio::test]
async fn a_turn_that_nobody_finished_is_left_to_the_next() {
    let app = TestApp::new().await;
    call(&app, "purge-idempotency-keys", "2026-11-21T12:00:00Z").await.unwrap();
    app.execute(
        "update jobs.runs set state = 'running', lease_until = now() - interval '1 s', lease_owner = run_id,
                finished_at = null",
    )
    .await;
    call(&app, "purge-idempotency-keys", "2026-11-21T13:00:00Z").await.unwrap();
    assert_eq!(
        runs(&app, "purge-idempotency-keys").await,
        ["0 2026-11-21 skipped", "0 2026-11-21 done"]
    );
}
