//! Reading runs back.

use serde_json::Value;
use testkit::TestApp;

use super::{file, send};

#[tokio::test]
async fn runs_are_listed_the_latest_first_and_read_by_id() {
    let app = TestApp::new().await;
    let mut ids = Vec::new();
    for number in 1..4 {
        let made =
            send(&app.admin(), "", &file(number, 1, "5"), &format!("k{number}")).await.expect(201);
        let path = format!("/v1/products/imports/{}", made.body["import_id"].as_str().unwrap());
        assert_eq!(app.second_admin().get(&path).await.expect(200).body, made.body);
        app.other_admin().get(&path).await.expect(404);
        app.sales_manager().get(&path).await.expect(403);
        ids.push(made.body["import_id"].clone());
    }
    ids.reverse();
    let page = app.admin().get("/v1/products/imports?limit=2").await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let rest =
        app.admin().get(&format!("/v1/products/imports?limit=2&cursor={cursor}")).await.expect(200);
    let items = [
        page.body["items"].as_array().unwrap().clone(),
        rest.body["items"].as_array().unwrap().clone(),
    ];
    let listed: Vec<Value> = items.concat().iter().map(|item| item["import_id"].clone()).collect();
    assert_eq!(listed, ids);
    assert_eq!(rest.body["next_cursor"], Value::Null);
    let other = app.other_admin().get("/v1/products/imports").await.expect(200);
    assert_eq!(other.body["items"], serde_json::json!([]));
}
