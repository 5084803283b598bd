//! The rates context over HTTP.

mod batches;
mod changes;
mod decisions;
mod events;
mod feeds;
mod model;
mod overrides;
mod put;
mod put_once;
mod reads;
mod yields;

use serde_json::Value;
use testkit::{Answer, Client, Firm, TestApp};

/// A product of `firm` with its first rate, without the products context.
pub(crate) async fn product_of(
    app: &TestApp,
    firm: Firm,
    number: u32,
    rate: &str,
    from: &str,
) -> String {
    let id = format!("00000000-0000-7000-8000-{:04x}{number:08x}", firm as u16 + 0xa);
    let (tenant, cusip) = (firm.tenant_id(), testkit::cusip(number));
    app.execute(&format!(
        "begin;
         select set_config('app.current_tenant_id', '{tenant}', true);
         select products.create_product('{cusip}', 'Product {number}', 'CD', null, 0, null, {rate}, 0,
             false, null, null, 'test', '{{\"product_id\": \"{id}\", \"effective_date\": \"{from}\"}}');
         commit;"
    ))
    .await;
    id
}

/// A product of the tests' own firm: 5 % since the first of the year.
pub(crate) async fn product(app: &TestApp, number: u32) -> String {
    product_of(app, Firm::Meridian, number, "5", "2026-01-01").await
}

/// Where a product's rates are.
pub(crate) fn rates(product: &str) -> String {
    format!("/v1/products/{product}/rates")
}

/// Puts a rate against the present version.
pub(crate) async fn set(client: &Client, product: &str, body: Value) -> Answer {
    let tag = client.get(&rates(product)).await.expect(200).etag();
    client.put(&rates(product), body, &tag).await
}

/// `(effective_date, end_date, base_rate)` of a product's line.
pub(crate) async fn line(client: &Client, product: &str) -> Vec<(String, String, String)> {
    let answer = client.get(&format!("{}?limit=200", rates(product))).await.expect(200);
    let items = answer.body["items"].as_array().expect("items").clone();
    let text = |value: &Value| value.as_str().unwrap_or("open").to_owned();
    items
        .iter()
        .map(|rate| {
            (text(&rate["effective_date"]), text(&rate["end_date"]), text(&rate["base_rate"]))
        })
        .collect()
}

/// The same, as a test writes it.
pub(crate) fn days(line: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    line.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect()
}
