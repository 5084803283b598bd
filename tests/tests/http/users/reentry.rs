//! The password again, for people without a second factor: what is sensitive stays within reach, and
//! what takes a second factor stays closed.

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, Phone, Request, TestApp};
use uuid::Uuid;

use super::local::{EMAIL, PASSWORD, ada, events};

/// Ada, a system administrator of Meridian who signs in with a password.
async fn boss(app: &TestApp) -> Uuid {
    let id = ada(app, &[Firm::Meridian]).await;
    app.execute(&format!(
        "insert into users.user_roles (tenant_id, user_id, role_name, effective_from)
         values ('{}', '{id}', 'SystemAdministrator', '2026-01-01Z')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let settings = json!({"issuer": "https://other.example", "provider": "okta", "audience": ["wealth"],
        "jwks": testkit::issuer_keys(), "algorithms": ["EdDSA"], "token_types": ["at+jwt"]});
    app.execute(&format!(
        "select users.put_identity_provider('{}', '{settings}')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    id
}

/// A sign-in at an issuer that the firm trusts, to be linked.
fn elsewhere() -> Value {
    let token =
        testkit::signed(&json!({"iss": "https://other.example", "aud": "wealth", "sub": "s-1",
        "iat": 1_795_262_400, "exp": 1_795_266_000}));
    json!({"token": token})
}

/// A session of hers in which what is sensitive takes a new proof.
async fn stale(app: &TestApp, id: Uuid) -> Client {
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, step_up_minutes) values ('{}', 5)
         on conflict do nothing",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let opened = app.open_session(Firm::Meridian, id, 1).await;
    app.clock.advance(TimeDelta::minutes(6));
    app.with_token(&opened.access_token)
}

async fn again(client: &Client, password: &str) -> Answer {
    let body = json!({"method": "password", "password": password});
    client.post("/v1/auth/step-up", body).await
}

/// The token that a step-up gave.
fn raised(app: &TestApp, answer: Answer) -> Client {
    app.with_token(answer.expect(200).body["access_token"].as_str().expect("a token"))
}

/// What is sensitive, and works for a system administrator who is not asked for more.
async fn sensitive(client: &Client) -> Vec<(&'static str, Answer)> {
    let id = "0199aaaa-0000-7000-8000-000000000001";
    let change = json!({"current_password": PASSWORD, "new_password": "six brown bottles here"});
    let key = json!({"name": "Loader", "scopes": ["view-users"]});
    let send = |method: Method, path: String, body: Value| {
        let request = Request::new(method, &path).json(&body).if_match("*");
        client.send(request.key(&wealth_core::IdGen::next(&wealth_core::SystemIds).to_string()))
    };
    let role = json!({"role_name": "Investor"});
    let email = json!({"email": "new@people.test"});
    let mut patch = Request::new(Method::PATCH, &format!("/v1/users/{id}")).if_match("*");
    patch = patch.body("application/merge-patch+json", email.to_string().into_bytes());
    vec![
        ("role", send(Method::POST, format!("/v1/users/{id}/roles"), role).await),
        (
            "invitation",
            send(Method::POST, "/v1/invitations".into(), json!({"email": "x@y.test"})).await,
        ),
        ("policy", client.delete(&format!("/v1/users/identity-providers/{id}"), "*").await),
        (
            "impersonation",
            client.post(&format!("/v1/users/{id}/impersonate"), json!({"reason": "x"})).await,
        ),
        ("api key", send(Method::POST, "/v1/api-keys".into(), key).await),
        ("rotation", send(Method::POST, format!("/v1/api-keys/{id}/rotate"), json!({})).await),
        ("e-mail", client.send(patch).await),
        ("own identity", client.post("/v1/users/me/identities", elsewhere()).await),
        ("identity", client.delete(&format!("/v1/users/{id}/identities/{id}"), "*").await),
        ("factor", client.delete(&format!("/v1/users/me/mfa/{id}"), "").await),
        ("recovery codes", client.post("/v1/users/me/mfa/recovery-codes", json!({})).await),
        ("enrolment", client.post("/v1/users/me/mfa/totp", json!({})).await),
        ("password", client.post("/v1/users/me/password", change).await),
    ]
}

#[tokio::test]
async fn what_is_sensitive_takes_the_password_again_and_is_done() {
    let app = TestApp::new().await;
    let id = boss(&app).await;
    let old = stale(&app, id).await;
    for (what, answer) in sensitive(&old).await {
        assert_eq!((answer.status, answer.code()), (403, "insufficient_aal"), "{what}");
        let challenge = answer.header("www-authenticate");
        assert!(challenge.ends_with("acr_values=\"aal1\", max_age=\"300\""), "{what}: {challenge}");
    }
    old.get("/v1/users").await.expect(200);
    let answer = again(&old, PASSWORD).await.expect(200);
    let expected = json!({
        "access_token": answer.body["access_token"],
        "token_type": "Bearer",
        "expires_in": 900,
        "acr": "aal1",
        "authenticated_at": "2026-11-21T12:06:00Z",
        "session_id": answer.body["session_id"],
    });
    assert_eq!(answer.body, expected);
    let fresh = raised(&app, answer);
    for (what, answer) in sensitive(&fresh).await {
        assert_ne!(answer.code(), "insufficient_aal", "{what}");
        assert!([200, 201, 204, 404, 409].contains(&answer.status), "{what}: {}", answer.status);
    }
    let held = app.sql("select assurance, methods from users.user_sessions").await;
    assert_eq!(held, [json!({"assurance": 1, "methods": ["pwd"]})]);
}

#[tokio::test]
async fn what_takes_a_second_factor_stays_closed() {
    let app = TestApp::new().await;
    let id = boss(&app).await;
    let old = stale(&app, id).await;
    app.execute("update users.auth_policies set mfa_roles = '{SystemAdministrator}'").await;
    let fresh = raised(&app, again(&old, PASSWORD).await);
    for (what, answer) in sensitive(&fresh).await {
        if what == "enrolment" {
            answer.expect(201);
            continue;
        }
        assert_eq!((answer.status, answer.code()), (403, "insufficient_aal"), "{what}");
    }
    // Nor does it keep what a factor had given that is gone: here the session was one of two factors.
    app.execute("update users.user_sessions set assurance = 2").await;
    let fresh = raised(&app, again(&fresh, PASSWORD).await);
    assert_eq!(fresh.get("/v1/users").await.expect(403).code(), "insufficient_aal");
    let held = app.sql("select assurance from users.user_sessions").await;
    assert_eq!(held, [json!({"assurance": 1})]);
}

#[tokio::test]
async fn whoever_has_a_factor_shows_that() {
    let app = TestApp::new().await;
    let id = boss(&app).await;
    let opened = app.open_session(Firm::Meridian, id, 1).await;
    let client = app.with_token(&opened.access_token);
    Phone::enrol(&app, &client).await;
    let weak = app.open_session(Firm::Meridian, id, 1).await;
    let weak = app.with_token(&weak.access_token);
    let answer = again(&weak, PASSWORD).await.expect(409);
    assert_eq!(answer.body["detail"], "You have a second factor: show that.");
    // The password alone opens none of what is sensitive.
    for (what, answer) in sensitive(&weak).await {
        assert_eq!((answer.status, answer.code()), (403, "insufficient_aal"), "{what}");
        assert!(answer.header("www-authenticate").contains("acr_values=\"aal2\""), "{what}");
    }
    // Nor is it a second step of a sign-in.
    let token = super::mfa::mfa_token(&app, id).await;
    let body = json!({"mfa_token": token, "method": "password", "code": PASSWORD});
    let answer = app.anonymous().post("/v1/auth/mfa", body).await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/method");
    let last = events(&app).await.pop();
    assert_eq!(last.as_deref(), Some("STEP_UP denied has_factor"));
}

#[tokio::test]
async fn a_wrong_password_is_counted_as_one_at_sign_in_is() {
    let app = TestApp::new().await;
    let id = boss(&app).await;
    let old = stale(&app, id).await;
    for _ in 0..10 {
        let answer = again(&old, "some other password").await.expect(401);
        assert_eq!(answer.code(), "mfa_verification_failed");
    }
    let stopped = again(&old, PASSWORD).await.expect(429);
    assert!(!stopped.header("retry-after").is_empty());
    // One counter: guessing here is guessing there.
    super::local::sign_in(&app.anonymous(), EMAIL, PASSWORD).await.expect(429);
    app.clock.advance(TimeDelta::minutes(30));
    super::local::sign_in(&app.anonymous(), EMAIL, PASSWORD).await.expect(200);
    let log = events(&app).await;
    assert_eq!(log.iter().filter(|line| *line == "STEP_UP failure wrong_password").count(), 10);
    assert!(log.contains(&"STEP_UP denied too_many_attempts".to_owned()));
}

#[tokio::test]
async fn a_right_password_takes_the_count_back() {
    let app = TestApp::new().await;
    let id = boss(&app).await;
    let mut client = stale(&app, id).await;
    for _ in 0..4 {
        for _ in 0..4 {
            again(&client, "some other password").await.expect(401);
        }
        client = raised(&app, again(&client, PASSWORD).await);
    }
}

#[tokio::test]
async fn fields_that_do_not_go_with_the_method_are_named() {
    let app = TestApp::new().await;
    let id = boss(&app).await;
    let client = stale(&app, id).await;
    let named = |answer: Answer| -> Vec<Value> {
        let errors = answer.expect(422).body["errors"].as_array().expect("errors").clone();
        errors.iter().map(|error| json!([error["pointer"], error["code"]])).collect()
    };
    let body = json!({"method": "password", "code": "123456", "challenge": "x", "credential": {}});
    assert_eq!(
        named(client.post("/v1/auth/step-up", body).await),
        [
            json!(["/code", "not_applicable"]),
            json!(["/challenge", "not_applicable"]),
            json!(["/credential", "not_applicable"]),
            json!(["/password", "required"])
        ]
    );
    let body = json!({"method": "totp", "code": "123456", "password": PASSWORD});
    assert_eq!(
        named(client.post("/v1/auth/step-up", body).await),
        [json!(["/password", "not_applicable"])]
    );
    let body = json!({"method": "fingerprint"});
    assert_eq!(
        named(client.post("/v1/auth/step-up", body).await),
        [json!(["/method", "unknown_value"])]
    );
}

/// Somebody who signs in elsewhere has no password here to show.
#[tokio::test]
async fn without_a_password_there_is_none_to_show() {
    let app = TestApp::new().await;
    let body = json!({"method": "password", "password": PASSWORD});
    app.system_admin().post("/v1/auth/step-up", body.clone()).await.expect(409);
    let opened = super::world::signed_in(&app, Firm::Meridian, 3).await;
    let answer = opened.post("/v1/auth/step-up", body.clone()).await.expect(401);
    assert_eq!(answer.code(), "mfa_verification_failed");
    // Nobody shows it in another's place.
    let id = boss(&app).await;
    let rep = ada_as_rep(&app).await;
    let boss = app.open_session(Firm::Meridian, id, 1).await;
    let path = format!("/v1/users/{rep}/impersonate");
    let acting = app
        .with_token(&boss.access_token)
        .post(&path, json!({"reason": "Ticket 17"}))
        .await
        .expect(200);
    let acting = app.with_token(acting.body["access_token"].as_str().unwrap());
    assert_eq!(acting.post("/v1/auth/step-up", body).await.expect(403).code(), "permission_denied");
}

/// Another person with the same password.
async fn ada_as_rep(app: &TestApp) -> Uuid {
    let hash = super::local::hash(app, PASSWORD).await;
    super::local::person(app, "rep@people.test", &[Firm::Meridian], &hash).await
}
