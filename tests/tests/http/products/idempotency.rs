//! A second click does nothing twice.

use http::Method;
use serde_json::json;
use testkit::{Request, TestApp};

use super::{myga, path, plain, with};

#[tokio::test]
async fn creating_needs_a_key() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    let day = json!({"start_date": "2027-01-01", "end_date": "2027-01-02"});
    let question = json!({"product_ids": [], "investment_amount": "1", "horizon_months": 1});
    for (target, body) in [
        ("/v1/products".to_owned(), plain(2)),
        (format!("{path}/terms"), json!({"text": "x"})),
        (format!("{path}/availability"), day),
        ("/v1/product-comparisons".to_owned(), question),
    ] {
        let request = Request::new(Method::POST, &target).json(&body);
        let answer = app.admin().send(request.clone()).await.expect(400);
        assert_eq!(answer.code(), "idempotency_key_missing", "{target}");
        let answer = app.admin().send(request.key("a b")).await.expect(400);
        assert_eq!(answer.code(), "malformed_request", "{target}");
    }
    assert_eq!(app.admin().get(&path).await.expect(200).body["version"], 1);
}

#[tokio::test]
async fn the_same_request_is_answered_the_same_and_done_once() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    let day = json!({"start_date": "2027-01-01", "end_date": "2027-01-02"});
    for (number, (target, body)) in [
        ("/v1/products".to_owned(), plain(2)),
        (format!("{path}/terms"), json!({"text": "Second."})),
        (format!("{path}/availability"), day),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("key-{number}");
        let request = Request::new(Method::POST, &target).json(&body).key(&key);
        let first = app.admin().send(request.clone()).await.expect(201);
        assert_eq!(first.header("idempotency-replayed"), "");
        let again = app.admin().send(request.clone()).await.expect(201);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.bytes, first.bytes);
        for name in ["location", "etag", "content-type"] {
            assert_eq!(again.header(name), first.header(name));
        }
        let other =
            Request::new(Method::POST, &target).json(&with(body, json!({"x": 1}))).key(&key);
        let answer = app.admin().send(other).await.expect(422);
        assert_eq!(answer.code(), "validation_failed");
    }
    let rename = with(plain(2), json!({"product_name": "Another"}));
    let other = Request::new(Method::POST, "/v1/products").json(&rename).key("key-0");
    let answer = app.admin().send(other).await.expect(422);
    assert_eq!(answer.code(), "idempotency_mismatch");
    // Keys belong to a person: another one's same key is another key.
    let request = Request::new(Method::POST, "/v1/products").json(&plain(3)).key("key-0");
    app.second_admin().send(request).await.expect(201);
    let counts = app
        .sql(
            "select (select count(*) from products.products) as products,
                     (select count(*) from products.terms_versions) as terms,
                     (select count(*) from products.product_availability) as windows",
        )
        .await;
    assert_eq!(counts, [json!({"products": 3, "terms": 2, "windows": 2})]);
}

#[tokio::test]
async fn two_clicks_at_once_make_one_product() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let click =
        || admin.send(Request::new(Method::POST, "/v1/products").json(&plain(1)).key("click"));
    let (first, second, third) = futures_util::join!(click(), click(), click());
    let mut made = 0;
    for answer in [first, second, third] {
        let replayed = answer.header("idempotency-replayed") == "true";
        match answer.status {
            201 if !replayed => made += 1,
            201 => {}
            _ => assert_eq!(answer.expect(409).code(), "idempotency_in_progress"),
        }
    }
    assert_eq!(made, 1);
    assert_eq!(app.sql("select cusip from products.products").await.len(), 1);
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let post = |body| Request::new(Method::POST, "/v1/products").json(&body).key("k");
    admin.send(post(with(plain(1), json!({"base_rate": "101"})))).await.expect(422);
    admin.send(post(plain(1))).await.expect(201);
    let mut again = plain(1);
    again["product_name"] = json!("Again");
    let request = Request::new(Method::POST, "/v1/products").json(&again).key("k2");
    admin.send(request.clone()).await.expect(409);
    admin.send(request).await.expect(409);
}
