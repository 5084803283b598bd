//! Second factors over HTTP.

mod passkeys;
mod recovery;
mod second_step;
mod step_up;
mod totp;

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, Phone, TestApp};
use uuid::Uuid;

use super::world::user;

/// The person of these tests: Meridian's system administrator.
pub(crate) fn person() -> Uuid {
    user(Firm::Meridian, 3)
}

/// A session of the person with this assurance.
pub(crate) async fn session(app: &TestApp, assurance: i16) -> Client {
    let opened = app.open_session(Firm::Meridian, person(), assurance).await;
    app.with_token(&opened.access_token)
}

/// An enrolled phone; the clock stands at the next step, so that its next code is not spent.
pub(crate) async fn enrolled(app: &TestApp) -> Phone {
    let phone = Phone::enrol(app, &session(app, 1).await).await;
    app.clock.advance(TimeDelta::seconds(30));
    phone
}

/// What the first step of a sign-in answers, without its proof.
pub(crate) async fn mfa_token(app: &TestApp, who: Uuid) -> String {
    let id = wealth_core::IdGen::next(&wealth_core::SystemIds).simple().to_string();
    let token = format!("{id:0>43}");
    app.execute(&format!(
        "insert into users.one_time_tokens (token_hash, purpose, user_id, bound_tenant_id, data, created_at, expires_at)
         values (sha256('{token}'), 'mfa', '{who}', '{}', '{{\"device\": \"Laptop\"}}', '{now}',
                 timestamptz '{now}' + interval '10 minutes')",
        Firm::Meridian.tenant_id(),
        now = wealth_core::Clock::now(&*app.clock).to_rfc3339(),
    ))
    .await;
    token
}

/// The second step with a code.
pub(crate) async fn second_step(app: &TestApp, token: &str, method: &str, code: &str) -> Answer {
    let body = json!({"mfa_token": token, "method": method, "code": code});
    app.anonymous().post("/v1/auth/mfa", body).await
}

/// The one answer for everything that is not taken.
#[track_caller]
pub(crate) fn refused(answer: &Answer) {
    let expected = json!({
        "type": "urn:wealth:problem:mfa-verification-failed",
        "title": "The proof was not accepted",
        "status": 401,
        "code": "mfa_verification_failed",
        "detail": "The proof was not accepted.",
    });
    assert_eq!((answer.status, answer.problem()), (401, expected));
}

/// The events of the person, latest last: action, outcome, reason.
pub(crate) async fn events(app: &TestApp, action: &str) -> Vec<Value> {
    app.sql(&format!(
        "select legacy_action as action, outcome, reason, details from audit.audit_events
          where resource_id = '{}' and legacy_action = '{action}' order by occurred_at",
        person()
    ))
    .await
}
