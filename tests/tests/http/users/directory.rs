//! The people of a firm: who sees whom, and how somebody comes, changes and goes.

use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Firm, Request, TestApp};

use super::world::{signed_in, user};

async fn made(client: &Client, email: &str) -> Value {
    let person = json!({"email": email, "first_name": "Ana", "last_name": "Diaz",
        "public_code": "U001", "legacy_id": "cku1x", "user_name": "ana", "external_id": "e-1"});
    client.post("/v1/users", person).await.expect(201).body
}

fn path(user: &Value) -> String {
    format!("/v1/users/{}", user["user_id"].as_str().expect("an id"))
}

#[tokio::test]
async fn a_person_is_made_read_changed_and_found_by_its_old_id() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let user = made(&admin, "Ana@Firm.Example").await;
    let times = (user["created_at"].clone(), user["updated_at"].clone());
    let expected = json!({
        "user_id": user["user_id"], "public_code": "U001", "legacy_id": "cku1x",
        "email": "ana@firm.example", "first_name": "Ana", "last_name": "Diaz", "name": "Ana Diaz",
        "status": "Active", "membership_status": "active", "origin": "manual", "user_name": "ana",
        "external_id": "e-1", "in_directory": true, "is_verified": false, "last_login": null,
        "created_at": times.0, "updated_at": times.1, "roles": [], "version": 1,
    });
    assert_eq!(user, expected);
    let read = admin.get(&path(&user)).await.expect(200);
    assert_eq!((read.body, read.headers["etag"].to_str().unwrap()), (user.clone(), "\"1\""));
    assert_eq!(admin.get("/v1/users/by-legacy-id/cku1x").await.expect(200).body, user);
    assert_eq!(admin.get("/v1/users/by-legacy-id/other").await.status, 404);

    let patch = json!({"last_name": "Ruiz", "legacy_id": null});
    let changed = admin.patch(&path(&user), patch.clone(), "\"1\"").await.expect(200).body;
    assert_eq!((&changed["name"], &changed["legacy_id"]), (&json!("Ana Ruiz"), &Value::Null));
    assert_eq!(changed["version"], 2);
    let late = admin.patch(&path(&user), patch, "\"1\"").await;
    assert_eq!((late.status, late.code()), (412, "version_conflict"));
    let bad = json!({"email": null, "first_name": "x".repeat(101)});
    let bad = admin.patch(&path(&user), bad, "*").await.expect(422);
    let pointers: Vec<_> =
        bad.body["errors"].as_array().unwrap().iter().map(|e| &e["pointer"]).collect();
    assert_eq!(pointers, ["/email", "/first_name"]);
}

#[tokio::test]
async fn another_firm_may_have_the_same_address_and_ids() {
    let app = TestApp::new().await;
    made(&app.system_admin(), "ana@firm.example").await;
    made(&app.other_admin(), "ana@firm.example").await;
    // Nor is anything told of the platform's own accounts.
    made_with(&app.system_admin(), "sales-rep@b.test").await.expect(201);
    let again = made_with(&app.system_admin(), "ANA@firm.example").await.expect(409);
    assert_eq!(
        (again.code(), &again.body["errors"][0]["pointer"]),
        ("duplicate", &json!("/email"))
    );
}

async fn made_with(client: &Client, email: &str) -> testkit::Answer {
    client.post("/v1/users", json!({ "email": email })).await
}

#[tokio::test]
async fn the_account_of_the_platform_belongs_to_its_person() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let path = format!("/v1/users/{}", user(Firm::Meridian, 4));
    let refused = admin.patch(&path, json!({"last_name": "Other"}), "*").await;
    assert_eq!((refused.status, refused.code()), (409, "state_conflict"));
    let allowed = admin.patch(&path, json!({"user_name": "dot"}), "*").await.expect(200);
    assert_eq!(
        (&allowed.body["user_name"], &allowed.body["name"]),
        (&json!("dot"), &json!("Dot sales-rep"))
    );
}

#[tokio::test]
async fn administrators_list_by_address_and_page_through() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let emails = |body: &Value| -> Vec<String> {
        let items = body["items"].as_array().unwrap().iter();
        items.map(|item| item["email"].as_str().unwrap().to_owned()).collect()
    };
    let all = admin.get("/v1/users?status=Active&sort=email").await.expect(200).body;
    let expected = ["admin", "feed", "sales-manager", "sales-rep", "second-admin", "system-admin"];
    assert_eq!(emails(&all), expected.map(|name| format!("{name}@a.test")));
    let first = admin.get("/v1/users?limit=4").await.expect(200).body;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = admin.get(&format!("/v1/users?limit=4&cursor={cursor}")).await.expect(200).body;
    assert_eq!([emails(&first), emails(&second)].concat(), emails(&all));
    for (query, found) in [
        ("status=Inactive", vec![]),
        ("role=SalesManager", vec!["sales-manager@a.test"]),
        ("q=DOT%20rep", vec!["sales-rep@a.test"]),
        ("email=FEED@a.test", vec!["feed@a.test"]),
        ("email=admin@b.test", vec![]),
    ] {
        let answer = admin.get(&format!("/v1/users?{query}")).await.expect(200);
        assert_eq!(emails(&answer.body), found, "{query}");
    }
}

#[tokio::test]
async fn colleagues_see_masked_addresses_and_cannot_ask_for_them() {
    let app = TestApp::new().await;
    let manager = app.sales_manager();
    let list = manager.get("/v1/users?q=dot").await.expect(200);
    let id = user(Firm::Meridian, 4);
    let expected = json!({"user_id": id, "public_code": null, "email": "s***@a***.test",
        "first_name": "Dot", "last_name": "sales-rep", "name": "Dot sales-rep", "status": "Active",
        "role": "SalesRepresentative"});
    assert_eq!(list.body, json!({"items": [expected], "next_cursor": null}));
    assert_eq!(manager.get(&format!("/v1/users/{id}")).await.expect(200).body, expected);
    for query in ["email=sales-rep@a.test", "sort=email"] {
        assert_eq!(manager.get(&format!("/v1/users?{query}")).await.status, 400, "{query}");
    }
    let found = manager.get("/v1/users?q=@a.test").await.expect(200);
    assert_eq!(found.body["items"], json!([]), "a search would tell what the mask hides");
    let page = manager.get("/v1/users?limit=1").await.expect(200);
    assert!(!String::from_utf8_lossy(&page.bytes).contains("a.test"));
    assert_eq!(app.sales_rep().get("/v1/users").await.expect(403).code(), "permission_denied");
}

#[tokio::test]
async fn a_deactivated_user_is_out_at_once_and_may_come_back() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let path = format!("/v1/users/{}", user(Firm::Meridian, 4));
    let session = signed_in(&app, Firm::Meridian, 4).await;
    session.get("/v1/users/me").await.expect(200);
    let reason = json!({"reason": "Left the firm"});
    let act = |what: &str| {
        Request::new(Method::POST, &format!("{path}/{what}")).if_match("*").json(&reason)
    };
    let gone = admin.send(act("deactivate")).await.expect(200).body;
    assert_eq!(
        (&gone["status"], &gone["membership_status"]),
        (&json!("Inactive"), &json!("suspended"))
    );
    assert_eq!(session.get("/v1/users/me").await.code(), "account_inactive");
    let again = admin.send(act("deactivate")).await.expect(200).body;
    assert_eq!(again["version"], gone["version"], "a second click changes nothing");
    let back = admin.send(act("reactivate")).await.expect(200).body;
    assert_eq!(back["status"], "Active");
    assert_eq!(session.get("/v1/users/me").await.code(), "session_expired");
    app.sales_rep().get("/v1/users/me").await.expect(200);
    let events = app
        .sql("select action, reason from audit.audit_events where action in
              ('user.deactivated', 'user.reactivated', 'user.access_ended') order by occurred_at, action")
        .await;
    assert_eq!(events.len(), 3, "{events:?}");
}

#[tokio::test]
async fn the_last_administrator_can_be_neither_deactivated_nor_removed() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let path = format!("/v1/users/{}", user(Firm::Meridian, 3));
    let refused = admin.act(&format!("{path}/deactivate"), "*").await;
    assert_eq!((refused.status, refused.code()), (409, "last_administrator"));
    let refused = admin.delete(&path, "*").await;
    assert_eq!((refused.status, refused.code()), (409, "last_administrator"));
    assert_eq!(admin.get(&path).await.expect(200).body["status"], "Active");
}

#[tokio::test]
async fn of_a_removed_person_the_id_remains_and_the_trail() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let person = made(&admin, "ana@firm.example").await;
    let grant = json!({"role_name": "SalesManager"});
    admin.post(&format!("{}/roles", path(&person)), grant).await.expect(201);
    let trail = "select count(*) as n, md5(string_agg(a::text, '' order by event_id)) as d
                   from audit.audit_events a where occurred_at < now() and action <> 'user.removed'
                    and action not like 'users.%' and action not like '%.updated'
                    and action not like '%.deleted' and action <> 'user.access_ended'";
    let before = app.sql(trail).await;
    admin.delete(&path(&person), "*").await.expect(204);
    assert_eq!(app.sql(trail).await, before);
    let left = admin.get(&path(&person)).await.expect(200).body;
    assert_eq!(left["name"], "Removed user");
    assert_eq!(left["membership_status"], "ended");
    for gone in ["first_name", "last_name", "public_code", "legacy_id", "user_name", "external_id"]
    {
        assert_eq!(left[gone], Value::Null, "{gone}");
    }
    assert_eq!(left["roles"], json!([]));
    assert!(!left.to_string().contains("firm.example"));
    assert_eq!(admin.get("/v1/users?q=removed").await.expect(200).body["items"], json!([]));
    let again = admin.delete(&path(&person), "*").await;
    assert_eq!((again.status, again.code()), (404, "not_found"));
    // The address is free again, and the old id too.
    made(&admin, "ana@firm.example").await;
}
