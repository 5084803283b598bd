//! Four eyes: what waits, and who decides.

use serde_json::{Value, json};
use testkit::TestApp;

use super::decisions::decide;
use super::{days, line, product, set};

pub(super) async fn tolerance(app: &TestApp, points: &str) {
    let body = json!({"tolerance": points});
    app.admin().put("/v1/rates/settings", body, "").await.expect(200);
}

/// A change of the first product to 6 %, proposed by the first administrator.
pub(super) async fn proposed(app: &TestApp) -> (String, String, Value) {
    tolerance(app, "0.25").await;
    let id = product(app, 1).await;
    let body = json!({"base_rate": "6", "effective_date": "2026-12-01", "reason": "New sheet"});
    let answer = set(&app.admin(), &id, body).await.expect(202);
    (id, answer.header("location"), answer.body)
}

#[tokio::test]
async fn a_move_of_exactly_the_tolerance_needs_nobody() {
    let app = TestApp::new().await;
    tolerance(&app, "0.25").await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    set(&admin, &id, json!({"base_rate": "5.25", "bonus_rate": "0.25"})).await.expect(200);
    set(&admin, &id, json!({"base_rate": "5.5001", "bonus_rate": "0.25"})).await.expect(202);
    set(&admin, &id, json!({"base_rate": "5", "bonus_rate": "0.5001"})).await.expect(202);
    set(&admin, &id, json!({"base_rate": "5", "bonus_rate": "0"})).await.expect(200);
    set(&admin, &id, json!({"base_rate": "4.7499"})).await.expect(202);
}

#[tokio::test]
async fn a_window_over_several_rates_is_held_against_each() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    set(&admin, &id, json!({"base_rate": "2", "effective_date": "2026-12-01"})).await.expect(200);
    tolerance(&app, "0.25").await;
    let over =
        json!({"base_rate": "5.1", "effective_date": "2026-11-30", "end_date": "2026-12-31"});
    set(&admin, &id, over).await.expect(202);
    let before = json!({"base_rate": "5.1", "effective_date": "2026-11-30"});
    set(&admin, &id, before).await.expect(200);
}

#[tokio::test]
async fn a_change_beyond_the_tolerance_waits() {
    let app = TestApp::new().await;
    let (id, location, change) = proposed(&app).await;
    assert_eq!(
        change,
        json!({
            "change_id": change["change_id"],
            "product_id": id,
            "status": "pending",
            "origin": "manual",
            "source": "manual",
            "base_rate": "6.0000",
            "bonus_rate": "0.0000",
            "rate_unit": "percent",
            "effective_date": "2026-12-01",
            "end_date": null,
            "previous_base_rate": "5.0000",
            "previous_bonus_rate": "0.0000",
            "reason": "New sheet",
            "quarantine_reason": "out_of_tolerance",
            "batch_id": null,
            "external_id": null,
            "proposed_at": change["proposed_at"],
            "proposed_by": change["proposed_by"],
            "decided_at": null,
            "decided_by": null,
            "decision_note": null,
        })
    );
    assert_eq!(location, format!("/v1/rate-changes/{}", change["change_id"].as_str().unwrap()));
    let admin = app.admin();
    let answer = admin.get(&location).await.expect(200);
    assert_eq!(answer.body, change);
    assert_eq!(answer.etag(), "\"1\"");
    assert_eq!(line(&admin, &id).await, days(&[("2026-01-01", "open", "5.0000")]));
    for (query, expected) in [
        ("status=pending", 1),
        ("status=applied", 0),
        ("origin=manual", 1),
        ("origin=feed", 0),
        (&*format!("product_id={id}&status=pending&origin=manual"), 1),
        ("product_id=0192f0c8-0000-7000-8000-00000000dead", 0),
    ] {
        let answer = admin.get(&format!("/v1/rate-changes?{query}")).await.expect(200);
        assert_eq!(answer.body["items"].as_array().unwrap().len(), expected, "{query}");
    }
    let answer = admin.get("/v1/rate-changes?status=lost").await.expect(400);
    assert_eq!(answer.code(), "malformed_request");
}

#[tokio::test]
async fn a_second_click_asks_nobody_twice() {
    let app = TestApp::new().await;
    let (id, location, change) = proposed(&app).await;
    let body = json!({"base_rate": "6", "effective_date": "2026-12-01", "reason": "New sheet"});
    let again = set(&app.admin(), &id, body.clone()).await.expect(202);
    assert_eq!((again.header("location"), again.body), (location.clone(), change));
    // Another reason, another person: other proposals.
    let other = json!({"base_rate": "6", "effective_date": "2026-12-01", "reason": "Another"});
    assert_ne!(set(&app.admin(), &id, other).await.expect(202).header("location"), location);
    let theirs = set(&app.second_admin(), &id, body.clone()).await.expect(202);
    assert_ne!(theirs.header("location"), location);
    let waiting = app.admin().get("/v1/rate-changes?status=pending").await.expect(200);
    assert_eq!(waiting.body["items"].as_array().unwrap().len(), 3);
    // Once it is decided, the same is a new proposal.
    decide(&app.second_admin(), &location, "reject", "*").await.expect(200);
    let anew = set(&app.admin(), &id, body).await.expect(202);
    assert_ne!(anew.header("location"), location);
    // What the transaction remembered is gone with it.
    assert_eq!(app.admin().get(&location).await.expect(200).body["status"], "rejected");
}

#[tokio::test]
async fn a_change_of_a_product_one_may_not_see_is_unknown() {
    let app = TestApp::new().await;
    let (id, change, _) = proposed(&app).await;
    app.execute(&format!(
        "update products.products set is_active = false where product_id = '{id}'"
    ))
    .await;
    let manager = app.sales_manager();
    manager.get(&change).await.expect(404);
    decide(&manager, &change, "approve", "\"1\"").await.expect(404);
    assert_eq!(app.admin().get(&change).await.expect(200).body["status"], "pending");
}

#[tokio::test]
async fn a_proposal_against_another_rate_is_stale() {
    let app = TestApp::new().await;
    let (id, change, _) = proposed(&app).await;
    set(&app.admin(), &id, json!({"base_rate": "5.1"})).await.expect(200);
    let answer = decide(&app.second_admin(), &change, "approve", "\"1\"").await.expect(409);
    assert_eq!(answer.code(), "rate_changed");
    assert_eq!(answer.body["detail"], "The rate in force is another than when this was proposed");
    decide(&app.second_admin(), &change, "reject", "\"1\"").await.expect(200);
}

#[tokio::test]
async fn changes_come_in_pages_latest_first() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    for rate in 1..=5 {
        set(&admin, &id, json!({"base_rate": rate.to_string()})).await.expect(200);
    }
    let mut path = "/v1/rate-changes?limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let answer = admin.get(&path).await.expect(200);
        let items = answer.body["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|change| change["base_rate"].as_str().unwrap().to_owned()));
        let Some(cursor) = answer.body["next_cursor"].as_str() else { break };
        path = format!("/v1/rate-changes?limit=2&cursor={cursor}");
        assert_eq!(answer.header("link"), format!("<{path}>; rel=\"next\""));
    }
    assert_eq!(seen, ["5.0000", "4.0000", "3.0000", "2.0000", "1.0000"]);
}
