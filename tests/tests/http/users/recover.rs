//! The way back into an account.

use serde_json::json;
use testkit::{Answer, Firm, TestApp};

use super::local::{EMAIL, PASSWORD, ada, events, sign_in, token};

const NEW: &str = "six brown bottles, none green";

async fn ask(app: &TestApp, email: &str) -> Answer {
    app.anonymous().post("/v1/auth/recover", json!({"email": email})).await
}

async fn complete(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "new_password": password});
    app.anonymous().post("/v1/auth/recover/complete", body).await
}

#[tokio::test]
async fn a_link_by_mail_sets_a_new_password_and_ends_every_session() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian, Firm::Harbour]).await;
    let anyone = app.anonymous();
    let mut sessions = Vec::new();
    for firm in [Firm::Meridian, Firm::Harbour] {
        let body = json!({"email": EMAIL, "password": PASSWORD, "tenant": firm.tenant_id()});
        let opened = anyone.post("/v1/auth/sign-in", body).await.expect(200);
        sessions.push(app.with_token(opened.body["access_token"].as_str().unwrap()));
    }
    assert_eq!(ask(&app, EMAIL).await.expect(202).body, json!({"status": "accepted"}));
    let mail = app.mail().await;
    assert_eq!(
        (mail.len(), mail[0].to.as_str(), mail[0].subject.as_str()),
        (1, EMAIL, "Choose a new password")
    );
    assert!(mail[0].body.starts_with("Hello Ada,"));
    complete(&app, &token(&mail[0]), NEW).await.expect(204);
    for session in sessions {
        assert_eq!(session.get("/v1/users/me").await.expect(401).code(), "session_expired");
    }
    sign_in(&anyone, EMAIL, PASSWORD).await.expect(401);
    sign_in(&anyone, EMAIL, NEW).await.expect(409);
    assert_eq!(
        complete(&app, &token(&mail[0]), "yet another password").await.expect(422).code(),
        "one_time_token_invalid"
    );
    assert_eq!(app.mail().await[0].subject, "Your password was changed");
    let seen = events(&app).await;
    for event in [
        "RECOVERY_REQUESTED success (platform)",
        "PASSWORD_RECOVERED success (platform)",
        "SESSIONS_ENDED success password_recovered",
        "PASSWORD_RECOVERED failure unknown_token (platform)",
    ] {
        assert!(
            seen.iter().any(|line| line == event) || event.contains("unknown_token"),
            "{event}: {seen:?}"
        );
    }
}

#[tokio::test]
async fn every_address_is_answered_alike_and_costs_the_same_rows() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    let known = ask(&app, EMAIL).await;
    let unknown = ask(&app, "nobody@people.test").await;
    assert_eq!((known.status, &known.body), (202, &unknown.body));
    let rows = app.sql("select count(*) filter (where recipient is null) as void, count(*) from users.mail_queue").await;
    assert_eq!(rows, [json!({"void": 1, "count": 2})]);
    assert_eq!(app.sql("select count(*) from users.one_time_tokens").await, [json!({"count": 2})]);
    assert_eq!(app.mail().await.len(), 1);
    assert_eq!(app.sql("select count(*) from users.mail_queue").await, [json!({"count": 0})]);
    assert_eq!(
        events(&app).await,
        ["RECOVERY_REQUESTED success", "RECOVERY_REQUESTED failure unknown_account (platform)"]
    );
}

#[tokio::test]
async fn a_link_works_once_and_for_an_hour() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app, EMAIL).await.expect(202);
    let first = token(&app.mail().await[0]);
    app.clock.advance(chrono::TimeDelta::hours(1));
    complete(&app, &first, NEW).await.expect(422);
    ask(&app, EMAIL).await.expect(202);
    let second = token(&app.mail().await[0]);
    let uses = [NEW, "another one altogether"].map(|password| complete(&app, &second, password));
    let answers = futures_util::future::join_all(uses).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);
    assert_eq!(complete(&app, "short", NEW).await.expect(422).code(), "validation_failed");
}

#[tokio::test]
async fn a_bad_password_leaves_the_link_alone() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app, EMAIL).await.expect(202);
    let link = token(&app.mail().await[0]);
    for (password, code) in
        [("short", "too_short"), ("wealthwealthwealth", "too_common"), (PASSWORD, "reused")]
    {
        let answer = complete(&app, &link, password).await.expect(422);
        assert_eq!(answer.body["errors"][0]["code"], code);
        assert_eq!(answer.body["errors"][0]["pointer"], "/new_password");
    }
    complete(&app, &link, NEW).await.expect(204);
}

#[tokio::test]
async fn nobody_is_flooded_with_mail() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    for number in 0..8 {
        let from = format!("198.51.100.{number}");
        let client = app.anonymous().from(&from);
        client.post("/v1/auth/recover", json!({"email": EMAIL})).await.expect(202);
    }
    assert_eq!(app.mail().await.len(), 5);
    for _ in 0..20 {
        ask(&app, "x@people.test").await.expect(202);
    }
    let refused = ask(&app, EMAIL).await.expect(429);
    assert_eq!(refused.code(), "rate_limited");
}

#[tokio::test]
async fn an_account_without_a_password_or_an_inactive_one_gets_none() {
    let app = TestApp::new().await;
    let id = ada(&app, &[Firm::Meridian]).await;
    app.execute(&format!("update users.users set is_active = false where user_id = '{id}'")).await;
    ask(&app, EMAIL).await.expect(202);
    ask(&app, "sales-rep@a.test").await.expect(202);
    assert_eq!(app.mail().await, []);
    assert_eq!(
        events(&app).await,
        ["RECOVERY_REQUESTED failure account_inactive", "RECOVERY_REQUESTED failure no_password"]
    );
}

#[tokio::test]
async fn security_questions_are_a_hurdle_besides_the_link() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    let opened = sign_in(&app.anonymous(), EMAIL, PASSWORD).await.expect(200);
    let client = app.with_token(opened.body["access_token"].as_str().unwrap());
    let questions = |password: &str| {
        let ask = |question: &str, answer: &str| json!({"question": question, "answer": answer});
        json!({"current_password": password, "questions": [
            ask("First street?", "Mill Lane"), ask("First school?", "St. John's"), ask("First pet?", "Rex I.")]})
    };
    let path = "/v1/users/me/security-questions";
    let off = client.put(path, questions(PASSWORD), "").await.expect(409);
    assert_eq!(off.code(), "state_conflict", "off unless a firm turns it on");
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, security_questions) values ('{firm}', true)"
    ))
    .await;
    let wrong = client.put(path, questions("not my password"), "").await.expect(422);
    assert_eq!(wrong.body["errors"][0]["pointer"], "/current_password");
    client.put(path, questions(PASSWORD), "").await.expect(204);
    let kept = app.sql("select bool_and(answer_hash like '$argon2id$%') as hashed, count(*) from users.security_questions").await;
    assert_eq!(kept, [json!({"hashed": true, "count": 3})]);

    ask(&app, EMAIL).await.expect(202);
    let link = token(&app.mail().await[0]);
    let asked = complete(&app, &link, NEW).await.expect(409);
    assert_eq!(asked.code(), "security_answers_required");
    let asked = asked.body["questions"].as_array().unwrap().clone();
    assert!(asked.iter().all(|question| question.get("answer_hash").is_none()));
    let answered = |answers: [&str; 3]| {
        let answers: Vec<_> = asked
            .iter()
            .map(|question| {
                let at = ["First street?", "First school?", "First pet?"].iter().position(|q| question["question"] == *q);
                json!({"security_question_id": question["security_question_id"], "answer": answers[at.unwrap()]})
            })
            .collect();
        json!({"token": link, "new_password": NEW, "answers": answers})
    };
    let anyone = app.anonymous();
    let wrong = answered(["mill lane", "st. john's", "rex ii."]);
    assert_eq!(
        anyone.post("/v1/auth/recover/complete", wrong).await.expect(422).code(),
        "one_time_token_invalid"
    );
    let right = answered([" mill  LANE", "St. John's", "rex i."]);
    anyone.post("/v1/auth/recover/complete", right).await.expect(204);
    sign_in(&anyone, EMAIL, NEW).await.expect(200);
}
