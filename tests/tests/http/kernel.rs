//! What every context answers alike.

use http::Method;
use serde_json::json;
use testkit::{Request, TestApp};

#[tokio::test]
async fn the_process_is_alive_and_the_database_ready() {
    let app = TestApp::new().await;
    let answer = app.anonymous().get("/health").await.expect(200);
    assert_eq!(answer.body, json!({"status": "alive"}));
    let answer = app.anonymous().get("/ready").await;
    assert_eq!(answer.body["checks"]["database"], true);
    let checks = &answer.body["checks"];
    assert_eq!(checks["schema_version"], checks["expected_schema_version"]);
    assert_eq!(answer.status == 200, checks["server_version_at_floor"] == true);
}

#[tokio::test]
async fn an_unknown_route_is_a_problem_document_with_the_request_id() {
    let app = TestApp::new().await;
    let id = "0192f0c8-0000-7000-8000-000000000001";
    let request = Request::new(Method::GET, "/v1/nothing").header("x-request-id", id);
    let answer = app.admin().send(request).await.expect(404);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("x-request-id"), id);
    assert_eq!(
        answer.body,
        json!({
            "type": "urn:wealth:problem:not-found",
            "title": answer.body["title"],
            "status": 404,
            "code": "not_found",
            "detail": answer.body["title"],
            "request_id": id,
        })
    );
}

#[tokio::test]
async fn a_method_that_is_not_offered_is_405() {
    let app = TestApp::new().await;
    let answer = app.admin().send(Request::new(Method::DELETE, "/health")).await.expect(405);
    assert_eq!(answer.code(), "method_not_allowed");
}

#[tokio::test]
async fn a_list_that_has_not_changed_is_not_sent_again() {
    let app = TestApp::new().await;
    let first = app.admin().get("/v1/products").await.expect(200);
    let again = Request::new(Method::GET, "/v1/products").header("if-none-match", &first.etag());
    let answer = app.admin().send(again.clone()).await.expect(304);
    assert_eq!((answer.bytes.len(), answer.etag()), (0, first.etag()));
    let product = json!({"cusip": testkit::cusip(1), "product_name": "One", "product_type": "CD",
                         "base_rate": "4.0000"});
    app.admin().post("/v1/products", product).await.expect(201);
    let answer = app.admin().send(again).await.expect(200);
    assert_ne!(answer.etag(), first.etag());
    assert_eq!(answer.body["items"].as_array().map(Vec::len), Some(1));
}
