//! Feeds and their batches.

use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp, cusip};

use super::{line, product, rates, set};

pub(super) const BATCHES: &str = "/v1/rate-feeds/acme/batches";

/// A feed named acme.
pub(crate) async fn feed(app: &TestApp, body: Value) {
    app.admin().put("/v1/rate-feeds/acme", body, "").await.expect(201);
}

/// A rate for product `number` as a feed sends it.
pub(crate) fn rate(id: &str, number: u32, base: &str, from: &str) -> Value {
    json!({"external_id": id, "cusip": cusip(number), "base_rate": base, "effective_date": from})
}

pub(super) async fn deliver(client: &Client, id: &str, rates: Value) -> Answer {
    client.post(BATCHES, json!({"external_batch_id": id, "rates": rates})).await
}

#[tokio::test]
async fn a_feed_is_declared_and_changed() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let path = "/v1/rate-feeds/acme";
    let body = json!({"name": "Acme Rates", "precedence": 200, "tolerance": "0.25"});
    let answer = admin.put(path, body, "").await.expect(201);
    assert_eq!(
        answer.body,
        json!({
            "source": "acme",
            "name": "Acme Rates",
            "precedence": 200,
            "tolerance": "0.2500",
            "is_active": true,
            "pull": null,
            "last_pull": null,
            "created_at": answer.body["created_at"],
            "updated_at": answer.body["updated_at"],
            "version": 1,
        })
    );
    assert_eq!(answer.header("location"), path);
    assert_eq!(answer.etag(), "\"1\"");
    let again = admin.put(path, json!({}), "").await.expect(428);
    assert_eq!(again.code(), "precondition_required");
    admin.put(path, json!({}), "\"9\"").await.expect(412);
    let changed = admin.put(path, json!({"is_active": false}), "\"1\"").await.expect(200);
    assert_eq!(changed.body["tolerance"], Value::Null);
    assert_eq!(changed.body["precedence"], 100);
    assert_eq!(changed.etag(), "\"2\"");
    admin.put("/v1/rate-feeds/zeta", json!({"precedence": 300}), "").await.expect(201);
    let list = app.system_admin().get("/v1/rate-feeds").await.expect(200);
    assert_eq!(list.body["items"][0]["source"], "zeta");
    assert_eq!(list.body["items"][1], changed.body);
    assert_eq!(
        app.other_admin().get("/v1/rate-feeds").await.expect(200).body,
        json!({"items": []})
    );
    for client in [app.sales_rep(), app.sales_manager(), app.feed()] {
        client.get("/v1/rate-feeds").await.expect(403);
        client.put(path, json!({}), "*").await.expect(403);
    }
}

#[tokio::test]
async fn a_feed_has_a_plain_name_and_numbers_in_range() {
    let app = TestApp::new().await;
    let admin = app.admin();
    for source in ["manual", "import", "Acme", "-acme", "a%20b", "%C3%A9", &"a".repeat(65)] {
        let answer =
            admin.put(&format!("/v1/rate-feeds/{source}"), json!({}), "").await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], "/source", "{source}");
    }
    let body = json!({"name": " ", "precedence": 1_000_001, "tolerance": "-1"});
    let answer = admin.put("/v1/rate-feeds/acme", body, "").await.expect(422);
    let errors = answer.body["errors"].as_array().unwrap();
    let pointers: Vec<_> = errors.iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/name", "/precedence", "/tolerance"]);
}

#[tokio::test]
async fn a_rate_beyond_the_tolerance_is_released_by_another_person() {
    let app = TestApp::new().await;
    feed(&app, json!({"tolerance": "0.25"})).await;
    let (feed, id) = (app.feed(), product(&app, 1).await);
    let batch =
        json!([rate("r-1", 1, "5.25", "2026-12-01"), rate("r-2", 1, "5.5001", "2027-01-01"),]);
    let answer = deliver(&feed, "b-1", batch).await.expect(201);
    assert_eq!(answer.body["counts"]["applied"], 1);
    let held = &answer.body["quarantined"][0];
    assert_eq!(
        *held,
        json!({"index": 1, "external_id": "r-2", "reason": "out_of_tolerance",
               "change_id": held["change_id"]})
    );
    let change = format!("/v1/rate-changes/{}", held["change_id"].as_str().unwrap());
    let admin = app.admin();
    let waiting = admin.get("/v1/rate-changes?status=pending&origin=feed").await.expect(200);
    assert_eq!(waiting.body["items"][0]["external_id"], "r-2");
    assert_eq!(waiting.body["items"][0]["batch_id"], answer.body["batch_id"]);
    feed.act(&format!("{change}/approve"), "\"1\"").await.expect(403);
    let done = admin.act(&format!("{change}/approve"), "\"1\"").await.expect(200);
    assert_eq!(done.body["status"], "approved");
    assert_eq!(line(&admin, &id).await.last().unwrap().2, "5.5001");
    let batch = json!([rate("r-3", 1, "9", "2027-02-01")]);
    let answer = deliver(&admin, "b-2", batch).await.expect(201);
    let held = answer.body["quarantined"][0]["change_id"].as_str().unwrap().to_owned();
    let own = admin.act(&format!("/v1/rate-changes/{held}/approve"), "\"1\"").await.expect(403);
    assert_eq!(own.code(), "self_approval");
}

#[tokio::test]
async fn the_stronger_source_stands() {
    let app = TestApp::new().await;
    let admin = app.admin();
    feed(&app, json!({"precedence": 100})).await;
    admin.put("/v1/rate-feeds/strong", json!({"precedence": 200}), "").await.expect(201);
    let (feed, id) = (app.feed(), product(&app, 1).await);
    let strong =
        json!({"external_batch_id": "s-1", "rates": [rate("s-1", 1, "4.5", "2026-12-01")]});
    feed.post("/v1/rate-feeds/strong/batches", strong).await.expect(201);
    let weak =
        deliver(&feed, "b-1", json!([rate("r-1", 1, "4.4", "2026-12-15")])).await.expect(201);
    assert_eq!(weak.body["quarantined"][0]["reason"], "conflict");
    let same =
        deliver(&feed, "b-2", json!([rate("r-2", 1, "4.5", "2026-12-15")])).await.expect(201);
    assert_eq!(same.body["counts"]["unchanged"], 1);
    assert_eq!(line(&admin, &id).await.last().unwrap().2, "4.5000");
    let body = json!({"tolerance": null, "manual_precedence": 1000});
    admin.put("/v1/rates/settings", body, "").await.expect(200);
    set(&admin, &id, json!({"base_rate": "4.2", "effective_date": "2027-06-01"})).await.expect(200);
    let late = deliver(&feed, "b-3", json!([rate("r-3", 1, "4", "2027-07-01")])).await.expect(201);
    assert_eq!(late.body["quarantined"][0]["reason"], "conflict");
}

#[tokio::test]
async fn a_rate_without_bonus_leaves_the_bonus() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    set(&admin, &id, json!({"base_rate": "5", "bonus_rate": "1.5"})).await.expect(200);
    deliver(&app.feed(), "b-1", json!([rate("r-1", 1, "4.5", "2026-12-01")])).await.expect(201);
    let answer = admin.get(&format!("{}/current?as_of=2026-12-01", rates(&id))).await.expect(200);
    assert_eq!(answer.body["rate"]["bonus_rate"], "1.5000");
}

#[tokio::test]
async fn who_may_deliver_what() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    product(&app, 1).await;
    let batch = json!([rate("r-1", 1, "4.6", "2026-12-01")]);
    for client in [app.sales_rep(), app.sales_manager(), app.system_admin()] {
        assert_eq!(
            deliver(&client, "b-1", batch.clone()).await.expect(403).code(),
            "permission_denied"
        );
    }
    deliver(&app.anonymous(), "b-1", batch.clone()).await.expect(401);
    let other = app.other_admin();
    let foreign = deliver(&other, "b-1", batch.clone()).await.expect(404);
    let nothing = json!({"external_batch_id": "b-1", "rates": batch});
    let unknown = app.feed().post("/v1/rate-feeds/nobody/batches", nothing).await.expect(404);
    assert_eq!(foreign.problem(), unknown.problem());
    let done = deliver(&app.feed(), "b-1", batch.clone()).await.expect(201);
    let address = done.header("location");
    let foreign = other.get(&address).await.expect(404);
    let random =
        other.get(&format!("{BATCHES}/0192f0c8-0000-7000-8000-00000000dead")).await.expect(404);
    assert_eq!(foreign.problem(), random.problem());
    app.admin().put("/v1/rate-feeds/acme", json!({"is_active": false}), "*").await.expect(200);
    let off = deliver(&app.feed(), "b-2", batch.clone()).await.expect(409);
    assert_eq!(off.code(), "state_conflict");
    assert_eq!(off.body["detail"], "This rate feed is switched off");
    deliver(&app.feed(), "b-1", batch).await.expect(201);
}
