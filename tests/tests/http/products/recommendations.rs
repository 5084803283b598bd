//! Recommendations from a comparison: recorded, sealed, reviewed by a second person.

use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Request, TestApp, cusip, recommendation};

use super::{NOBODY, create, fields, myga, pairs, with};

const ALL: &str = "/v1/product-recommendations";

/// Two products, the second not for this amount, and the comparison that a representative made.
async fn compared(app: &TestApp, client: &Client) -> (Vec<Value>, Answer) {
    let admin = app.admin();
    let dear = with(myga(2), json!({"minimum_investment": "90000.00"}));
    let mut ids = Vec::new();
    for body in [myga(1), dear] {
        ids.push(create(&admin, body).await.body["product_id"].clone());
    }
    let asked = json!({"product_ids": ids, "investment_amount": "50000.00", "horizon_months": 60,
        "client": {"age": 60, "state": "NY"}});
    let made = client.post("/v1/product-comparisons", asked).await.expect(201);
    (ids, made)
}

fn below(comparison: &Answer) -> String {
    format!("{}/recommendations", comparison.header("location"))
}

fn body(product: &Value) -> Value {
    recommendation(product.as_str().unwrap())
}

#[tokio::test]
async fn a_recommendation_is_kept_whole_and_sealed_by_the_comparison() {
    let app = TestApp::new().await;
    let rep = app.sales_rep();
    let (ids, comparison) = compared(&app, &rep).await;
    let asked = body(&ids[0]);
    let made = rep.post(&below(&comparison), asked.clone()).await.expect(201);
    let path = made.header("location");
    let id = made.body["recommendation_id"].as_str().unwrap();
    assert_eq!(path, format!("{ALL}/{id}"));
    let mut profile = asked["profile"].clone();
    profile["age"] = Value::Null;
    let expected = json!({
        "recommendation_id": id, "comparison_id": comparison.body["comparison_id"],
        "product_id": ids[0], "user_id": "00000000-0000-7000-9000-000000000a04",
        "client_reference": "C-1", "is_replacement": true, "status": "pending",
        "created_at": made.body["created_at"], "created_by": made.body["created_by"],
        "reason": null, "decided_at": null, "decided_by": null,
        "record": {
            "currency": "USD", "product_name": "Secure Five", "profile": profile, "refused": ["age"],
            "basis": asked["basis"], "disclosures": asked["disclosures"],
            "cash_compensation": asked["cash_compensation"],
            "replacement": asked["replacement"],
            "replacement_figures": {"surrender_value": "47500.00", "break_even_months": 36,
                "concerns": ["surrender_charge", "new_surrender_period", "benefits_lost",
                             "increased_fees"]},
        },
        "comparison_sha256": made.body["comparison_sha256"],
        "record_sha256": made.body["record_sha256"], "intact": true,
    });
    assert_eq!(made.body, expected);
    let digest = app
        .sql("select encode(result_sha256, 'hex') as digest from products.product_comparisons")
        .await;
    assert_eq!(made.body["comparison_sha256"], digest[0]["digest"]);
    assert_eq!(rep.get(&path).await.expect(200).body, expected);
    let logged = app
        .sql(
            "select actor_id, resource_id, new_values ->> 'record_sha256' as seal
                from audit.audit_events where action = 'recommendation.made'",
        )
        .await;
    assert_eq!(
        logged,
        [json!({"actor_id": "00000000-0000-7000-9000-000000000a04",
        "resource_id": id, "seal": made.body["record_sha256"]})]
    );
    // Neither by hand is it changed, nor does a forged comparison go unseen.
    for attempt in [
        "update products.recommendations set record = '{}'",
        "delete from products.recommendations",
        "truncate products.recommendations cascade",
        "update products.product_comparisons set result = ''",
        "delete from products.product_comparisons",
        "truncate products.product_comparisons cascade",
    ] {
        app.execute(&format!(
            "do $$ begin {attempt}; raise 'was not refused'; exception when sqlstate 'WA403' then null; end $$"
        ))
        .await;
    }
    app.execute(
        "alter table products.product_comparisons disable trigger user;
         update products.product_comparisons set result = replace(result, '50000.00', '50000.01')",
    )
    .await;
    assert_eq!(rep.get(&path).await.expect(200).body["intact"], false);
}

#[tokio::test]
async fn a_second_person_reviews_once() {
    let app = TestApp::new().await;
    let (rep, manager) = (app.sales_rep(), app.sales_manager());
    let (ids, comparison) = compared(&app, &rep).await;
    let paths = [
        rep.post(&below(&comparison), body(&ids[0])).await.expect(201).header("location"),
        rep.post(&below(&comparison), body(&ids[0])).await.expect(201).header("location"),
    ];
    rep.act(&format!("{}/approve", paths[0]), "*").await.expect(403);
    let done = manager.act(&format!("{}/approve", paths[0]), "*").await.expect(200);
    assert_eq!((&done.body["status"], &done.body["intact"]), (&json!("approved"), &json!(true)));
    let again = manager.act(&format!("{}/approve", paths[0]), "*").await.expect(409);
    assert_eq!(again.code(), "state_conflict");
    let refuse = format!("{}/refuse", paths[1]);
    let silent = manager.post(&refuse, json!({"reason": " "})).await.expect(422);
    assert_eq!(fields(&silent), pairs(&[("/reason", "required")]));
    let refused = manager.post(&refuse, json!({"reason": "Too long"})).await.expect(200);
    assert_eq!(
        (&refused.body["status"], &refused.body["reason"]),
        (&json!("refused"), &json!("Too long"))
    );
    for (status, path) in [("approved", &paths[0]), ("refused", &paths[1])] {
        let page = manager.get(&format!("{ALL}?status={status}")).await.expect(200);
        let items = page.body["items"].as_array().unwrap().clone();
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(
            items.iter().map(|i| i["recommendation_id"].clone()).collect::<Vec<_>>(),
            [json!(id)]
        );
    }
    // What the supervisor recommends, somebody else reviews.
    let (ids, own) = {
        let made = json!({"product_ids": ids, "investment_amount": "50000.00",
            "horizon_months": 60, "client": {"age": 60, "state": "NY"}});
        let made = manager.post("/v1/product-comparisons", made).await.expect(201);
        (ids, made)
    };
    let path = manager.post(&below(&own), body(&ids[0])).await.expect(201).header("location");
    let refused = manager.act(&format!("{path}/approve"), "*").await.expect(403);
    assert_eq!(refused.code(), "self_approval");
    app.system_admin().act(&format!("{path}/approve"), "*").await.expect(200);
}

#[tokio::test]
async fn it_is_seen_by_its_maker_and_by_supervisors() {
    let app = TestApp::new().await;
    let rep = app.sales_rep();
    let (ids, comparison) = compared(&app, &rep).await;
    let path = rep.post(&below(&comparison), body(&ids[0])).await.expect(201).header("location");
    for (client, seen) in [
        (rep, 1),
        (app.sales_manager(), 1),
        (app.system_admin(), 1),
        (app.admin(), 0),
        (app.other_admin(), 0),
    ] {
        client.get(&path).await.expect(if seen == 1 { 200 } else { 404 });
        let page = client.get(ALL).await.expect(200);
        assert_eq!(page.body["items"].as_array().unwrap().len(), seen);
    }
    // Nobody recommends from another's comparison, nor from none.
    app.sales_manager().post(&below(&comparison), body(&ids[0])).await.expect(404);
    let nowhere = format!("/v1/product-comparisons/{NOBODY}/recommendations");
    app.sales_rep().post(&nowhere, body(&ids[0])).await.expect(404);
}

#[tokio::test]
async fn what_was_not_compared_or_not_eligible_is_not_recommended() {
    let app = TestApp::new().await;
    let rep = app.sales_rep();
    let (ids, comparison) = compared(&app, &rep).await;
    let other = with(myga(3), json!({"cusip": cusip(3)}));
    let other = create(&app.admin(), other).await.body["product_id"].clone();
    for product in [&ids[1], &other] {
        let refused = rep.post(&below(&comparison), body(product)).await.expect(422);
        assert_eq!(fields(&refused), pairs(&[("/product_id", "invalid")]));
    }
    let mut silent = body(&ids[0]);
    silent["refused"] = json!([]);
    silent["replacement"]["surrender_charge"] = json!("50000.01");
    let refused = rep.post(&below(&comparison), silent).await.expect(422);
    assert_eq!(
        fields(&refused),
        pairs(&[("/profile/age", "required"), ("/replacement/surrender_charge", "out_of_range")])
    );
    // A second click is the first.
    let request = Request::new(Method::POST, &below(&comparison)).json(&body(&ids[0])).key("one");
    let first = rep.send(request.clone()).await.expect(201);
    assert_eq!(rep.send(request).await.expect(201).bytes, first.bytes);
    assert_eq!(rep.get(ALL).await.body["items"].as_array().unwrap().len(), 1);
}
