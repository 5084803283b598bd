//! What the database refuses on a month's way to the archive and back, whoever asks it to: a run that
//! was overtaken, or one that is wrong.

use audit::months::{Months, Step};
use serde_json::json;
use testkit::TestApp;

use super::super::firm;
use super::{MONTH, PLATFORM, archive, day, old_month};

const OVERTAKEN: &str = "Another run has done this step";

async fn refused(app: &TestApp, calls: &[(String, &str)]) {
    for (call, why) in calls {
        assert_eq!(
            app.refusal(&format!("select audit.{call}")).await.as_deref(),
            Some(*why),
            "{call}"
        );
    }
}

/// Goes on until a step of that kind was done.
async fn until(app: &TestApp, last: impl Fn(&Step) -> bool) {
    let months = Months::new(&app.app, &app.seals).with_part_rows(1);
    for _ in 0..100 {
        let step = months.step(None).await.expect("a step").expect("one more");
        if last(&step) {
            return;
        }
    }
    panic!("no such step");
}

fn put(tenant: &str, part: u32, leaf: u32) -> String {
    format!(
        r#"job_archive_put('{tenant}', '{MONTH}-01', '{{"part": {part}, "path": "x", "sha256": "00", "bytes": 1, "rows": 1,
            "first_leaf": {leaf}, "last_leaf": {leaf}, "runs": [[{leaf}, 1]], "first_at": "{MONTH}-02Z", "last_at": "{MONTH}-02Z"}}')"#
    )
}

fn of_month(function: &str, more: &str) -> String {
    format!("{function}('{MONTH}-01'{more})")
}

fn of_log(function: &str, more: &str) -> String {
    format!("{function}('{PLATFORM}', '{MONTH}-01'{more})")
}

#[tokio::test]
async fn no_step_is_taken_out_of_turn() {
    let app = old_month(6).await;
    let hot = "job_archive_begin('2026-11-01', '2026-11-21Z')".to_owned();
    refused(&app, &[(hot, "This month is not old enough")]).await;
    let older = "ensure_partitions('2025-10-01', 1); select audit.job_archive_begin('2025-10-01', '2026-12-21Z')".to_owned();
    refused(&app, &[(older, "An older month has to be written first")]).await;
    let elsewhere = || {
        let restoring = "This month is not being restored";
        vec![
            (of_month("job_archive_detach", ""), OVERTAKEN),
            (of_month("job_archive_drop", ""), OVERTAKEN),
            (of_month("job_archive_release", ""), "Only a month that was restored can be released"),
            (of_month("job_restore_begin", ""), "Only a month that was dropped can be restored"),
            (of_log("job_restore_rows", ", '[]'"), restoring),
            (of_month("job_restore_index", ""), restoring),
            (of_month("job_restore_attach", ", 10"), restoring),
        ]
    };
    until(&app, |step| matches!(step, Step::Begun(_))).await;
    let mut calls = elsewhere();
    calls.extend([
        (of_log("job_archive_verified", ", null"), OVERTAKEN),
        (put(&firm(), 1, 0), OVERTAKEN),
        (put(PLATFORM, 2, 0), "Another run has archived this part"),
        (
            of_log("job_archive_written", ", 'x', sha256('x')"),
            "The files do not hold every event of the month",
        ),
    ]);
    refused(&app, &calls).await;
    until(&app, |step| matches!(step, Step::Wrote { .. })).await;
    refused(
        &app,
        &[
            (put(PLATFORM, 2, 0), "Another run has archived this part"),
            (
                of_log("job_archive_written", ", 'x', sha256('x')"),
                "The files do not hold every event of the month",
            ),
        ],
    )
    .await;
    for _ in 0..3 {
        until(&app, |step| matches!(step, Step::Written(_))).await;
    }
    let mut calls = elsewhere();
    calls.push((of_log("job_archive_verified", ", null"), "A file was not read back"));
    calls.push((put(PLATFORM, 3, 9), OVERTAKEN));
    refused(&app, &calls).await;
}

/// What is dropped was verified, all of it, and nothing else is restored than what was dropped.
#[tokio::test]
async fn nothing_goes_or_comes_back_by_halves() {
    let app = old_month(6).await;
    until(&app, |step| matches!(step, Step::Detached(_))).await;
    let unverified = format!(
        "select set_config('app.current_tenant_id', '{0}', true);
         update audit.archive_logs set verified = false where tenant_id = '{0}'; select audit.{1}",
        firm(),
        of_month("job_archive_drop", "")
    );
    let why = app.refusal(&unverified).await;
    assert_eq!(why.as_deref(), Some("audit_events_2025_09 has 10 events and its archive 4"));
    // A hold that comes between the two steps still holds the month, whatever it is over.
    let hold = json!({"name": "x", "reason": "y", "scopes": [{"kind": "person", "person_id": "00000000-0000-7000-9000-0000000000ff"}]});
    let hold = app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
    let dropped = format!("select audit.{} as went", of_month("job_archive_drop", ""));
    assert_eq!(app.sql(&dropped).await, [json!({"went": false})]);
    app.execute(&format!(
        "update audit.legal_holds set status = 'released', release_reason = 'x', release_requested_at = now(),
             release_requested_by = 'x', released_at = now(), released_by_user_id = gen_random_uuid()
          where hold_id = '{}'",
        hold.body["hold_id"].as_str().expect("an id")
    ))
    .await;
    archive(&app).await;

    let again = format!(
        "ensure_partitions('{MONTH}-01', 1); select audit.{}",
        of_month("job_restore_begin", "")
    );
    refused(&app, &[(again, "audit_events_2025_09 stands in the log")]).await;
    app.execute(&format!("select audit.{}", of_month("job_restore_begin", ""))).await;
    // What counts is what is there: another restore may have made the table anew.
    let elsewhere = of_month("job_restore_attach", ", 10");
    refused(&app, &[(elsewhere, "0 of 10 events were restored")]).await;
    let restored = audit::months::restore(&app.app, &app.seals, day(), |_, _| {}).await;
    assert_eq!(restored.expect("a restore"), 10);
    // A restore that is given up drops nothing that stands in the log.
    let given_up = format!(
        "archived_rows('{MONTH}-01'); update audit.archive_months set state = 'restoring'; select audit.{}",
        of_month("job_archive_release", "")
    );
    refused(&app, &[(given_up, "Only a month that was restored can be released")]).await;
    // A restored month goes only after it was read back once more.
    audit::months::release(&app.app, &app.seals, day()).await.expect("a release");
    refused(
        &app,
        &[
            (of_month("job_archive_detach", ""), OVERTAKEN),
            (of_log("job_archive_verified", ", null"), "A file was not read back"),
        ],
    )
    .await;
    let again =
        app.sql("select count(*) filter (where verified) as n from audit.archive_logs").await;
    assert_eq!(again[0]["n"], 0);
}
