//! PATCH /v1/products/{product_id}

use serde_json::json;
use testkit::{Request, TestApp};

use super::{create, fields, myga, pairs, problem, with};

#[tokio::test]
async fn a_patch_changes_what_it_names_and_answers_what_is_read_next() {
    let app = TestApp::new().await;
    let made = create(&app.admin(), myga(1)).await;
    let path = made.header("location");
    let change = json!({
        "product_name": "Secure Five Plus",
        "issuer": null,
        "maximum_investment": null,
        "states": [],
        "terms_and_conditions": "Second terms.",
        "annuity_terms": {"guarantee_years": 7, "maximum_issue_age": null},
    });
    let patched = app.second_admin().patch(&path, change, "\"1\"").await.expect(200);
    assert_eq!(patched.etag(), "\"2\"");
    let mut expected = with(
        made.body.clone(),
        json!({
            "product_name": "Secure Five Plus",
            "issuer": null,
            "maximum_investment": null,
            "states": [],
            "terms_and_conditions": "Second terms.",
            "terms_version": 2,
            "version": 2,
            "updated_at": patched.body["updated_at"],
            "updated_by": patched.body["updated_by"],
        }),
    );
    expected["annuity_terms"]["guarantee_years"] = json!(7);
    expected["annuity_terms"]["maximum_issue_age"] = json!(null);
    assert_eq!(patched.body, expected);
    let read = app.sales_rep().get(&path).await.expect(200);
    assert_eq!((read.etag(), read.body), (patched.etag(), patched.body));
    let by = app.sql("select updated_by_user_id as by from products.products").await;
    assert_eq!(by[0]["by"], "00000000-0000-7000-9000-000000000a02");
}

#[tokio::test]
async fn every_field_can_be_set_and_is_read_back() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let path = create(&admin, myga(1)).await.header("location");
    let changes = [
        json!({"product_name": "Other"}),
        json!({"product_subtype": "FIA"}),
        json!({"issuer": "Other Life"}),
        json!({"description": null}),
        json!({"minimum_investment": "1.00"}),
        json!({"maximum_investment": "2.50"}),
        json!({"return_of_premium": false, "return_of_premium_percentage": null}),
        json!({"terms_and_conditions": null}),
        json!({"states": ["TX"]}),
        json!({"annuity_terms": {"surrender_schedule": []}}),
        json!({"annuity_terms": null}),
        json!({"annuity_terms": {"premium": "flexible"}}),
        json!({"isin": null}),
    ];
    for change in changes {
        let tag = admin.get(&path).await.expect(200).etag();
        let patched = admin.patch(&path, change.clone(), &tag).await.expect(200);
        let read = admin.get(&path).await.expect(200);
        assert_eq!((read.etag(), read.body), (patched.etag(), patched.body), "{change}");
    }
}

#[tokio::test]
async fn a_patch_that_changes_nothing_makes_no_version() {
    let app = TestApp::new().await;
    let made = create(&app.admin(), myga(1)).await;
    let path = made.header("location");
    for change in
        [json!({}), json!({"issuer": " Example Life "}), json!({"states": ["NY", "CA", "NY"]})]
    {
        let answer = app.admin().patch(&path, change, "\"1\"").await.expect(200);
        assert_eq!((answer.etag(), answer.bytes), (made.etag(), made.bytes.clone()));
    }
}

#[tokio::test]
async fn a_lost_update_is_refused() {
    let app = TestApp::new().await;
    let path = create(&app.admin(), myga(1)).await.header("location");
    app.admin().patch(&path, json!({"issuer": "First"}), "\"1\"").await.expect(200);
    let answer =
        app.second_admin().patch(&path, json!({"issuer": "Second"}), "\"1\"").await.expect(412);
    let detail = "The product was changed meanwhile.";
    let expected = problem(412, "version_conflict", "The resource has changed", detail);
    assert_eq!(answer.problem(), expected);
    let (a, b) = (app.admin(), app.second_admin());
    let (first, second) = futures_util::join!(
        a.patch(&path, json!({"issuer": "Third"}), "\"2\""),
        b.patch(&path, json!({"issuer": "Fourth"}), "\"2\""),
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(app.admin().get(&path).await.expect(200).body["version"], 3);
}

#[tokio::test]
async fn the_whole_is_checked_and_not_only_the_part() {
    let app = TestApp::new().await;
    let path = create(&app.admin(), myga(1)).await.header("location");
    let change = json!({
        "product_name": null,
        "minimum_investment": "2000000.00",
        "product_subtype": "BankCD",
        "return_of_premium_percentage": null,
        "isin": "US5949181045",
    });
    let answer = app.admin().patch(&path, change, "\"1\"").await.expect(422);
    let mut found = fields(&answer);
    found.sort();
    assert_eq!(
        found,
        pairs(&[
            ("/isin", "isin_mismatch"),
            ("/maximum_investment", "out_of_range"),
            ("/product_name", "required"),
            ("/product_subtype", "not_applicable"),
            ("/return_of_premium_percentage", "required"),
        ])
    );
    assert_eq!(app.admin().get(&path).await.expect(200).body["version"], 1);
}

#[tokio::test]
async fn a_patch_with_a_key_is_answered_again_and_done_once() {
    let app = TestApp::new().await;
    let path = create(&app.admin(), myga(1)).await.header("location");
    let request = Request::new(http::Method::PATCH, &path)
        .json(&json!({"issuer": "New"}))
        .key("patch-1")
        .if_match("\"1\"");
    let first = app.admin().send(request.clone()).await.expect(200);
    let again = app.admin().send(request).await.expect(200);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!((again.bytes, again.headers.get("etag")), (first.bytes, first.headers.get("etag")));
    assert_eq!(app.admin().get(&path).await.expect(200).body["version"], 2);
}
