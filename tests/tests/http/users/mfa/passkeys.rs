//! Passkeys: registration, sign-in by them alone, second step, step-up. Threat 8 of rules.md: of
//! everything that is false in any way nothing is accepted.

use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, SoftPasskey, TestApp};
use uuid::Uuid;

use super::{enrolled, events, mfa_token, person, refused, session};
use crate::users::world::{signed_in, user};

async fn registration(client: &Client) -> Value {
    client.post("/v1/users/me/mfa/webauthn/options", json!({})).await.expect(200).body
}

async fn register(client: &Client, begun: &Value, credential: Value) -> Answer {
    let body =
        json!({"challenge": begun["challenge"], "label": "Laptop", "credential": credential});
    client.post("/v1/users/me/mfa/webauthn", body).await
}

/// A passkey of the person.
async fn passkey(app: &TestApp, id: u8) -> SoftPasskey {
    of(&session(app, 1).await, id).await
}

async fn of(client: &Client, id: u8) -> SoftPasskey {
    let (mut soft, begun) = (SoftPasskey::new(id), registration(client).await);
    let credential = soft.create(&begun["options"]);
    register(client, &begun, credential).await.expect(201);
    soft
}

async fn ceremony(app: &TestApp) -> Value {
    app.anonymous().post("/v1/auth/webauthn/options", json!({})).await.expect(200).body
}

async fn sign_in(app: &TestApp, begun: &Value, credential: Value) -> Answer {
    let body = json!({"challenge": begun["challenge"], "credential": credential});
    app.anonymous().post("/v1/auth/webauthn", body).await
}

#[tokio::test]
async fn a_passkey_signs_in_alone() {
    let app = TestApp::new().await;
    let client = session(&app, 1).await;
    let begun = registration(&client).await;
    let options = &begun["options"];
    assert_eq!(options["rp"], json!({"name": "wealth.example", "id": "wealth.example"}));
    assert_eq!(options["user"]["name"], "system-admin@a.test");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "preferred");
    let mut soft = SoftPasskey::new(1);
    let made = soft.create(options);
    let registered = register(&client, &begun, made).await.expect(201);
    assert_eq!(registered.body["recovery_codes"].as_array().map(Vec::len), Some(10));
    assert_eq!(registered.body["session"]["acr"], "aal2");
    assert_eq!(soft.user, person().as_bytes());

    let begun = ceremony(&app).await;
    assert_eq!(begun["options"]["allowCredentials"], json!([]));
    let shown = soft.get(&begun["options"]);
    let answer = sign_in(&app, &begun, shown).await.expect(200);
    assert_eq!(answer.body["user_id"], json!(person()));
    let signed_in = app.with_token(answer.body["access_token"].as_str().unwrap());
    signed_in.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(200);
    let held = app.sql("select assurance, methods from users.user_sessions where methods @> '{pop}' order by login_time, session_id").await;
    assert_eq!(held[1], json!({"assurance": 2, "methods": ["pop", "user", "mfa"]}));
    let mine = signed_in.get("/v1/users/me/mfa").await.expect(200);
    assert_eq!(
        mine.body["factors"][0]["credential_id"],
        "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"
    );
    assert_eq!(mine.body["factors"][0]["method"], "webauthn");
}

type Lie = fn(&mut SoftPasskey);

/// How an authenticator or a browser can be false.
fn lies() -> Vec<(&'static str, Lie)> {
    vec![
        ("another origin", |soft| soft.origin = "https://wealth.example.evil.test".to_owned()),
        ("a subdomain", |soft| soft.origin = "https://x.wealth.example".to_owned()),
        ("no TLS", |soft| soft.origin = "http://wealth.example".to_owned()),
        ("another port", |soft| soft.origin = "https://wealth.example:8443".to_owned()),
        ("another relying party", |soft| soft.rp = "evil.test".to_owned()),
        ("nobody verified", |soft| soft.verified = false),
        ("nobody present", |soft| soft.present = false),
    ]
}

#[tokio::test]
async fn no_false_passkey_is_registered() {
    let app = TestApp::new().await;
    let client = session(&app, 1).await;
    for (what, lie) in lies() {
        let begun = registration(&client).await;
        let mut soft = SoftPasskey::new(1);
        lie(&mut soft);
        let made = soft.create(&begun["options"]);
        let answer = register(&client, &begun, made).await;
        assert_eq!(answer.status, 422, "{what}");
        assert_eq!(answer.body["errors"][0]["code"], "passkey_refused", "{what}");
    }
    // Another challenge, one that was used, and somebody else's.
    let (begun, other) = (registration(&client).await, registration(&client).await);
    let made = SoftPasskey::new(1).create(&other["options"]);
    register(&client, &begun, made.clone()).await.expect(422);
    register(&client, &begun, SoftPasskey::new(1).create(&begun["options"])).await.expect(422);
    let seller = app.open_session(Firm::Meridian, user(Firm::Meridian, 4), 1).await;
    register(&app.with_token(&seller.access_token), &other, made.clone()).await.expect(422);
    assert_eq!(app.sql("select from users.webauthn_credentials").await.len(), 0);
    // An answer to another question.
    let begun = registration(&client).await;
    let shown = SoftPasskey::new(1).get(&begun["options"]);
    register(&client, &begun, shown).await.expect(422);
}

#[tokio::test]
async fn no_false_assertion_is_accepted() {
    let app = TestApp::new().await;
    let mut soft = passkey(&app, 1).await;
    let mut tried = 0;
    for (what, lie) in lies() {
        let begun = ceremony(&app).await;
        let honest = (soft.origin.clone(), soft.rp.clone());
        lie(&mut soft);
        let shown = soft.get(&begun["options"]);
        (soft.origin, soft.rp, soft.verified, soft.present) = (honest.0, honest.1, true, true);
        let answer = sign_in(&app, &begun, shown).await;
        println!("{what}: {}", answer.status);
        refused(&answer);
        tried += 1;
    }
    // The ceremony of another challenge, and the same answer twice.
    let (begun, other) = (ceremony(&app).await, ceremony(&app).await);
    let shown = soft.get(&other["options"]);
    refused(&sign_in(&app, &begun, shown.clone()).await);
    sign_in(&app, &other, shown.clone()).await.expect(200);
    refused(&sign_in(&app, &other, shown).await);
    // A counter that stood still or went back: a copy of the key is about.
    for counter in [soft.counter - 1, 0] {
        let begun = ceremony(&app).await;
        let now = std::mem::replace(&mut soft.counter, counter);
        let shown = soft.get(&begun["options"]);
        soft.counter = now;
        refused(&sign_in(&app, &begun, shown).await);
    }
    // A changed signature, an unknown credential, nobody named, another person named.
    let begun = ceremony(&app).await;
    let mut shown = soft.get(&begun["options"]);
    shown["response"]["signature"] =
        SoftPasskey::new(1).get(&begun["options"])["response"]["signature"].clone();
    refused(&sign_in(&app, &begun, shown).await);
    let begun = ceremony(&app).await;
    refused(&sign_in(&app, &begun, SoftPasskey::new(9).get(&begun["options"])).await);
    soft.discoverable = false;
    let begun = ceremony(&app).await;
    let shown = soft.get(&begun["options"]);
    refused(&sign_in(&app, &begun, shown).await);
    soft.discoverable = true;
    soft.user = user(Firm::Meridian, 4).as_bytes().to_vec();
    let begun = ceremony(&app).await;
    let shown = soft.get(&begun["options"]);
    refused(&sign_in(&app, &begun, shown).await);
    let failures = events(&app, "MFA_CHALLENGE").await;
    assert!(failures.iter().filter(|event| event["outcome"] == "failure").count() >= tried);
    assert_eq!(failures.iter().filter(|event| event["outcome"] == "success").count(), 1);
}

#[tokio::test]
async fn of_sixteen_equal_assertions_one_is_accepted() {
    let app = TestApp::new().await;
    let mut soft = passkey(&app, 1).await;
    let begun = ceremony(&app).await;
    let shown = soft.get(&begun["options"]);
    let answers = join_all((0..16).map(|_| sign_in(&app, &begun, shown.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    answers.iter().filter(|answer| answer.status != 200).for_each(refused);
}

/// Copies of one key, each with a challenge of its own, that have counted equally far.
#[tokio::test]
async fn of_copies_at_once_one_is_accepted() {
    let app = TestApp::new().await;
    let mut soft = passkey(&app, 1).await;
    let mut copies = Vec::new();
    for _ in 0..8 {
        let begun = ceremony(&app).await;
        let shown = soft.get(&begun["options"]);
        soft.counter -= 1;
        copies.push((begun, shown));
    }
    let all = copies.iter().map(|(begun, shown)| sign_in(&app, begun, shown.clone()));
    let answers = join_all(all).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    answers.iter().filter(|answer| answer.status != 200).for_each(refused);
}

async fn asked(app: &TestApp, token: &str) -> Value {
    app.anonymous()
        .post("/v1/auth/webauthn/options", json!({"mfa_token": token}))
        .await
        .expect(200)
        .body
}

async fn second(app: &TestApp, token: &str, begun: &Value, credential: Value) -> Answer {
    let body = json!({"mfa_token": token, "method": "webauthn", "challenge": begun["challenge"],
        "credential": credential});
    app.anonymous().post("/v1/auth/mfa", body).await
}

#[tokio::test]
async fn a_passkey_is_a_second_step_for_its_own_person_only() {
    let app = TestApp::new().await;
    let mut soft = passkey(&app, 1).await;
    soft.discoverable = false;
    let token = mfa_token(&app, person()).await;
    let begun = asked(&app, &token).await;
    let mine = json!([{"type": "public-key", "id": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"}]);
    assert_eq!(begun["options"]["allowCredentials"], mine);
    let shown = soft.get(&begun["options"]);
    second(&app, &token, &begun, shown).await.expect(200);
    // Another person's passkey, in a ceremony of either, and one of the other firm.
    for firm in [Firm::Meridian, Firm::Harbour] {
        let opened = app.open_session(firm, user(firm, 4), 1).await;
        let mut foreign =
            of(&app.with_token(&opened.access_token), if firm == Firm::Meridian { 2 } else { 3 })
                .await;
        for discoverable in [true, false] {
            foreign.discoverable = discoverable;
            let token = mfa_token(&app, person()).await;
            for begun in [asked(&app, &token).await, ceremony(&app).await] {
                let shown = foreign.get(&begun["options"]);
                refused(&second(&app, &token, &begun, shown).await);
            }
        }
        // A ceremony that was begun for one person serves nobody else.
        let begun = asked(&app, &mfa_token(&app, person()).await).await;
        let shown = foreign.get(&begun["options"]);
        refused(&sign_in(&app, &begun, shown).await);
    }
    let unknown = json!({"mfa_token": "A".repeat(43)});
    refused(&app.anonymous().post("/v1/auth/webauthn/options", unknown).await);
}

#[tokio::test]
async fn a_passkey_raises_a_session() {
    let app = TestApp::new().await;
    let mut soft = passkey(&app, 1).await;
    let weak = session(&app, 1).await;
    let begun = ceremony(&app).await;
    let shown = soft.get(&begun["options"]);
    let body = json!({"method": "webauthn", "challenge": begun["challenge"], "credential": shown});
    let raised = weak.post("/v1/auth/step-up", body.clone()).await.expect(200);
    assert_eq!(raised.body["acr"], "aal2");
    refused(&weak.post("/v1/auth/step-up", body).await);
    let seller = app.open_session(Firm::Meridian, user(Firm::Meridian, 4), 1).await;
    let begun = ceremony(&app).await;
    let shown = soft.get(&begun["options"]);
    let body = json!({"method": "webauthn", "challenge": begun["challenge"], "credential": shown});
    refused(&app.with_token(&seller.access_token).post("/v1/auth/step-up", body).await);
}

#[tokio::test]
async fn a_passkey_belongs_to_one_person() {
    let app = TestApp::new().await;
    let _first = passkey(&app, 1).await;
    let client = signed_in(&app, Firm::Meridian, 4).await;
    let begun = registration(&client).await;
    let made = SoftPasskey::new(1).create(&begun["options"]);
    let answer = register(&client, &begun, made).await.expect(409);
    assert_eq!(answer.body["errors"][0]["pointer"], "/credential");
}

#[tokio::test]
async fn a_second_factor_is_enrolled_with_the_first() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let weak = session(&app, 1).await;
    let answer = weak.post("/v1/users/me/mfa/webauthn/options", json!({})).await.expect(403);
    assert_eq!(answer.code(), "insufficient_aal");
    let _soft = of(&app.with_token(&phone.access_token), 1).await;
    let ids = app.sql("select factor_id from users.webauthn_credentials").await;
    assert!(ids[0]["factor_id"].as_str().is_some_and(|id| id.parse::<Uuid>().is_ok()));
}

#[tokio::test]
async fn a_member_of_two_firms_says_which() {
    let app = TestApp::new().await;
    let mut soft = passkey(&app, 1).await;
    app.execute(&format!(
        "insert into users.memberships (tenant_id, user_id) values ('{}', '{}')",
        Firm::Harbour.tenant_id(),
        person()
    ))
    .await;
    let begun = ceremony(&app).await;
    let shown = soft.get(&begun["options"]);
    let answer = sign_in(&app, &begun, shown).await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/tenant");
    let begun = ceremony(&app).await;
    let body = json!({"challenge": begun["challenge"], "credential": soft.get(&begun["options"]), "tenant": "T002"});
    let answer = app.anonymous().post("/v1/auth/webauthn", body).await.expect(200);
    assert_eq!(answer.body["tenant_id"], json!(Firm::Harbour.tenant_id()));
}
