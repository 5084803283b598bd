//! What can never succeed is given up, said, and put aside.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::{JOB, call, event, runs, send, told, windows};

const NOON: &str = "2026-11-21T12:00:00Z";

/// No event of Meridian's windows can be written.
async fn poison(app: &TestApp) {
    app.execute(&format!(
        "create function public.poison() returns trigger language plpgsql as
             $$ begin raise exception 'the well is poisoned'; end $$;
         create trigger poison before insert on audit.audit_events for each row
            when (new.action like 'product.availability_%' and new.actor_label = '{JOB}'
                  and new.tenant_id = '{}') execute function public.poison()",
        Firm::Meridian.tenant_id()
    ))
    .await;
}

#[tokio::test]
async fn a_firm_whose_run_fails_keeps_no_other_waiting_and_is_given_up_at_last() {
    let app = TestApp::new().await;
    for firm in [Firm::Meridian, Firm::Harbour] {
        windows(&app, firm, 1, &["2026-11-21"]).await;
    }
    poison(&app).await;
    let first = call(&app, JOB, NOON).await.unwrap_err();
    assert!(
        first.contains(&format!("{JOB}: {} 2026-11-21", Firm::Meridian.tenant_id())),
        "{first}"
    );
    assert_eq!(told(&app, Firm::Harbour).await, ["opened 2026-11-21 1"]);
    assert_eq!(runs(&app, JOB).await, ["a 2026-11-21 waiting", "b 2026-11-21 done"]);
    // Lambda delivers it twice more, then puts it into the dead-letter queue.
    for state in ["waiting", "failed"] {
        assert!(send(&app, event(JOB, NOON)).await.is_err());
        let wanted = [format!("a 2026-11-21 {state}"), "b 2026-11-21 done".to_owned()];
        assert_eq!(runs(&app, JOB).await, wanted);
    }
    let row = app.sql("select failures, error from jobs.runs where state = 'failed'").await;
    assert_eq!(row[0]["failures"], 3);
    assert!(row[0]["error"].as_str().unwrap().contains("unexpected database error"), "{row:?}");
    let noted =
        app.sql("select tenant_id, details from audit.audit_events where action = 'job.failed'");
    assert_eq!(
        noted.await,
        [json!({"tenant_id": Firm::Meridian.tenant_id(),
                "details": {"job": JOB, "business_date": "2026-11-21", "failures": 3}})]
    );
    // Given up is given up; and the days that follow are not held up by it.
    assert_eq!(send(&app, event(JOB, NOON)).await.unwrap()["done"], 0);
    app.execute("drop trigger poison on audit.audit_events").await;
    assert_eq!(call(&app, JOB, "2026-11-22T12:00:00Z").await.unwrap()["done"], 2);
    assert_eq!(told(&app, Firm::Meridian).await, ["closed 2026-11-22 1"]);
    // Its cause is gone, and somebody asks for that day once more.
    let mut by_hand = event(JOB, NOON);
    by_hand["detail"]["date"] = json!("2026-11-21");
    assert_eq!(send(&app, by_hand.clone()).await.unwrap()["done"], 1);
    assert_eq!(told(&app, Firm::Meridian).await, ["opened 2026-11-21 1", "closed 2026-11-22 1"]);
    assert_eq!(send(&app, by_hand).await.unwrap()["done"], 0);
}

#[tokio::test]
async fn a_date_that_failed_for_now_is_done_before_the_next() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &["2026-11-21", "2026-11-22"]).await;
    poison(&app).await;
    call(&app, JOB, NOON).await.unwrap_err();
    let next = call(&app, JOB, "2026-11-22T12:00:00Z").await.unwrap_err();
    assert!(next.contains("2026-11-21: ") && !next.contains("2026-11-22: "), "{next}");
    let meridian = ["a 2026-11-21 waiting", "a 2026-11-22 waiting"];
    assert_eq!(runs(&app, JOB).await[..2], meridian);
    app.execute("drop trigger poison on audit.audit_events").await;
    assert_eq!(call(&app, JOB, "2026-11-22T12:05:00Z").await.unwrap()["done"], 2);
    let told = told(&app, Firm::Meridian).await;
    assert_eq!(told[..2], ["opened 2026-11-21 1", "opened 2026-11-22 1"]);
}

#[tokio::test]
async fn an_event_that_says_nothing_sensible_is_an_error_that_says_what() {
    let app = TestApp::new().await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut event = event(JOB, NOON);
        change(&mut event);
        event
    };
    let cases = [
        (json!([]), "must be a JSON object"),
        (json!({}), "detail-type"),
        (with(&|e| e["detail-type"] = json!("SealAudit")), "/detail-type: must be RunJob"),
        (with(&|e| e["time"] = json!("noon")), "/time"),
        (with(&|e| e["detail"] = json!(null)), "/detail"),
        (
            with(&|e| e["detail"]["job"] = json!("turn_availability")),
            "/detail/job: there is no such job",
        ),
        (with(&|e| e["detail"]["tenant_id"] = json!("T001")), "/detail/tenant_id"),
        (with(&|e| e["detail"]["date"] = json!("2026-02-30")), "/detail/date"),
        (with(&|e| e["detail"]["date"] = json!("2026-11-22")), "/date: This day has not come yet"),
        (
            with(&|e| e["detail"] = json!({"job": "seal-audit", "date": "2026-11-21"})),
            "/date: it does what there is to do, of no date",
        ),
        (
            with(&|e| {
                e["detail"] =
                    json!({"job": "report-daily", "tenant_id": Firm::Meridian.tenant_id()});
            }),
            "/tenant_id: it is the platform's and no firm's",
        ),
    ];
    for (event, expected) in cases {
        let error = send(&app, event.clone()).await.unwrap_err();
        assert!(error.contains(expected), "{event}: {error}");
    }
    assert_eq!(app.sql("select from jobs.runs").await.len(), 0);
}
