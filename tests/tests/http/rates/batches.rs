//! Batches that feeds deliver: taken once, whole or in part, and bounded.

use serde_json::{Value, json};
use testkit::{Firm, Request, TestApp, cusip};

use super::feeds::{BATCHES, deliver, feed, rate};
use super::{days, line, product, product_of};

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
