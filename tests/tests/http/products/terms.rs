//! Versioned terms and conditions.

use serde_json::json;
use testkit::TestApp;

use super::{NOBODY, create, fields, myga, pairs, plain, product_not_found};

#[tokio::test]
async fn a_new_text_makes_a_new_version_and_keeps_the_old_one() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let path = create(&admin, myga(1)).await.header("location");
    let list = format!("{path}/terms");
    let made = admin.post(&list, json!({"text": " Second terms. "})).await.expect(201);
    assert_eq!(made.header("location"), format!("{list}/2"));
    let sha = app.sql("select encode(sha256('Second terms.'), 'hex') as sha").await;
    let expected = json!({
        "terms_version": 2,
        "text": "Second terms.",
        "sha256": sha[0]["sha"],
        "effective_at": made.body["effective_at"],
        "created_at": made.body["effective_at"],
        "created_by": made.body["created_by"],
    });
    assert_eq!(made.body, expected);
    let rep = app.sales_rep();
    assert_eq!(rep.get(&format!("{list}/2")).await.expect(200).body, expected);
    assert_eq!(rep.get(&format!("{list}/1")).await.expect(200).body["text"], "First terms.");
    let product = rep.get(&path).await.expect(200);
    assert_eq!(product.body["terms_and_conditions"], "Second terms.");
    assert_eq!((&product.body["terms_version"], product.etag().as_str()), (&json!(2), "\"2\""));

    let page = rep.get(&format!("{list}?limit=1")).await.expect(200);
    let mut summary = expected;
    summary.as_object_mut().unwrap().remove("text");
    summary["characters"] = json!(13);
    assert_eq!(page.body["items"], json!([summary]));
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let last = rep.get(&format!("{list}?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(last.body["items"][0]["terms_version"], 1);
    assert_eq!(last.body["next_cursor"], json!(null));
}

#[tokio::test]
async fn the_text_in_force_makes_no_new_version() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let list = create(&admin, myga(1)).await.header("location") + "/terms";
    let answer = admin.post(&list, json!({"text": "First terms."})).await.expect(200);
    assert_eq!(answer.body["terms_version"], 1);
    assert_eq!(answer.header("location"), format!("{list}/1"));
    assert_eq!(admin.get(&list).await.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_product_without_terms_has_an_empty_list() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let list = create(&admin, plain(1)).await.header("location") + "/terms";
    let none = admin.get(&list).await.expect(200);
    assert_eq!(none.body, json!({"items": [], "next_cursor": null}));
    let first = admin.post(&list, json!({"text": "x".repeat(200_000)})).await.expect(201);
    assert_eq!(first.body["terms_version"], 1);
}

#[tokio::test]
async fn bad_texts_are_refused() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let list = create(&admin, plain(1)).await.header("location") + "/terms";
    for (body, code) in [
        (json!({}), "required"),
        (json!({"text": "  "}), "required"),
        (json!({"text": "x".repeat(200_001)}), "too_long"),
        (json!({"text": "nul\u{0}"}), "character_refused"),
        (json!({"text": 5}), "wrong_type"),
    ] {
        let answer = admin.post(&list, body).await.expect(422);
        assert_eq!(fields(&answer), pairs(&[("/text", code)]));
    }
    let nobody = format!("/v1/products/{NOBODY}/terms");
    let answer = admin.post(&nobody, json!({"text": "x"})).await.expect(404);
    assert_eq!(answer.problem(), product_not_found());
}
