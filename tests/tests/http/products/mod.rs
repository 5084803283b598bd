//! The products context over HTTP.

mod activity;
mod appointments;
mod availability;
mod comparisons;
mod create;
mod idempotency;
mod ladders;
mod list;
mod patch;
mod projections;
mod recommendations;
mod refusals;
mod terms;
mod validation;
mod visibility;
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

/// The problem of an unknown product, without its request id.
pub(crate) fn product_not_found() -> Value {
    problem(404, "product_not_found", "Product not found", "Product not found")
}

/// A problem document without errors and request id.
pub(crate) fn problem(status: u16, code: &str, title: &str, detail: &str) -> Value {
    json!({
        "type": format!("urn:wealth:problem:{}", code.replace('_', "-")),
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
    })
}

/// Pointer and code of every field error.
pub(crate) fn fields(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.body["errors"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

/// The same pairs, written down.
pub(crate) fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect()
}

/// An id that names nothing.
pub(crate) const NOBODY: &str = "0192f0c8-0000-7000-8000-00000000dead";
