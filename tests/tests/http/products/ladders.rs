//! Ladders of maturities: computed from what is on sale.

use serde_json::{Value, json};
use testkit::{TestApp, cusip};

use super::{create, fields, myga, pairs, with};

const LADDERS: &str = "/v1/product-ladders";

/// A CD on sale through 2026, interest added by the year.
fn cd(number: u32, months: u32, rate: &str, terms: Value) -> Value {
    json!({
        "cusip": cusip(number), "product_name": format!("CD {number}"), "product_type": "CD",
        "issuer": format!("Bank {number}"), "minimum_investment": "1000.00", "base_rate": rate,
        "cd_terms": with(json!({"term_months": months, "compounding": "annual"}), terms),
        "availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"},
    })
}

fn picks(body: &Value) -> Vec<Value> {
    let rungs = body["rungs"].as_array().unwrap().iter();
    rungs.map(|rung| rung["pick"]["cusip"].clone()).collect()
}

#[tokio::test]
async fn a_ladder_is_built_from_what_is_on_sale() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let best = create(&admin, cd(1, 12, "4.0000", json!({}))).await.body["product_id"].clone();
    create(&admin, cd(2, 12, "5.0000", json!({"callable": true}))).await;
    create(&admin, cd(3, 13, "9.0000", json!({}))).await;
    let gone = create(&admin, cd(4, 12, "8.0000", json!({}))).await.header("location");
    admin.act(&format!("{gone}/deactivate"), "*").await.expect(200);
    create(&admin, with(myga(5), json!({"annuity_terms": {"guarantee_years": 2}}))).await;
    let asked = json!({"amount": "25000.00", "every": {"months": 12, "until": 24},
        "client": {"age": 60, "state": "NY"}});
    let built = app.sales_rep().post(LADDERS, asked.clone()).await.expect(200);
    let mut body = built.body.clone();
    assert!(body["known_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    body["known_at"] = json!(null);
    let id = body["rungs"][0]["left_out"][0]["product_id"].clone();
    let nothing = json!({"months": 24, "share": "12500.00", "pick": null, "left_out": [],
        "left_out_count": 0});
    let expected = json!({
        "known_at": null, "client": {"age": 60, "state": "NY"}, "amount": "25000.00",
        "currency": "USD", "as_of": "2026-11-21", "insured_limit": "250000.00",
        "invested": "12000.00", "uninvested": "13000.00", "average_yield": "4.0000",
        "weighted_average_maturity_months": "12.00",
        "rungs": [{
            "months": 12, "share": "12500.00",
            "pick": {
                "product_id": best, "cusip": cusip(1), "product_name": "CD 1", "issuer": "Bank 1",
                "product_type": "CD", "product_subtype": null, "amount": "12000.00",
                "term_months": 12, "maturity_date": "2027-11-21", "base_rate": "4.0000",
                "bonus_rate": "0.0000", "rate_for_amount": "4.0000",
                "rate_effective_date": "2026-11-21", "value_at_maturity": "12480.00",
                "bonus_amount": "0.00", "first_call_date": null, "yield_to_maturity": "4.0000",
                "yield_to_worst": {"date": "2027-11-21", "event": "maturity", "yield": "4.0000"},
                "warnings": ["no_early_withdrawal"],
            },
            "left_out": [{
                "product_id": id, "cusip": cusip(2), "product_name": "CD 2",
                "yield_to_worst": "5.0000", "reasons": ["callable_not_asked"],
            }],
            "left_out_count": 1,
        }, nothing],
        "cash_flows": [
            {"date": "2026-11-21", "kind": "investment", "product_id": best,
             "principal": "12000.00", "interest": "0.00", "bonus": "0.00", "total": "-12000.00"},
            {"date": "2027-11-21", "kind": "maturity", "product_id": best,
             "principal": "12000.00", "interest": "480.00", "bonus": "0.00", "total": "12480.00"},
        ],
        "concentration": [{"issuer": "Bank 1", "fdic_insured": true, "principal": "12000.00",
            "share": "100.0000", "at_maturity": "12480.00", "uninsured": "0.00"}],
    });
    assert_eq!(body, expected);
    // Asked for: what can be called, a term that is near, and the guarantee of two years.
    let more = json!({"include_callable": true, "include_annuities": true,
        "term_tolerance_months": 1});
    let built = app.sales_rep().post(LADDERS, with(asked.clone(), more)).await.expect(200);
    assert_eq!(picks(&built.body), [json!(cusip(3)), json!(cusip(5))]);
    // The other firm has nothing of it.
    let other = app.other_admin().post(LADDERS, asked).await.expect(200);
    assert_eq!(picks(&other.body), [Value::Null, Value::Null]);
    assert_eq!(other.body["average_yield"], Value::Null);
}

#[tokio::test]
async fn a_bad_question_names_every_field() {
    let app = TestApp::new().await;
    let asked = json!({"amount": "0", "rungs": [24, 12], "term_tolerance_months": 7,
        "insured_limit": "-1", "client": {"age": 131, "state": "XX"}});
    let refused = app.sales_rep().post(LADDERS, asked).await.expect(422);
    assert_eq!(
        fields(&refused),
        pairs(&[
            ("/amount", "out_of_range"),
            ("/rungs/1", "out_of_range"),
            ("/term_tolerance_months", "out_of_range"),
            ("/insured_limit", "out_of_range"),
            ("/client/age", "out_of_range"),
            ("/client/state", "state_unknown"),
        ])
    );
    for (asked, pointer, code) in [
        (json!({}), "/rungs", "required"),
        (json!({"rungs": [12], "every": {"months": 12, "until": 24}}), "/every", "conflict"),
        (json!({"rungs": []}), "/rungs", "out_of_range"),
        (json!({"every": {"months": 0, "until": 24}}), "/every/months", "out_of_range"),
        (json!({"every": {"months": 12, "until": 6}}), "/every/until", "out_of_range"),
        (json!({"every": {"months": 1, "until": 41}}), "/every/until", "out_of_range"),
    ] {
        let asked = with(json!({"amount": "1000.00"}), asked);
        let refused = app.sales_rep().post(LADDERS, asked).await.expect(422);
        assert_eq!(fields(&refused), pairs(&[(pointer, code)]));
    }
}
