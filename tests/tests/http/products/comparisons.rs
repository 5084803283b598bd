//! Comparisons: kept as shown, reproducible for ever.

use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Request, TestApp, cusip};

use super::{NOBODY, create, fields, myga, pairs, problem, with};

pub(super) const ALL: &str = "/v1/product-comparisons";

/// Two products to compare, and their paths.
pub(super) async fn pair(app: &TestApp) -> [String; 2] {
    let admin = app.admin();
    let cd = json!({
        "cusip": cusip(2), "product_name": "Bank CD", "product_type": "CD", "base_rate": "4.5000",
        "cd_terms": {"term_months": 12, "early_withdrawal_penalty": {"days_of_interest": 90}},
        "availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"},
    });
    [create(&admin, myga(1)).await.header("location"), create(&admin, cd).await.header("location")]
}

pub(super) fn question(paths: &[String]) -> Value {
    let id = |path: &String| path.rsplit('/').next().unwrap().to_owned();
    json!({
        "product_ids": paths.iter().map(id).collect::<Vec<_>>(),
        "investment_amount": "50000.00",
        "horizon_months": 60,
        "client": {"age": 60, "state": "NY"},
    })
}

pub(super) async fn reproduce(client: &Client, path: &str) -> testkit::Answer {
    client.get(&format!("{path}/reproduction")).await
}

#[tokio::test]
async fn a_comparison_is_kept_as_it_was_shown() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let asked = question(&paths);
    let made = app.sales_rep().post(ALL, asked.clone()).await.expect(201);
    assert_eq!(made.header("content-type"), "application/json");
    let path = made.header("location");
    assert_eq!(path, format!("{ALL}/{}", made.body["comparison_id"].as_str().unwrap()));
    let body = &made.body;
    assert_eq!(body["user_id"], "00000000-0000-7000-9000-000000000a04");
    assert_eq!(body["client"], json!({"age": 60, "state": "NY"}));
    assert_eq!((&body["amount"], &body["currency"]), (&json!("50000.00"), &json!("USD")));
    assert_eq!((&body["horizon_months"], &body["as_of"]), (&json!(60), &json!("2026-11-21")));
    let products = body["products"].as_array().unwrap();
    assert_eq!(products.len(), 2);
    assert_eq!(
        (&products[0]["rank"], &products[0]["product_name"]),
        (&json!(1), &json!("Secure Five"))
    );
    assert_eq!(products[0]["base_rate"], "5.2500");
    assert_eq!(products[0]["eligibility"]["eligible"], true);
    for (client, name) in
        [(app.sales_rep(), "own"), (app.sales_manager(), "manager"), (app.system_admin(), "system")]
    {
        let read = client.get(&path).await.expect(200);
        assert_eq!(read.bytes, made.bytes, "{name}");
        assert_eq!(read.header("content-digest"), made.header("content-digest"));
        let again = reproduce(&client, &path).await.expect(200);
        assert_eq!(again.bytes, made.bytes);
        assert_eq!(again.header("content-digest"), made.header("content-digest"));
    }
    let kept = app
        .sql("select encode(c.result_sha256, 'base64') as digest, count(*) as items, c.investment_amount::text as amount
                from products.product_comparisons c join products.product_comparison_items i using (comparison_id)
               group by c.tenant_id, c.comparison_id")
        .await;
    assert_eq!((&kept[0]["items"], &kept[0]["amount"]), (&json!(2), &json!("50000.00")));
    let digest = kept[0]["digest"].as_str().unwrap();
    assert_eq!(made.header("content-digest"), format!("sha-256=:{digest}:"));
    let logged = app
        .sql("select legacy_action, actor_id, transaction_name from audit.audit_events where action = 'comparison.created'")
        .await;
    let expected = json!({"legacy_action": "COMPARE_PRODUCTS", "transaction_name": "comparison_create",
        "actor_id": "00000000-0000-7000-9000-000000000a04"});
    assert_eq!(logged, [expected]);
}

#[tokio::test]
async fn it_reproduces_byte_for_byte_after_everything_has_changed() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let made = app.sales_rep().post(ALL, question(&paths)).await.expect(201);
    let path = made.header("location");
    let (admin, rates) = (app.admin(), format!("{}/rates", paths[0]));
    admin.put(&rates, json!({"base_rate": "5.3000"}), "*").await.expect(200);
    let correction = json!({"base_rate": "5.1000", "effective_date": "2026-11-21",
        "end_date": "2026-11-21", "reason": "typing error"});
    admin.put(&rates, correction, "*").await.expect(200);
    let change = json!({"product_name": "Renamed", "minimum_investment": "60000.00",
        "annuity_terms": {"guarantee_years": 1}, "terms_and_conditions": "Other."});
    admin.patch(&paths[0], change, "*").await.expect(200);
    let window = admin.get(&paths[1]).await.body["availability"][0]["availability_id"].clone();
    let window = format!("{}/availability/{}", paths[1], window.as_str().unwrap());
    admin.delete(&window, "*").await.expect(204);
    admin.act(&format!("{}/deactivate", paths[1]), "*").await.expect(200);

    let rep = app.sales_rep();
    assert_eq!(rep.get(&path).await.expect(200).bytes, made.bytes);
    assert_eq!(reproduce(&rep, &path).await.expect(200).bytes, made.bytes);
    let now = app.admin().post(ALL, question(&paths)).await.expect(201);
    assert_ne!(now.body["products"], made.body["products"]);
    assert_eq!(reproduce(&app.admin(), &now.header("location")).await.expect(200).bytes, now.bytes);
}

#[tokio::test]
async fn tampered_history_is_told_plainly() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let made = app.sales_rep().post(ALL, question(&paths)).await.expect(201);
    let path = made.header("location");
    app.execute(
        "alter table products.product_versions disable trigger all;
         update products.product_versions set snapshot = snapshot || '{\"product_name\": \"Forged\"}'",
    )
    .await;
    let answer = reproduce(&app.sales_rep(), &path).await.expect(409);
    let detail = "Computed from what was recorded when the comparison was made, the answer is not \
                  the one that was shown. The stored answer stands.";
    let title = "The comparison cannot be reproduced";
    assert_eq!(answer.problem(), problem(409, "comparison_differs", title, detail));
    assert_eq!(app.sales_rep().get(&path).await.expect(200).bytes, made.bytes);
}

#[tokio::test]
async fn a_second_click_does_not_double() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let request = Request::new(Method::POST, ALL).json(&question(&paths)).key("click");
    let rep = app.sales_rep();
    let first = rep.send(request.clone()).await.expect(201);
    let again = rep.send(request).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.bytes, first.bytes);
    let other = with(question(&paths), json!({"horizon_months": 12}));
    let other = Request::new(Method::POST, ALL).json(&other).key("click");
    assert_eq!(rep.send(other).await.expect(422).code(), "idempotency_mismatch");
    assert_eq!(rep.get(ALL).await.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn own_comparisons_for_sellers_everybodys_for_reviewers() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let mine = app.sales_rep().post(ALL, question(&paths)).await.expect(201);
    let theirs = app.admin().post(ALL, question(&paths)).await.expect(201);
    let ids = |answer: &testkit::Answer| -> Vec<Value> {
        answer.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["comparison_id"].clone())
            .collect()
    };
    let (mine_id, theirs_id) =
        (mine.body["comparison_id"].clone(), theirs.body["comparison_id"].clone());
    let listed = app.sales_rep().get(ALL).await.expect(200);
    let expected = json!({"items": [{
        "comparison_id": mine_id,
        "user_id": "00000000-0000-7000-9000-000000000a04",
        "product_ids": question(&paths)["product_ids"],
        "investment_amount": "50000.00",
        "currency": "USD",
        "horizon_months": 60,
        "as_of": "2026-11-21",
        "comparison_date": listed.body["items"][0]["comparison_date"],
    }], "next_cursor": null});
    assert_eq!(listed.body, expected);
    assert_eq!(ids(&app.admin().get(ALL).await), std::slice::from_ref(&theirs_id));
    let reviewer = app.sales_manager();
    assert_eq!(ids(&reviewer.get(ALL).await), [theirs_id.clone(), mine_id.clone()]);
    let by = format!("{ALL}?user_id=00000000-0000-7000-9000-000000000a04");
    assert_eq!(ids(&reviewer.get(&by).await), std::slice::from_ref(&mine_id));
    assert_eq!(ids(&app.admin().get(&by).await), [] as [Value; 0]);
    let page = reviewer.get(&format!("{ALL}?limit=1")).await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let last = reviewer.get(&format!("{ALL}?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!((ids(&page), ids(&last)), (vec![theirs_id], vec![mine_id]));

    let not_found = problem(404, "not_found", "Not found", "Not found");
    for (client, path) in [
        (app.sales_rep(), theirs.header("location")),
        (app.admin(), mine.header("location")),
        (app.other_admin(), mine.header("location")),
        (reviewer, format!("{ALL}/{NOBODY}")),
    ] {
        assert_eq!(client.get(&path).await.expect(404).problem(), not_found);
        assert_eq!(reproduce(&client, &path).await.expect(404).problem(), not_found);
    }
    assert_eq!(app.other_admin().get(ALL).await.expect(200).body["items"], json!([]));
}

#[tokio::test]
async fn comparisons_are_listed_by_the_firms_day() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    app.sales_rep().post(ALL, question(&paths)).await.expect(201);
    // 04:59 UTC is the evening before in New York.
    app.execute(
        "alter table products.product_comparisons disable trigger user;
         update products.product_comparisons set comparison_date = '2026-11-21T04:59:59Z'",
    )
    .await;
    for (day, found) in [("2026-11-19", 0), ("2026-11-20", 1), ("2026-11-21", 0)] {
        let answer = app.sales_rep().get(&format!("{ALL}?day={day}")).await.expect(200);
        assert_eq!(answer.body["items"].as_array().unwrap().len(), found, "{day}");
    }
    for bad in ["day=yesterday", "user_id=me", "from=2026-11-20", "cursor=x"] {
        app.sales_rep().get(&format!("{ALL}?{bad}")).await.expect(400);
    }
}

#[tokio::test]
async fn bad_questions_name_every_bad_field() {
    let app = TestApp::new().await;
    let paths = pair(&app).await;
    let rep = app.sales_rep();
    let body = json!({
        "product_ids": ["x", NOBODY, NOBODY],
        "investment_amount": 50000,
        "currency": "usd dollars",
        "horizon_months": 1201,
        "as_of": "2026-02-30",
        "client": {"age": 131, "state": "ZZ"},
    });
    let answer = rep.post(ALL, body).await.expect(422);
    let expected = [
        ("/product_ids/0", "id_invalid"),
        ("/product_ids/2", "duplicate"),
        ("/investment_amount", "wrong_type"),
        ("/currency", "currency_unknown"),
        ("/horizon_months", "out_of_range"),
        ("/as_of", "date_invalid"),
        ("/client/age", "out_of_range"),
        ("/client/state", "state_unknown"),
    ];
    assert_eq!(fields(&answer), pairs(&expected));
    let asked = question(&paths);
    let ids = asked["product_ids"].as_array().unwrap();
    for (change, at, code) in [
        (json!({"product_ids": [ids[0]]}), "/product_ids", "out_of_range"),
        (json!({"product_ids": vec![&ids[0]; 11]}), "/product_ids", "out_of_range"),
        (json!({"product_ids": [ids[0], NOBODY]}), "/product_ids/1", "product_not_found"),
        (json!({"investment_amount": "0"}), "/investment_amount", "out_of_range"),
        (json!({"horizon_months": 0}), "/horizon_months", "out_of_range"),
        (json!({"as_of": "2026-11-20"}), "/product_ids/0", "no_rate"),
    ] {
        let answer = rep.post(ALL, with(asked.clone(), change)).await.expect(422);
        assert_eq!(fields(&answer)[0], pairs(&[(at, code)])[0]);
    }
    app.admin().act(&format!("{}/deactivate", paths[1]), "*").await.expect(200);
    let answer = rep.post(ALL, asked.clone()).await.expect(422);
    assert_eq!(fields(&answer), pairs(&[("/product_ids/1", "product_not_found")]));
    let other = app.other_admin().post(ALL, asked.clone()).await.expect(422);
    let unknown =
        [("/product_ids/0", "product_not_found"), ("/product_ids/1", "product_not_found")];
    assert_eq!(fields(&other), pairs(&unknown));
    let seen = app.admin().post(ALL, asked).await.expect(201);
    let inactive = &seen.body["products"][1];
    assert_eq!(inactive["eligibility"]["reasons"], json!(["inactive"]));
    assert_eq!(app.sql("select comparison_id from products.product_comparisons").await.len(), 1);
}
