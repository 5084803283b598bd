//! Imports over HTTP and from the command line (S0-135, S0-136, S0-138).

mod cli;
mod cli_rates;
mod cli_users;
mod post;
mod reads;
mod upsert;

pub(crate) use cli::program;
use http::Method;
use testkit::{Answer, Client, Request, cusip};

/// Sends a file under an idempotency key.
pub(crate) async fn send(client: &Client, query: &str, body: &str, key: &str) -> Answer {
    let path = format!("/v1/products/imports{query}");
    let request = Request::new(Method::POST, &path).key(key);
    let kind = if body.starts_with('{') { "application/x-ndjson" } else { "text/csv" };
    client.send(request.body(kind, body.as_bytes().to_vec())).await
}

/// A file of `count` plain products from number `first` on, at this rate.
pub(crate) fn file(first: u32, count: u32, rate: &str) -> String {
    let mut text = "cusip,product_name,product_type,base_rate\n".to_owned();
    for number in first..first + count {
        text += &format!("{},Product {number},Other,{rate}\n", cusip(number));
    }
    text
}
