//! Who sees which events, and how they are found.

use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, TestApp};

use super::product;

async fn actions(client: &Client, query: &str) -> Vec<String> {
    let answer = client.get(&format!("/v1/audit/events?{query}")).await.expect(200);
    items(&answer).iter().map(|event| event["action"].as_str().expect("text").to_owned()).collect()
}

fn items(answer: &Answer) -> Vec<Value> {
    answer.body["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn everybody_sees_what_they_did_and_auditors_see_everything() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    let created = "action=product.created";
    assert_eq!(actions(&app.admin(), created).await, ["product.created"]);
    assert!(actions(&app.second_admin(), created).await.is_empty());
    assert!(actions(&app.sales_rep(), "").await.is_empty());
    assert_eq!(actions(&app.system_admin(), created).await, ["product.created"]);
    assert_eq!(actions(&app.auditor().await, created).await, ["product.created"]);
    // The other firm has a log of its own.
    assert!(actions(&app.other_admin(), created).await.is_empty());
    let event = items(&app.admin().get(&format!("/v1/audit/events?{created}")).await).remove(0);
    let path = format!("/v1/audit/events/{}", event["event_id"].as_str().expect("an id"));
    assert_eq!(app.admin().get(&path).await.expect(200).body, event);
    assert_eq!(app.system_admin().get(&path).await.expect(200).body, event);
    let unknown = app.admin().get("/v1/audit/events/0199aaaa-0000-4000-8000-000000000001").await;
    for client in [app.second_admin(), app.sales_rep(), app.other_admin()] {
        let answer = client.get(&path).await.expect(404);
        assert_eq!(answer.problem(), unknown.problem());
    }
    assert_eq!(
        app.admin().get("/v1/audit/events/none").await.expect(404).problem(),
        unknown.problem()
    );
}

#[tokio::test]
async fn an_event_tells_the_whole_story() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let query = "/v1/audit/events?action=CREATE_PRODUCT&resource_type=products";
    let mut event = items(&app.admin().get(query).await).remove(0);
    let told = event.as_object_mut().expect("an object");
    for random in ["event_id", "occurred_at", "recorded_at", "request_id", "salt", "session_id"] {
        let value = told.remove(random).expect(random);
        assert!(value.as_str().is_some_and(|text| text.len() >= 27), "{random}: {value}");
    }
    let values = told.remove("new_values").expect("the values");
    assert_eq!(values["product_name"], "Granite", "{values}");
    assert_eq!(
        event,
        json!({
            "tenant_id": Firm::Meridian.tenant_id(),
            "actor_id": "00000000-0000-7000-9000-000000000a01", "actor_type": "user",
            "actor_label": "Ada admin", "action": "product.created", "legacy_action": "CREATE_PRODUCT",
            "resource_type": "products", "resource_id": id, "old_values": null, "details": null,
            "ip_address": "203.0.113.7", "user_agent": null, "session_ref": null,
            "transaction_name": "product_create", "outcome": "success", "reason": null,
            "purpose": null,
        })
    );
}

#[tokio::test]
async fn events_are_found_by_what_they_are() {
    let app = TestApp::new().await;
    let (one, two) = (product(&app, 1).await, product(&app, 2).await);
    let client = app.system_admin();
    for alias in ["product.created", "CREATE_PRODUCT"] {
        assert_eq!(actions(&client, &format!("action={alias}")).await.len(), 2);
    }
    assert_eq!(actions(&client, "action=INSERT&resource_type=products").await.len(), 2);
    assert_eq!(
        actions(&client, &format!("resource_id={one}&action=product.created")).await.len(),
        1
    );
    assert_eq!(actions(&client, "outcome=denied").await.len(), 0);
    let admin = "actor_id=00000000-0000-7000-9000-000000000a01";
    assert_eq!(actions(&client, &format!("{admin}&action=product.created")).await.len(), 2);
    assert_eq!(actions(&client, &format!("{admin}&from=2100-01-01T00:00:00Z")).await.len(), 0);
    assert_eq!(actions(&client, &format!("{admin}&to=2020-01-01T00:00:00Z")).await.len(), 0);
    // One call's events, the business event and the rows it changed, have one request.
    let query = format!("/v1/audit/events?resource_id={two}&action=product.created");
    let event = items(&client.get(&query).await).remove(0);
    let request = event["request_id"].as_str().expect("an id");
    let found = actions(&client, &format!("request_id={request}")).await;
    assert!(found.contains(&"products.inserted".to_owned()), "{found:?}");
    assert!(found.contains(&"product.created".to_owned()), "{found:?}");
}

#[tokio::test]
async fn pages_hold_every_event_once_newest_first() {
    let app = TestApp::new().await;
    for number in 1..6 {
        product(&app, number).await;
    }
    let client = app.admin();
    let all = items(&client.get("/v1/audit/events?limit=200").await);
    let (mut paged, mut path) = (Vec::new(), "/v1/audit/events?limit=3".to_owned());
    loop {
        let answer = client.get(&path).await.expect(200);
        paged.extend(items(&answer));
        let Some(cursor) = answer.body["next_cursor"].as_str() else { break };
        path = format!("/v1/audit/events?limit=3&cursor={cursor}");
        assert!(answer.header("link").contains(cursor));
    }
    assert_eq!(paged, all);
    assert!(all.len() >= 10);
    let order: Vec<_> =
        all.iter().map(|event| event["occurred_at"].as_str().expect("text")).collect();
    assert!(order.is_sorted_by(|a, b| a >= b), "{order:?}");
}

#[tokio::test]
async fn a_look_at_what_others_did_is_an_event_itself() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let auditor = app.auditor().await;
    auditor.get(&format!("/v1/audit/events?resource_id={id}&outcome=success")).await.expect(200);
    auditor.get(&format!("/v1/audit/records/products/{id}/history")).await.expect(200);
    app.admin().get("/v1/audit/events").await.expect(200);
    let looks = app
        .sql("select actor_label, details from audit.audit_events where action = 'audit_log.read' order by occurred_at")
        .await;
    assert_eq!(
        looks,
        [
            json!({"actor_label": "Joy auditor", "details": {"operation": "audit_events_list",
                "resource_id": id, "outcome": "success"}}),
            json!({"actor_label": "Joy auditor", "details": {"operation": "audit_record_history",
                "resource_type": "products", "resource_id": id}}),
        ]
    );
}

#[tokio::test]
async fn the_history_of_a_record_says_what_each_change_changed() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let patch = json!({"description": "Better", "product_name": "Basalt"});
    app.admin().patch(&format!("/v1/products/{id}"), patch, "*").await.expect(200);
    let path = format!("/v1/audit/records/products/{id}/history");
    let history = items(&app.system_admin().get(&path).await.expect(200));
    let updated =
        history.iter().find(|event| event["action"] == "products.updated").expect("the row");
    let changes = updated["changes"].as_array().expect("changes");
    let of = |name: &str| changes.iter().find(|change| change["field"] == name).cloned();
    assert_eq!(
        of("product_name"),
        Some(json!({"field": "product_name", "old": "Granite", "new": "Basalt"}))
    );
    assert_eq!(
        of("description"),
        Some(json!({"field": "description", "old": null, "new": "Better"}))
    );
    assert_eq!(of("cusip"), None);
    assert_eq!(
        history.last().expect("the first")["changes"].as_array().expect("all")[0]["old"],
        Value::Null
    );
    let nobodys =
        app.system_admin().get("/v1/audit/records/products/nobodys/history").await.expect(200);
    assert_eq!(nobodys.body, json!({"items": [], "next_cursor": null}));
    assert_eq!(app.other_admin().get(&path).await.expect(200).body, nobodys.body);
    assert_eq!(app.admin().get(&path).await.expect(403).code(), "permission_denied");
}

#[tokio::test]
async fn a_bad_question_says_which_part_is_bad() {
    let app = TestApp::new().await;
    let answer =
        app.admin().get("/v1/audit/events?from=yesterday&to=x&action=%20").await.expect(422);
    let pointers: Vec<_> = answer.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| &error["pointer"])
        .collect();
    assert_eq!(pointers, ["/action", "/from", "/to"]);
    for bad in ["outcome=maybe", "actor_id=me", "actor=x", "limit=0", "cursor=x"] {
        let answer = app.admin().get(&format!("/v1/audit/events?{bad}")).await.expect(400);
        assert_eq!(answer.code(), "malformed_request", "{bad}");
    }
}

/// S0-103 at the level of SQL: the row policies alone keep others' events apart.
#[tokio::test]
async fn the_policies_hold_without_the_statements() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    app.auditor().await;
    let (client, connection) = tokio_postgres::connect(
        &app.database.url(testkit::database::LOGIN).await,
        tokio_postgres::NoTls,
    )
    .await
    .expect("the login");
    tokio::spawn(connection);
    for (subject, roles, sees) in [
        ("sales-rep", "SalesRepresentative", false),
        ("admin", "ProductAdministrator", true),
        ("system-admin", "SystemAdministrator", true),
        ("auditor", "Auditor", true),
    ] {
        let text = format!(
            "begin; select platform.begin_request('{}', 'https://local.wealth.invalid', '{subject}-a', '{{{roles}}}',
                 true, now(), gen_random_uuid(), null, null, null, 'test');
             select count(*) from audit.audit_events where action = 'product.created'; rollback",
            super::firm()
        );
        let messages = client.simple_query(&text).await.expect("the count");
        let rows = messages.iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        assert_eq!(rows.last().as_deref(), Some(if sees { "1" } else { "0" }), "{subject}");
    }
}
