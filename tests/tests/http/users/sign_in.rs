//! Signing in with a password, and out.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::local::{EMAIL, PASSWORD, ada, events, person, sign_in};

#[tokio::test]
async fn who_knows_the_password_gets_a_session_and_can_end_it() {
    let app = TestApp::new().await;
    let id = ada(&app, &[Firm::Meridian]).await;
    let answer = sign_in(&app.anonymous(), " ADA@People.Test ", PASSWORD).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body["user_id"], json!(id));
    assert_eq!(answer.body["tenant_id"], json!(Firm::Meridian.tenant_id()));
    assert_eq!(answer.body["roles"], json!([]));
    assert!(answer.body["refresh_token"].as_str().is_some_and(|token| token.starts_with("wrt_")));
    let client = app.with_token(answer.body["access_token"].as_str().unwrap());
    let me = client.get("/v1/users/me").await.expect(200);
    assert_eq!(me.body["email"], EMAIL);
    client.act("/v1/auth/sign-out", "").await.expect(204);
    assert_eq!(client.get("/v1/users/me").await.expect(401).code(), "session_expired");
    let expected = ["LOGIN success", "LOGOUT success", "TOKEN_REFUSED denied session_expired"];
    assert_eq!(events(&app).await, expected);
}

#[tokio::test]
async fn nobody_learns_whether_an_address_has_an_account() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    app.execute(
        "select users.put_member('00000000-0000-7000-8000-00000000000a', null, 'sso@people.test', 'S', 'So',
            'okta', 'https://okta.example', 'sso', '{}', 'seed')",
    )
    .await;
    let anyone = app.anonymous();
    let mut answers = Vec::new();
    for email in [EMAIL, "nobody@people.test", "sso@people.test"] {
        let answer = sign_in(&anyone, email, "seven green bottlez").await.expect(401);
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        answers.push((answer.status, answer.problem(), headers));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(answers[0].1["code"], "invalid_credentials");
    assert_eq!(
        events(&app).await,
        [
            "LOGIN failure wrong_password",
            "LOGIN failure unknown_account (platform)",
            "LOGIN failure no_password",
        ]
    );
}

#[tokio::test]
async fn what_is_wrong_with_an_account_is_said_after_the_password_only() {
    let app = TestApp::new().await;
    let id = ada(&app, &[Firm::Meridian]).await;
    let anyone = app.anonymous();
    let firm = Firm::Meridian.tenant_id();
    let cases = [
        (
            format!("update users.users set is_active = false where user_id = '{id}'"),
            format!("update users.users set is_active = true where user_id = '{id}'"),
            "account_inactive",
        ),
        (
            format!("update users.memberships set status = 'suspended' where user_id = '{id}'"),
            format!("update users.memberships set status = 'active' where user_id = '{id}'"),
            "account_inactive",
        ),
        (
            format!("update tenants.tenants set status = 'suspended' where tenant_id = '{firm}'"),
            format!("update tenants.tenants set status = 'active' where tenant_id = '{firm}'"),
            "tenant_inactive",
        ),
        (
            format!("update users.memberships set status = 'ended' where user_id = '{id}'"),
            format!("update users.memberships set status = 'active' where user_id = '{id}'"),
            "unknown_identity",
        ),
        (
            format!("update users.users set email_verified_at = null where user_id = '{id}'"),
            format!("update users.users set email_verified_at = now() where user_id = '{id}'"),
            "email_not_verified",
        ),
        (
            format!(
                "update users.password_credentials set must_change = true where user_id = '{id}'"
            ),
            format!(
                "update users.password_credentials set must_change = false where user_id = '{id}'"
            ),
            "password_change_required",
        ),
    ];
    for (spoil, mend, code) in cases {
        app.execute(&spoil).await;
        assert_eq!(sign_in(&anyone, EMAIL, PASSWORD).await.expect(403).code(), code);
        let wrong = sign_in(&anyone, EMAIL, "seven green bottlez").await.expect(401);
        assert_eq!(wrong.code(), "invalid_credentials", "{code} is for who knows the password");
        app.execute(&mend).await;
    }
    sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_member_of_several_firms_names_one() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian, Firm::Harbour]).await;
    let anyone = app.anonymous();
    let answer = sign_in(&anyone, EMAIL, PASSWORD).await.expect(409);
    assert_eq!(answer.code(), "tenant_required");
    let names: Vec<_> =
        answer.body["tenants"].as_array().unwrap().iter().map(|t| &t["name"]).collect();
    assert_eq!(names, ["Harbour Wealth", "Meridian Advisory"]);
    assert!(
        !sign_in(&anyone, EMAIL, "wrong").await.expect(401).body.to_string().contains("Harbour")
    );
    let named = |tenant: &str| json!({"email": EMAIL, "password": PASSWORD, "tenant": tenant});
    let second = answer.body["tenants"][0]["tenant_id"].as_str().unwrap();
    let opened = anyone.post("/v1/auth/sign-in", named(second)).await.expect(200);
    assert_eq!(opened.body["tenant_id"], second);
    // A firm that she is no member of looks like one that does not exist.
    app.execute(
        "delete from users.memberships where tenant_id = '00000000-0000-7000-8000-00000000000b'",
    )
    .await;
    let foreign = anyone.post("/v1/auth/sign-in", named(second)).await.expect(403);
    let nowhere = anyone.post("/v1/auth/sign-in", named("nowhere")).await.expect(403);
    assert_eq!((foreign.code(), foreign.problem()), ("unknown_identity", nowhere.problem()));
}

#[tokio::test]
async fn a_directorys_person_cannot_sign_in_with_a_password_here() {
    let app = TestApp::new().await;
    let id = ada(&app, &[Firm::Meridian]).await;
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "update users.users set directory_tenant_id = '{firm}' where user_id = '{id}'"
    ))
    .await;
    sign_in(&app.anonymous(), EMAIL, PASSWORD).await.expect(401);
}

#[tokio::test]
async fn a_hash_of_another_scheme_is_replaced_when_its_person_signs_in() {
    let app = TestApp::new().await;
    // bcrypt, cost 10, of the usual password.
    let password = PASSWORD.to_owned();
    let old =
        tokio::task::spawn_blocking(move || bcrypt::hash(password, 10).unwrap()).await.unwrap();
    person(&app, EMAIL, &[Firm::Meridian], &old).await;
    let anyone = app.anonymous();
    sign_in(&anyone, EMAIL, "seven green bottlez").await.expect(401);
    let kept = "select left(hash, 9) as scheme, must_change from users.password_credentials";
    assert_eq!(app.sql(kept).await[0]["scheme"], "$2b$10$".to_owned() + &old[7..9]);
    sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
    assert_eq!(app.sql(kept).await, [json!({"scheme": "$argon2id", "must_change": false})]);
    sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
    assert_eq!(
        events(&app).await,
        [
            "LOGIN failure wrong_password",
            "PASSWORD_REHASHED success",
            "LOGIN success",
            "LOGIN success"
        ]
    );
}

#[tokio::test]
async fn a_bcrypt_hash_lets_no_password_in_that_agrees_in_72_bytes_only() {
    let app = TestApp::new().await;
    let long = "0123456789abcdefghij".repeat(4)[..72].to_owned();
    let text = long.clone();
    let old = tokio::task::spawn_blocking(move || bcrypt::hash(text, 10).unwrap()).await.unwrap();
    person(&app, EMAIL, &[Firm::Meridian], &old).await;
    let anyone = app.anonymous();
    sign_in(&anyone, EMAIL, &format!("{long}!")).await.expect(401);
    sign_in(&anyone, EMAIL, &long).await.expect(200);
    sign_in(&anyone, EMAIL, &format!("{long}!")).await.expect(401);
}

#[tokio::test]
async fn a_password_changed_meanwhile_is_not_proven() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    // The second round trip alone, with the hash that the first one saw being another by now.
    let attempt = json!({"seen": "00"});
    let row = app
        .sql(&format!(
            "select outcome from users.sp_authenticate_user('{EMAIL}', null, true, '{attempt}', '{{}}',
                '{{\"now\": \"2026-11-21T12:00:00Z\"}}')"
        ))
        .await;
    assert_eq!(row[0]["outcome"], "invalid_credentials");
}

#[tokio::test]
async fn any_characters_are_taken_and_too_many_are_refused() {
    let app = TestApp::new().await;
    let anyone = app.anonymous();
    for (number, password) in
        ["nul\0nul nul nul nul", "Cafe\u{301} au lait au lit", &"x1y2z3 ".repeat(19)[..128]]
            .iter()
            .enumerate()
    {
        let hash = super::local::hash(&app, password).await;
        let email = format!("p{number}@people.test");
        person(&app, &email, &[Firm::Meridian], &hash).await;
        sign_in(&anyone, &email, password).await.expect(200);
        sign_in(&anyone, &email, &password.replace('\0', "\u{1}").replace("au", "aux")).await;
    }
    sign_in(&anyone, "p1@people.test", "Caf\u{e9} au lait au lit").await.expect(200);
    sign_in(&anyone, "p0@people.test", "nul\0nul nul nul nux").await.expect(401);
    for long in [1_025, 1_000_000] {
        let answer = sign_in(&anyone, "p0@people.test", &"x".repeat(long)).await.expect(422);
        assert_eq!(
            answer.body["errors"],
            json!([{"pointer": "/password", "code": "too_long", "message": "may have at most 1024 bytes"}])
        );
    }
}

#[tokio::test]
async fn a_second_factor_that_is_due_is_asked_for() {
    let app = TestApp::new().await;
    let id = ada(&app, &[Firm::Meridian]).await;
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, mfa) values ('{firm}', 'required')"
    ))
    .await;
    let anyone = app.anonymous();
    // Without a factor there is none to ask for: the session can do no more than enrol one, and end.
    let answer = sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
    let client = app.with_token(answer.body["access_token"].as_str().unwrap());
    client.get("/v1/users/me").await.expect(200);
    let change = json!({"current_password": PASSWORD, "new_password": "six brown bottles here"});
    let refused = client.post("/v1/users/me/password", change).await.expect(403);
    assert_eq!(refused.code(), "insufficient_aal");
    client.act("/v1/auth/sign-out", "").await.expect(204);
    app.execute(&format!(
        "update users.auth_policies set mfa = 'optional';
         insert into users.totp_factors (user_id, label, secret, key_version, confirmed_at)
         values ('{id}', 'phone', '\\x01', 1, now())"
    ))
    .await;
    let answer = sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
    assert_eq!(
        (&answer.body["mfa_required"], &answer.body["methods"]),
        (&json!(true), &json!(["totp"]))
    );
    assert!(answer.body.get("access_token").is_none());
    let kept = app
        .sql("select user_id, bound_tenant_id, purpose, expires_at from users.one_time_tokens order by created_at")
        .await;
    let expected = json!({"user_id": id, "bound_tenant_id": firm, "purpose": "mfa",
        "expires_at": "2026-11-21T12:10:00+00:00"});
    assert_eq!(kept, [expected]);
    app.execute("update users.auth_policies set mfa = 'off'").await;
    sign_in(&anyone, EMAIL, PASSWORD).await.expect(200);
    assert_eq!(
        events(&app).await,
        ["LOGIN success", "LOGOUT success", "MFA_CHALLENGE success", "LOGIN success"]
    );
}
