//! Every operation of the OpenAPI document through a proxy that counts how often the caller had to
//! wait for the network. What each needs to succeed comes from the tenancy suite, which has it for
//! every operation: one that is not known there fails the run here too, so none can be forgotten.

use anyhow::{Context as _, Result, ensure};
use http::Method;
use serde_json::json;
use testkit::{Answer, Counted, Firm, TestApp};

use crate::fixtures;
use crate::operations::{self, Operation};
use crate::owned::{self, MAKER};
use crate::report::{Limit, Report};

/// Operations that ask the database nothing: what they say is the same for everybody.
const WITHOUT_DATABASE: [&str; 2] = ["health", "openid_configuration"];

/// A file in one call: opened, a thousand rows at a time loaded while those before are booked, booked
/// and closed, stored.
const IMPORT: f64 = 4.0;
/// The proof of a factor is looked up, spent, and a session opened; the issuer of another sign-in is
/// looked up, once in five minutes; of two operations in bulk each writes; an invitation is looked up
/// for its address, to which the new link is sealed.
const THREE: [&str; 5] =
    ["auth_mfa", "auth_webauthn", "invitations_resend", "me_identities_create", "scim_bulk"];

/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    report.section("Database round trips per operation (exact)");
    let mut all = operations::all(&TestApp::new().await);
    all.sort_by_key(|operation| (operation.method != Method::GET, operation.id.clone()));
    for operation in all {
        let (name, most) = (operation.id.clone(), most(&operation));
        // A fixture that fails panics, as in the tests: that is its own line here, and not the end.
        match tokio::spawn(count(operation)).await {
            Ok(Ok(trips)) => report.figure(&name, trips, "round trips", Limit::Gate(most)),
            Ok(Err(error)) => report.missing(&name, &format!("{error:#}")),
            Err(panicked) => report.missing(&name, &panicked.to_string()),
        }
    }
    credentials(report).await
}

fn most(operation: &Operation) -> f64 {
    match operation.id.as_str() {
        "products_imports_create" => IMPORT,
        id if THREE.contains(&id) => 3.0,
        id if WITHOUT_DATABASE.contains(&id) => 0.0,
        _ if operation.method == Method::GET => 1.0,
        _ => 2.0,
    }
}

async fn count(operation: Operation) -> Result<f64> {
    let counted = Counted::new().await;
    let ids = owned::ready(&counted.app, &operation).await;
    warm_up(&counted).await;
    let answer = fixtures::own(&counted.app, &operation, &ids).await;
    good(&answer).with_context(|| format!("{} {}", operation.method, operation.path))?;
    last(&counted)
}

/// Whoever acts from here on is of a known issuer, and from here on every round trip shows.
async fn warm_up(counted: &Counted) {
    let app = &counted.app;
    let session = app.open_session(Firm::Meridian, MAKER[0], 1).await;
    for client in [app.with_token(&session.access_token), app.admin()] {
        client.get("/v1/users/me").await.expect(200);
    }
    // The platform's own keys are read once in five minutes.
    app.anonymous().get("/.well-known/jwks.json").await.expect(200);
    counted.exactly();
}

fn last(counted: &Counted) -> Result<f64> {
    Ok(f64::from(u32::try_from(counted.last())?))
}

/// What a credential costs beside the operation itself: nothing, once its issuer is known.
async fn credentials(report: &mut Report) -> Result<()> {
    let counted = Counted::new().await;
    let app = &counted.app;
    let body = json!({"name": "bench", "scopes": ["view-products"]});
    let key = app.admin().post("/v1/api-keys", body).await.expect(201);
    let key = app.with_token(key.body["key"].as_str().context("the key")?);
    warm_up(&counted).await;
    let mut figure = |name: &str, answer: &Answer, status: u16, most: f64| -> Result<()> {
        ensure!(answer.status == status, "{name}: {}", answer.status);
        report.figure(name, last(&counted)?, "round trips", Limit::Gate(most));
        Ok(())
    };
    let weak = app.sales_rep().get("/v1/users/access-review").await;
    figure("  a new token checked, its role not enough", &weak, 403, 0.0)?;
    let forged = app.with_token(&format!("{}x", app.token(Firm::Meridian, "admin", &[])));
    figure("  a forged token", &forged.get("/v1/users/me").await, 401, 0.0)?;
    figure("  no credential", &app.anonymous().get("/v1/users/me").await, 401, 0.0)?;
    let session = app.open_session(Firm::Meridian, MAKER[0], 1).await;
    let session = app.with_token(&session.access_token);
    figure(
        "  a session validated, with what is read",
        &session.get("/v1/users/me").await,
        200,
        1.0,
    )?;
    figure("  an API key, with a read, first use", &key.get("/v1/products").await, 200, 2.0)?;
    figure("  an API key, with a read, again", &key.get("/v1/products").await, 200, 1.0)
}

fn good(answer: &Answer) -> Result<()> {
    let text = String::from_utf8_lossy(&answer.bytes);
    ensure!((200..300).contains(&answer.status), "{}: {text}", answer.status);
    Ok(())
}
