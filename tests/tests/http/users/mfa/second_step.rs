//! The second step of a sign-in.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::{enrolled, events, mfa_token, person, refused, second_step};

#[tokio::test]
async fn a_right_code_gives_a_session_with_two_factors() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let token = mfa_token(&app, person()).await;
    let spaced = phone.code(&app, 0);
    let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
    let answer = second_step(&app, &token, "totp", &spaced).await.expect(200);
    let body = &answer.body;
    let expected = json!({
        "access_token": body["access_token"],
        "token_type": "Bearer",
        "expires_in": 900,
        "refresh_token": body["refresh_token"],
        "refresh_expires_at": "2026-11-22T00:00:30Z",
        "session_id": body["session_id"],
        "tenant_id": Firm::Meridian.tenant_id(),
        "user_id": person(),
        "roles": ["SystemAdministrator"],
    });
    assert_eq!(*body, expected);
    let held = app
        .sql(&format!(
            "select assurance, methods, device from users.user_sessions where session_id = '{}'",
            body["session_id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(
        held,
        [json!({"assurance": 2, "methods": ["pwd", "otp", "mfa"], "device": "Laptop"})]
    );
    let client = app.with_token(body["access_token"].as_str().unwrap());
    client.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(200);
    let event = json!({"action": "MFA_CHALLENGE", "outcome": "success", "reason": null,
        "details": {"method": "totp", "factor_id": phone.factor_id}});
    assert_eq!(events(&app, "MFA_CHALLENGE").await, [event]);
    // The token of the first step is used up, for another code too.
    app.clock.advance(TimeDelta::seconds(30));
    refused(&second_step(&app, &token, "totp", &phone.code(&app, 0)).await);
}

#[tokio::test]
async fn five_tries_are_all_that_a_token_is_good_for() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let token = mfa_token(&app, person()).await;
    for salt in 0..5 {
        refused(&second_step(&app, &token, "totp", &phone.wrong_code(&app, salt * 1000)).await);
    }
    refused(&second_step(&app, &token, "totp", &phone.code(&app, 0)).await);
    let challenges = events(&app, "MFA_CHALLENGE").await;
    assert_eq!(challenges.len(), 5);
    let failure = json!({"action": "MFA_CHALLENGE", "outcome": "failure", "reason": "wrong_code",
        "details": {"method": "totp", "factor_id": null}});
    assert!(challenges.iter().all(|event| *event == failure), "{challenges:?}");
    let token = mfa_token(&app, person()).await;
    second_step(&app, &token, "totp", &phone.code(&app, 0)).await.expect(200);
}

#[tokio::test]
async fn a_token_that_never_was_or_is_too_old_is_refused_alike() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let unknown = "A".repeat(43);
    refused(&second_step(&app, &unknown, "totp", &phone.code(&app, 0)).await);
    let token = mfa_token(&app, person()).await;
    app.clock.advance(TimeDelta::minutes(10));
    refused(&second_step(&app, &token, "totp", &phone.code(&app, 0)).await);
    // A token for something else is none for this.
    let other = mfa_token(&app, person()).await;
    app.execute("update users.one_time_tokens set purpose = 'recovery' where used_at is null")
        .await;
    refused(&second_step(&app, &other, "totp", &phone.code(&app, 0)).await);
}

/// Threat 7 of rules.md: whoever knows the password and guesses codes for two days, with as many
/// tokens of the first step as they like, has a chance below one in ten thousand each day.
#[tokio::test]
async fn guessing_has_a_budget() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let start = wealth_core::Clock::now(&*app.clock);
    let mut judged = Vec::new();
    let mut asked = 0;
    for round in 0..48 {
        let now = start + TimeDelta::hours(round);
        app.clock.set(now);
        for salt in 0..6 {
            let token = mfa_token(&app, person()).await;
            let answer = second_step(&app, &token, "totp", &phone.wrong_code(&app, salt)).await;
            asked += 1;
            match answer.status {
                401 => judged.push(now),
                status => assert_eq!(status, 429),
            }
        }
    }
    let in_a_day = |from: &chrono::DateTime<chrono::Utc>| {
        judged.iter().filter(|at| *at >= from && **at < *from + TimeDelta::days(1)).count()
    };
    let most = judged.iter().map(in_a_day).max().expect("a guess");
    println!("{asked} guesses, {} judged, at most {most} in a day: {}e-6", judged.len(), most * 3);
    assert!(most * 3 < 100, "{most} guesses of a day were judged");
    // Whom somebody else is guessing at can still come in by what cannot be guessed.
    let token = mfa_token(&app, person()).await;
    let refused = second_step(&app, &token, "totp", &phone.code(&app, 0)).await.expect(429);
    assert_eq!(refused.code(), "rate_limited");
    assert!(refused.header("retry-after").parse::<u32>().expect("seconds") > 0);
    second_step(&app, &token, "recovery_code", &phone.recovery_codes[0]).await.expect(200);
}

#[tokio::test]
async fn right_codes_do_not_use_the_allowance_up() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    for _ in 0..20 {
        app.clock.advance(TimeDelta::seconds(30));
        let token = mfa_token(&app, person()).await;
        second_step(&app, &token, "totp", &phone.code(&app, 0)).await.expect(200);
    }
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let app = TestApp::new().await;
    let ask = async |body: Value| {
        app.anonymous().post("/v1/auth/mfa", body).await.expect(422).body["errors"].clone()
    };
    assert_eq!(
        ask(json!({})).await,
        json!([{"pointer": "/mfa_token", "code": "required", "message": "is required"},
               {"pointer": "/method", "code": "required", "message": "is required"}])
    );
    assert_eq!(
        ask(json!({"mfa_token": "x", "method": "totp", "code": "12345x", "challenge": "y"})).await,
        json!([{"pointer": "/mfa_token", "code": "invalid", "message": "is not a complete token; copy all of the link"},
               {"pointer": "/challenge", "code": "not_applicable", "message": "does not go with this method"},
               {"pointer": "/code", "code": "wrong_format", "message": "must be six digits"}])
    );
    assert_eq!(
        ask(json!({"mfa_token": "A".repeat(43), "method": "webauthn", "credential": {"id": 1}}))
            .await,
        json!([{"pointer": "/challenge", "code": "required", "message": "is required"},
               {"pointer": "/credential", "code": "wrong_format",
                "message": "is not a credential in the JSON form of WebAuthn"}])
    );
}
