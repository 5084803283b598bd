//! Credentials that are refused, in the audit log of the firm that they named (docs/adr/0013).

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Client, Firm, ISSUER, Request, TestApp, issuer_keys, signed};

use super::world::{session, user};

const OKTA: &str = "https://meridian.okta.example";

/// What the log says of refusals, in the order in which it was said.
async fn told(app: &TestApp) -> Vec<Value> {
    app.sql(
        "select tenant_id, actor_id, actor_label, action, legacy_action, resource_id, details, ip_address,
                transaction_name, outcome, reason
           from audit.audit_events
          where legacy_action in ('TOKEN_REFUSED', 'API_KEY_REFUSED', 'SESSION_REFUSED')
          order by recorded_at, event_id",
    )
    .await
}

fn event(alias: &str, reason: &str, user: Value, details: Value) -> Value {
    json!({
        "tenant_id": Firm::Meridian.tenant_id(), "actor_id": null, "actor_label": "anonymous",
        "action": alias.to_lowercase().replace("_refused", ".refused"), "legacy_action": alias,
        "resource_id": user, "details": details, "ip_address": "203.0.113.7",
        "transaction_name": "authenticate", "outcome": "denied", "reason": reason,
    })
}

async fn trust_okta(app: &TestApp) {
    let settings = json!({"issuer": OKTA, "provider": "okta", "audience": ["wealth"],
        "jwks": issuer_keys(), "algorithms": ["EdDSA"], "token_types": ["at+jwt"]});
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!("select users.put_identity_provider('{firm}', '{settings}')")).await;
}

fn token(issuer: &str, changes: Value) -> String {
    let mut claims = json!({"iss": issuer, "aud": "wealth", "sub": "somebody",
        "iat": 1_795_262_400, "exp": 1_795_263_300});
    for (name, value) in changes.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    signed(&claims)
}

async fn refused(client: &Client) {
    client.get("/v1/products").await.expect(401);
}

#[tokio::test]
async fn a_forged_token_is_told_of_by_the_firm_whose_issuer_it_names() {
    let app = TestApp::new().await;
    trust_okta(&app).await;
    refused(&app.with_token(&token(OKTA, json!({"aud": "another"})))).await;
    refused(&app.with_token(&token(OKTA, json!({"iat": 1_795_261_500, "exp": 1_795_262_399}))))
        .await;
    let forged = token(OKTA, json!({"sub": "boss"}));
    let (body, _) = forged.rsplit_once('.').expect("a signature");
    refused(&app.with_token(&format!("{body}.{}", "A".repeat(86)))).await;
    let issuer = json!({"attempts": 1, "issuer": OKTA});
    let expected = ["audience", "expired", "signature"]
        .map(|reason| event("TOKEN_REFUSED", reason, Value::Null, issuer.clone()));
    assert_eq!(told(&app).await, expected);
}

#[tokio::test]
async fn nobodys_tokens_and_keys_are_told_of_by_nobody() {
    let app = TestApp::new().await;
    let nowhere = json!({"tenant_id": "00000000-0000-7000-8000-0000000000ff"});
    let key = wealth_http::auth::KeyName {
        tenant_id: Firm::Meridian.tenant_id(),
        api_key_id: uuid::Uuid::from_u128(1),
    };
    for token in [
        "garbage".to_owned(),
        token("https://nobody.example", json!({})),
        token(ISSUER, nowhere),
        key.write("ab12cd34", &[7; 32]),
    ] {
        refused(&app.with_token(&token)).await;
    }
    refused(&app.anonymous()).await;
    assert_eq!(told(&app).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_flood_is_one_event_a_minute_with_its_count() {
    let app = TestApp::new().await;
    trust_okta(&app).await;
    let forged = app.with_token(&token(OKTA, json!({"aud": "another"})));
    for _ in 0..300 {
        refused(&forged).await;
    }
    assert_eq!(told(&app).await.len(), 1);
    app.clock.advance(TimeDelta::seconds(61));
    refused(&forged).await;
    let attempts: Vec<Value> =
        told(&app).await.iter().map(|e| e["details"]["attempts"].clone()).collect();
    assert_eq!(attempts, [1, 300]);
}

#[tokio::test]
async fn functions_count_together_and_a_firm_gets_sixty_a_minute() {
    let app = TestApp::new().await;
    let one = |number: usize, second: usize| {
        format!(
            "select users.record_refusal('{}', null, 'TOKEN_REFUSED', 'signature', 1, '{{}}',
                jsonb_build_object('now', timestamptz '2026-11-21T12:00:00Z' + interval '{second} seconds',
                    'ip', '192.0.2.{number}'))",
            Firm::Meridian.tenant_id()
        )
    };
    for number in 0..100 {
        app.execute(&one(number, 0)).await;
    }
    // Sixty by network, and the forty that are left as one.
    assert_eq!(told(&app).await.len(), 61);
    app.execute(&one(7, 1)).await;
    assert_eq!(told(&app).await.len(), 61);
    app.execute(&one(200, 61)).await;
    let told = told(&app).await;
    let attempts: i64 = told.iter().filter_map(|e| e["details"]["attempts"].as_i64()).sum();
    assert_eq!((told.len(), attempts), (62, 62), "the 39 others are said when they go on");
}

#[tokio::test]
async fn a_good_token_whose_session_has_ended_is_told_of_by_name() {
    let app = TestApp::new().await;
    let opened = session(&app, Firm::Meridian, 4).await;
    let person = app.with_token(&opened.access_token);
    person.post("/v1/auth/sign-out", json!({})).await.expect(204);
    assert_eq!(person.get("/v1/products").await.code(), "session_expired");
    let id = user(Firm::Meridian, 4);
    let refresh = json!({"grant_type": "refresh_token", "refresh_token": opened.refresh_token});
    app.anonymous().post("/v1/auth/token", refresh).await.expect(401);
    let told = told(&app).await;
    assert_eq!(told.len(), 2, "{told:?}");
    let said = |at: usize, name: &str| told[at][name].clone();
    for (at, action, reason) in
        [(0, "token.refused", "session_expired"), (1, "session.refused", "ended")]
    {
        assert_eq!((said(at, "action"), said(at, "reason")), (json!(action), json!(reason)));
        assert_eq!((said(at, "actor_id"), said(at, "resource_id")), (json!(id), json!(id)));
        assert_eq!(said(at, "outcome"), "denied");
    }
    assert_eq!(said(0, "details"), json!({"attempts": 1, "issuer": ISSUER, "subject": id}));
    assert_eq!(said(1, "details"), json!({"attempts": 1, "session_id": opened.session_id}));
}

#[tokio::test]
async fn a_key_that_is_guessed_at_or_used_after_its_end_is_told_of() {
    let app = TestApp::new().await;
    let wanted = json!({"name": "Loader", "scopes": ["view-products"]});
    let made = app.admin().post("/v1/api-keys", wanted).await.expect(201).body;
    let text = made["key"].as_str().expect("a key");
    let name = wealth_http::auth::KeyName::read(text).expect("its name");
    let key = app.with_token(text);
    refused(&app.with_token(&name.write("ab12cd34", &[7; 32]))).await;
    key.get("/v1/products").await.expect(200);
    let path = format!("/v1/api-keys/{}", name.api_key_id);
    app.admin().send(Request::new(http::Method::DELETE, &path)).await.expect(204);
    // Remembered, and refused by the first statement; then no more remembered.
    refused(&key).await;
    app.clock.advance(TimeDelta::seconds(61));
    refused(&key).await;
    app.clock.advance(TimeDelta::days(20));
    refused(&key).await;
    let told = told(&app).await;
    let reasons: Vec<_> = told.iter().map(|event| &event["reason"]).collect();
    assert_eq!(reasons, ["wrong_secret", "session_expired", "revoked", "revoked"]);
    let details = json!({"attempts": 1, "api_key_id": name.api_key_id});
    for event in &told {
        assert_eq!((&event["action"], &event["details"]), (&json!("api_key.refused"), &details));
    }
    assert_eq!(
        told[0],
        event("API_KEY_REFUSED", "wrong_secret", json!(user(Firm::Meridian, 1)), details)
    );
}

/// Each name that an event is recorded under has a dotted one beside it.
#[tokio::test]
async fn every_recorded_event_has_a_canonical_name() {
    let app = TestApp::new().await;
    let names = app
        .sql(
            "select distinct m[1] as alias, audit.canonical_action(m[1]) as canonical
               from pg_proc p, regexp_matches(p.prosrc, '(?:record_event|note_refusal)\\(\\s*''([A-Z_]+)''', 'g') m
              where p.pronamespace = 'users'::regnamespace order by 1",
        )
        .await;
    for known in [
        "LOGIN",
        "LOGOUT",
        "REGISTER",
        "MFA_CHALLENGE",
        "REFRESH_TOKEN_REUSED",
        "STEP_UP",
        "API_KEY_REFUSED",
        "IMPERSONATION_STARTED",
        "IMPERSONATION_ENDED",
        "SESSION_REFUSED",
    ] {
        assert!(names.iter().any(|row| row["alias"] == known), "{known} is recorded nowhere");
    }
    let without = |row: &&Value| !row["canonical"].as_str().is_some_and(|name| name.contains('.'));
    assert_eq!(names.iter().filter(without).collect::<Vec<_>>(), Vec::<&Value>::new());
}
