//! Feeds and their batches.

use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, Request, TestApp, cusip};

use super::{days, line, product, product_of, rates, set};

const BATCHES: &str = "/v1/rate-feeds/acme/batches";

/// A feed named acme.
pub(crate) async fn feed(app: &TestApp, body: Value) {
    app.admin().put("/v1/rate-feeds/acme", body, "").await.expect(201);
}

/// A rate for product `number` as a feed sends it.
pub(crate) fn rate(id: &str, number: u32, base: &str, from: &str) -> Value {
    json!({"external_id": id, "cusip": cusip(number), "base_rate": base, "effective_date": from})
}

async fn deliver(client: &Client, id: &str, rates: Value) -> Answer {
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
async fn a_batch_is_taken_once() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    let (feed, one, two) = (app.feed(), product(&app, 1).await, product(&app, 2).await);
    let rates = json!([
        rate("r-1", 1, "4.6", "2026-12-01"),
        {"external_id": "r-2", "product_id": two, "base_rate": "3.85", "bonus_rate": "1",
         "effective_date": "2026-12-01", "end_date": "2026-12-31"},
        rate("r-3", 1, "4.7", "2027-01-01"),
        rate("r-4", 2, "5", "2026-11-21"),
    ]);
    let first = deliver(&feed, "b-1", rates.clone()).await.expect(201);
    assert_eq!(
        first.body,
        json!({
            "batch_id": first.body["batch_id"],
            "source": "acme",
            "external_batch_id": "b-1",
            "counts": {"total": 4, "applied": 3, "unchanged": 1, "duplicate": 0, "quarantined": 0,
                       "rejected": 0},
            "rejected": [],
            "quarantined": [],
        })
    );
    let address = format!("{BATCHES}/{}", first.body["batch_id"].as_str().unwrap());
    assert_eq!(first.header("location"), address);
    for _ in 0..3 {
        let again = deliver(&feed, "b-1", rates.clone()).await.expect(201);
        assert_eq!(again.bytes, first.bytes);
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
    assert_eq!(feed.get(&address).await.expect(200).bytes, first.bytes);
    let admin = app.admin();
    assert_eq!(
        line(&admin, &one).await,
        days(&[
            ("2026-01-01", "2026-11-30", "5.0000"),
            ("2026-12-01", "2026-12-31", "4.6000"),
            ("2027-01-01", "open", "4.7000"),
        ])
    );
    assert_eq!(
        line(&admin, &two).await,
        days(&[
            ("2026-01-01", "2026-11-30", "5.0000"),
            ("2026-12-01", "2026-12-31", "3.8500"),
            ("2027-01-01", "open", "5.0000"),
        ])
    );
    let other = deliver(&feed, "b-1", json!([rate("r-9", 1, "4", "2026-12-01")])).await.expect(422);
    assert_eq!(
        other.problem(),
        json!({
            "type": "urn:wealth:problem:idempotency-mismatch",
            "title": "The Idempotency-Key was used for another request",
            "status": 422,
            "code": "idempotency_mismatch",
            "detail": "This batch id was used for other rates",
            "errors": [{
                "pointer": "/external_batch_id",
                "code": "idempotency_mismatch",
                "message": "This batch id was used for other rates",
            }],
        })
    );
    let history = admin.get(&format!("{}/history", super::rates(&one))).await.expect(200);
    let newest = &history.body["items"][0];
    assert_eq!(
        (&newest["source"], &newest["external_id"], &newest["batch_id"]),
        (&json!("acme"), &json!("r-3"), &first.body["batch_id"])
    );
}

#[tokio::test]
async fn a_rate_is_taken_once_whatever_batch_it_comes_in() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    let (feed, id) = (app.feed(), product(&app, 1).await);
    deliver(&feed, "b-1", json!([rate("r-1", 1, "4.6", "2026-12-01")])).await.expect(201);
    let answer = deliver(
        &feed,
        "b-2",
        json!([
            rate("r-1", 1, "4.6000", "2026-12-01"),
            rate("r-2", 1, "4.7", "2027-01-01"),
            rate("r-2", 1, "4.8", "2027-01-01"),
            rate("r-1", 1, "9", "2026-12-01"),
        ]),
    )
    .await
    .expect(201);
    assert_eq!(
        answer.body["counts"],
        json!({"total": 4, "applied": 1, "unchanged": 0, "duplicate": 1, "quarantined": 0, "rejected": 2})
    );
    assert_eq!(
        answer.body["rejected"],
        json!([
            {"index": 2, "external_id": "r-2", "errors": [{"pointer": "/external_id",
             "code": "duplicate_in_batch", "message": "stands in this batch before"}]},
            {"index": 3, "external_id": "r-1", "errors": [{"pointer": "/external_id",
             "code": "external_id_reused",
             "message": "was used for another rate; a new rate needs a new id"}]},
        ])
    );
    assert_eq!(line(&app.admin(), &id).await.last().unwrap().2, "4.7000");
}

#[tokio::test]
async fn bad_rates_are_reported_and_good_ones_taken() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    product_of(&app, Firm::Harbour, 9, "5", "2026-01-01").await;
    let (feed, id) = (app.feed(), product(&app, 1).await);
    let batch = json!([
        rate("r-1", 1, "4.6", "2026-12-01"),
        {"external_id": "r-2", "cusip": "037833101", "base_rate": 5, "effective_date": "2026-13-01"},
        rate("r-3", 9, "4", "2026-12-01"),
        {"external_id": "r-4", "cusip": cusip(1), "base_rate": "1", "effective_date": "2026-12-01",
         "colour\u{0}": "red"},
        "nonsense",
        rate("r-6", 1, "4.7", "2027-01-01"),
        {"cusip": cusip(1), "base_rate": "500", "effective_date": "2026-12-02", "end_date": "2026-12-01"},
        {"external_id": "r-8", "product_id": "0192f0c8-0000-7000-8000-00000000dead", "base_rate": "4",
         "effective_date": "2026-12-01"},
    ]);
    let answer = deliver(&feed, "b-1", batch).await.expect(201);
    assert_eq!(
        answer.body["counts"],
        json!({"total": 8, "applied": 2, "unchanged": 0, "duplicate": 0, "quarantined": 0, "rejected": 6})
    );
    let rejected = answer.body["rejected"].as_array().unwrap();
    let found: Vec<(u64, Vec<&str>)> = rejected
        .iter()
        .map(|row| {
            let errors = row["errors"].as_array().unwrap().iter();
            (
                row["index"].as_u64().unwrap(),
                errors.map(|e| e["pointer"].as_str().unwrap()).collect(),
            )
        })
        .collect();
    assert_eq!(found[0], (1, vec!["/cusip", "/base_rate", "/effective_date"]));
    assert_eq!(found[1], (2, vec!["/cusip"]));
    assert_eq!(rejected[1]["errors"][0]["code"], "unknown_product");
    assert_eq!((found[2].0, rejected[2]["errors"][0]["code"].as_str()), (3, Some("unknown_field")));
    assert_eq!(found[3].0, 4);
    assert_eq!(found[4], (6, vec!["/external_id", "/base_rate", "/end_date"]));
    assert_eq!(rejected[5]["errors"][0]["code"], "unknown_product");
    assert_eq!(line(&app.admin(), &id).await.len(), 3);
    let mended = json!([rate("r-2", 1, "4.9", "2027-02-01")]);
    let answer = deliver(&feed, "b-2", mended).await.expect(201);
    assert_eq!(answer.body["counts"]["applied"], 1);
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

/// An application whose statements may take long: the machine may have much else to do.
async fn patient() -> TestApp {
    let limit = std::time::Duration::from_secs(120);
    let app = TestApp::with_config(|config| config.statement_timeout = limit).await;
    let (login, name) = (testkit::database::LOGIN, app.database.name());
    app.execute(&format!("alter role {login} in database {name} set statement_timeout = '120s'"))
        .await;
    app
}

#[tokio::test]
async fn ten_thousand_rates_are_one_call_and_one_more_is_refused() {
    let app = patient().await;
    feed(&app, json!({})).await;
    let tenant = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "insert into products.products (tenant_id, cusip, product_name, product_type, base_rate,
                                        rate_effective_date, created_by)
         select '{tenant}', lpad(n::text, 8, '0') || d, 'P' || n, 'CD', 5, '2026-01-01', 'test'
           from generate_series(1, 2500) n, generate_series(0, 9) d
          where products.is_cusip(lpad(n::text, 8, '0') || d);
         insert into rates.rate_history (tenant_id, product_id, base_rate, effective_date, created_by)
         select tenant_id, product_id, base_rate, rate_effective_date, 'test' from products.products"
    ))
    .await;
    let months = ["2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01"];
    let rates: Vec<Value> = (0..10_000u32)
        .map(|n| {
            let month = months[usize::try_from(n % 4).unwrap()];
            rate(&format!("r-{n}"), n / 4 + 1, &format!("4.{}", n % 4), month)
        })
        .collect();
    let feed = app.feed();
    let answer = deliver(&feed, "b-1", Value::from(rates.clone())).await.expect(201);
    assert_eq!(answer.body["counts"]["applied"], 10_000);
    let again = deliver(&feed, "b-1", Value::from(rates.clone())).await.expect(201);
    assert_eq!(again.bytes, answer.bytes);
    let rows =
        app.sql("select count(*) as n from rates.rate_history where superseded_at is null").await;
    assert_eq!(rows[0]["n"], 12_500);
    let mut more = rates;
    more.push(rate("r-more", 1, "4", "2028-01-01"));
    let answer = deliver(&feed, "b-2", Value::from(more)).await.expect(422);
    assert_eq!(
        answer.body["errors"],
        json!([{"pointer": "/rates", "code": "out_of_range", "message": "must hold 1 to 10000 rates"}])
    );
}

#[tokio::test]
async fn a_long_history_of_one_product_is_one_call() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    let id = product(&app, 1).await;
    let start = chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap();
    let rates: Vec<Value> = (0..1000u32)
        .map(|n| {
            let day = (start + chrono::Days::new(n.into())).to_string();
            rate(&format!("r-{n}"), 1, &format!("4.{:03}", n % 999), &day)
        })
        .collect();
    let answer = deliver(&app.feed(), "b-1", Value::from(rates)).await.expect(201);
    assert_eq!(answer.body["counts"]["applied"], 1000);
    let proof = app.admin().get(&format!("{}/continuity", super::rates(&id))).await.expect(200);
    assert_eq!(proof.body["continuous"], true);
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

#[tokio::test]
async fn what_is_no_batch_is_refused() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    let feed = app.feed();
    for (body, pointer) in [
        (json!({"external_batch_id": "", "rates": [1]}), "/external_batch_id"),
        (json!({"external_batch_id": "a\u{0}", "rates": [1]}), "/external_batch_id"),
        (json!({"external_batch_id": "b", "rates": []}), "/rates"),
    ] {
        let answer = feed.post(BATCHES, body).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer);
    }
    for body in [json!({}), json!([]), json!({"external_batch_id": "b", "rates": {}})] {
        assert_eq!(feed.post(BATCHES, body).await.expect(422).code(), "validation_failed");
    }
    // Two readings, of which ours could be the wrong one: neither is taken.
    let text = json!({"external_batch_id": "b", "rates": [rate("r", 1, "5", "2026-12-01")]});
    let text = text.to_string().replace(r#""base_rate":"5""#, r#""base_rate":"5","base_rate":"6""#);
    let request = Request::new(http::Method::POST, BATCHES);
    let answer = feed.send(request.body("application/json", text.into())).await.expect(422);
    assert_eq!(
        answer.body["errors"],
        json!([{"pointer": "/rates/0/base_rate", "code": "duplicate_field",
                "message": "appears in its object more than once"}])
    );
}

#[tokio::test]
async fn a_batch_for_no_feed_is_not_found() {
    let app = TestApp::new().await;
    let body = json!({"external_batch_id": "b", "rates": [rate("r", 1, "5", "2026-12-01")]});
    // What PostgreSQL cannot hold is no feed's name either.
    let nul = app.feed().post("/v1/rate-feeds/%00/batches", body.clone()).await.expect(404);
    let answer = app.feed().post("/v1/rate-feeds/none/batches", body).await.expect(404);
    assert_eq!(nul.problem(), answer.problem());
    assert_eq!(
        answer.problem(),
        json!({"type": "urn:wealth:problem:feed-not-found", "title": "Rate feed not found",
               "status": 404, "code": "feed_not_found", "detail": "Rate feed not found"})
    );
    assert_eq!(app.sql("select from rates.feed_batches").await.len(), 0);
}

/// Two deliveries of one batch at once, as EventBridge and a retrying client may make them.
#[tokio::test]
async fn the_same_batch_twice_at_once_is_one_batch() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    let (feed, id) = (app.feed(), product(&app, 1).await);
    let batch = json!([rate("r-1", 1, "4.6", "2026-12-01")]);
    let (one, other) = futures_util::join!(
        deliver(&feed, "b-1", batch.clone()),
        deliver(&feed, "b-1", batch.clone()),
    );
    assert_eq!(one.expect(201).bytes, other.expect(201).bytes);
    assert_eq!(line(&app.admin(), &id).await.len(), 2);
}
