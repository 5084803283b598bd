//! A function that fails in every way that a function can, in the skin that all functions share.
#![allow(clippy::panic, reason = "panicking is what it is for")]

use axum::Router;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;
use wealth_http::{App, Problem, Result};

/// What a panic or an error must not carry to the caller.
const INTERNAL: &str = "s3cret-internal-state";

async fn panics() -> &'static str {
    panic!("{INTERNAL}")
}

async fn fails() -> Result<&'static str> {
    Err(Problem::internal(INTERNAL))
}

fn on_event(_: App, event: Value) -> BoxFuture<'static, Result<Value>> {
    async move {
        match event["detail-type"].as_str() {
            Some("Panic") => panic!("{INTERNAL}"),
            Some("Fail") => Err(Problem::unavailable("the other side is away")),
            _ => Ok(Value::from("done")),
        }
    }
    .boxed()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let routes = Router::new()
        .route("/panic", axum::routing::get(panics))
        .route("/fail", axum::routing::get(fails));
    wealth_http::serve(routes, Some(std::sync::Arc::new(on_event))).await
}
