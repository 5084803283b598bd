//! Calls of a firm's directory.

use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Firm, Request, TestApp};

use super::world::{session, user};

const HOOKS: &str = "/v1/users/event-hooks";

/// A hook's path and secret.
pub(super) struct Hook {
    id: String,
    path: String,
    secret: String,
}

/// A new hook of the firm that tests act in.
pub(super) async fn hook(app: &TestApp) -> Hook {
    let made = app.system_admin().send(Request::new(Method::POST, HOOKS)).await.expect(201);
    let text = |name: &str| made.body[name].as_str().expect(name).to_owned();
    let path = text("url").strip_prefix(testkit::ISSUER).expect("our address").to_owned();
    assert_eq!(made.header("location"), format!("{HOOKS}/{}", text("event_hook_id")));
    Hook { id: text("event_hook_id"), path, secret: text("secret") }
}

impl Hook {
    /// Sends events as Okta does.
    pub(super) async fn deliver(&self, app: &TestApp, events: Value) -> Answer {
        let body = json!({"eventType": "com.okta.event_hook", "data": {"events": events}});
        let request = Request::new(Method::POST, &self.path).json(&body);
        app.anonymous().send(request.header("authorization", &self.secret)).await
    }
}

fn event(id: &str, kind: &str, minute: u8) -> Value {
    json!({"uuid": id, "eventType": kind, "published": format!("2026-11-21T11:{minute:02}:00.000Z"),
        "client": {"ipAddress": "198.51.100.7"},
        "target": [{"id": "00u-dot", "type": "User", "alternateId": "dot@firm.example",
                    "displayName": "Dot"}]})
}

/// Dot, the sales representative, is the directory's 00u-dot.
async fn provisioned(app: &TestApp) {
    app.execute(
        "update users.memberships set external_id = '00u-dot'
          where user_id = '00000000-0000-7000-9000-000000000a04'",
    )
    .await;
}

async fn status(app: &TestApp) -> String {
    let query = "select status from users.memberships
                  where user_id = '00000000-0000-7000-9000-000000000a04'";
    app.sql(query).await[0]["status"].as_str().expect("a status").to_owned()
}

#[tokio::test]
async fn okta_proves_the_address_and_nothing_is_looked_up() {
    let app = TestApp::new().await;
    let path = "/v1/auth/hooks/okta/whatever";
    let request = Request::new(Method::GET, path);
    let asked = request.clone().header("x-okta-verification-challenge", "abc");
    let answer = app.anonymous().send(asked).await.expect(200);
    assert_eq!(answer.body, json!({"verification": "abc"}));
    app.anonymous().send(request).await.expect(400);
}

#[tokio::test]
async fn somebody_who_has_left_loses_everything_in_the_same_moment() {
    let app = TestApp::new().await;
    provisioned(&app).await;
    let hook = hook(&app).await;
    let opened = session(&app, Firm::Meridian, 4).await;
    let client = app.with_token(&opened.access_token);
    client.get("/v1/products").await.expect(200);
    let left = event("e1", "user.lifecycle.deactivate", 10);
    let answer = hook.deliver(&app, json!([left.clone()])).await.expect(200);
    assert_eq!(answer.body, json!({"outcomes": {"applied": 1}}));
    client.get("/v1/products").await.expect(403);
    let ended = app.sql("select revoke_reason from users.user_sessions").await;
    assert_eq!(ended, [json!({"revoke_reason": "directory"})]);
    // Delivered again: nothing more happens.
    let answer = hook.deliver(&app, json!([left])).await.expect(200);
    assert_eq!(answer.body, json!({"outcomes": {"duplicate": 1}}));
    // Of what was sent only what is needed was kept.
    let kept = app.sql("select subject, payload, outcome from users.directory_events").await;
    let payload = json!({"login": "dot@firm.example", "name": "Dot", "group_id": null,
        "group": null, "session_id": null});
    assert_eq!(kept, [json!({"subject": "00u-dot", "payload": payload, "outcome": "applied"})]);
}

#[tokio::test]
async fn events_count_by_when_they_happened_and_not_by_when_they_come() {
    let app = TestApp::new().await;
    provisioned(&app).await;
    let hook = hook(&app).await;
    // In one delivery, the later one first.
    let both = json!([
        event("e2", "user.lifecycle.unsuspend", 20),
        event("e1", "user.lifecycle.suspend", 10)
    ]);
    let answer = hook.deliver(&app, both).await.expect(200);
    assert_eq!(answer.body, json!({"outcomes": {"applied": 2}}));
    assert_eq!(status(&app).await, "active");
    // In two: the deactivation is known when the older activation comes.
    hook.deliver(&app, json!([event("e4", "user.lifecycle.deactivate", 40)])).await.expect(200);
    let late = json!([event("e3", "user.lifecycle.activate", 30)]);
    let answer = hook.deliver(&app, late).await.expect(200);
    assert_eq!(answer.body, json!({"outcomes": {"stale": 1}}));
    assert_eq!(status(&app).await, "suspended");
}

#[tokio::test]
async fn what_an_administrator_suspended_the_directory_does_not_open() {
    let app = TestApp::new().await;
    provisioned(&app).await;
    let hook = hook(&app).await;
    app.execute("update users.memberships set status = 'suspended' where external_id = '00u-dot'")
        .await;
    let answer = hook.deliver(&app, json!([event("e1", "user.lifecycle.activate", 1)])).await;
    assert_eq!(answer.expect(200).body, json!({"outcomes": {"unchanged": 1}}));
    assert_eq!(status(&app).await, "suspended");
}

#[tokio::test]
async fn a_session_that_ended_there_ends_here() {
    let app = TestApp::new().await;
    provisioned(&app).await;
    let hook = hook(&app).await;
    let opened = session(&app, Firm::Meridian, 4).await;
    session(&app, Firm::Meridian, 4).await;
    app.execute(&format!(
        "update users.user_sessions set okta_session_id = 'okta-1' where session_id = '{}'",
        opened.session_id
    ))
    .await;
    let mut ended = event("e1", "user.session.end", 1);
    ended["authenticationContext"] = json!({"externalSessionId": "okta-1"});
    let answer = hook.deliver(&app, json!([ended])).await.expect(200);
    assert_eq!(answer.body, json!({"outcomes": {"applied": 1}}));
    let live = app.sql("select count(*) as live from users.user_sessions where is_active").await;
    assert_eq!(live, [json!({"live": 1})]);
}

#[tokio::test]
async fn unknown_people_and_types_are_kept_and_do_nothing() {
    let app = TestApp::new().await;
    let hook = hook(&app).await;
    // Harbour's person has the same id there: another firm's directory says nothing about them.
    app.execute(&format!(
        "update users.memberships set external_id = '00u-dot' where user_id = '{}'",
        user(Firm::Harbour, 4)
    ))
    .await;
    let events =
        json!([event("e1", "user.lifecycle.deactivate", 1), event("e2", "app.new.kind", 2)]);
    let answer = hook.deliver(&app, events).await.expect(200);
    assert_eq!(answer.body, json!({"outcomes": {"unknown_person": 1, "stored": 1}}));
    let others = app.sql("select count(*) as n from users.memberships where status <> 'active'");
    assert_eq!(others.await, [json!({"n": 0})]);
}

#[tokio::test]
async fn the_secret_decides_and_two_work_while_one_takes_the_others_place() {
    let app = TestApp::new().await;
    let first = hook(&app).await;
    let boss = app.system_admin();
    let path = format!("{HOOKS}/{}/rotate", first.id);
    let rotate = async |body: Value| {
        let secret = boss.post(&path, body).await.expect(200).body["secret"].take();
        let secret = secret.as_str().expect("a secret").to_owned();
        Hook { id: first.id.clone(), path: first.path.clone(), secret }
    };
    let second = rotate(json!({})).await;
    for hook in [&first, &second] {
        hook.deliver(&app, json!([])).await.expect(200);
    }
    let third = rotate(json!({})).await;
    first.deliver(&app, json!([])).await.expect(404);
    second.deliver(&app, json!([])).await.expect(200);
    let fourth = rotate(json!({"keep_old": false})).await;
    third.deliver(&app, json!([])).await.expect(404);
    fourth.deliver(&app, json!([])).await.expect(200);

    let other = app.other_admin();
    other.post(&path, json!({})).await.expect(404);
    assert_eq!(other.get(HOOKS).await.expect(200).body, json!({"items": []}));
    let listed = boss.get(HOOKS).await.expect(200);
    let expected = json!({"items": [{"event_hook_id": first.id, "provider": "okta",
        "url": format!("{}{}", testkit::ISSUER, first.path),
        "created_at": "2026-11-21T12:00:00Z", "updated_at": "2026-11-21T12:00:00Z"}]});
    assert_eq!(listed.body, expected);
    let delete = format!("{HOOKS}/{}", first.id);
    other.delete(&delete, "").await.expect(404);
    boss.delete(&delete, "").await.expect(204);
    fourth.deliver(&app, json!([])).await.expect(404);
    app.sales_rep().get(HOOKS).await.expect(403);
    let trail = app.sql("select details::text || coalesce(new_values::text, '') as said from audit.audit_events").await;
    for row in trail {
        assert!(!row["said"].to_string().contains("secret_hashes"), "{row}");
    }
}
