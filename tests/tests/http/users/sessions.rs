//! Sessions as their owner and an administrator see and end them.

use serde_json::{Value, json};
use testkit::{Answer, Firm, TestApp};

use super::world::{session, user};

fn ids(answer: &Answer) -> Vec<Value> {
    let items = answer.body["items"].as_array().expect("items");
    items.iter().map(|item| item["session_id"].clone()).collect()
}

#[tokio::test]
async fn a_person_sees_the_own_sessions_and_which_is_this_one() {
    let app = TestApp::new().await;
    let one = session(&app, Firm::Meridian, 4).await;
    app.clock.set(wealth_core::Clock::now(&*app.clock) + chrono::TimeDelta::minutes(1));
    let two = session(&app, Firm::Meridian, 4).await;
    session(&app, Firm::Meridian, 5).await;
    session(&app, Firm::Harbour, 4).await;
    let client = app.with_token(&two.access_token);
    let answer = client.get("/v1/sessions").await.expect(200);
    let item = |id: uuid::Uuid, current: bool, at: &str, end: &str, last: &str| {
        json!({
            "session_id": id, "user_id": user(Firm::Meridian, 4), "is_current": current, "device": null,
            "ip_address": null, "user_agent": null, "created_at": at, "last_activity": at,
            "expires_at": end, "absolute_expires_at": last, "assurance": 1, "methods": ["pwd"],
            "authenticated_at": at, "impersonator_id": null,
        })
    };
    let expected = json!({"items": [
        item(two.session_id, true, "2026-11-21T12:01:00Z", "2026-11-22T00:01:00Z", "2026-12-21T12:01:00Z"),
        item(one.session_id, false, "2026-11-21T12:00:00Z", "2026-11-22T00:00:00Z", "2026-12-21T12:00:00Z"),
    ], "next_cursor": null});
    assert_eq!(answer.body, expected);
    let page = client.get("/v1/sessions?limit=1").await.expect(200);
    let next =
        format!("/v1/sessions?limit=1&cursor={}", page.body["next_cursor"].as_str().unwrap());
    assert_eq!(ids(&client.get(&next).await.expect(200)), [json!(one.session_id)]);
}

#[tokio::test]
async fn a_session_is_ended_by_its_owner_or_an_administrator_and_nobody_else() {
    let app = TestApp::new().await;
    let one = session(&app, Firm::Meridian, 4).await;
    let two = session(&app, Firm::Meridian, 4).await;
    let path = format!("/v1/sessions/{}", one.session_id);
    for stranger in [app.sales_manager(), app.admin(), app.other_admin()] {
        let answer = stranger.delete(&path, "").await.expect(404);
        assert_eq!(answer.code(), "not_found");
    }
    let client = app.with_token(&two.access_token);
    for _ in 0..2 {
        client.delete(&path, "").await.expect(204);
    }
    assert_eq!(
        app.with_token(&one.access_token).get("/v1/users/me").await.code(),
        "session_expired"
    );
    assert_eq!(ids(&client.get("/v1/sessions").await.expect(200)), [json!(two.session_id)]);
    let path = format!("/v1/sessions/{}", two.session_id);
    app.system_admin().delete(&path, "").await.expect(204);
    assert_eq!(client.get("/v1/users/me").await.code(), "session_expired");
    let events = app
        .sql(
            "select actor_id, resource_id from audit.audit_events where action = 'session.revoked'",
        )
        .await;
    assert_eq!(events.len(), 2, "{events:?}");
}

#[tokio::test]
async fn all_others_or_all_are_ended_at_once() {
    let app = TestApp::new().await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(session(&app, Firm::Meridian, 4).await);
    }
    let bystander = session(&app, Firm::Meridian, 5).await;
    let client = app.with_token(&all[1].access_token);
    let answer = client.post("/v1/sessions/revoke-others", json!({})).await.expect(200);
    assert_eq!(answer.body, json!({"revoked": 2}));
    for (at, opened) in all.iter().enumerate() {
        let status = app.with_token(&opened.access_token).get("/v1/users/me").await.status;
        assert_eq!(status, if at == 1 { 200 } else { 401 });
    }
    let answer = client.post("/v1/sessions/revoke-all", json!({})).await.expect(200);
    assert_eq!(answer.body, json!({"revoked": 1}));
    assert_eq!(client.get("/v1/users/me").await.code(), "session_expired");
    app.with_token(&bystander.access_token).get("/v1/users/me").await.expect(200);
}

#[tokio::test]
async fn an_administrator_sees_and_ends_a_members_sessions() {
    let app = TestApp::new().await;
    let opened = session(&app, Firm::Meridian, 4).await;
    let foreign = session(&app, Firm::Harbour, 4).await;
    let path = format!("/v1/users/{}/sessions", user(Firm::Meridian, 4));
    let root = app.system_admin();
    assert_eq!(ids(&root.get(&path).await.expect(200)), [json!(opened.session_id)]);
    for client in [app.admin(), app.sales_rep()] {
        assert_eq!(client.get(&path).await.expect(403).code(), "permission_denied");
        assert_eq!(client.delete(&path, "").await.expect(403).code(), "permission_denied");
    }
    let theirs = format!("/v1/users/{}/sessions", user(Firm::Harbour, 4));
    let nobodys = format!("/v1/users/{}/sessions", uuid::Uuid::from_u128(5));
    for path in [&theirs, &nobodys] {
        assert_eq!(ids(&root.get(path).await.expect(200)), Vec::<Value>::new());
        assert_eq!(root.delete(path, "").await.expect(404).code(), "not_found");
    }
    assert_eq!(root.delete(&path, "").await.expect(200).body, json!({"revoked": 1}));
    assert_eq!(root.delete(&path, "").await.expect(200).body, json!({"revoked": 0}));
    assert_eq!(
        app.with_token(&opened.access_token).get("/v1/users/me").await.code(),
        "session_expired"
    );
    app.with_token(&foreign.access_token).get("/v1/users/me").await.expect(200);
}

/// A caller cannot choose the id of a session: what was known before the sign-in is worth nothing.
#[tokio::test]
async fn each_sign_in_makes_a_session_of_its_own() {
    let app = TestApp::new().await;
    let one = session(&app, Firm::Meridian, 4).await;
    let two = session(&app, Firm::Meridian, 4).await;
    assert_ne!(one.session_id, two.session_id);
    assert_ne!(one.refresh_token, two.refresh_token);
    let view = app.sql("select is_revoked, user_id from reporting.sessions").await;
    assert_eq!(view.len(), 2);
}
