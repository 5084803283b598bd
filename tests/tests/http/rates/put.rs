//! Setting, scheduling and correcting rates.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::{days, line, product, product_of, rates, set};

#[tokio::test]
async fn a_rate_is_set_from_today() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let before = admin.get(&rates(&id)).await.expect(200);
    assert_eq!(before.etag(), "\"1\"");
    let body = json!({"base_rate": "5.25", "bonus_rate": "1"});
    let answer = admin.put(&rates(&id), body, "\"1\"").await.expect(200);
    assert_eq!(
        answer.body,
        json!({
            "rate_history_id": answer.body["rate_history_id"],
            "product_id": id,
            "base_rate": "5.2500",
            "bonus_rate": "1.0000",
            "rate_unit": "percent",
            "effective_date": "2026-11-21",
            "end_date": null,
            "source": "manual",
            "recorded_at": answer.body["recorded_at"],
        })
    );
    let after = admin.get(&rates(&id)).await.expect(200);
    assert_eq!(after.etag(), answer.etag());
    let first = &before.body["items"][0];
    assert_eq!(
        after.body,
        json!({
            "items": [
                {
                    "rate_history_id": after.body["items"][0]["rate_history_id"],
                    "product_id": id,
                    "base_rate": "5.0000",
                    "bonus_rate": "0.0000",
                    "rate_unit": "percent",
                    "effective_date": "2026-01-01",
                    "end_date": "2026-11-20",
                    "source": "manual",
                    "recorded_at": answer.body["recorded_at"],
                },
                answer.body,
            ],
            "next_cursor": null,
        })
    );
    assert_ne!(first["rate_history_id"], after.body["items"][0]["rate_history_id"]);
}

#[tokio::test]
async fn a_rate_is_scheduled_and_ends() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let december =
        json!({"base_rate": "6", "effective_date": "2026-12-01", "end_date": "2026-12-31"});
    set(&admin, &id, december).await.expect(200);
    set(&admin, &id, json!({"base_rate": "5.5"})).await.expect(200);
    assert_eq!(
        line(&admin, &id).await,
        days(&[
            ("2026-01-01", "2026-11-20", "5.0000"),
            ("2026-11-21", "2026-11-30", "5.5000"),
            ("2026-12-01", "2026-12-31", "6.0000"),
            ("2027-01-01", "open", "5.0000"),
        ])
    );
}

#[tokio::test]
async fn the_past_is_corrected_with_a_reason_only() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let body = json!({"base_rate": "4", "effective_date": "2026-02-28", "end_date": "2026-03-31"});
    let answer = set(&admin, &id, body.clone()).await.expect(422);
    assert_eq!(
        answer.problem(),
        json!({
            "type": "urn:wealth:problem:validation-failed",
            "title": "The input is not valid",
            "status": 422,
            "code": "validation_failed",
            "detail": "A correction of the past needs a reason",
            "errors": [{
                "pointer": "/reason",
                "code": "reason_required",
                "message": "A correction of the past needs a reason",
            }],
        })
    );
    let mut body = body;
    body["reason"] = json!("The carrier's sheet said 4");
    set(&admin, &id, body).await.expect(200);
    assert_eq!(
        line(&admin, &id).await,
        days(&[
            ("2026-01-01", "2026-02-27", "5.0000"),
            ("2026-02-28", "2026-03-31", "4.0000"),
            ("2026-04-01", "open", "5.0000"),
        ])
    );
}

#[tokio::test]
async fn leap_days_and_ends_of_months_are_days_like_others() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let id = product_of(&app, Firm::Meridian, 1, "5", "2024-01-31").await;
    for (day, rate) in [("2024-02-29", "4.9"), ("2028-02-29", "4.8"), ("2027-02-28", "4.7")] {
        let body = json!({"base_rate": rate, "effective_date": day, "reason": "leap"});
        set(&admin, &id, body).await.expect(200);
    }
    assert_eq!(
        line(&admin, &id).await,
        days(&[
            ("2024-01-31", "2024-02-28", "5.0000"),
            ("2024-02-29", "2027-02-27", "4.9000"),
            ("2027-02-28", "2028-02-28", "4.7000"),
            ("2028-02-29", "open", "4.8000"),
        ])
    );
    let body = json!({"base_rate": "4", "effective_date": "2027-02-29"});
    let answer = set(&admin, &id, body).await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/effective_date");
}

#[tokio::test]
async fn the_same_rate_again_changes_nothing() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let answer = set(&admin, &id, json!({"base_rate": "5.0000"})).await.expect(200);
    assert_eq!(answer.body["effective_date"], "2026-01-01");
    assert_eq!(answer.etag(), "\"1\"");
    assert_eq!(line(&admin, &id).await, days(&[("2026-01-01", "open", "5.0000")]));
}

#[tokio::test]
async fn every_bad_field_is_named() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let body = json!({
        "base_rate": 5,
        "bonus_rate": "100.0001",
        "effective_date": "2026-12-02",
        "end_date": "2026-12-01",
        "reason": "a\u{0}b",
    });
    let answer = set(&admin, &id, body).await.expect(422);
    let pointers: Vec<_> =
        answer.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/base_rate", "/bonus_rate", "/end_date", "/reason"]);
    let answer = set(&admin, &id, json!({"base_rate": "5", "surprise": 1})).await.expect(422);
    assert_eq!(answer.code(), "validation_failed");
    let answer = set(&admin, &id, json!({})).await.expect(422);
    assert_eq!(
        answer.body["errors"],
        json!([{"pointer": "/base_rate", "code": "required", "message": "is required"}])
    );
    assert_eq!(line(&admin, &id).await, days(&[("2026-01-01", "open", "5.0000")]));
}

#[tokio::test]
async fn a_rate_before_the_first_must_reach_it() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let body = json!({"base_rate": "4", "effective_date": "2025-01-01", "end_date": "2025-12-30",
        "reason": "older"});
    let answer = set(&admin, &id, body).await.expect(409);
    assert_eq!(
        answer.problem(),
        json!({
            "type": "urn:wealth:problem:rate-gap",
            "title": "The change would leave a gap",
            "status": 409,
            "code": "rate_gap",
            "detail": "The rates of this product would have a gap",
        })
    );
    let body = json!({"base_rate": "4", "effective_date": "2025-01-01", "reason": "older"});
    set(&admin, &id, body).await.expect(200);
    assert_eq!(
        line(&admin, &id).await,
        days(&[("2025-01-01", "2025-12-31", "4.0000"), ("2026-01-01", "open", "5.0000")])
    );
}

#[tokio::test]
async fn who_may_not_set_rates_is_refused() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let body = json!({"base_rate": "5.5"});
    for client in [app.sales_rep(), app.sales_manager(), app.system_admin(), app.feed()] {
        let answer = client.put(&rates(&id), body.clone(), "\"1\"").await.expect(403);
        assert_eq!(answer.code(), "permission_denied");
        assert_eq!(answer.body["detail"], "None of your roles may edit rates.");
    }
    app.anonymous().put(&rates(&id), body.clone(), "\"1\"").await.expect(401);
    let foreign = app.other_admin().put(&rates(&id), body.clone(), "\"1\"").await.expect(404);
    let random = "0192f0c8-0000-7000-8000-00000000dead";
    let unknown = app.other_admin().put(&rates(random), body.clone(), "\"1\"").await.expect(404);
    let no_id = app.other_admin().put(&rates("no-id"), body, "\"1\"").await.expect(404);
    assert_eq!(foreign.problem(), unknown.problem());
    assert_eq!(no_id.problem(), unknown.problem());
    assert_eq!(foreign.code(), "product_not_found");
}

#[tokio::test]
async fn the_log_says_who_changed_what_from_what() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let request_id = "0192f0c8-0000-7000-8000-0000000000aa";
    let request = testkit::Request::new(http::Method::PUT, &rates(&id))
        .json(&json!({"base_rate": "5.5", "bonus_rate": "1"}))
        .if_match("\"1\"")
        .header("x-request-id", request_id);
    let answer = admin.send(request).await.expect(200);
    let events = app
        .sql(&format!(
            "select action, resource_type, resource_id, actor_id, actor_label, transaction_name,
                    host(ip_address) as ip, old_values, new_values
               from audit.audit_events where request_id = '{request_id}'
              order by resource_type, action"
        ))
        .await;
    for event in &events {
        assert_eq!(event["actor_id"], "00000000-0000-7000-9000-000000000a01");
        assert_eq!(event["transaction_name"], "rates_put");
        assert_eq!(event["ip"], "203.0.113.7");
    }
    let of = |kind: &str, action: &str| {
        let mut found = events.iter().filter(|event| {
            event["resource_type"] == kind && event["action"].as_str().unwrap().ends_with(action)
        });
        found.next().unwrap_or_else(|| panic!("{kind} {action}: {events:#?}")).clone()
    };
    let inserted =
        events.iter().find(|e| e["resource_id"] == answer.body["rate_history_id"]).unwrap();
    assert_eq!(inserted["new_values"]["base_rate"], json!(5.5));
    let superseded = of("rate_history", ".updated");
    assert_eq!(superseded["old_values"]["superseded_at"], json!(null));
    assert!(superseded["new_values"]["superseded_at"].is_string());
    let said = events
        .iter()
        .find(|e| e["new_values"]["status"] == "applied" && e["resource_type"] == "products")
        .unwrap();
    assert_eq!(said["old_values"], json!({"base_rate": 5.0, "bonus_rate": 0.0}));
    assert_eq!(said["resource_id"], id);
}
