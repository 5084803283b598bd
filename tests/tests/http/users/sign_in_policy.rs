//! How a firm wants its people to sign in.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::world::{signed_in, user};

const PATH: &str = "/v1/users/auth-policy";

fn policy() -> Value {
    json!({"mfa": "optional", "mfa_roles": [], "idle_timeout_minutes": 720,
        "absolute_lifetime_minutes": 43200, "access_token_minutes": 15, "password_min_length": 15,
        "password_history": 5, "step_up_minutes": 15, "security_questions": false,
        "self_registration": false})
}

fn with(name: &str, value: Value) -> Value {
    let mut policy = policy();
    policy[name] = value;
    policy
}

#[tokio::test]
async fn a_policy_begins_with_defaults_and_holds_at_once() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let first = boss.get(PATH).await.expect(200);
    assert_eq!((first.etag(), first.body), ("\"0\"".to_owned(), with("updated_at", json!(null))));

    let manager = signed_in(&app, Firm::Meridian, 5).await;
    let set = boss.put(PATH, with("mfa_roles", json!(["SalesManager"])), "\"0\"").await.expect(200);
    let mut expected = with("mfa_roles", json!(["SalesManager"]));
    expected["updated_at"] = json!("2026-11-21T12:00:00Z");
    assert_eq!((set.etag(), &set.body), ("\"1\"".to_owned(), &expected));
    assert_eq!(boss.get(PATH).await.expect(200).body, expected);
    let refused = manager.get("/v1/products").await.expect(403);
    assert_eq!(refused.code(), "insufficient_aal");

    boss.put(PATH, policy(), "\"0\"").await.expect(412);
    boss.put(PATH, policy(), "").await.expect(428);
    // The other firm has a policy of its own.
    assert_eq!(app.other_admin().get(PATH).await.expect(200).etag(), "\"0\"");
    let trail = app
        .sql(
            "select actor_id, new_values ->> 'mfa_roles' as roles from audit.audit_events
               where resource_type = 'auth_policies'",
        )
        .await;
    let row = json!({"actor_id": user(Firm::Meridian, 3), "roles": "[\"SalesManager\"]"});
    assert_eq!(trail, [row]);
}

#[tokio::test]
async fn what_is_out_of_range_or_left_out_is_named() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    for (name, value, pointer) in [
        ("idle_timeout_minutes", json!(4), "/idle_timeout_minutes"),
        ("absolute_lifetime_minutes", json!(60), "/absolute_lifetime_minutes"),
        ("password_min_length", json!(7), "/password_min_length"),
        ("step_up_minutes", json!(0), "/step_up_minutes"),
        ("mfa", json!("never"), "/mfa"),
        ("mfa_roles", json!(["SalesManager", "Nobody"]), "/mfa_roles/1"),
        ("version", json!(3), "/version"),
    ] {
        let answer = boss.put(PATH, with(name, value), "*").await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer);
    }
    let mut short = policy();
    short.as_object_mut().expect("members").remove("mfa");
    let answer = boss.put(PATH, short, "*").await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/mfa");
}

#[tokio::test]
async fn changing_it_takes_the_role_and_a_recent_sign_in() {
    let app = TestApp::new().await;
    app.admin().put(PATH, policy(), "*").await.expect(403);
    app.sales_rep().get(PATH).await.expect(403);
    let boss = app.system_admin();
    boss.put(PATH, with("step_up_minutes", json!(5)), "*").await.expect(200);
    app.clock.advance(chrono::TimeDelta::minutes(6));
    let stale = boss.put(PATH, policy(), "*").await.expect(403);
    assert_eq!(stale.code(), "insufficient_aal");
    boss.get(PATH).await.expect(200);
}
