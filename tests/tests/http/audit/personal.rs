//! Who looked at what is personal of others, and what for (S2-52; threat 29 of rules.md).

use http::Method;
use serde_json::{Value, json};
use testkit::{Request, TestApp};

const SALES: &str = "00000000-0000-7000-9000-000000000a04";
const BOSS: &str = "00000000-0000-7000-9000-000000000a03";

async fn looks(app: &TestApp) -> Vec<Value> {
    app.sql(
        "select actor_label, legacy_action, resource_type, resource_id, details, purpose, transaction_name
           from audit.audit_events where action = 'pii.accessed' order by occurred_at",
    )
    .await
}

#[tokio::test]
async fn a_look_at_a_person_is_an_event_with_its_purpose() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let ask = |path: &str| Request::new(Method::GET, path).header("x-purpose", "Ticket 17");
    boss.send(ask(&format!("/v1/users/{SALES}"))).await.expect(200);
    boss.get(&format!("/v1/users/{SALES}/sessions")).await.expect(200);
    boss.send(ask("/v1/users?role=SalesManager")).await.expect(200);
    let event = |who: Value, details: Value, purpose: Value, name: &str| {
        json!({"actor_label": "Cyd system-admin",
        "legacy_action": "PII_ACCESSED", "resource_type": "users", "resource_id": who, "details": details,
        "purpose": purpose, "transaction_name": name})
    };
    let of = |operation: &str| json!({"user_id": SALES, "operation": operation});
    let all = json!({"role": "SalesManager", "email": null, "q": null, "operation": "users_list"});
    assert_eq!(
        looks(&app).await,
        [
            event(json!(SALES), of("users_get"), json!("Ticket 17"), "users_get"),
            event(json!(SALES), of("session_list"), Value::Null, "session_list"),
            event(Value::Null, all, json!("Ticket 17"), "users_list"),
        ]
    );
}

/// What was searched by is masked: an erasure of the person would not find it in others' looks.
#[tokio::test]
async fn a_look_by_address_does_not_repeat_the_address() {
    let app = TestApp::new().await;
    app.system_admin()
        .get("/v1/users?email=sales-a@meridian.example&q=Representative")
        .await
        .expect(200);
    let details = json!({"email": "s***@meridian.example", "q": "***tive", "role": null, "operation": "users_list"});
    assert_eq!(looks(&app).await[0]["details"], details);
}

/// A directory that reads people over SCIM looks at them too.
#[tokio::test]
async fn a_look_over_scim_is_an_event() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let ask = |path: &str| Request::new(Method::GET, path).header("x-purpose", "Nightly import");
    boss.send(ask(&format!("/scim/v2/Users/{SALES}"))).await.expect(200);
    boss.get("/scim/v2/Users?filter=userName%20eq%20%22nobody@meridian.example%22&count=10")
        .await
        .expect(200);
    boss.get("/scim/v2/Groups").await.expect(200);
    let seen = |event: &Value| {
        json!([event["resource_id"], event["details"], event["purpose"], event["transaction_name"]])
    };
    let one = json!({"user_id": SALES, "operation": "scim_users_list"});
    let page = json!({"user_name": "n***@meridian.example", "external_id": null, "email": null, "first": 1, "count": 10,
        "operation": "scim_users_list"});
    assert_eq!(
        looks(&app).await.iter().map(seen).collect::<Vec<_>>(),
        [
            json!([SALES, one, "Nightly import", "scim_users_list"]),
            json!([null, page, null, "scim_users_list"])
        ]
    );
}

/// One's own is no look at others, nor is what is shown masked.
#[tokio::test]
async fn ones_own_and_what_is_masked_leave_no_event() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let me =
        app.sql("select user_id from users.user_identities where subject = 'system-admin-a'").await;
    assert!(me[0]["user_id"].as_str().is_some_and(|id| id.len() == BOSS.len()), "{me:?}");
    boss.get(&format!("/v1/users/{}", me[0]["user_id"].as_str().expect("an id"))).await.expect(200);
    app.sales_manager().get("/v1/users").await.expect(200);
    app.sales_manager().get(&format!("/v1/users/{SALES}")).await.expect(200);
    app.admin().get("/v1/sessions").await.expect(200);
    assert!(looks(&app).await.is_empty());
}

#[tokio::test]
async fn a_purpose_is_one_line() {
    let app = TestApp::new().await;
    let long = "x".repeat(201);
    for bad in ["", " ", long.as_str()] {
        let request =
            Request::new(Method::GET, &format!("/v1/users/{SALES}")).header("x-purpose", bad);
        assert_eq!(
            app.system_admin().send(request).await.expect(400).code(),
            "malformed_request",
            "{bad}"
        );
    }
    assert!(looks(&app).await.is_empty());
}

/// The documented shapes of the log: S0-58 … S0-65, S1-14, S4-51 … S4-57.
#[tokio::test]
async fn the_views_have_the_documented_columns() {
    let app = TestApp::new().await;
    let id = super::product(&app, 1).await;
    let columns = |view: &str| {
        format!(
            "select string_agg(attname, ' ' order by attname) as all from pg_attribute
          where attrelid = '{view}'::regclass and attnum > 0"
        )
    };
    assert_eq!(
        app.sql(&columns("reporting.audit_log")).await[0]["all"],
        "action_type audit_id ip_address new_values old_values record_id session_id table_name tenant_id timestamp \
         user_agent user_id"
    );
    assert_eq!(
        app.sql(&columns("reporting.audit_logs")).await[0]["all"],
        "action created_at details id ip_address log_id resource resource_id resource_type tenant_id timestamp \
         user_agent user_id"
    );
    let row = app.sql("select action_type, table_name, record_id, host(ip_address) as ip, user_id from reporting.audit_log
        where action_type = 'CREATE_PRODUCT'").await;
    let admin = "00000000-0000-7000-9000-000000000a01";
    assert_eq!(
        row,
        [json!({"action_type": "CREATE_PRODUCT", "table_name": "products", "record_id": id,
        "ip": "203.0.113.7", "user_id": admin})]
    );
    let row = app.sql("select action, resource, resource_id, ip_address, user_id, details ->> 'product_name' as name
        from reporting.audit_logs where action = 'product.created'").await;
    assert_eq!(
        row,
        [json!({"action": "product.created", "resource": "products", "resource_id": id,
        "ip_address": "203.0.113.7", "user_id": admin, "name": "Granite"})]
    );
}
