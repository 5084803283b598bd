//! Threat 7 of rules.md without a clock: for every address the same work is done. Every call that
//! takes an address from somebody without a credential is made with addresses of every standing; the
//! answers agree, and so do the round trips and the rows that are written for them. That a failed
//! check of a password computes the same hashes is a test of its own (users::passwords); how long it
//! all takes is measured by `make bench`.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, Counted, Firm, TestApp};

use super::local::{EMAIL, PASSWORD, ada, open_registration, registration};

/// Rows of every table that such a call writes to.
const WRITTEN: &str = "select (select count(*) from audit.audit_events where resource_type = 'users'
                                  and legacy_action not in ('INSERT', 'UPDATE', 'DELETE')) as events,
        (select count(*) from users.one_time_tokens) as tokens,
        (select count(*) from users.mail_queue) as mails,
        (select count(*) from users.throttles) as throttles,
        (select count(*) from users.user_sessions) as sessions";

/// Addresses of every standing: an account, none, one whose person is inactive, one of somebody who
/// signs in elsewhere only, and one that has not been verified.
const ADDRESSES: [&str; 5] = [
    EMAIL,
    "nobody@people.test",
    "inactive@people.test",
    "sso@people.test",
    "unverified@people.test",
];

async fn people(app: &TestApp) {
    ada(app, &[Firm::Meridian]).await;
    open_registration(app).await;
    let (firm, issuer) = (Firm::Meridian.tenant_id(), testkit::ISSUER);
    app.execute(&format!(
        "with hash as (select c.hash from users.password_credentials c limit 1),
              made as (select users.create_local_account(jsonb_build_object('email', email, 'hash', hash,
                           'issuer', '{issuer}', 'is_active', email <> 'inactive@people.test',
                           'verified_at', case when email <> 'unverified@people.test' then '2026-01-01Z' end)) as id
                         from hash, unnest('{{inactive@people.test,unverified@people.test}}'::text[]) email)
         insert into users.memberships (tenant_id, user_id) select '{firm}', id from made;
         select users.put_member('{firm}', null, 'sso@people.test', 'S', 'So', 'okta', 'https://okta.example',
             'sso', '{{}}', 'seed')"
    ))
    .await;
}

/// What a call says and does for an address: the answer, its round trips, the rows it wrote.
async fn done(
    counted: &Counted,
    path: &str,
    body: Value,
    from: &str,
) -> (Value, Vec<String>, Value) {
    let app = &counted.app;
    let before = app.sql(WRITTEN).await[0].clone();
    let answer: Answer = app.anonymous().from(from).post(path, body).await;
    let work = counted.last();
    let after = app.sql(WRITTEN).await[0].clone();
    let mut written = json!({"round trips": work});
    for (table, rows) in after.as_object().expect("counts") {
        let more = rows.as_i64().expect("a count") - before[table].as_i64().expect("a count");
        written[table] = json!(more);
    }
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}")).collect();
    (json!([answer.status, answer.problem()]), headers, written)
}

type Done = (Value, Vec<String>, Value);

/// What the call does for every address, each from a network of its own.
async fn seen(app: &Counted, number: u8, path: &str, body: impl Fn(&str) -> Value) -> Vec<Done> {
    people(&app.app).await;
    // What a process does once is done: its keys are known, and a connection is open.
    let first = body("somebody-else@people.test");
    app.app.anonymous().from("198.51.100.9").post(path, first).await;
    app.exactly();
    let mut seen = Vec::new();
    for (place, email) in ADDRESSES.iter().enumerate() {
        let from = format!("10.0.{number}.{place}");
        seen.push(done(app, path, body(email), &from).await);
    }
    seen
}

/// What it did, which is the same for all: the status and the rows.
async fn for_all(number: u8, path: &str, body: impl Fn(&str) -> Value) -> (Value, Value) {
    let mut seen = seen(&Counted::new().await, number, path, body).await;
    for (found, email) in seen.iter().zip(ADDRESSES) {
        assert_eq!(found, &seen[0], "{path} for {email}");
    }
    let (answer, _, written) = seen.swap_remove(0);
    (answer[0].clone(), written)
}

/// Put to the test itself: with a queue that takes no mail to nobody it must cry out.
#[tokio::test]
async fn a_difference_in_the_work_is_noticed() {
    let counted = Counted::new().await;
    let spoil = "create function users.spoil() returns trigger language plpgsql as
            'begin if new.recipient is null then return null; end if; return new; end';
         create trigger spoil before insert on users.mail_queue for each row execute function users.spoil()";
    counted.app.execute(spoil).await;
    let seen = seen(&counted, 5, "/v1/auth/recover", |email| json!({"email": email})).await;
    assert_ne!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_failed_sign_in_does_the_same_for_every_address() {
    let body = |email: &str| json!({"email": email, "password": "seven green bottlez"});
    let (status, written) = for_all(1, "/v1/auth/sign-in", body).await;
    assert_eq!(status, 401);
    let expected = json!({"round trips": 2, "events": 1, "tokens": 0, "mails": 0, "throttles": 2,
        "sessions": 0});
    assert_eq!(written, expected);
}

#[tokio::test]
async fn asking_for_a_link_does_the_same_for_every_address() {
    for (number, path) in [(2, "/v1/auth/recover"), (3, "/v1/auth/verify-email/resend")] {
        let (status, written) = for_all(number, path, |email| json!({"email": email})).await;
        assert_eq!(status, 202);
        let expected = json!({"round trips": 1, "events": 1, "tokens": 1, "mails": 1,
            "throttles": 2, "sessions": 0});
        assert_eq!(written, expected, "{path}");
    }
}

#[tokio::test]
async fn a_registration_does_the_same_for_every_address() {
    let body = |email: &str| registration(email, "seven blue bottles, full");
    let (status, written) = for_all(4, "/v1/auth/register", body).await;
    assert_eq!(status, 202);
    let expected = json!({"round trips": 2, "events": 1, "tokens": 1, "mails": 1, "throttles": 1,
        "sessions": 0});
    assert_eq!(written, expected);
}

/// The work takes a few tenths of a millisecond more for one address than for another: what could
/// tell is held back, here for ever.
#[tokio::test]
async fn what_could_tell_by_its_time_is_held_back() {
    let app = TestApp::new().await.holding_back(Duration::from_hours(1));
    people(&app).await;
    let word = "not her password at all";
    let registration = json!({"email": EMAIL, "password": PASSWORD, "first_name": "A",
        "last_name": "B", "tenant": testkit::Firm::Meridian.tenant_id()});
    let calls = [
        ("sign-in", json!({"email": EMAIL, "password": word})),
        ("sign-in", json!({"email": "nobody@people.test", "password": word})),
        ("recover", json!({"email": EMAIL})),
        ("verify-email/resend", json!({"email": EMAIL})),
        ("register", registration),
    ];
    let (app, calls) = (&app, calls.iter());
    let held = calls.map(|(call, body)| async move {
        let (client, path) = (app.anonymous(), format!("/v1/auth/{call}"));
        let answer = client.post(&path, body.clone());
        let answer = tokio::time::timeout(Duration::from_millis(500), answer).await;
        assert!(answer.is_err(), "{call}: {answer:?}");
    });
    futures_util::future::join_all(held).await;
    // Whoever knows the password need not wait.
    let right = json!({"email": EMAIL, "password": PASSWORD});
    app.anonymous().post("/v1/auth/sign-in", right).await.expect(200);
}
