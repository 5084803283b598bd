//! Growth and yields.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::{product, rates, set};

async fn terms(app: &TestApp, id: &str, terms: Value) {
    app.execute(&format!(
        "insert into products.cd_terms (tenant_id, product_id, terms) values ('{}', '{id}', '{terms}')",
        Firm::Meridian.tenant_id()
    ))
    .await;
}

#[tokio::test]
async fn a_calculation_shows_how_it_was_made() {
    let app = TestApp::new().await;
    let path = "/v1/rates/yields?principal=10000&rate=5&start_date=2025-01-01&end_date=2026-01-01";
    let answer = app.sales_rep().get(path).await.expect(200);
    assert_eq!(
        answer.body,
        json!({
            "principal": "10000.00",
            "rate": "5.0000",
            "rate_unit": "percent",
            "start_date": "2025-01-01",
            "end_date": "2026-01-01",
            "compounding": "daily",
            "day_count": "ACT/365F",
            "days": 365,
            "year_fraction": "1.0000000000",
            "simple": {
                "formula": "principal * (1 + rate * year_fraction)",
                "interest": "500.00",
                "value": "10500.00",
            },
            "compound": {
                "formula": "principal * (1 + rate / days in year) ^ days",
                "interest": "512.67",
                "value": "10512.67",
            },
            "apy": {
                "formula": "APY = 100 (interest / principal)",
                "principal": "10000.00",
                "interest": "512.67",
                "days_in_term": 365,
                "rounding": answer.body["apy"]["rounding"],
                "excludes": "bonuses and contingent earnings",
                "apy": "5.13",
            },
        })
    );
    assert_eq!(app.other_admin().get(path).await.expect(200).bytes, answer.bytes);
    app.feed().get(path).await.expect(403);
    app.anonymous().get(path).await.expect(401);
}

#[tokio::test]
async fn days_are_counted_in_four_ways() {
    let app = TestApp::new().await;
    let base = "/v1/rates/yields?principal=1000&rate=5&compounding=simple&start_date=2024-01-31&end_date=2024-07-31";
    for (convention, days, fraction) in [
        ("ACT/365F", 182, "0.4986301370"),
        ("ACT/360", 182, "0.5055555556"),
        ("30/360", 180, "0.5000000000"),
        ("ACT/ACT%20ISDA", 182, "0.4972677596"),
    ] {
        let answer = app.admin().get(&format!("{base}&day_count={convention}")).await.expect(200);
        assert_eq!(answer.body["days"], days, "{convention}");
        assert_eq!(answer.body["year_fraction"], fraction, "{convention}");
        assert_eq!(answer.body["simple"]["value"], answer.body["compound"]["value"]);
    }
}

#[tokio::test]
async fn a_calculation_names_every_bad_input() {
    let app = TestApp::new().await;
    let pointers = async |query: &str| {
        let answer = app.admin().get(&format!("/v1/rates/yields?{query}")).await.expect(422);
        let errors = answer.body["errors"].as_array().unwrap().clone();
        errors.iter().map(|e| e["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(pointers("").await, ["/principal", "/rate", "/start_date", "/end_date"]);
    let bad =
        "principal=0&rate=101&start_date=2026-01-01&end_date=2026-01-01&compounding=x&day_count=y";
    assert_eq!(
        pointers(bad).await,
        ["/principal", "/rate", "/end_date", "/compounding", "/day_count"]
    );
    let huge = "principal=9999999999999.99&rate=100&start_date=1950-01-01&end_date=2049-12-31";
    assert_eq!(pointers(huge).await, [""]);
}

#[tokio::test]
async fn the_yield_of_a_product_leaves_the_bonus_apart() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    set(&admin, &id, json!({"base_rate": "5", "bonus_rate": "2"})).await.expect(200);
    terms(&app, &id, json!({"term_months": 6, "compounding": "daily", "day_count": "ACT/365F"}))
        .await;
    let path = format!("{}/apy", rates(&id));
    let answer = admin.get(&path).await.expect(200);
    assert_eq!(
        answer.body,
        json!({
            "product_id": id,
            "as_of": "2026-11-21",
            "known_at": null,
            "currency": "USD",
            "base_rate": "5.0000",
            "rate_for_amount": "5.0000",
            "bonus_rate": "2.0000",
            "rate_unit": "percent",
            "assumptions": {"term_months": 6, "compounding": "daily", "day_count": "ACT/365F",
                            "from_terms": true},
            "apy": {
                "formula": "APY = 100 [(1 + interest / principal)^(365 / days in term) - 1]",
                "principal": "100000.00",
                "interest": "2510.27",
                "days_in_term": 181,
                "rounding": answer.body["apy"]["rounding"],
                "excludes": "bonuses and contingent earnings",
                "apy": "5.13",
            },
            "why_none": null,
        })
    );
    let before = admin.get(&format!("{path}?as_of=2025-01-01")).await.expect(200);
    assert_eq!(before.body["apy"], json!(null));
    assert_eq!(before.body["why_none"], "the product has no rate on this day");
}

#[tokio::test]
async fn without_terms_a_year_is_assumed_and_contingent_earnings_have_no_yield() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let path = format!("{}/apy", rates(&id));
    let answer = admin.get(&path).await.expect(200);
    assert_eq!(answer.body["apy"]["apy"], "5.00");
    assert_eq!(answer.body["assumptions"]["from_terms"], false);
    for (subtype, word) in [("FIA", "index"), ("SPIA", "payout")] {
        app.execute(&format!(
            "update products.products set product_type = 'Annuity', product_subtype = '{subtype}'
              where product_id = '{id}'"
        ))
        .await;
        let answer = admin.get(&path).await.expect(200);
        assert_eq!(answer.body["apy"], json!(null));
        assert!(answer.body["why_none"].as_str().unwrap().contains(word));
    }
}

#[tokio::test]
async fn a_yield_is_that_of_the_amount_and_of_the_terms_as_known() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let body = json!({"cusip": testkit::cusip(7), "product_name": "Jumbo CD", "product_type": "CD",
        "base_rate": "5", "cd_terms": {"term_months": 12, "compounding": "annual",
            "rate_bands": [{"minimum_amount": "100000", "addition": "0.25"}]}});
    let made = admin.post("/v1/products", body).await.expect(201);
    let path = made.header("location");
    let recorded = app.sql("select now()::text as now").await[0]["now"].clone();
    let known = recorded.as_str().unwrap().replace(' ', "T").replace("+00", "Z");
    let apy = async |query: &str| {
        let answer = admin.get(&format!("{path}/rates/apy?{query}")).await.expect(200);
        json!([answer.body["base_rate"], answer.body["rate_for_amount"], answer.body["apy"]["apy"]])
    };
    assert_eq!(apy("").await, json!(["5.0000", "5.0000", "5.00"]));
    assert_eq!(apy("amount=99999.99").await, json!(["5.0000", "5.0000", "5.00"]));
    assert_eq!(apy("amount=100000").await, json!(["5.0000", "5.2500", "5.25"]));
    let change = json!({"cd_terms": {"compounding": "daily", "rate_bands": []}});
    admin.patch(&path, change, "*").await.expect(200);
    assert_eq!(apy("amount=100000").await, json!(["5.0000", "5.0000", "5.13"]));
    let then = apy(&format!("amount=100000&known_at={known}")).await;
    assert_eq!(then, json!(["5.0000", "5.2500", "5.25"]));
    let bad = admin.get(&format!("{path}/rates/apy?amount=-1")).await.expect(422);
    assert_eq!(bad.body["errors"][0]["pointer"], "/amount");
}
