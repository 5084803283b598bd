//! Registering, and verifying the address.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::local::{EMAIL, PASSWORD, ada, events, open_registration, registration, sign_in, token};

async fn verify(app: &TestApp, token: &str, password: &str) -> testkit::Answer {
    let body = json!({"token": token, "password": password});
    app.anonymous().post("/v1/auth/verify-email", body).await
}

#[tokio::test]
async fn a_person_registers_verifies_the_address_and_signs_in() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    let anyone = app.anonymous();
    let answer = anyone.post("/v1/auth/register", registration(EMAIL, PASSWORD)).await.expect(202);
    assert_eq!(answer.body, json!({"status": "accepted"}));
    assert_eq!(sign_in(&anyone, EMAIL, PASSWORD).await.expect(403).code(), "email_not_verified");
    let mail = app.mail().await;
    assert_eq!((mail.len(), mail[0].to.as_str()), (1, EMAIL));
    assert_eq!(mail[0].subject, "Verify your address for Meridian Advisory");
    assert!(mail[0].body.contains("https://app.example/verify-email#token="));
    assert!(!mail[0].body.contains("Ada"), "a name that somebody typed is not sent to strangers");
    verify(&app, &token(&mail[0]), PASSWORD).await.expect(204);
    assert_eq!(
        verify(&app, &token(&mail[0]), PASSWORD).await.expect(422).code(),
        "one_time_token_invalid"
    );
    let opened = sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
    assert_eq!(opened.body["roles"], json!([]));
    let client = app.with_token(opened.body["access_token"].as_str().unwrap());
    client.get("/v1/products").await.expect(403);
    let me = client.get("/v1/users/me").await.expect(200);
    assert_eq!((&me.body["is_verified"], &me.body["first_name"]), (&json!(true), &json!("Ada")));
    assert_eq!(
        events(&app).await,
        [
            "REGISTER success",
            "LOGIN denied email_not_verified",
            "EMAIL_VERIFIED success",
            "EMAIL_VERIFIED failure token_spent",
            "LOGIN success"
        ]
    );
    assert_eq!(app.sql("select count(*) from users.mail_queue").await, [json!({"count": 0})]);
}

#[tokio::test]
async fn a_known_address_is_answered_like_a_new_one_and_told_by_mail() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    ada(&app, &[Firm::Harbour]).await;
    let before = app.sql("select * from users.password_credentials").await;
    let anyone = app.anonymous();
    let known =
        anyone.post("/v1/auth/register", registration(EMAIL, "another password, mine")).await;
    let new = anyone
        .post("/v1/auth/register", registration("new@people.test", "another password, mine"))
        .await;
    assert_eq!((known.status, &known.body), (202, &new.body));
    let mut mail = app.mail().await;
    mail.sort_by(|a, b| a.to.cmp(&b.to));
    assert_eq!(
        (mail[0].to.as_str(), mail[0].subject.as_str()),
        (EMAIL, "You have an account already (Meridian Advisory)")
    );
    assert!(!mail[0].body.contains("token="));
    let after = app.sql("select * from users.password_credentials c join users.users using (user_id) where email = 'ada@people.test'").await;
    assert_eq!(after[0]["hash"], before[0]["hash"], "nothing has changed");
    let places = app.sql("select count(*) from users.memberships m join users.users using (user_id) where email = 'ada@people.test'").await;
    assert_eq!(places, [json!({"count": 1})]);
    assert_eq!(events(&app).await, ["REGISTER denied address_known", "REGISTER success"]);
    // Both cost the same rows.
    let written = app
        .sql("select count(*), count(distinct created_at) as times from users.one_time_tokens")
        .await;
    assert_eq!(written, [json!({"count": 2, "times": 1})]);
}

#[tokio::test]
async fn a_second_click_makes_no_second_account() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    let anyone = app.anonymous();
    let clicks = (0..4).map(|_| anyone.post("/v1/auth/register", registration(EMAIL, PASSWORD)));
    for answer in futures_util::future::join_all(clicks).await {
        answer.expect(202);
    }
    assert_eq!(
        app.sql("select count(*) from users.password_credentials").await,
        [json!({"count": 1})]
    );
    let mail = app.mail().await;
    assert_eq!(mail.len(), 4);
    let mut working = 0;
    for message in &mail {
        working += usize::from(verify(&app, &token(message), PASSWORD).await.status == 204);
    }
    assert_eq!(working, 1, "a new link takes the place of the one before");
    sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_strangers_registration_is_no_use_to_the_stranger() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    let anyone = app.anonymous();
    anyone
        .post("/v1/auth/register", registration(EMAIL, "the stranger's password"))
        .await
        .expect(202);
    let theirs = token(&app.mail().await[0]);
    // The owner opens the link; without the password it does nothing, and is not used up.
    verify(&app, &theirs, "what would it be").await.expect(422);
    assert_eq!(
        sign_in(&anyone, EMAIL, "the stranger's password").await.expect(403).code(),
        "email_not_verified"
    );
    // The owner registers: the stranger's password is gone.
    anyone.post("/v1/auth/register", registration(EMAIL, PASSWORD)).await.expect(202);
    verify(&app, &theirs, "the stranger's password").await.expect(422);
    verify(&app, &token(&app.mail().await[0]), PASSWORD).await.expect(204);
    sign_in(&anyone, EMAIL, "the stranger's password").await.expect(401);
    sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_link_expires_and_another_can_be_had() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    let anyone = app.anonymous();
    anyone.post("/v1/auth/register", registration(EMAIL, PASSWORD)).await.expect(202);
    let first = token(&app.mail().await[0]);
    app.clock.advance(chrono::TimeDelta::days(1));
    verify(&app, &first, PASSWORD).await.expect(422);
    for email in [EMAIL, "nobody@people.test"] {
        let answer =
            anyone.post("/v1/auth/verify-email/resend", json!({"email": email})).await.expect(202);
        assert_eq!(answer.body, json!({"status": "accepted"}));
    }
    let mail = app.mail().await;
    assert_eq!(mail.len(), 1, "nobody has no mail");
    verify(&app, &token(&mail[0]), PASSWORD).await.expect(204);
    anyone.post("/v1/auth/verify-email/resend", json!({"email": EMAIL})).await.expect(202);
    assert_eq!(app.mail().await.len(), 0, "verified already");
}

#[tokio::test]
async fn nobody_guesses_at_a_link() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    app.anonymous().post("/v1/auth/register", registration(EMAIL, PASSWORD)).await.expect(202);
    let token = token(&app.mail().await[0]);
    for _ in 0..10 {
        verify(&app, &token, "guess guess guess").await.expect(422);
    }
    verify(&app, &token, PASSWORD).await.expect(422);
}

#[tokio::test]
async fn a_firm_that_takes_nobody_in_looks_like_one_that_is_not_there() {
    let app = TestApp::new().await;
    let anyone = app.anonymous();
    let closed = anyone.post("/v1/auth/register", registration(EMAIL, PASSWORD)).await.expect(403);
    let mut nowhere = registration(EMAIL, PASSWORD);
    nowhere["tenant"] = json!("nowhere");
    let nowhere = anyone.post("/v1/auth/register", nowhere).await.expect(403);
    assert_eq!((closed.code(), closed.problem()), ("registration_closed", nowhere.problem()));
    assert_eq!(
        app.sql("select count(*) from users.password_credentials").await,
        [json!({"count": 0})]
    );
}

#[tokio::test]
async fn every_bad_field_is_named() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    let anyone = app.anonymous();
    let body = json!({"email": "ada", "password": "", "first_name": "a\u{202e}b", "tenant": ""});
    let answer = anyone.post("/v1/auth/register", body).await.expect(422);
    let named: Vec<&Value> =
        answer.body["errors"].as_array().unwrap().iter().map(|e| &e["pointer"]).collect();
    assert_eq!(named, ["/email", "/password", "/first_name", "/tenant"]);
    for (password, code) in [
        ("fourteen chars", "too_short"),
        ("passwordpassword", "too_common"),
        ("Meridian Advisory", "too_common"),
        ("byron-people-12", "too_common"),
    ] {
        let answer =
            anyone.post("/v1/auth/register", registration(EMAIL, password)).await.expect(422);
        assert_eq!(answer.body["errors"][0]["code"], code, "{password}");
    }
    assert_eq!(app.mail().await.len(), 0);
}

#[tokio::test]
async fn registering_without_end_is_stopped() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    let anyone = app.anonymous();
    for _ in 0..20 {
        anyone.post("/v1/auth/register", registration(EMAIL, "short")).await.expect(422);
    }
    anyone.post("/v1/auth/register", registration(EMAIL, PASSWORD)).await.expect(429);
    anyone
        .from("198.51.100.1")
        .post("/v1/auth/register", registration(EMAIL, PASSWORD))
        .await
        .expect(202);
}
