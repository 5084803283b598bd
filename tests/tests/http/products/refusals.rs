//! Calls without credentials, without permission, without precondition.

use http::Method;
use serde_json::json;
use testkit::{Request, TestApp};

use super::{myga, path, plain, problem};

/// Every write: method, part of the product's path, body.
fn writes(window: &str) -> Vec<(Method, String, serde_json::Value)> {
    let day = json!({"start_date": "2027-01-01", "end_date": "2027-01-02"});
    vec![
        (Method::PATCH, String::new(), json!({"issuer": "X"})),
        (Method::POST, "/deactivate".to_owned(), json!({})),
        (Method::POST, "/reactivate".to_owned(), json!({})),
        (Method::POST, "/terms".to_owned(), json!({"text": "X"})),
        (Method::POST, "/availability".to_owned(), day),
        (Method::PATCH, format!("/availability/{window}"), json!({"end_date": "2026-11-30"})),
        (Method::DELETE, format!("/availability/{window}"), json!({})),
    ]
}

#[tokio::test]
async fn only_product_administrators_write() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    let before = app.admin().get(&path).await.expect(200);
    let window = before.body["availability"][0]["availability_id"].as_str().unwrap();
    for client in [app.sales_rep(), app.sales_manager(), app.system_admin(), app.feed()] {
        let detail = "None of your roles may edit products.";
        let denied = problem(403, "permission_denied", "The role does not allow this", detail);
        let answer = client.post("/v1/products", plain(2)).await.expect(403);
        assert_eq!(answer.problem(), denied);
        for (method, part, body) in writes(window) {
            let request = Request::new(method, &format!("{path}{part}")).json(&body);
            let answer = client.send(request.key("k").if_match("*")).await.expect(403);
            assert_eq!(answer.problem(), denied, "{part}");
        }
    }
    assert_eq!(app.admin().get(&path).await.expect(200).bytes, before.bytes);
}

#[tokio::test]
async fn rate_feeds_read_no_products() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    for part in ["", "/terms", "/terms/1", "/versions", "/availability"] {
        let answer = app.feed().get(&format!("{path}{part}")).await.expect(403);
        assert_eq!(answer.body["detail"], "None of your roles may view products.");
    }
    for list in ["/v1/products", "/v1/products/active"] {
        app.feed().get(list).await.expect(403);
    }
    let answer = app.feed().get("/v1/product-comparisons").await.expect(403);
    assert_eq!(answer.body["detail"], "None of your roles may compare products.");
}

#[tokio::test]
async fn without_a_token_nothing_answers() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    let nobody = app.anonymous();
    for read in ["/v1/products", "/v1/products/active", "/v1/product-comparisons", path.as_str()] {
        let answer = nobody.get(read).await.expect(401);
        assert_eq!(
            (answer.code(), answer.header("www-authenticate").as_str()),
            ("unauthenticated", "Bearer")
        );
    }
    for (method, part, body) in writes(super::NOBODY) {
        let request = Request::new(method, &format!("{path}{part}")).json(&body);
        nobody.send(request.key("k").if_match("*")).await.expect(401);
    }
}

#[tokio::test]
async fn a_change_needs_the_version_that_was_seen() {
    let app = TestApp::new().await;
    let path = path(&app, myga(1)).await;
    let before = app.admin().get(&path).await.expect(200);
    let window = before.body["availability"][0]["availability_id"].as_str().unwrap();
    let guarded = writes(window).into_iter();
    let guarded =
        guarded.filter(|(method, part, _)| *method != Method::POST || part.ends_with("activate"));
    for (method, part, body) in guarded {
        let request = Request::new(method, &format!("{path}{part}")).json(&body);
        let answer = app.admin().send(request.clone()).await.expect(428);
        assert_eq!(answer.code(), "precondition_required", "{part}");
        for tag in ["\"2\"", "\"0\"", "W/\"1\"", "1", "abc"] {
            let answer = app.admin().send(request.clone().if_match(tag)).await.expect(412);
            assert_eq!(answer.code(), "version_conflict", "{part} {tag}");
        }
    }
    assert_eq!(app.admin().get(&path).await.expect(200).bytes, before.bytes);
}
