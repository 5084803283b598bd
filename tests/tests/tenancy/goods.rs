//! A product and a file of products, with the firm's mark in every text.

use std::sync::atomic::{AtomicU32, Ordering};

use http::Method;
use serde_json::{Value, json};
use testkit::{Request, cusip};

use crate::fixtures::fresh;

pub(crate) fn product(mark: &str, number: u32) -> Value {
    json!({
        "cusip": cusip(number),
        "product_name": mark,
        "product_type": "Annuity",
        "product_subtype": "MYGA",
        "issuer": mark,
        "description": mark,
        "minimum_investment": "1000.00",
        "base_rate": "4.0000",
        "terms_and_conditions": mark,
        "annuity_terms": {
            "surrender_schedule": [{"contract_year": 1, "charge": "7.0000"}],
            "guarantee_years": 5,
        },
        "availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"},
    })
}

pub(crate) fn import(mark: &str, number: u32) -> Request {
    let file = format!(
        "cusip,product_name,product_type,base_rate\n{},{mark},Other,3.0000\n",
        cusip(number)
    );
    Request::new(Method::POST, "/v1/products/imports")
        .body("text/csv", file.into_bytes())
        .key(&fresh())
}

/// A rate that nobody has set before, within the tolerance.
pub(crate) fn another_rate() -> String {
    static STEP: AtomicU32 = AtomicU32::new(0);
    format!("4.{:04}", 1000 + STEP.fetch_add(1, Ordering::Relaxed) % 3000)
}

pub(crate) const APPOINTMENTS: &str = "/v1/producer-appointments";

pub(crate) fn appointment(user: &str, mark: &str) -> Value {
    json!({"user_id": user, "issuer": mark, "state": "NY", "line_of_authority": "life",
        "license_number": mark, "start_date": "2026-01-01"})
}

pub(crate) fn recommendation(product: &str, mark: &str) -> Value {
    let mut body = testkit::recommendation(product);
    body["client_reference"] = json!(mark);
    body["basis"] = json!(mark);
    body
}

pub(crate) fn own_rate(account: &str, rate: &str) -> Value {
    json!({"account_reference": account, "base_rate": rate, "effective_date": "2026-11-21",
        "reason": account})
}
