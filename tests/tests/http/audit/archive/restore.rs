//! A month that left the database comes back, as it was, and goes again.

use audit::months;
use serde_json::json;
use testkit::{Firm, TestApp};
use wealth_core::audit::{Hash, verify_inclusion};

use super::{MONTH, archive, day, in_archive, in_database, old_month, state, table};
use crate::audit::{firm, head};

async fn restore(app: &TestApp) -> u64 {
    months::restore(&app.app, &app.seals, day(), |_, _| {}).await.expect("a restore")
}

/// What the API finds of the month.
async fn found(app: &TestApp, filter: &str) -> usize {
    let path = format!("/v1/audit/events?limit=100&to=2025-10-01T00:00:00Z{filter}");
    let answer = app.system_admin().get(&path).await.expect(200);
    answer.body["items"].as_array().expect("events").len()
}

#[tokio::test]
async fn a_restored_month_is_the_month_that_was() {
    let app = old_month(20).await;
    let before = in_database(&app).await;
    let event = before.iter().find(|row| row["event"]["tenant_id"] == json!(firm())).unwrap();
    let event = event["event"]["event_id"].as_str().unwrap().to_owned();
    assert_eq!(found(&app, "").await, 20);
    let path = format!("/v1/audit/events/{event}");
    let whole = app.system_admin().get(&path).await.expect(200).body;
    archive(&app).await;
    assert_eq!(found(&app, "").await, 0);
    app.system_admin().get(&path).await.expect(404);
    // Its proof stays: leaves and tiles do not go with the month.
    let path_of_proof = format!("{path}/inclusion-proof");
    let proof = app.system_admin().get(&path_of_proof).await.expect(200).body;
    let archived = in_archive(&app, &firm()).await;
    let kept = archived.iter().find(|record| record.event_id.to_string() == event).unwrap();
    assert_eq!((&proof["leaf"], &proof["leaf_index"]), (&json!(null), &json!(kept.leaf_index)));
    let path_up: Vec<Hash> = serde_json::from_value(proof["proof"].clone()).unwrap();
    let root = proof["checkpoint"]["root"].as_str().unwrap().parse().unwrap();
    let size = proof["checkpoint"]["size"].as_u64().unwrap();
    let sealed = kept.event.as_ref().unwrap().leaf().unwrap().hash();
    assert_eq!(verify_inclusion(&sealed, kept.leaf_index, size, &path_up, &root), Ok(()));
    // Who sees only their own sees none of what nobody can tell whose it was.
    app.admin().get(&path_of_proof).await.expect(404);

    assert_eq!(restore(&app).await, 28);
    assert_eq!((state(&app).await.as_deref(), table(&app).await), (Some("restored"), "attached"));
    assert_eq!(in_database(&app).await, before);
    assert_eq!((found(&app, "").await, found(&app, "&action=CREATE_PRODUCT").await), (20, 10));
    assert_eq!(app.system_admin().get(&path).await.expect(200).body, whole);
    // No event is sealed a second time, and the log goes on.
    let size = head(&app).await["size"].as_u64();
    app.seal().await;
    let doubled = app
        .sql("select count(*) as n from audit.log_leaves group by tenant_id, event_id having count(*) > 1")
        .await;
    assert!(doubled.is_empty() && head(&app).await["size"].as_u64() > size);
    // The archive leaves it alone until it is released.
    assert!(archive(&app).await.dropped.is_empty());
    months::release(&app.app, &app.seals, day()).await.expect("a release");
    assert_eq!(archive(&app).await.dropped, [day()]);
    assert_eq!((state(&app).await.as_deref(), table(&app).await), (Some("dropped"), "gone"));
    assert_eq!(restore(&app).await, 28, "as often as one likes");
}

#[tokio::test]
async fn the_other_firm_sees_its_own_part_and_no_more() {
    let app = old_month(20).await;
    archive(&app).await;
    restore(&app).await;
    let other = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    let answer = other.get("/v1/audit/events?limit=100&to=2025-10-01T00:00:00Z").await;
    let count = answer.body["items"].as_array().map(Vec::len);
    assert!(matches!(count, None | Some(6)), "{}", answer.body);
    let rules = app
        .sql("select c.relrowsecurity and c.relforcerowsecurity as fenced,
                (select count(*) from pg_policy p where p.polrelid = c.oid)
                  = (select count(*) from pg_policy p where p.polrelid = 'audit.audit_events_2026_11'::regclass) as policies,
                (select array_agg(i.indkey::text order by i.indkey::text) from pg_index i where i.indrelid = c.oid)
                  = (select array_agg(i.indkey::text order by i.indkey::text) from pg_index i where i.indrelid = 'audit.audit_events_2026_11'::regclass) as indexes,
                (select count(*) from pg_constraint k where k.conrelid = c.oid)
                  = (select count(*) from pg_constraint k where k.conrelid = 'audit.audit_events_2026_11'::regclass) as checks,
                (select array_agg(t.tgname::text || t.tgenabled::text order by t.tgname) from pg_trigger t
                  where t.tgrelid = c.oid and t.tgname <> 'audit_events_closed')
                  = (select array_agg(t.tgname::text || t.tgenabled::text order by t.tgname) from pg_trigger t
                  where t.tgrelid = 'audit.audit_events_2026_11'::regclass) as triggers,
                (select t.tgenabled::text from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'audit_events_closed') as closed,
                has_table_privilege('wealth_test', c.oid, 'select, insert, update, delete, truncate') as open
               from pg_class c where c.oid = 'audit.audit_events_2025_09'::regclass")
        .await;
    assert_eq!(
        json!(rules),
        json!([{"fenced": true, "policies": true, "indexes": true, "checks": true, "triggers": true, "closed": "A",
            "open": false}])
    );
}

/// Nothing can be written into a month that came back, changed in it or taken from it.
#[tokio::test]
async fn a_restored_month_is_read_only_for_every_role() {
    let app = old_month(3).await;
    archive(&app).await;
    restore(&app).await;
    let superuser = app.database.superuser().await;
    for change in [
        format!(
            "insert into audit.audit_events (tenant_id, actor_type, action, occurred_at) values ('{}', 'system', 'x', '{MONTH}-03Z')",
            firm()
        ),
        "update audit.audit_events set action = 'x' where occurred_at < '2025-10-01Z'".to_owned(),
        "delete from audit.audit_events where occurred_at < '2025-10-01Z'".to_owned(),
        "truncate audit.audit_events_2025_09".to_owned(),
    ] {
        let text = format!("set session_replication_role = replica; {change}");
        let refused = superuser.batch_execute(&text).await.unwrap_err();
        assert_eq!(refused.code().map(|code| code.code()), Some("WA403"), "{change}");
    }
}

/// Half of a month came back, and no more than one index.
async fn half_restored(app: &TestApp) {
    archive(app).await;
    app.execute(&format!(
        "select audit.job_restore_begin('{MONTH}-01');
         select audit.job_restore_rows('{0}', '{MONTH}-01',
             '[{{\"event_id\": \"00000000-0000-4000-8000-000000000001\", \"tenant_id\": \"{0}\", \"action\": \"x\",
                 \"occurred_at\": \"{MONTH}-02Z\", \"recorded_at\": \"{MONTH}-02Z\", \"actor_type\": \"system\",
                 \"outcome\": \"success\", \"salt\": \"00000000-0000-4000-8000-000000000001\"}}]');
         select audit.job_restore_index('{MONTH}-01')",
        firm()
    ))
    .await;
    assert_eq!((state(app).await.as_deref(), table(app).await), (Some("restoring"), "beside"));
    assert_eq!(found(app, "").await, 0, "what is not whole is not shown");
}

#[tokio::test]
async fn a_restore_that_died_is_begun_anew() {
    let app = old_month(9).await;
    let before = in_database(&app).await;
    half_restored(&app).await;
    restore(&app).await;
    assert_eq!(in_database(&app).await, before);
}

#[tokio::test]
async fn a_restore_is_given_up_and_begun_again() {
    let app = old_month(9).await;
    let before = in_database(&app).await;
    half_restored(&app).await;
    months::release(&app.app, &app.seals, day()).await.expect("a release");
    assert_eq!((state(&app).await.as_deref(), table(&app).await), (Some("dropped"), "gone"));
    // Who was still at it puts nothing any more.
    let superuser = app.database.superuser().await;
    for step in [
        format!("select audit.job_restore_rows('{}', '{MONTH}-01', '[]')", firm()),
        format!("select audit.job_restore_index('{MONTH}-01')"),
        format!("select audit.job_restore_attach('{MONTH}-01', 1)"),
    ] {
        let refused = superuser.batch_execute(&step).await.unwrap_err();
        assert_eq!(refused.code().map(|code| code.code()), Some("WA409"), "{step}");
    }
    restore(&app).await;
    assert_eq!(in_database(&app).await, before);
}

#[tokio::test]
async fn only_a_month_that_was_dropped_is_restored_and_only_a_restored_one_released() {
    let app = old_month(3).await;
    let restored = async || months::restore(&app.app, &app.seals, day(), |_, _| {}).await.is_ok();
    let released = async || months::release(&app.app, &app.seals, day()).await.is_ok();
    assert!(!restored().await && !released().await, "hot");
    archive(&app).await;
    assert!(!released().await, "dropped");
    assert!(restored().await && !restored().await, "once");
    assert!(released().await && !released().await, "once");
}
