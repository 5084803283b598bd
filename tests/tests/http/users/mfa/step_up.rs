//! The step-up of a session that is there.

use chrono::TimeDelta;
use serde_json::json;
use testkit::TestApp;

use super::{enrolled, events, refused, session};

#[tokio::test]
async fn a_code_raises_the_session() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let weak = session(&app, 1).await;
    weak.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(403);
    let body = json!({"method": "totp", "code": phone.code(&app, 0)});
    let raised = weak.post("/v1/auth/step-up", body.clone()).await.expect(200);
    let expected = json!({
        "access_token": raised.body["access_token"],
        "token_type": "Bearer",
        "expires_in": 900,
        "acr": "aal2",
        "authenticated_at": "2026-11-21T12:00:30Z",
        "session_id": raised.body["session_id"],
    });
    assert_eq!(raised.body, expected);
    let strong = app.with_token(raised.body["access_token"].as_str().unwrap());
    strong.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(200);
    // The token from before is worth what it was.
    weak.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(403);
    refused(&weak.post("/v1/auth/step-up", body).await);
    let outcomes: Vec<_> =
        events(&app, "STEP_UP").await.iter().map(|event| event["reason"].clone()).collect();
    assert_eq!(outcomes, [json!(null), json!("replayed")]);
    let held = app.sql("select assurance, methods from users.user_sessions order by login_time desc, session_id desc limit 1").await;
    assert_eq!(held, [json!({"assurance": 2, "methods": ["mfa", "otp", "pwd"]})]);
}

#[tokio::test]
async fn a_recovery_code_raises_it_too_and_wrong_ones_are_counted() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let weak = session(&app, 1).await;
    for salt in 0..10 {
        let body = json!({"method": "totp", "code": phone.wrong_code(&app, salt)});
        refused(&weak.post("/v1/auth/step-up", body).await);
    }
    let body = json!({"method": "totp", "code": phone.code(&app, 0)});
    weak.post("/v1/auth/step-up", body).await.expect(429);
    let body = json!({"method": "recovery_code", "code": phone.recovery_codes[0]});
    weak.post("/v1/auth/step-up", body.clone()).await.expect(200);
    refused(&weak.post("/v1/auth/step-up", body).await);
    app.clock.advance(TimeDelta::minutes(14));
    weak.get("/v1/users/me").await.expect(200);
}

#[tokio::test]
async fn another_issuers_token_has_its_factors_elsewhere() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let body = json!({"method": "totp", "code": "123456"});
    let answer = client.post("/v1/auth/step-up", body).await.expect(409);
    assert_eq!(
        answer.body["detail"],
        "You are signed in elsewhere: second factors are the affair of that provider"
    );
    client.post("/v1/users/me/mfa/totp", json!({})).await.expect(409);
    client.post("/v1/users/me/mfa/webauthn/options", json!({})).await.expect(409);
    client.get("/v1/users/me/mfa").await.expect(200);
}
