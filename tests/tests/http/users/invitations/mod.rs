//! Invitations over HTTP.

mod accepting;
mod joining;
mod lapsing;
mod sending;

use serde_json::{Value, json};
use testkit::{Answer, Client, TestApp};

use super::local::{PASSWORD, token};

pub(crate) const GUEST: &str = "guest@people.test";

/// An invitation to Meridian for a sales manager.
pub(crate) fn for_manager() -> Value {
    json!({"email": GUEST, "roles": ["SalesManager"]})
}

/// Sends it in the name of a system administrator.
pub(crate) async fn invite(app: &TestApp, invitation: Value) -> Value {
    app.system_admin().post("/v1/invitations", invitation).await.expect(201).body
}

/// Sends it and takes the link out of the mail.
pub(crate) async fn invited(app: &TestApp) -> (String, String) {
    let made = invite(app, for_manager()).await;
    let mail = app.mail().await;
    assert_eq!((mail.len(), mail[0].to.as_str()), (1, GUEST));
    (made["invitation_id"].as_str().expect("an id").to_owned(), token(&mail[0]))
}

/// Accepts by the link.
pub(crate) async fn accept(app: &TestApp, token: &str, password: &str) -> Answer {
    let body =
        json!({"token": token, "password": password, "first_name": "Ada", "last_name": "Byron"});
    app.anonymous().post("/v1/auth/invitations/accept", body).await
}

/// Accepts as whoever is signed in.
pub(crate) async fn accept_own(client: &Client, token: &str) -> Answer {
    client.post("/v1/users/me/invitations/accept", json!({"token": token})).await
}

/// The one answer for a link that does not work.
#[track_caller]
pub(crate) fn spent(answer: &Answer) {
    let expected = json!({
        "type": "urn:wealth:problem:one-time-token-invalid",
        "title": "The link or code does not work",
        "status": 422,
        "code": "one_time_token_invalid",
        "detail": "The invitation does not work, or not any more. If you have accepted it, sign in; \
                   else ask the firm to send it again.",
    });
    assert_eq!((answer.status, answer.problem()), (422, expected));
}

/// What the log says of invitations: action, outcome, reason.
pub(crate) async fn log(app: &TestApp) -> Vec<String> {
    let all = super::local::events(app).await;
    all.into_iter().filter(|line| line.starts_with("INVITATION_")).collect()
}

/// The status of the invitation, as administrators see it.
pub(crate) async fn status(app: &TestApp, id: &str) -> Value {
    let got = app.system_admin().get(&format!("/v1/invitations/{id}")).await.expect(200);
    got.body["status"].clone()
}

/// The roles and membership of an address in Meridian.
pub(crate) async fn standing(app: &TestApp, email: &str) -> Vec<Value> {
    app.sql(&format!(
        "select m.status, m.origin, array(select r.role_name from users.user_roles r
                where r.tenant_id = m.tenant_id and r.user_id = m.user_id order by 1) as roles
           from users.memberships m join users.users u using (user_id)
          where lower(u.email) = '{email}' and m.tenant_id = '{}' order by 1",
        testkit::Firm::Meridian.tenant_id()
    ))
    .await
}

/// A sales manager who came by invitation.
pub(crate) fn manager() -> Vec<Value> {
    vec![json!({"status": "active", "origin": "invitation", "roles": ["SalesManager"]})]
}

/// Signs in at Meridian.
pub(crate) async fn sign_in(app: &TestApp) -> Answer {
    let body = json!({"email": GUEST, "password": PASSWORD,
        "tenant": testkit::Firm::Meridian.tenant_id()});
    app.anonymous().post("/v1/auth/sign-in", body).await
}
