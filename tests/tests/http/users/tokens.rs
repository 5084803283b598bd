//! POST /v1/auth/token, revoke and introspect.

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Firm, Request, TestApp};

use super::world::{session, user};

pub(super) const USER: &str = "00000000-0000-7000-9000-000000000a04";

pub(super) fn form(path: &str, body: &str) -> Request {
    Request::new(Method::POST, path)
        .body("application/x-www-form-urlencoded", body.as_bytes().to_vec())
}

/// Asks with a form, as OAuth clients do.
pub(super) async fn renew(app: &TestApp, token: &str) -> Answer {
    let body = format!("grant_type=refresh_token&refresh_token={token}");
    app.anonymous().send(form("/v1/auth/token", &body)).await
}

pub(super) fn refresh_token(answer: &Answer) -> String {
    answer.body["refresh_token"].as_str().expect("a refresh token").to_owned()
}

pub(super) fn denied(answer: &Answer, status: u16, code: &str) {
    let told = (answer.status, answer.code(), answer.body["error"].as_str());
    assert_eq!(told, (status, code, Some("invalid_grant")), "{}", answer.body);
}

pub(super) async fn advance(app: &TestApp, by: TimeDelta) {
    let now = wealth_core::Clock::now(&*app.clock);
    app.clock.set(now + by);
}

pub(super) async fn state(app: &TestApp) -> Value {
    let rows =
        app.sql("select to_jsonb(s) as s from users.user_sessions s order by session_id").await;
    json!(rows)
}

#[tokio::test]
async fn a_refresh_token_is_taken_for_its_successor() {
    let app = TestApp::new().await;
    let opened = session(&app, Firm::Meridian, 4).await;
    advance(&app, TimeDelta::minutes(10)).await;
    let answer = renew(&app, opened.refresh_token.as_deref().unwrap()).await.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut body = answer.body.clone();
    let access = body["access_token"].take().as_str().unwrap().to_owned();
    let next = body["refresh_token"].take().as_str().unwrap().to_owned();
    let expected = json!({
        "access_token": null,
        "token_type": "Bearer",
        "expires_in": 900,
        "refresh_token": null,
        "refresh_expires_at": "2026-11-22T00:10:00Z",
        "session_id": opened.session_id,
        "tenant_id": Firm::Meridian.tenant_id(),
        "user_id": user(Firm::Meridian, 4),
        "roles": ["SalesRepresentative"],
    });
    assert_eq!(body, expected);
    assert_ne!(Some(&next), opened.refresh_token.as_ref());
    let me = app.with_token(&access).get("/v1/users/me").await.expect(200);
    assert_eq!(me.body["session_id"], json!(opened.session_id));
    let body = json!({"grant_type": "refresh_token", "refresh_token": next});
    let request = Request::new(Method::POST, "/v1/auth/token").json(&body);
    app.anonymous().send(request).await.expect(200);
    let rows = app.sql("select s::text as s from users.user_sessions s").await;
    assert!(!rows[0].to_string().contains(&next[4..]), "the token is stored");
}

#[tokio::test]
async fn whoever_lost_the_answer_is_given_it_again_within_ten_seconds() {
    let app = TestApp::new().await;
    let first = session(&app, Firm::Meridian, 4).await.refresh_token.unwrap();
    let child = refresh_token(&renew(&app, &first).await.expect(200));
    advance(&app, TimeDelta::milliseconds(9_999)).await;
    assert_eq!(refresh_token(&renew(&app, &first).await.expect(200)), child);
    let grandchild = refresh_token(&renew(&app, &child).await.expect(200));
    assert_eq!(refresh_token(&renew(&app, &child).await.expect(200)), grandchild);
    // Only the direct parent: the first is two generations old now.
    denied(&renew(&app, &first).await, 401, "refresh_token_reused");
    denied(&renew(&app, &grandchild).await, 401, "session_expired");
}

#[tokio::test]
async fn a_replay_ends_the_session_and_that_is_committed() {
    let app = TestApp::new().await;
    let opened = session(&app, Firm::Meridian, 4).await;
    let first = opened.refresh_token.unwrap();
    let answer = renew(&app, &first).await.expect(200);
    advance(&app, TimeDelta::seconds(10)).await;
    denied(&renew(&app, &first).await, 401, "refresh_token_reused");
    denied(&renew(&app, &refresh_token(&answer)).await, 401, "session_expired");
    for token in [opened.access_token.as_str(), answer.body["access_token"].as_str().unwrap()] {
        let refused = app.with_token(token).get("/v1/users/me").await.expect(401);
        assert_eq!(refused.code(), "session_expired");
    }
    let events = app
        .sql(
            "select outcome, reason, resource_id, details, host(ip_address) as ip, transaction_name
                from audit.audit_events where action = 'session.refresh_token_reused'",
        )
        .await;
    let expected = json!({
        "outcome": "denied", "reason": "refresh_token_reused", "resource_id": USER,
        "details": {"session_id": opened.session_id, "generation": 0, "current_generation": 1},
        "ip": "203.0.113.7", "transaction_name": "token_refresh",
    });
    assert_eq!(events, [expected]);
}

#[tokio::test]
async fn a_token_that_is_not_ours_touches_nothing() {
    let app = TestApp::new().await;
    let token = session(&app, Firm::Meridian, 4).await.refresh_token.unwrap();
    let other = session(&app, Firm::Harbour, 4).await.refresh_token.unwrap();
    let before = state(&app).await;
    let keys = users::keys::Keys::generate().unwrap();
    let good = app.services.keys.get(&app.app).await.unwrap();
    let read = users::tokens::RefreshToken::decode(&token, good.refresh_key()).unwrap();
    let ahead = users::tokens::RefreshToken { counter: 5, ..read };
    let swapped = users::tokens::RefreshToken { tenant_id: Firm::Harbour.tenant_id(), ..read };
    let mut forged = vec![
        read.encode(keys.refresh_key()),
        swapped.encode(keys.refresh_key()),
        // Rightly made, but of no session that there is: a database from before.
        ahead.encode(good.refresh_key()),
        swapped.encode(good.refresh_key()),
        format!("{}{}", &token[..50], &other[50..]),
        token[4..].to_owned(),
        "x".repeat(8_000),
        "%00".to_owned(),
    ];
    forged.extend((4..token.len()).step_by(7).map(|at| {
        let new = if &token[at..=at] == "A" { "B" } else { "A" };
        format!("{}{new}{}", &token[..at], &token[at + 1..])
    }));
    for token in forged {
        denied(&renew(&app, &token).await, 401, "session_expired");
    }
    assert_eq!(state(&app).await, before);
    renew(&app, &token).await.expect(200);
}

#[tokio::test]
async fn requests_that_oauth_does_not_know_are_told_in_its_words() {
    let app = TestApp::new().await;
    let cases = [
        ("grant_type=password&username=a", 400, "malformed_request", "unsupported_grant_type"),
        ("grant_type=refresh_token", 422, "validation_failed", "invalid_request"),
        ("refresh_token=x", 422, "validation_failed", "invalid_request"),
        (
            "grant_type=refresh_token&refresh_token=a&refresh_token=b",
            400,
            "malformed_request",
            "invalid_request",
        ),
        ("", 422, "validation_failed", "invalid_request"),
    ];
    for (body, status, code, error) in cases {
        let answer = app.anonymous().send(form("/v1/auth/token", body)).await;
        let told = (answer.status, answer.code(), answer.body["error"].as_str());
        assert_eq!(told, (status, code, Some(error)), "{body}");
    }
    let request = Request::new(Method::POST, "/v1/auth/token").body("text/plain", b"x".to_vec());
    app.anonymous().send(request).await.expect(415);
    let long = form("/v1/auth/token", &"x".repeat(20_000));
    app.anonymous().send(long).await.expect(413);
    let body = json!({"grant_type": "refresh_token", "refresh_token": "x", "scope": "all"});
    let request = Request::new(Method::POST, "/v1/auth/token").json(&body);
    assert_eq!(
        app.anonymous().send(request).await.expect(422).body["errors"][0]["pointer"],
        "/scope"
    );
    let token = session(&app, Firm::Meridian, 4).await.refresh_token.unwrap();
    let body = format!("grant_type=refresh_token&scope=all&client_id=x&refresh_token={token}");
    app.anonymous().send(form("/v1/auth/token", &body)).await.expect(200);
}

#[tokio::test]
async fn the_idle_limit_is_an_instant() {
    let app = TestApp::new().await;
    for (wait, status) in
        [(TimeDelta::hours(12) - TimeDelta::microseconds(1), 200), (TimeDelta::hours(12), 401)]
    {
        let token = session(&app, Firm::Meridian, 4).await.refresh_token.unwrap();
        advance(&app, wait).await;
        assert_eq!(renew(&app, &token).await.status, status, "after {wait}");
    }
}

#[tokio::test]
async fn the_absolute_limit_cuts_what_lies_beyond_it() {
    let app = TestApp::new().await;
    app.execute(
        "insert into users.auth_policies (tenant_id, idle_timeout_minutes, absolute_lifetime_minutes)
         values ('00000000-0000-7000-8000-00000000000a', 10, 15)",
    )
    .await;
    let opened = session(&app, Firm::Meridian, 4).await;
    assert_eq!(opened.expires_in, 600, "no access token outlives the idle limit");
    advance(&app, TimeDelta::minutes(9)).await;
    let answer = renew(&app, opened.refresh_token.as_deref().unwrap()).await.expect(200);
    assert_eq!(answer.body["refresh_expires_at"], "2026-11-21T12:15:00Z");
    assert_eq!(answer.body["expires_in"], 360);
    advance(&app, TimeDelta::minutes(6)).await;
    denied(&renew(&app, &refresh_token(&answer)).await, 401, "session_expired");
    let access = answer.body["access_token"].as_str().unwrap();
    assert_eq!(app.with_token(access).get("/v1/users/me").await.status, 401);
}

#[tokio::test]
async fn who_may_no_longer_come_in_cannot_renew() {
    let app = TestApp::new().await;
    let cases = [
        (
            format!("update users.users set is_active = false where user_id = '{USER}'"),
            "account_inactive",
        ),
        (
            format!("update users.memberships set status = 'suspended' where user_id = '{USER}'"),
            "account_inactive",
        ),
        (
            "update tenants.tenants set status = 'suspended' where public_code = 'T001'".to_owned(),
            "tenant_inactive",
        ),
        ("update users.user_sessions set revoked_at = now()".to_owned(), "session_expired"),
    ];
    for (change, code) in cases {
        let app = TestApp::new().await;
        let token = session(&app, Firm::Meridian, 4).await.refresh_token.unwrap();
        app.execute(&change).await;
        let before = state(&app).await;
        let answer = renew(&app, &token).await;
        assert_eq!((answer.code(), answer.body["error"].as_str()), (code, Some("invalid_grant")));
        assert_eq!(state(&app).await, before, "{change}");
    }
    let token = session(&app, Firm::Meridian, 4).await.refresh_token.unwrap();
    app.execute(&format!(
        "update users.user_roles set role_name = 'SalesManager' where user_id = '{USER}'"
    ))
    .await;
    assert_eq!(renew(&app, &token).await.expect(200).body["roles"], json!(["SalesManager"]));
}
