//! Taking products off sale and putting them on again, and what the log keeps of it.

use serde_json::json;
use testkit::{Request, TestApp};

use super::{create, myga, with};

#[tokio::test]
async fn off_sale_and_on_again() {
    let app = TestApp::new().await;
    let made = create(&app.admin(), myga(1)).await;
    let path = made.header("location");
    let off = app.second_admin().act(&format!("{path}/deactivate"), "\"1\"").await.expect(200);
    assert_eq!(off.etag(), "\"2\"");
    let at = off.body["updated_at"].clone();
    let who = off.body["updated_by"].clone();
    assert_ne!(who, made.body["created_by"]);
    let changed = json!({"is_active": false, "version": 2, "updated_at": at, "updated_by": who,
        "deactivated_at": off.body["deactivated_at"]});
    assert_eq!(off.body, with(made.body.clone(), changed));
    assert!(off.body["deactivated_at"].is_string());

    let again = app.admin().act(&format!("{path}/deactivate"), "\"2\"").await.expect(200);
    assert_eq!(again.bytes, off.bytes);
    let on = app.admin().act(&format!("{path}/reactivate"), "*").await.expect(200);
    assert_eq!((&on.body["is_active"], &on.body["deactivated_at"]), (&json!(true), &json!(null)));
    assert_eq!(on.etag(), "\"3\"");

    let versions = app.sales_rep().get(&format!("{path}/versions")).await.expect(200);
    let items = versions.body["items"].as_array().unwrap();
    let history: Vec<_> =
        items.iter().map(|v| (v["version"].clone(), v["product"]["is_active"].clone())).collect();
    let expected = [(3, true), (2, false), (1, true)].map(|(n, on)| (json!(n), json!(on)));
    assert_eq!(history, expected);
    assert_eq!(items[1]["changed_by"], who);
    assert_eq!(items[2]["changed_by"], made.body["created_by"]);
    assert_eq!(items[1]["changed_by_user_id"], "00000000-0000-7000-9000-000000000a02");
    let page = app.sales_rep().get(&format!("{path}/versions?limit=2")).await.expect(200);
    let next = page.header("link");
    let next = next.split(['<', '>']).nth(1).unwrap();
    let last = app.sales_rep().get(next).await.expect(200);
    assert_eq!(last.body, json!({"items": [items[2]], "next_cursor": null}));
}

#[tokio::test]
async fn what_a_call_without_a_body_is_sent_is_not_overlooked() {
    let app = TestApp::new().await;
    let path = create(&app.admin(), myga(1)).await.header("location");
    let before = app.admin().get(&path).await.expect(200).bytes;
    let window = format!("{path}/availability/00000000-0000-7000-8000-000000000001");
    for (method, address) in [
        (http::Method::POST, format!("{path}/deactivate")),
        (http::Method::POST, format!("{path}/reactivate")),
        (http::Method::DELETE, window),
    ] {
        let request = Request::new(method, &address).if_match("*");
        let body = json!({"effective_date": "2027-01-01"});
        let answer = app.admin().send(request.clone().json(&body)).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], "/effective_date");
        let text = request.body("text/plain", b"please".to_vec());
        app.admin().send(text).await.expect(415);
    }
    assert_eq!(app.admin().get(&path).await.expect(200).bytes, before);
    let empty = Request::new(http::Method::POST, &format!("{path}/deactivate"));
    app.admin().send(empty.if_match("*").json(&json!({}))).await.expect(200);
}

#[tokio::test]
async fn the_log_says_who_did_what_in_which_request() {
    let app = TestApp::new().await;
    let path = create(&app.admin(), myga(1)).await.header("location");
    let request_id = "0192f0c8-0000-7000-8000-0000000000aa";
    let request = Request::new(http::Method::POST, &format!("{path}/deactivate"))
        .if_match("\"1\"")
        .header("x-request-id", request_id)
        .header("user-agent", "test-agent");
    app.second_admin().send(request).await.expect(200);
    let id = path.rsplit('/').next().unwrap();
    let events = app
        .sql(&format!(
            "select action, legacy_action, actor_id, actor_label, resource_type, transaction_name,
                    host(ip_address) as ip, user_agent, old_values, new_values
               from audit.audit_events
              where request_id = '{request_id}' and resource_id = '{id}' order by occurred_at, action desc"
        ))
        .await;
    let shared = json!({
        "actor_id": "00000000-0000-7000-9000-000000000a02",
        "actor_label": events[0]["actor_label"],
        "resource_type": "products",
        "transaction_name": "product_deactivate",
        "ip": "203.0.113.7",
        "user_agent": "test-agent",
    });
    let row = events.iter().find(|event| event["action"] == "products.updated").unwrap();
    assert_eq!(
        (&row["old_values"]["is_active"], &row["new_values"]["is_active"]),
        (&json!(true), &json!(false))
    );
    let named = events.iter().find(|event| event["action"] == "product.deactivated").unwrap();
    let expected = json!({
        "action": "product.deactivated",
        "legacy_action": "DEACTIVATE_PRODUCT",
        "old_values": {"is_active": true},
        "new_values": {"is_active": false},
    });
    assert_eq!(named, &with(shared, expected));
    assert_eq!(events.len(), 2);
    let made = app
        .sql(&format!(
            "select action, transaction_name, actor_id from audit.audit_events
              where resource_id = '{id}' and legacy_action = 'CREATE_PRODUCT'"
        ))
        .await;
    assert_eq!(
        made,
        [json!({
            "action": "product.created",
            "transaction_name": "product_create",
            "actor_id": "00000000-0000-7000-9000-000000000a01",
        })]
    );
}
