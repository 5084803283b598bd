//! Roles: granted, lasting, ended, and what is known of them afterwards.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use testkit::{Answer, Firm, TestApp};

use super::world::user;

const NOW: &str = "2026-11-21T12:00:00Z";

fn roles_of(number: u8) -> String {
    format!("/v1/users/{}/roles", user(Firm::Meridian, number))
}

fn names(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().expect("items").iter();
    items.map(|item| item["role_name"].as_str().expect("a name")).collect()
}

fn later(app: &TestApp, days: i64) {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    app.clock.set(now + TimeDelta::days(days));
}

#[tokio::test]
async fn a_role_is_granted_for_a_time_and_known_for_good() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let grant = json!({"role_name": "SalesManager", "effective_from": "2026-12-01T00:00:00Z",
        "effective_to": "2026-12-31T00:00:00Z", "reason": "Eve is on leave"});
    let made = admin.post(&roles_of(4), grant.clone()).await.expect(201).body;
    let expected = json!({
        "user_role_id": made["user_role_id"], "user_id": user(Firm::Meridian, 4),
        "role_name": "SalesManager", "origin": "manual", "group_name": null,
        "effective_from": "2026-12-01T00:00:00Z", "effective_to": "2026-12-31T00:00:00Z",
        "assigned_at": NOW, "assigned_by": "Cyd system-admin", "reason": "Eve is on leave",
        "ended_by": null, "version": 1,
    });
    assert_eq!(made, expected);
    let at = |instant: &str| format!("{}?as_of={instant}", roles_of(4));
    let promoted = ["SalesManager", "SalesRepresentative"];
    for (instant, held) in [
        ("1999-01-01T00:00:00Z", vec![]),
        ("2026-11-30T23:59:59Z", promoted[1..].to_vec()),
        ("2026-12-01T00:00:00Z", promoted.to_vec()),
        ("2026-12-31T00:00:00Z", promoted[1..].to_vec()),
    ] {
        assert_eq!(names(&admin.get(&at(instant)).await.expect(200)), held, "{instant}");
    }
    assert_eq!(names(&admin.get(&roles_of(4)).await.expect(200)), promoted);
    let again = admin.post(&roles_of(4), grant).await.expect(409);
    assert_eq!(
        (again.code(), &again.body["errors"][0]["pointer"]),
        ("duplicate", &json!("/effective_from"))
    );

    let manager = || app.client(Firm::Meridian, "sales-rep", &["SalesManager"]);
    assert_eq!(manager().get("/v1/users").await.code(), "role_revoked");
    later(&app, 15);
    manager().get("/v1/users").await.expect(200);
    later(&app, 60);
    assert_eq!(manager().get("/v1/users").await.code(), "role_revoked");
}

#[tokio::test]
async fn an_ended_role_is_gone_at_once_and_stays_in_the_list() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let grant = json!({"role_name": "SalesManager"});
    let made = admin.post(&roles_of(4), grant).await.expect(201).body;
    let manager = app.client(Firm::Meridian, "sales-rep", &["SalesManager"]);
    manager.get("/v1/users").await.expect(200);
    later(&app, 0);
    app.clock.set(NOW.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(5));
    let path = format!("{}/{}", roles_of(4), made["user_role_id"].as_str().unwrap());
    assert_eq!(admin.delete(&path, "\"7\"").await.code(), "version_conflict");
    admin.delete(&path, "\"1\"").await.expect(204);
    assert_eq!(manager.get("/v1/users").await.code(), "role_revoked");
    let ended = admin.get(&roles_of(4)).await.expect(200).body["items"][0].clone();
    assert_eq!(
        (&ended["effective_to"], &ended["ended_by"]),
        (&json!("2026-11-21T12:05:00Z"), &json!("Cyd system-admin"))
    );
    admin.delete(&path, "*").await.expect(204);
    assert_eq!(admin.get(&roles_of(4)).await.expect(200).body["items"][0], ended, "a second click");
    let revived = admin.put(&path, json!({}), "*").await;
    assert_eq!((revived.status, revived.code()), (409, "state_conflict"));
}

#[tokio::test]
async fn the_past_stays_as_it_was() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let pointer = |answer: &Answer| answer.body["errors"][0]["pointer"].clone();
    for (grant, field) in [
        (
            json!({"role_name": "SalesManager", "effective_from": "2026-11-21T11:59:59Z"}),
            "/effective_from",
        ),
        (json!({"role_name": "SalesManager", "effective_to": NOW}), "/effective_to"),
        (json!({"role_name": "Emperor"}), "/role_name"),
        (json!({"reason": "x"}), "/role_name"),
    ] {
        let answer = admin.post(&roles_of(4), grant.clone()).await.expect(422);
        assert_eq!(pointer(&answer), field, "{grant}");
    }
    let held = admin.get(&roles_of(4)).await.expect(200).body["items"][0].clone();
    let path = format!("{}/{}", roles_of(4), held["user_role_id"].as_str().unwrap());
    let answer = admin.put(&path, json!({"effective_to": NOW}), "*").await.expect(422);
    assert_eq!(pointer(&answer), "/effective_to");
    let until = json!({"effective_to": "2027-01-01T00:00:00Z", "reason": "Contract ends"});
    let changed = admin.put(&path, until, "\"1\"").await.expect(200);
    assert_eq!(
        (&changed.body["effective_to"], &changed.body["version"]),
        (&json!("2027-01-01T00:00:00Z"), &json!(2))
    );
}

#[tokio::test]
async fn a_firm_keeps_an_administrator() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let own = admin.get(&roles_of(3)).await.expect(200).body["items"][0].clone();
    let path = format!("{}/{}", roles_of(3), own["user_role_id"].as_str().unwrap());
    assert_eq!(admin.delete(&path, "*").await.expect(409).code(), "last_administrator");
    let until = json!({"effective_to": "2027-01-01T00:00:00Z"});
    assert_eq!(admin.put(&path, until, "*").await.expect(409).code(), "last_administrator");
    // A second one who leaves with the year is no replacement.
    let short = json!({"role_name": "SystemAdministrator", "effective_to": "2027-01-01T00:00:00Z"});
    let made = admin.post(&roles_of(1), short).await.expect(201).body;
    assert_eq!(admin.delete(&path, "*").await.expect(409).code(), "last_administrator");
    let second = format!("{}/{}", roles_of(1), made["user_role_id"].as_str().unwrap());
    admin.put(&second, json!({"effective_to": null}), "*").await.expect(200);
    app.clock.set(NOW.parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(1));
    admin.delete(&path, "*").await.expect(204);
    assert_eq!(admin.get("/v1/users").await.code(), "role_revoked");
}

#[tokio::test]
async fn what_a_group_gives_is_changed_in_the_directory() {
    let app = TestApp::new().await;
    app.execute(&format!(
        "insert into users.user_roles (tenant_id, user_id, role_name, okta_group_name, origin, effective_from)
         values ('{}', '{}', 'SalesManager', 'Leads', 'scim', '2026-01-01Z')",
        Firm::Meridian.tenant_id(),
        user(Firm::Meridian, 4)
    ))
    .await;
    let admin = app.system_admin();
    let all = admin.get(&roles_of(4)).await.expect(200).body;
    let group = &all["items"][0];
    assert_eq!((&group["origin"], &group["group_name"]), (&json!("scim"), &json!("Leads")));
    let path = format!("{}/{}", roles_of(4), group["user_role_id"].as_str().unwrap());
    assert_eq!(admin.delete(&path, "*").await.expect(409).code(), "state_conflict");
    // The same role by hand is a grant of its own.
    let by_hand: Value = json!({"role_name": "SalesManager"});
    admin.post(&roles_of(4), by_hand).await.expect(201);
}
