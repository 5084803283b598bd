//! Operations that were forgotten: what does not say whom it is open to is open to as few as can be.

use axum::extract::State;
use axum::routing::get;
use serde_json::json;
use testkit::{Client, Firm, TestApp};
use utoipa_axum::router::OpenApiRouter;
use wealth_core::authz::ViewProducts;
use wealth_db::Sql;
use wealth_http::{App, Enrollee, Person, Principal, Result};

use super::world::user;

const ONE: Sql = Sql { name: "probe", text: "select 1" };

async fn forgotten(State(app): State<App>, principal: Principal) -> Result<&'static str> {
    app.read("probe", &principal).query_and_commit(ONE, &[]).await?;
    Ok("done")
}

async fn with_scope(State(app): State<App>, principal: Principal) -> Result<&'static str> {
    principal.authorize::<ViewProducts>()?;
    app.read("probe", &principal).query_and_commit(ONE, &[]).await?;
    Ok("done")
}

async fn of_people(State(app): State<App>, principal: Person) -> Result<&'static str> {
    principal.authorize::<ViewProducts>()?;
    app.read("probe", &principal).query_and_commit(ONE, &[]).await?;
    Ok("done")
}

async fn of_enrollees(State(app): State<App>, principal: Enrollee) -> Result<&'static str> {
    app.read("probe", &principal).query_and_commit(ONE, &[]).await?;
    Ok("done")
}

fn probe(app: &TestApp, token: &str) -> Client {
    let routes = OpenApiRouter::new()
        .route("/probe/forgotten", get(forgotten))
        .route("/probe/scope", get(with_scope))
        .route("/probe/people", get(of_people))
        .route("/probe/enrollees", get(of_enrollees));
    Client::new(wealth_http::build(&app.app, routes).0, Some(token.to_owned()))
}

#[tokio::test]
async fn a_key_does_nothing_where_no_scope_was_asked_for() {
    let app = TestApp::new().await;
    let wanted = json!({"name": "Reader", "scopes": ["view-products"]});
    let made = app.admin().post("/v1/api-keys", wanted).await.expect(201);
    let key = probe(&app, made.body["key"].as_str().expect("a key"));
    key.get("/probe/scope").await.expect(200);
    for path in ["/probe/forgotten", "/probe/people", "/probe/enrollees"] {
        let answer = key.get(path).await.expect(403);
        let expected = json!({
            "type": "urn:wealth:problem:permission-denied",
            "title": "The role does not allow this",
            "status": 403,
            "code": "permission_denied",
            "detail": "An API key may not manage accounts, sessions, factors or keys.",
        });
        assert_eq!(answer.problem(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_session_without_the_factor_reaches_only_what_is_for_enrolling() {
    let app = TestApp::new().await;
    let session = app.open_session(Firm::Meridian, user(Firm::Meridian, 1), 1).await;
    let person = probe(&app, &session.access_token);
    let all = ["/probe/forgotten", "/probe/scope", "/probe/people", "/probe/enrollees"];
    for path in all {
        person.get(path).await.expect(200);
    }
    // A policy holds for sessions that were there before it.
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, mfa) values ('{}', 'required')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    for path in &all[..3] {
        let answer = person.get(path).await.expect(403);
        assert_eq!(answer.code(), "insufficient_aal", "{path}");
    }
    person.get("/probe/enrollees").await.expect(200);
    // With the factor everything is open again.
    let session = app.open_session(Firm::Meridian, user(Firm::Meridian, 1), 2).await;
    let person = probe(&app, &session.access_token);
    for path in all {
        person.get(path).await.expect(200);
    }
}
