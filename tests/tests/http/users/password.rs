//! Changing one's own password.

use serde_json::{Value, json};
use testkit::{Client, Firm, TestApp};

use super::local::{EMAIL, PASSWORD, ada, events, sign_in};
use super::world::signed_in;

const PATH: &str = "/v1/users/me/password";

fn change(current: &str, new: &str) -> Value {
    json!({"current_password": current, "new_password": new})
}

async fn session(app: &TestApp) -> Client {
    let opened = sign_in(&app.anonymous(), EMAIL, PASSWORD).await.expect(200);
    app.with_token(opened.body["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_change_ends_the_other_sessions_and_is_told_by_mail() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    let (here, elsewhere) = (session(&app).await, session(&app).await);
    here.post(PATH, change(PASSWORD, "six brown bottles here")).await.expect(204);
    here.get("/v1/users/me").await.expect(200);
    assert_eq!(elsewhere.get("/v1/users/me").await.expect(401).code(), "session_expired");
    sign_in(&app.anonymous(), EMAIL, PASSWORD).await.expect(401);
    sign_in(&app.anonymous(), EMAIL, "six brown bottles here").await.expect(200);
    assert_eq!(app.mail().await[0].subject, "Your password was changed");
    assert_eq!(
        events(&app).await,
        [
            "LOGIN success",
            "LOGIN success",
            "SESSIONS_ENDED success password_changed",
            "PASSWORD_CHANGED success",
            "TOKEN_REFUSED denied session_expired",
            "LOGIN failure wrong_password",
            "LOGIN success"
        ]
    );
    // Not even a digest of the bodies is kept.
    assert_eq!(
        app.sql("select count(*) from platform.idempotency_keys").await,
        [json!({"count": 0})]
    );
}

#[tokio::test]
async fn the_present_password_is_asked_for_and_cannot_be_guessed_at() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    let client = session(&app).await;
    for _ in 0..10 {
        let answer =
            client.post(PATH, change("a guess", "six brown bottles here")).await.expect(422);
        assert_eq!(
            answer.body["errors"],
            json!([{"pointer": "/current_password", "code": "wrong_password",
                    "message": "is not your present password"}])
        );
    }
    client.post(PATH, change(PASSWORD, "six brown bottles here")).await.expect(429);
    let seen = events(&app).await;
    assert_eq!(
        seen.iter().filter(|line| *line == "PASSWORD_CHANGED failure wrong_password").count(),
        10
    );
    assert_eq!(seen.last().unwrap(), "PASSWORD_CHANGED denied rate_limited");
}

#[tokio::test]
async fn earlier_passwords_do_not_come_back_before_their_time() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, password_history) values ('{firm}', 2)"
    ))
    .await;
    let client = session(&app).await;
    let list = [
        PASSWORD,
        "number two of the bottles",
        "number three of bottles",
        "number four of bottles",
    ];
    for pair in list.windows(2) {
        let again = client.post(PATH, change(pair[0], pair[0])).await.expect(422);
        assert_eq!(again.body["errors"][0]["code"], "reused");
        client.post(PATH, change(pair[0], pair[1])).await.expect(204);
        app.clock.advance(chrono::TimeDelta::minutes(1));
    }
    assert_eq!(app.sql("select count(*) from users.password_history").await, [json!({"count": 2})]);
    for old in [list[1], list[2]] {
        let answer = client.post(PATH, change(list[3], old)).await.expect(422);
        assert_eq!(answer.body["errors"][0]["code"], "reused");
    }
    client.post(PATH, change(list[3], PASSWORD)).await.expect(204);
}

#[tokio::test]
async fn how_long_it_must_be_is_for_the_strictest_firm_to_say() {
    let app = TestApp::new().await;
    let id = ada(&app, &[Firm::Meridian, Firm::Harbour]).await;
    let (meridian, harbour) = (Firm::Meridian.tenant_id(), Firm::Harbour.tenant_id());
    let opened = app.open_session(Firm::Meridian, id, 2).await;
    let client = app.with_token(&opened.access_token);
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, password_min_length, mfa) values ('{meridian}', 8, 'required')"
    ))
    .await;
    let answer = client.post(PATH, change(PASSWORD, "t3n-ch4rs!")).await.expect(422);
    assert_eq!(
        answer.body["errors"][0]["message"], "must have at least 15 characters",
        "Harbour's default"
    );
    app.execute(&format!(
        "update users.memberships set status = 'ended' where tenant_id = '{harbour}'"
    ))
    .await;
    client.post(PATH, change(PASSWORD, "t3n-ch4rs!")).await.expect(204);
}

#[tokio::test]
async fn a_person_of_a_directory_has_none_to_change() {
    let app = TestApp::new().await;
    let client = signed_in(&app, Firm::Meridian, 4).await;
    let answer = client.post(PATH, change("whatever", "six brown bottles here")).await.expect(409);
    assert_eq!(answer.code(), "state_conflict");
}
