//! What a sensitive action asks of the sign-in behind it.

use axum::extract::State;
use axum::routing::get;
use chrono::TimeDelta;
use serde_json::json;
use testkit::{Answer, Client, Firm, TestApp};
use utoipa_axum::router::OpenApiRouter;
use wealth_core::authz::{Action, Demand, Role};
use wealth_db::Sql;
use wealth_http::{App, Enrollee, Principal, Result};

use super::world::user;

const ONE: Sql = Sql { name: "probe", text: "select 1" };

/// A sensitive action of a role.
struct Probe;

impl Action for Probe {
    const NAME: &'static str = "probe";
    const ALLOWED: &'static [Role] = &[Role::SystemAdministrator];
    const DEMAND: Demand = Demand::StepUp;
}

async fn with_role(State(app): State<App>, principal: Principal) -> Result<&'static str> {
    principal.authorize::<Probe>()?;
    app.read("probe", &principal).query_and_commit(ONE, &[]).await?;
    Ok("done")
}

async fn of_oneself(State(app): State<App>, principal: Principal) -> Result<&'static str> {
    principal.step_up()?;
    app.read("probe", &principal).query_and_commit(ONE, &[]).await?;
    Ok("done")
}

async fn enrolment(State(app): State<App>, principal: Enrollee) -> Result<&'static str> {
    principal.step_up_to_enrol()?;
    app.read("probe", &principal).query_and_commit(ONE, &[]).await?;
    Ok("done")
}

/// A caller of the probes with this token.
fn probe(app: &TestApp, token: &str) -> Client {
    let routes = OpenApiRouter::new()
        .route("/probe/role", get(with_role))
        .route("/probe/own", get(of_oneself))
        .route("/probe/enrol", get(enrolment));
    Client::new(wealth_http::build(&app.app, routes).0, Some(token.to_owned()))
}

/// A system administrator's session of this assurance.
async fn administrator(app: &TestApp, assurance: i16) -> Client {
    let opened = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), assurance).await;
    probe(app, &opened.access_token)
}

async fn policy(app: &TestApp, columns: &str, values: &str) {
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, {columns}) values ('{}', {values})",
        Firm::Meridian.tenant_id()
    ))
    .await;
}

async fn give_a_factor(app: &TestApp) {
    app.execute(&format!(
        "insert into users.totp_factors (user_id, label, secret, key_version, confirmed_at)
         values ('{}', 'Phone', '\\x00', 1, now())",
        user(Firm::Meridian, 3)
    ))
    .await;
}

fn refused(answer: Answer, detail: &str, challenge: &str) {
    let answer = answer.expect(403);
    let expected = json!({
        "type": "urn:wealth:problem:insufficient-aal",
        "title": "A stronger or fresher sign-in is required",
        "status": 403,
        "code": "insufficient_aal",
        "detail": detail,
    });
    assert_eq!(answer.problem(), expected);
    let header = format!("Bearer error=\"insufficient_user_authentication\", {challenge}");
    assert_eq!(answer.header("www-authenticate"), header);
}

const FRESH: &str = "This takes a recent sign-in";
const SECOND: &str = "This takes a recent sign-in with a second factor";
const ENROL: &str =
    "Your firm demands a second factor: enrol one, or sign in with the one you have";

#[tokio::test]
async fn somebody_without_a_factor_needs_a_fresh_sign_in() {
    let app = TestApp::new().await;
    policy(&app, "step_up_minutes", "5").await;
    let client = administrator(&app, 1).await;
    for path in ["/probe/role", "/probe/own", "/probe/enrol"] {
        client.get(path).await.expect(200);
    }
    app.clock.advance(TimeDelta::minutes(5));
    client.get("/probe/role").await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    for path in ["/probe/role", "/probe/own", "/probe/enrol"] {
        refused(client.get(path).await, FRESH, "acr_values=\"aal1\", max_age=\"300\"");
    }
    let ordinary = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), 1).await;
    probe(&app, &ordinary.access_token).get("/probe/role").await.expect(200);
}

#[tokio::test]
async fn somebody_with_a_factor_needs_it_for_what_is_sensitive_and_for_nothing_else() {
    let app = TestApp::new().await;
    give_a_factor(&app).await;
    let client = administrator(&app, 1).await;
    for path in ["/probe/role", "/probe/own", "/probe/enrol"] {
        refused(client.get(path).await, SECOND, "acr_values=\"aal2\", max_age=\"900\"");
    }
    let opened = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), 1).await;
    app.with_token(&opened.access_token).get("/v1/products").await.expect(200);
    administrator(&app, 2).await.get("/probe/role").await.expect(200);
    // A factor that was never confirmed is none.
    app.execute("update users.totp_factors set confirmed_at = null").await;
    client.get("/probe/role").await.expect(200);
}

#[tokio::test]
async fn where_the_firm_demands_a_factor_a_session_without_one_can_only_enrol() {
    let app = TestApp::new().await;
    policy(&app, "mfa", "'required'").await;
    let opened = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), 1).await;
    let (client, probes) =
        (app.with_token(&opened.access_token), probe(&app, &opened.access_token));
    refused(client.get("/v1/products").await, ENROL, "acr_values=\"aal2\"");
    refused(probes.get("/probe/role").await, ENROL, "acr_values=\"aal2\"");
    client.get("/v1/users/me").await.expect(200);
    probes.get("/probe/enrol").await.expect(200);
    let second = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), 2).await;
    app.with_token(&second.access_token).get("/v1/products").await.expect(200);
    // The other firm's people are none of this firm's business.
    let other = app.open_session(Firm::Harbour, user(Firm::Harbour, 4), 1).await;
    app.with_token(&other.access_token).get("/v1/products").await.expect(200);
}

#[tokio::test]
async fn a_firm_can_demand_a_factor_of_some_roles_only() {
    let app = TestApp::new().await;
    policy(&app, "mfa_roles", "'{SystemAdministrator}'").await;
    let administrator = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), 1).await;
    let answer = app.with_token(&administrator.access_token).get("/v1/products").await;
    refused(answer, ENROL, "acr_values=\"aal2\"");
    let seller = app.open_session(Firm::Meridian, user(Firm::Meridian, 4), 1).await;
    app.with_token(&seller.access_token).get("/v1/products").await.expect(200);
    app.execute("update users.auth_policies set mfa = 'off'").await;
    app.with_token(&administrator.access_token).get("/v1/products").await.expect(200);
}

#[tokio::test]
async fn nobody_does_what_is_sensitive_in_anothers_place() {
    let app = TestApp::new().await;
    let opened = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), 2).await;
    let visitor = wealth_http::Visitor::for_tests(wealth_core::Clock::now(&*app.clock));
    let new = users::tokens::NewSession {
        tenant_id: Firm::Meridian.tenant_id(),
        user_id: user(Firm::Meridian, 3),
        assurance: 2,
        methods: &["pwd", "otp", "mfa"],
        device: None,
        impersonator: Some((user(Firm::Meridian, 1), "a ticket")),
    };
    let acting = users::tokens::open(&app.app, &app.services, &visitor, "test", &new).await;
    let acting = probe(&app, &acting.expect("a session").access_token);
    for path in ["/probe/role", "/probe/own", "/probe/enrol"] {
        probe(&app, &opened.access_token).get(path).await.expect(200);
        let answer = acting.get(path).await.expect(403);
        assert_eq!(answer.code(), "permission_denied");
    }
}

#[tokio::test]
async fn a_role_is_asked_for_before_anything_else() {
    let app = TestApp::new().await;
    let opened = app.open_session(Firm::Meridian, user(Firm::Meridian, 4), 2).await;
    let answer = probe(&app, &opened.access_token).get("/probe/role").await.expect(403);
    assert_eq!(answer.code(), "permission_denied");
}

/// Another issuer's token says by `acr` or `amr` and `auth_time` what it is worth.
#[tokio::test]
async fn a_token_of_another_issuer_is_judged_alike() {
    let app = TestApp::new().await;
    let token = app.token(Firm::Meridian, "system-admin", &["SystemAdministrator"]);
    give_a_factor(&app).await;
    probe(&app, &token).get("/probe/role").await.expect(200);
    policy(&app, "step_up_minutes", "5").await;
    app.clock.advance(TimeDelta::minutes(6));
    let answer = probe(&app, &token).get("/probe/role").await;
    refused(answer, SECOND, "acr_values=\"aal2\", max_age=\"300\"");
}
