//! Who uses the platform, who has which access, and what is left of who is gone.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::world::{session, user};

#[tokio::test]
async fn the_activity_of_everybody_is_counted_once() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    for _ in 0..3 {
        session(&app, Firm::Meridian, 4).await;
    }
    session(&app, Firm::Harbour, 4).await;
    let rep = format!("user_id = '{}'", user(Firm::Meridian, 4));
    let actions = app
        .sql(&format!(
            "select count(*) as n from audit.audit_events where actor_id = '{}'",
            user(Firm::Meridian, 4)
        ))
        .await;
    let answer = admin.get("/v1/users/activity?limit=6").await.expect(200).body;
    let items = answer["items"].as_array().unwrap();
    let dot = items.iter().find(|item| item["email"] == "sales-rep@a.test").unwrap();
    let expected = json!({"user_id": user(Firm::Meridian, 4), "email": "sales-rep@a.test",
        "first_name": "Dot", "last_name": "sales-rep", "total_sessions": 3, "total_comparisons": 0,
        "last_activity": "2026-11-21T12:00:00Z", "total_actions": actions[0]["n"]});
    assert_eq!(dot, &expected, "{rep}");
    assert_eq!(items.len(), 6);
    let first = admin.get("/v1/users/activity?limit=4").await.expect(200).body;
    let path =
        format!("/v1/users/activity?limit=4&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = admin.get(&path).await.expect(200).body;
    assert_eq!(second["items"].as_array().unwrap().len(), 2);
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn an_access_review_shows_what_lets_everybody_in() {
    let app = TestApp::new().await;
    session(&app, Firm::Meridian, 4).await;
    let admin = app.system_admin();
    let answer = admin.get("/v1/users/access-review").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let all = lines(&answer.bytes);
    assert_eq!(all.len(), 6);
    let dot = all.iter().find(|line| line["email"] == "sales-rep@a.test").unwrap();
    let expected = json!({
        "user_id": user(Firm::Meridian, 4), "email": "sales-rep@a.test", "name": "Dot sales-rep",
        "status": "active", "origin": "manual",
        "roles": [{"role_name": "SalesRepresentative", "origin": "manual", "group_name": null,
            "effective_from": "2000-01-01T00:00:00+00:00", "effective_to": null, "assigned_by": "seed",
            "reason": null}],
        "identities": [{"provider": "local", "issuer": "https://local.wealth.invalid",
            "subject": "sales-rep-a"}],
        "has_password": false, "totp_factors": 0, "passkeys": 0, "api_keys": 0, "sessions": 1,
        "last_login": "2026-11-21T12:00:00+00:00", "member_since": dot["member_since"],
        "ended_at": null, "as_of": "2026-11-21T12:00:00+00:00",
    });
    assert_eq!(dot, &expected);
    let before = admin.get("/v1/users/access-review?as_of=1999-01-01T00:00:00Z").await.expect(200);
    assert!(lines(&before.bytes).iter().all(|line| line["roles"] == json!([])));
    let csv = admin.get("/v1/users/access-review?format=csv").await.expect(200);
    let text = String::from_utf8(csv.bytes).unwrap();
    assert_eq!(text.lines().count(), 7);
    assert!(text.starts_with("user_id,email,name,status,origin,roles,"), "{text}");
    assert_eq!(app.sales_manager().get("/v1/users/access-review").await.status, 403);
}

#[tokio::test]
async fn nothing_is_left_of_who_was_removed() {
    let app = TestApp::new().await;
    session(&app, Firm::Meridian, 4).await;
    let admin = app.system_admin();
    let path = format!("/v1/users/{}", user(Firm::Meridian, 4));
    let report = format!("{path}/deprovision-report");
    let before = admin.get(&report).await.expect(200).body;
    let count =
        |body: &Value| (body["is_closed"].clone(), body["sessions"].clone(), body["roles"].clone());
    assert_eq!(count(&before), (json!(false), json!(1), json!(1)));
    admin.act(&format!("{path}/deactivate"), "*").await.expect(200);
    let suspended = admin.get(&report).await.expect(200).body;
    assert_eq!(count(&suspended), (json!(true), json!(0), json!(1)));
    admin.delete(&path, "*").await.expect(204);
    let after = admin.get(&report).await.expect(200).body;
    let expected = json!({"user_id": user(Firm::Meridian, 4), "membership_status": "ended",
        "is_closed": true, "sessions": 0, "impersonations": 0, "api_keys": 0, "open_links": 0,
        "open_invitations": 0, "roles": 0, "groups": 0, "access_ended_at": "2026-11-21T12:00:00Z",
        "as_of": "2026-11-21T12:00:00Z"});
    assert_eq!(after, expected);
    assert_eq!(app.other_admin().get(&report).await.status, 404);
}
