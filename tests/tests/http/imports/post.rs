//! What one call does, and that it does it once.

use serde_json::{Value, json};
use testkit::{Request, TestApp, cusip};

use super::{file, send};

#[tokio::test]
async fn good_rows_load_and_bad_ones_are_named() {
    let app = TestApp::new().await;
    let text = format!(
        "CUSIP,product_name,product_type,product_subtype,base_rate,guarantee_years,availability_start,availability_end,rate_effective_date\n\
         {},Good,Annuity,MYGA,5.25,5,2026-01-01,2026-12-31,2026-02-01\n\
         037833109,Wrong digit,Other,,5,,,,\n\
         {},Twice,Other,,abc,,,,\n\
         {},Good,Annuity,MYGA,5.25,5,,,\n",
        cusip(1),
        cusip(2),
        cusip(1)
    );
    let made = send(&app.admin(), "?file_name=book.csv", &text, "k").await.expect(201);
    let id = made.body["import_id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/v1/products/imports/{id}"));
    let counts = ["total", "created", "updated", "unchanged", "quarantined", "failed"];
    let counts = counts.map(|name| made.body[format!("rows_{name}")].clone());
    assert_eq!(json!(counts), json!([4, 1, 0, 0, 0, 3]));
    assert_eq!(made.body["status"], "finished");
    let errors: Vec<Value> = made.body["errors"].as_array().unwrap().clone();
    let places: Vec<_> = errors
        .iter()
        .map(|e| (e["line"].clone(), e["column"].clone(), e["code"].clone()))
        .collect();
    assert_eq!(
        json!(places),
        json!([
            [3, "cusip", "cusip_invalid"],
            [4, "base_rate", errors[1]["code"]],
            [5, "cusip", "duplicate_in_file"]
        ])
    );
    let product = app.admin().get(&format!("/v1/products/by-cusip/{}", cusip(1))).await.expect(200);
    assert_eq!(product.body["base_rate"], "5.2500");
    assert_eq!(product.body["rate_effective_date"], "2026-02-01");
    assert_eq!(product.body["availability"][0]["end_date"], "2026-12-31");
    assert_eq!(product.body["annuity_terms"]["guarantee_years"], 5);
    let versions = app.sql("select snapshot from products.product_versions").await;
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0]["snapshot"]["availability"][0]["start_date"], "2026-01-01");
    assert_eq!(versions[0]["snapshot"]["annuity_terms"]["guarantee_years"], 5);
}

#[tokio::test]
async fn the_same_call_again_is_answered_and_the_same_file_again_changes_nothing() {
    let app = TestApp::new().await;
    let text = file(1, 3, "4.5");
    let first = send(&app.admin(), "", &text, "one").await.expect(201);
    let again = send(&app.admin(), "", &text, "one").await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.bytes), ("true".into(), &first.bytes));
    let logged = "select 1 as x from audit.audit_events
        where resource_type <> 'imports' and legacy_action <> 'IMPORT_PRODUCTS'";
    let before = app.sql(logged).await.len();
    let second = send(&app.admin(), "", &text, "two").await.expect(201);
    assert_eq!(
        (&second.body["rows_unchanged"], &second.body["rows_total"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(app.sql(logged).await.len(), before, "the call itself is logged and nothing else");
    assert_eq!(app.sql("select 1 from rates.rate_history").await.len(), 3);
}

#[tokio::test]
async fn a_dry_run_tells_all_and_changes_nothing() {
    let app = TestApp::new().await;
    let text = file(1, 2, "4.5") + "bad,X,Other,1\n";
    let looked = send(&app.admin(), "?dry_run=true", &text, "k").await.expect(200);
    let made = &looked.body;
    assert_eq!(
        json!([made["rows_created"], made["rows_failed"], made["dry_run"]]),
        json!([2, 1, true])
    );
    assert_eq!((&made["import_id"], made["errors"].as_array().unwrap().len()), (&Value::Null, 1));
    for table in ["products.products", "products.imports", "rates.rate_history"] {
        assert!(app.sql(&format!("select 1 from {table}")).await.is_empty(), "{table}");
    }
    send(&app.admin(), "", &text, "k2").await.expect(201);
    send(&app.admin(), "?dry_run=true", &text, "k").await.expect(200);
}

#[tokio::test]
async fn ndjson_names_pointers() {
    let app = TestApp::new().await;
    let line = |n: u32, rate: &str| {
        json!({"cusip": cusip(n), "product_name": "A", "product_type": "Other", "base_rate": rate})
            .to_string()
    };
    let text = format!("{}\n{}\n{{\n", line(1, "5"), line(2, "500"));
    let made = send(&app.admin(), "", &text, "k").await.expect(201);
    assert_eq!(json!([made.body["rows_created"], made.body["rows_failed"]]), json!([1, 2]));
    let errors = &made.body["errors"];
    assert_eq!(json!([errors[0]["line"], errors[0]["column"]]), json!([2, "/base_rate"]));
    assert_eq!(errors[1]["code"], "malformed_json");
}

#[tokio::test]
async fn what_cannot_be_read_at_all_leaves_no_run_behind() {
    let app = TestApp::new().await;
    let admin = app.admin();
    for header in ["cusip,colour\n", "cusip,cusip\n", "cusip\n", ""] {
        let answer = send(&admin, "", header, "k").await.expect(422);
        assert_eq!(answer.code(), "validation_failed");
    }
    let request = Request::new(http::Method::POST, "/v1/products/imports").key("k");
    let answer = admin.send(request.body("application/json", b"{}".to_vec())).await.expect(415);
    assert_eq!(answer.code(), "unsupported_media_type");
    let answer = send(&admin, "?wet_run=true", "x", "k").await.expect(400);
    assert_eq!(answer.code(), "malformed_request");
    assert!(app.sql("select 1 from products.imports").await.is_empty());
}

#[tokio::test]
async fn only_product_administrators_import() {
    let app = TestApp::new().await;
    for client in [app.sales_rep(), app.sales_manager(), app.system_admin(), app.feed()] {
        let answer = send(&client, "", &file(1, 1, "5"), "k").await.expect(403);
        assert_eq!(answer.code(), "permission_denied");
    }
    send(&app.anonymous(), "", &file(1, 1, "5"), "k").await.expect(401);
}
