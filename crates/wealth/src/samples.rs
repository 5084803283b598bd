//! The requests that `make run` prints, ready to be pasted.

use anyhow::{Context as _, Result};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use wealth_core::{IdGen as _, SystemIds};
use wealth_http::App;

use crate::command::token::Who;
use crate::demo;

/// An access token of the platform's own issuer: what signing in gives.
async fn token(app: &App, services: &users::Services, who: Who) -> Result<String> {
    let (router, _) = wealth_http::build(app, users::router(services.clone()));
    let request = Request::post(SIGN_IN)
        .header("content-type", "application/json")
        .body(Body::from(credentials(who).to_string()))?;
    let answer = router.oneshot(request).await?;
    access_token(&to_bytes(answer.into_body(), ANSWER_MAX).await?)
}

/// Where one signs in.
pub(crate) const SIGN_IN: &str = "/v1/auth/sign-in";
/// Longer than any answer to it.
pub(crate) const ANSWER_MAX: usize = 64 * 1024;

/// What a person of the demo signs in with.
pub(crate) fn credentials(who: Who) -> Value {
    json!({"email": demo::person(who).email, "password": demo::PASSWORD})
}

/// The access token of an answer.
pub(crate) fn access_token(answer: &[u8]) -> Result<String> {
    let answer: Value = serde_json::from_slice(answer).context("the answer is not JSON")?;
    let detail = answer["detail"].as_str().unwrap_or("no token came");
    answer["access_token"].as_str().map(str::to_owned).with_context(|| detail.to_owned())
}

/// Two tokens and what to do with them.
pub(crate) async fn text(app: &App, services: &users::Services, port: u16) -> Result<String> {
    let admin = token(app, services, Who::Admin).await?;
    let sales = token(app, services, Who::Sales).await?;
    let key = SystemIds.next();
    let credentials = credentials(Who::Admin);
    Ok(format!(
        r#"
Tokens for the demo firm, good for an hour (more: wealth token admin|sales|second|other):

ADMIN={admin}
SALES={sales}

What a sales representative can offer today:
curl -H "Authorization: Bearer $SALES" 'http://127.0.0.1:{port}/v1/products?limit=3'

The same for an administrator, who also sees what is no longer sold:
curl -H "Authorization: Bearer $ADMIN" 'http://127.0.0.1:{port}/v1/products/by-cusip/{cusip}'

Add a product:
curl -H "Authorization: Bearer $ADMIN" -H 'Idempotency-Key: {key}' -H 'Content-Type: application/json' \
  'http://127.0.0.1:{port}/v1/products' -d '{body}'

Sign in as the administrator, for a token and the means to renew it:
curl -H 'Content-Type: application/json' 'http://127.0.0.1:{port}/v1/auth/sign-in' -d '{credentials}'
"#,
        cusip = demo::SAMPLE_CUSIP,
        body = demo::SAMPLE_PRODUCT,
    ))
}
