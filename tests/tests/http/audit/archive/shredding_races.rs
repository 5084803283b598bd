//! An erasure beside the archive: whatever comes first, nothing that tells about the person survives,
//! no key of theirs is left or made, and the certificate agrees with the log.

use audit::months::{Months, Step};
use serde_json::json;
use testkit::TestApp;

use super::scene::Scene;
use super::shredding::{LEAVER, STAYER, act, executed, keys, proven, scene, shred, told};
use super::{MONTH, day, in_database, steps, table};
use crate::audit::firm;

/// Goes on until a step that is this.
async fn until(app: &TestApp, wanted: impl Fn(&Step) -> bool) {
    let months = Months::new(&app.app, &app.seals).with_part_rows(5);
    loop {
        let step = months.step(None).await.expect("a step").expect("one more");
        if wanted(&step) {
            return;
        }
    }
}

async fn is_gone(scene: &Scene) {
    let (found, _) = scene.query(&firm(), &["--open"]).await;
    assert_eq!(told(&found).0, 0, "{found:?}");
    let here = in_database(&scene.app).await;
    let here: Vec<_> =
        here.into_iter().filter(|e| e["event"]["tenant_id"] == json!(firm())).collect();
    assert_eq!(told(&here).0, 0, "{here:?}");
    let live = keys(&scene.app).await;
    assert!(!live.iter().any(|(whose, here, by)| whose == LEAVER && *here && by.is_none()));
    proven(scene).await;
}

/// Whether the keys are destroyed after each step of a month on its way, the month goes on, and the
/// certificate is over what was erased here and there.
#[tokio::test]
async fn an_erasure_at_any_step_of_a_month_leaves_nothing() {
    let whole = scene().await;
    let count = steps(&whole.app, 5).await.len();
    for point in 0..=count {
        let scene = scene().await;
        let months = Months::new(&scene.app.app, &scene.app.seals).with_part_rows(5);
        for _ in 0..point {
            months.step(None).await.expect("a step");
        }
        let id = executed(&scene.app, LEAVER).await;
        let status = shred(&scene.app, &id).await["status"].clone();
        let beside = table(&scene.app).await == "beside";
        // What stands beside the log cannot be erased, and goes at the next step.
        assert_eq!(status, if beside { "executing" } else { "done" }, "{point}");
        steps(&scene.app, 5).await;
        assert_eq!(shred(&scene.app, &id).await["status"], "done", "{point}");
        is_gone(&scene).await;
        audit::months::restore(&scene.app.app, &scene.app.seals, day(), |_, _| {})
            .await
            .expect("a restore");
        is_gone(&scene).await;
    }
}

/// After an erasure no key is made for the person, unless there is something new of theirs.
#[tokio::test]
async fn a_key_is_made_only_for_what_came_after_an_erasure() {
    for again in [false, true] {
        let scene = scene().await;
        let id = executed(&scene.app, LEAVER).await;
        assert_eq!(shred(&scene.app, &id).await["status"], "done");
        if again {
            act(&scene.app, &firm(), LEAVER, ("products", "p-9"), "Granite").await;
            scene.app.seal().await;
        }
        steps(&scene.app, 5).await;
        let theirs = keys(&scene.app).await;
        let theirs = theirs.iter().filter(|(whose, here, _)| whose == LEAVER && *here).count();
        assert_eq!(theirs, usize::from(again));
        let (found, _) = scene.query(&firm(), &["--open"]).await;
        assert_eq!(told(&found).0, if again { 2 } else { 0 });
        proven(&scene).await;
        // A second request reaches that as well, with a key of its own.
        if again {
            let second = executed(&scene.app, LEAVER).await;
            assert_eq!(shred(&scene.app, &second).await["status"], "done");
            is_gone(&scene).await;
        }
    }
}

#[tokio::test]
async fn a_month_that_is_being_restored_is_waited_for() {
    let scene = scene().await;
    let app = &scene.app;
    steps(app, 5).await;
    // A restore that died: it may have put anything beside the log.
    app.execute(&format!("select audit.job_restore_begin('{MONTH}-01')")).await;
    let id = executed(app, LEAVER).await;
    assert_eq!(shred(app, &id).await["status"], "executing");
    assert!(keys(app).await.iter().all(|(_, _, by)| by.is_none()));
    audit::months::restore(&app.app, &app.seals, day(), |_, _| {}).await.expect("a restore");
    assert_eq!(told(&in_database(app).await).0, 3 * 2 + 2 + 2, "it came back as it was");
    assert_eq!(shred(app, &id).await["status"], "done");
    is_gone(&scene).await;
    audit::months::release(&app.app, &app.seals, day()).await.expect("a release");
    steps(app, 5).await;
    is_gone(&scene).await;
}

/// What a rehearsal of a restore has beside the log goes, and it is begun anew.
#[tokio::test]
async fn a_rehearsal_keeps_nothing_beside_the_log() {
    let scene = scene().await;
    let app = &scene.app;
    steps(app, 5).await;
    let mut begun = super::drill::place(app, None).await;
    while begun["logs"] != 1 {
        begun = super::drill::place(app, Some(begun)).await;
    }
    begun = super::drill::place(app, Some(begun)).await;
    begun = super::drill::place(app, Some(begun)).await;
    let beside = || app.sql("select e::text as row from audit.drill_2025_09 e");
    assert!(told(&beside().await).0 > 0, "it holds what is to be forgotten");
    let id = executed(app, LEAVER).await;
    assert_eq!(shred(app, &id).await["status"], "done");
    let table = "select to_regclass('audit.drill_2025_09')::text as name";
    assert!(app.sql(table).await[0]["name"].is_null());
    let (_, report) = super::drill::finish(app, Some(begun)).await;
    assert_eq!((&report["outcome"], &report["rows"]), (&json!("restored"), &json!(8 + 1 + 1 + 2)));
    is_gone(&scene).await;
}

/// The last look: what came between the last event that was erased and the end.
#[tokio::test]
async fn an_erasure_does_not_end_while_the_log_tells_of_the_person() {
    let scene = scene().await;
    let app = &scene.app;
    let id = executed(app, LEAVER).await;
    let end = format!(
        "select audit.job_erasure_put('{}', '{id}', now(), gen_random_uuid(), '[]')",
        firm()
    );
    app.execute(&end).await;
    let status = format!("select status from audit.erasure_requests where erasure_id = '{id}'");
    assert_eq!(app.sql(&status).await[0]["status"], "executing");
    assert_eq!(shred(app, &id).await["status"], "done");
}

/// A month with events that an erasure has begun to erase is in the log when that ends, for its
/// certificate to be over them.
#[tokio::test]
async fn a_month_does_not_leave_under_an_erasure() {
    let scene = scene().await;
    let app = &scene.app;
    let id = executed(app, LEAVER).await;
    // Something beside the log: the erasure erases, and does not end.
    app.execute(&format!(
        "insert into audit.archive_months (month, state, tenants) values ('2001-01-01', 'restoring', '{{{}}}')",
        firm()
    ))
    .await;
    assert_eq!(shred(app, &id).await["status"], "executing");
    let done = super::archive(app).await;
    // It keeps no other month waiting, and is said to be held.
    assert_eq!((done.waiting, done.dropped), (None, Vec::new()));
    let months = audit::months::list(&app.app).await.expect("the months");
    let held: Vec<_> = months.iter().filter(|month| month.held).map(|month| month.month).collect();
    assert_eq!(held, [day()]);
    let detach = format!("select audit.job_archive_detach('{MONTH}-01') as went");
    assert_eq!(app.sql(&detach).await, [json!({"went": false})]);
    assert_eq!(table(app).await, "attached");
    app.execute("delete from audit.archive_months where month = '2001-01-01'").await;
    assert_eq!(shred(app, &id).await["status"], "done");
    steps(app, 5).await;
    assert_eq!(table(app).await, "gone");
    is_gone(&scene).await;
}

/// Whoever has keys in hand, for a page that is written or a month that is restored, is waited for.
#[tokio::test]
async fn keys_are_not_destroyed_in_somebody_s_hand() {
    let scene = scene().await;
    let app = &scene.app;
    until(app, |step| matches!(step, Step::Written(_))).await;
    let id = executed(app, LEAVER).await;
    for taken in [
        format!("select count(*) from audit.job_archive_page('{}', '{MONTH}-01', -1, 100)", firm()),
        format!("select count(*) from audit.job_archive_keys('{}', '{MONTH}-01', false)", firm()),
    ] {
        let reader = app.database.superuser().await;
        reader.batch_execute(&format!("begin; {taken}")).await.expect("keys");
        let ends = format!(
            "set lock_timeout = '100ms';
             select audit.job_erasure_put('{}', '{id}', now(), gen_random_uuid(), '[]')",
            firm()
        );
        let refused = app.database.superuser().await.batch_execute(&ends).await.unwrap_err();
        assert_eq!(refused.code().map(|code| code.code()), Some("55P03"));
        reader.batch_execute("rollback").await.expect("the end");
    }
    assert_eq!(shred(app, &id).await["status"], "done");
}

/// A hold over the person or the log keeps the keys, also one that is placed while the erasure runs.
#[tokio::test]
async fn a_hold_keeps_the_keys() {
    let scene = scene().await;
    let app = &scene.app;
    steps(app, 5).await;
    let id = executed(app, LEAVER).await;
    // In the firm, as the job is: else the guard sees no request at all.
    let destroy = format!(
        "set app.current_tenant_id = '{0}';
         update audit.subject_keys set key = null, destroyed_at = now(), destroyed_by = '{id}'
          where subject_id = '{LEAVER}' and tenant_id = '{0}'",
        firm()
    );
    let undone = format!("begin; {destroy}; rollback");
    assert_eq!(app.refusal(&undone).await, None, "without a hold the erasure may");
    for scope in [
        json!({"kind": "person", "person_id": LEAVER}),
        json!({"kind": "table", "table_name": "audit.audit_events"}),
    ] {
        let hold = json!({"name": "x", "reason": "y", "scopes": [scope]});
        let hold = app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
        let hold = hold.body["hold_id"].as_str().expect("an id").to_owned();
        assert_eq!(shred(app, &id).await["status"], "executing");
        assert!(keys(app).await.iter().all(|(_, _, by)| by.is_none()));
        let why = app.refusal(&destroy).await.unwrap_or_default();
        assert!(why.contains("append-only"), "for every role: {why}");
        let (found, _) = scene.query(&firm(), &["--open"]).await;
        assert_eq!(told(&found).0, 3 * 2 + 2);
        app.execute(&format!(
            "update audit.legal_holds set status = 'released', release_reason = 'x', release_requested_at = now(),
                    release_requested_by = 'x', released_at = now(), released_by_user_id = gen_random_uuid()
              where hold_id = '{hold}'"
        ))
        .await;
    }
    assert_eq!(shred(app, &id).await["status"], "done");
    is_gone(&scene).await;
}

/// A key ends by its person's erasure and in no other way, for every role.
#[tokio::test]
async fn a_key_is_not_changed_destroyed_by_hand_or_brought_back() {
    let scene = scene().await;
    let app = &scene.app;
    steps(app, 5).await;
    let id = executed(app, LEAVER).await;
    let end = format!("key = null, destroyed_at = now(), destroyed_by = '{id}'");
    let mut statements = vec![
        format!("update audit.subject_keys set {end} where subject_id = '{STAYER}'"),
        "update audit.subject_keys set key = sha256('x')".to_owned(),
        format!("update audit.subject_keys set subject_id = '{LEAVER}', {end}"),
        "delete from audit.subject_keys".to_owned(),
        "truncate audit.subject_keys cascade".to_owned(),
        "update audit.subject_key_uses set leaves = '{1}'".to_owned(),
        "delete from audit.subject_key_uses".to_owned(),
        "truncate audit.subject_key_uses".to_owned(),
    ];
    let refused = async |statement: &str| {
        let statement = format!("set app.current_tenant_id = '{}'; {statement}", firm());
        let why = app.refusal(&statement).await.unwrap_or_default();
        assert!(why.contains("append-only"), "{statement}: {why}");
    };
    for statement in statements.drain(..) {
        refused(&statement).await;
    }
    assert_eq!(shred(app, &id).await["status"], "done");
    refused(
        "update audit.subject_keys set key = sha256('x'), destroyed_at = null, destroyed_by = null
              where destroyed_by is not null",
    )
    .await;
    // What became of it is in the log, the key is not.
    let told = app
        .sql(&format!(
            "select action, new_values from audit.audit_events
              where resource_type = 'subject_keys' and new_values ->> 'subject_id' = '{LEAVER}'
                and tenant_id = '{}' order by occurred_at",
            firm()
        ))
        .await;
    let actions: Vec<_> = told.iter().map(|row| row["action"].clone()).collect();
    assert_eq!(json!(actions), json!(["subject_keys.inserted", "subject_keys.updated"]));
    assert!(told.iter().all(|row| row["new_values"]["key"].is_null()));
    assert_eq!(told[1]["new_values"]["destroyed_by"], json!(id));
}
