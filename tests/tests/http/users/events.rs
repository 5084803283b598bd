//! What happens by the clock.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::world::session;

async fn purge(app: &TestApp) -> Value {
    let request = "0199aaaa-0000-7000-8000-000000000001".parse().unwrap();
    let purged = users::jobs::purge(&app.app, &app.services, request).await;
    purged.unwrap_or_else(|problem| panic!("{}", problem.summary()))
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
    let done = json!({"sessions": 1, "one_time_tokens": 1, "throttles": 0, "retired_keys": 0});
    assert_eq!(purge(&app).await, done);
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

#[tokio::test]
async fn an_event_of_another_kind_is_refused() {
    let app = TestApp::new().await;
    for event in [json!({"detail-type": "Purge"}), json!({"triggerSource": "Other"}), json!({})] {
        let refused = users::on_event(app.app.clone(), event).await.unwrap_err().summary();
        assert!(!refused.is_empty(), "{refused}");
    }
}
