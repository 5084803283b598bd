//! Authenticator apps: enrolment, and what may be done with a code.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use testkit::{Client, Firm, Phone, TestApp};

use super::{enrolled, events, mfa_token, person, refused, second_step, session};
use crate::users::world::user;

#[tokio::test]
async fn an_app_counts_after_its_first_code() {
    let app = TestApp::new().await;
    let client = session(&app, 1).await;
    let started =
        client.post("/v1/users/me/mfa/totp", json!({"label": " Phone "})).await.expect(201);
    let (id, secret) =
        (started.body["factor_id"].clone(), started.body["secret"].as_str().unwrap());
    assert_eq!(secret.len(), 32, "160 bits");
    let uri = format!(
        "otpauth://totp/wealth.example:system-admin%40a.test?secret={secret}&issuer=wealth.example"
    );
    assert_eq!(started.body, json!({"factor_id": id, "secret": secret, "otpauth_uri": uri}));
    let none =
        json!({"factors": [], "recovery_codes_left": 0, "required": false, "step_up_minutes": 15});
    assert_eq!(client.get("/v1/users/me/mfa").await.expect(200).body, none);

    let phone = Phone::scan(&started.body);
    let path = format!("/v1/users/me/mfa/totp/{}/confirm", phone.factor_id);
    let code = phone.code(&app, 0);
    let confirmed = client.post(&path, json!({"code": code})).await.expect(200);
    let codes = confirmed.body["recovery_codes"].as_array().expect("codes");
    assert_eq!(codes.len(), 10);
    let raised = &confirmed.body["session"];
    let expected = json!({
        "factor_id": id,
        "recovery_codes": codes,
        "session": {
            "access_token": raised["access_token"],
            "token_type": "Bearer",
            "expires_in": 900,
            "acr": "aal2",
            "authenticated_at": "2026-11-21T12:00:00Z",
            "session_id": raised["session_id"],
        },
    });
    assert_eq!(confirmed.body, expected);
    // Twice is no enrolment: there is nothing left to confirm.
    let client = app.with_token(raised["access_token"].as_str().unwrap());
    client.post(&path, json!({"code": code})).await.expect(404);
    let mine = client.get("/v1/users/me/mfa").await.expect(200);
    let factor = json!({"factor_id": id, "method": "totp", "label": "Phone",
        "created_at": "2026-11-21T12:00:00Z", "last_used_at": "2026-11-21T12:00:00Z"});
    let one = json!({"factors": [factor], "recovery_codes_left": 10, "required": false, "step_up_minutes": 15});
    assert_eq!(mine.body, one);
    assert_eq!(events(&app, "MFA_ENROLLED").await.len(), 1);
}

#[tokio::test]
async fn the_code_of_the_enrolment_is_spent() {
    let app = TestApp::new().await;
    let phone = Phone::enrol(&app, &session(&app, 1).await).await;
    for steps in [0, -1] {
        let token = mfa_token(&app, person()).await;
        refused(&second_step(&app, &token, "totp", &phone.code(&app, steps)).await);
    }
    let token = mfa_token(&app, person()).await;
    second_step(&app, &token, "totp", &phone.code(&app, 1)).await.expect(200);
}

/// Threat 7 of rules.md: sixteen sign-ins with one code at once.
#[tokio::test]
async fn of_sixteen_requests_with_the_same_code_one_is_accepted() {
    let app = TestApp::new().await;
    // Nothing but the spending of the code is to stop the fifteen.
    app.execute(
        "drop function users.mfa_allowance(uuid, text, timestamptz);
         create function users.mfa_allowance(uuid, text, timestamptz) returns integer
         language sql as 'select 0'",
    )
    .await;
    let phone = enrolled(&app).await;
    let mut tokens = Vec::new();
    for _ in 0..16 {
        tokens.push(mfa_token(&app, person()).await);
    }
    let code = phone.code(&app, 0);
    let answers =
        join_all(tokens.iter().map(|token| second_step(&app, token, "totp", &code))).await;
    let accepted: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(accepted.len(), 1);
    answers.iter().filter(|answer| answer.status != 200).for_each(refused);
    let challenges = events(&app, "MFA_CHALLENGE").await;
    let replayed = challenges.iter().filter(|event| event["reason"] == "replayed").count();
    assert_eq!((challenges.len(), replayed), (16, 15));
    let sessions = app
        .sql("select from users.user_sessions where methods @> '{otp}' and device = 'Laptop'")
        .await;
    assert_eq!(sessions.len(), 1);
    // One token and one code at once: the same.
    app.clock.advance(TimeDelta::seconds(30));
    let (token, code) = (mfa_token(&app, person()).await, phone.code(&app, 0));
    let answers = join_all((0..16).map(|_| second_step(&app, &token, "totp", &code))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
}

#[tokio::test]
async fn a_code_two_steps_off_is_refused_and_an_older_one_after_a_newer_one_too() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    for steps in [-2, 2, 3] {
        let token = mfa_token(&app, person()).await;
        refused(&second_step(&app, &token, "totp", &phone.code(&app, steps)).await);
    }
    app.clock.advance(TimeDelta::minutes(2));
    let token = mfa_token(&app, person()).await;
    second_step(&app, &token, "totp", &phone.code(&app, 1)).await.expect(200);
    for steps in [1, 0, -1] {
        let token = mfa_token(&app, person()).await;
        refused(&second_step(&app, &token, "totp", &phone.code(&app, steps)).await);
    }
}

#[tokio::test]
async fn whoever_starts_twice_has_the_second_secret() {
    let app = TestApp::new().await;
    let client = session(&app, 1).await;
    let first =
        Phone::scan(&client.post("/v1/users/me/mfa/totp", json!({})).await.expect(201).body);
    let second =
        Phone::scan(&client.post("/v1/users/me/mfa/totp", json!({})).await.expect(201).body);
    let confirm = |phone: &Phone| format!("/v1/users/me/mfa/totp/{}/confirm", phone.factor_id);
    client.post(&confirm(&first), json!({"code": first.code(&app, 0)})).await.expect(404);
    let wrong = client
        .post(&confirm(&second), json!({"code": second.wrong_code(&app, 7)}))
        .await
        .expect(422);
    assert_eq!(
        wrong.body["errors"],
        json!([{"pointer": "/code", "code": "wrong_code",
                "message": "is not the code of this authenticator at this moment"}])
    );
    // Somebody else's session does not know the factor.
    let other = app.open_session(Firm::Meridian, user(Firm::Meridian, 4), 1).await;
    let other = app.with_token(&other.access_token);
    other.post(&confirm(&second), json!({"code": second.code(&app, 0)})).await.expect(404);
    client.post(&confirm(&second), json!({"code": second.code(&app, 0)})).await.expect(200);
}

#[tokio::test]
async fn a_confirmation_cannot_be_guessed() {
    let app = TestApp::new().await;
    let client = session(&app, 1).await;
    let phone =
        Phone::scan(&client.post("/v1/users/me/mfa/totp", json!({})).await.expect(201).body);
    let path = format!("/v1/users/me/mfa/totp/{}/confirm", phone.factor_id);
    for salt in 0..10 {
        client.post(&path, json!({"code": phone.wrong_code(&app, salt * 1000)})).await.expect(422);
    }
    let answer = client.post(&path, json!({"code": phone.code(&app, 0)})).await.expect(429);
    assert_eq!((answer.code(), answer.header("retry-after").as_str()), ("rate_limited", "900"));
}

#[tokio::test]
async fn a_secret_rests_as_ciphertext_that_opens_in_its_own_row_only() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let held =
        app.sql("select key_version, octet_length(secret) as length from users.totp_factors").await;
    assert_eq!(held, [json!({"key_version": 1, "length": 12 + 20 + 16})]);
    let seller = user(Firm::Meridian, 4);
    app.execute(&format!(
        "insert into users.totp_factors (user_id, label, secret, key_version, confirmed_at)
         select '{seller}', label, secret, key_version, confirmed_at from users.totp_factors"
    ))
    .await;
    let token = mfa_token(&app, seller).await;
    refused(&second_step(&app, &token, "totp", &phone.code(&app, 0)).await);
    let token = mfa_token(&app, person()).await;
    second_step(&app, &token, "totp", &phone.code(&app, 0)).await.expect(200);
    let audited = app.sql("select from audit.audit_events where new_values ? 'secret'").await;
    assert_eq!(audited.len(), 0);
}

#[tokio::test]
async fn a_secret_under_an_old_key_is_put_under_the_newest_by_its_use() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let keys = app.services.keys.get(&app.app).await.expect("keys").to_json().expect("text");
    let mut keys: serde_json::Value = serde_json::from_str(&keys).expect("JSON");
    keys["field_keys"]["2"] = json!("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let services = users::Services::new(users::Parts {
        settings: app.services.settings.clone(),
        keys: users::keys::KeyStore::new(std::sync::Arc::new(users::keys::StaticKeys(
            keys.to_string(),
        ))),
        ceremonies: app.services.ceremonies.clone(),
        passwords: users::passwords::Passwords::new(users::passwords::Scheme::default()),
        mailer: std::sync::Arc::new(users::mail::NoMailer),
        directories: std::sync::Arc::new(users::reconcile::NoDirectories),
    });
    let (router, _) = wealth_http::build(&app.app, users::router(services));
    let newer = Client::new(router, None);
    let token = mfa_token(&app, person()).await;
    let body = json!({"mfa_token": token, "method": "totp", "code": phone.code(&app, 0)});
    newer.post("/v1/auth/mfa", body).await.expect(200);
    let held = app.sql("select key_version from users.totp_factors").await;
    assert_eq!(held, [json!({"key_version": 2})]);
    app.clock.advance(TimeDelta::seconds(30));
    let token = mfa_token(&app, person()).await;
    let body = json!({"mfa_token": token, "method": "totp", "code": phone.code(&app, 0)});
    newer.post("/v1/auth/mfa", body).await.expect(200);
}
