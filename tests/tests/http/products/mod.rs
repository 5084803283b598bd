//! The products context over HTTP.

mod create;

use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp, cusip};

/// A product with nothing optional about it.
pub(crate) fn plain(number: u32) -> Value {
    json!({
        "cusip": cusip(number),
        "product_name": format!("Product {number}"),
        "product_type": "Other",
        "base_rate": "4.0000",
    })
}

/// A MYGA with everything about it, on sale through 2026.
pub(crate) fn myga(number: u32) -> Value {
    json!({
        "cusip": cusip(number),
        "product_name": "Secure Five",
        "product_type": "Annuity",
        "product_subtype": "MYGA",
        "issuer": "Example Life",
        "description": "Five years guaranteed.",
        "minimum_investment": "10000.00",
        "maximum_investment": "1000000.00",
        "base_rate": "5.2500",
        "bonus_rate": "1.0000",
        "return_of_premium": true,
        "return_of_premium_percentage": "100.00",
        "terms_and_conditions": "First terms.",
        "states": ["NY", "CA"],
        "annuity_terms": {
            "surrender_schedule": [
                {"contract_year": 1, "charge": "7.0000"},
                {"contract_year": 2, "charge": "6.0000"},
            ],
            "guarantee_years": 5,
            "maximum_issue_age": 85,
        },
        "availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"},
    })
}

/// Creates a product and gives the answer.
pub(crate) async fn create(client: &Client, body: Value) -> Answer {
    client.post("/v1/products", body).await.expect(201)
}

/// Creates a product and gives its path.
pub(crate) async fn path(app: &TestApp, body: Value) -> String {
    create(&app.admin(), body).await.header("location")
}

/// Merges two objects, the second winning.
pub(crate) fn with(mut body: Value, change: Value) -> Value {
    let (Value::Object(body_map), Value::Object(change)) = (&mut body, change) else {
        panic!("two objects");
    };
    body_map.extend(change);
    body
}
