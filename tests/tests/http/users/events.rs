//! What happens by the clock.

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use testkit::{Firm, Request, TestApp};
use uuid::Uuid;

use super::world::{session, user};

async fn purged(app: &TestApp, after: Option<Uuid>) -> users::jobs::Purged {
    let request = "0199aaaa-0000-7000-8000-000000000001".parse().unwrap();
    let purged = users::jobs::purge(&app.app, &app.services, request, after).await;
    purged.unwrap_or_else(|problem| panic!("{}", problem.summary()))
}

async fn purge(app: &TestApp) -> Value {
    let purged = purged(app, None).await;
    assert_eq!((purged.next, purged.failed), (None, Vec::new()));
    purged.counts
}

/// Ends every session.
async fn end_all(app: &TestApp) {
    app.execute("update users.user_sessions set revoked_at = '2026-11-21T12:00:00Z'").await;
}

async fn left(app: &TestApp) -> Vec<Value> {
    let left = app.sql("select session_id as id from users.user_sessions order by 1").await;
    left.into_iter().map(|row| row["id"].clone()).collect()
}

#[tokio::test]
async fn what_is_long_over_is_forgotten_and_nothing_else() {
    let app = TestApp::new().await;
    let (ended, live) =
        (session(&app, Firm::Meridian, 4).await, session(&app, Firm::Harbour, 4).await);
    app.execute(&format!(
        "update users.user_sessions set revoked_at = '2026-11-21T12:00:00Z' where session_id = '{}';
         update users.user_sessions set expires_at = '2027-06-01', absolute_expires_at = '2027-06-01'
          where session_id = '{}';
         insert into users.one_time_tokens (token_hash, purpose, expires_at)
         values ('old', 'recover', '2026-12-19T12:00:00Z'), ('new', 'recover', '2026-12-22');
         insert into users.throttles (bucket, subject_hash, window_start)
         values ('old', 'x', '2026-12-19'), ('new', 'x', '2026-12-21')",
        ended.session_id, live.session_id
    ))
    .await;
    app.clock.advance(TimeDelta::days(30));
    let nothing = json!({"sessions": 0, "one_time_tokens": 0, "throttles": 1, "retired_keys": 0});
    assert_eq!(purge(&app).await, nothing);
    app.clock.advance(TimeDelta::seconds(1));
    let done = json!({"sessions": 0, "one_time_tokens": 1, "throttles": 0, "retired_keys": 0});
    assert_eq!(purge(&app).await, done);
    // The thirtieth day is over where it ends last.
    for (at, sessions) in [("2026-12-22T11:59:59Z", 0), ("2026-12-22T12:00:00Z", 1)] {
        app.clock.set(at.parse().unwrap());
        assert_eq!(purge(&app).await["sessions"], sessions, "{at}");
    }
    // Once more: nothing is left to do.
    let nothing = json!({"sessions": 0, "one_time_tokens": 0, "throttles": 0, "retired_keys": 0});
    assert_eq!(purge(&app).await, nothing);
    let left = app.sql("select session_id from users.user_sessions").await;
    assert_eq!(left, [json!({"session_id": live.session_id})]);
    let audit = app
        .sql("select tenant_id, actor_type, details from audit.audit_events where action = 'sessions.purged'")
        .await;
    let expected = json!({
        "tenant_id": Firm::Meridian.tenant_id(), "actor_type": "system", "details": {"sessions": 1},
    });
    assert_eq!(audit, [expected]);
    // The log still tells of the session that was forgotten.
    let told = format!(
        "select 1 from audit.audit_events where action = 'session.opened' and details ->> 'session_id' = '{}'",
        ended.session_id
    );
    assert_eq!(app.sql(&told).await.len(), 1);
}

/// A firm that keeps sessions for a year has them for a year.
#[tokio::test]
async fn sessions_are_kept_as_long_as_their_firm_asks() {
    let app = TestApp::new().await;
    let longer = json!({"months": 12, "reason": "Our own rule"});
    let path = "/v1/audit/retention-policies/session_record";
    app.system_admin().put(path, longer, "*").await.expect(200);
    let kept = session(&app, Firm::Meridian, 4).await;
    session(&app, Firm::Harbour, 4).await;
    end_all(&app).await;
    for (at, sessions) in
        [("2026-12-22T12:00:00Z", 1), ("2027-11-22T11:59:59Z", 0), ("2027-11-22T12:00:00Z", 1)]
    {
        assert!(left(&app).await.contains(&json!(kept.session_id)), "{at}");
        app.clock.set(at.parse().unwrap());
        assert_eq!(purge(&app).await["sessions"], sessions, "{at}");
    }
}

/// A firm whose sessions cannot be purged keeps nobody else's.
#[tokio::test]
async fn one_firms_failure_keeps_no_other_waiting() {
    let app = TestApp::new().await;
    let stuck = session(&app, Firm::Meridian, 4).await;
    session(&app, Firm::Harbour, 4).await;
    end_all(&app).await;
    app.execute(&format!(
        "create function public.stuck() returns trigger language plpgsql as $$ begin
             if old.tenant_id = '{}' then raise 'stuck'; end if;
             return old; end $$;
         create trigger stuck before delete on users.user_sessions for each row execute function public.stuck();
         insert into users.one_time_tokens (token_hash, purpose, expires_at) values ('old', 'recover', '2026-12-01')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    app.clock.set("2026-12-22T12:00:00Z".parse().unwrap());
    let part = purged(&app, Some(Firm::Meridian.tenant_id())).await;
    assert_eq!((&part.counts["sessions"], part.failed.len()), (&json!(1), 0));
    session(&app, Firm::Harbour, 4).await;
    end_all(&app).await;
    let all = purged(&app, None).await;
    let wanted = json!({"sessions": 1, "one_time_tokens": 0, "throttles": 0, "retired_keys": 0});
    assert_eq!(all.counts, wanted);
    assert!(all.failed.len() == 1 && all.failed[0].contains("stuck"), "{:?}", all.failed);
    assert_eq!(left(&app).await, [json!(stuck.session_id)]);
    // And somebody is told.
    let (order, ends) = (
        jobs::Order {
            scheduled: "2026-12-22T12:00:00Z".parse().unwrap(),
            tenant: None,
            date: None,
        },
        std::time::Instant::now() + std::time::Duration::from_secs(60),
    );
    let job = jobs::find("purge-sessions").unwrap();
    let done = jobs::run(&app.app, &app.jobs(), job, &order, ends).await;
    let done = done.unwrap_or_else(|problem| panic!("{}", problem.summary()));
    let alarm = done.runs[0].report["alarm"].as_str().unwrap();
    assert!(done.done == 1 && alarm.starts_with("not purged: "), "{alarm}");
}

/// What is held stays, by person and by session; what is not goes.
#[tokio::test]
async fn sessions_under_a_hold_keep_no_other() {
    let app = TestApp::new().await;
    let (person, single) =
        (session(&app, Firm::Meridian, 4).await, session(&app, Firm::Meridian, 1).await);
    session(&app, Firm::Meridian, 1).await;
    session(&app, Firm::Harbour, 4).await;
    end_all(&app).await;
    let name = single.session_id.to_string().to_uppercase();
    let hold = json!({"name": "x", "reason": "y", "scopes": [
        {"kind": "person", "person_id": user(Firm::Meridian, 4)},
        {"kind": "record", "table_name": "users.user_sessions", "record_id": name}]});
    app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
    app.clock.set("2026-12-22T12:00:00Z".parse().unwrap());
    assert_eq!(purge(&app).await["sessions"], 2);
    let mut kept = [json!(person.session_id), json!(single.session_id)];
    kept.sort_by_key(Value::to_string);
    assert_eq!(left(&app).await, kept);
}

/// A saved comparison outlives the session that it was made in (S0-86); one under a hold keeps it.
#[tokio::test]
async fn a_saved_comparison_outlives_its_session() {
    let app = TestApp::new().await;
    let session = session(&app, Firm::Meridian, 4).await.session_id;
    app.execute(&format!(
        "insert into products.product_comparisons (tenant_id, user_id, product_ids, investment_amount, horizon_months,
             as_of, known_at, session_id, request, engine_version, result, result_sha256)
         values ('{}', '{}', array[gen_random_uuid(), gen_random_uuid()], 1, 12, '2026-11-21', now(), '{session}', '{{}}',
             1, 'x', sha256('x'))",
        Firm::Meridian.tenant_id(),
        user(Firm::Meridian, 4)
    ))
    .await;
    end_all(&app).await;
    app.second_system_admin().await;
    let hold = json!({"name": "x", "reason": "y", "scopes": [
        {"kind": "table", "table_name": "products.product_comparisons"}]});
    let hold = app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
    app.clock.set("2026-12-22T12:00:00Z".parse().unwrap());
    assert_eq!(purge(&app).await["sessions"], 0);
    let made_in = "select session_id from products.product_comparisons";
    assert_eq!(app.sql(made_in).await, [json!({"session_id": session})]);
    let path = format!("/v1/audit/legal-holds/{}", hold.body["hold_id"].as_str().unwrap());
    let reason = Request::new(Method::POST, &format!("{path}/request-release"));
    // A month later, with tokens of that day.
    let second = app.client(Firm::Meridian, "second-system-admin", &["SystemAdministrator"]);
    app.system_admin()
        .send(reason.json(&json!({"reason": "Settled"})).if_match("*"))
        .await
        .expect(200);
    second.act(&format!("{path}/release"), "*").await.expect(200);
    assert_eq!(purge(&app).await["sessions"], 1);
    assert_eq!(app.sql(made_in).await, [json!({"session_id": null})]);
}

#[tokio::test]
async fn an_event_of_another_kind_is_refused() {
    let app = TestApp::new().await;
    for event in [json!({"detail-type": "Purge"}), json!({"triggerSource": "Other"}), json!({})] {
        let refused = users::on_event(app.app.clone(), event).await.unwrap_err().summary();
        assert!(!refused.is_empty(), "{refused}");
    }
}
