//! People who sign in with a password of the platform's own.

use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, TestApp};
use tokio::sync::OnceCell;
use uuid::Uuid;
use wealth_core::{Parse, Password};

/// The password of everybody here.
pub(crate) const PASSWORD: &str = "seven green bottles";
pub(crate) const EMAIL: &str = "ada@people.test";

/// A hash of any password, as the platform makes it.
pub(crate) async fn hash(app: &TestApp, password: &str) -> String {
    app.services.passwords.hash(&Password::parse(password).unwrap()).await.expect("a hash")
}

/// The hash of [`PASSWORD`]: one for the whole run.
async fn usual(app: &TestApp) -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(|| hash(app, PASSWORD)).await
}

/// Ada, a member of these firms without roles, with a verified address and [`PASSWORD`].
pub(crate) async fn ada(app: &TestApp, firms: &[Firm]) -> Uuid {
    person(app, EMAIL, firms, usual(app).await).await
}

pub(crate) async fn person(app: &TestApp, email: &str, firms: &[Firm], hash: &str) -> Uuid {
    let made = app
        .sql(&format!(
            "select users.create_local_account(jsonb_build_object('email', '{email}', 'first_name', 'Ada',
                'last_name', 'Byron', 'hash', '{hash}', 'issuer', '{}', 'verified_at', now())) as id",
            testkit::ISSUER
        ))
        .await;
    let id: Uuid = made[0]["id"].as_str().expect("an id").parse().expect("an id");
    for firm in firms {
        let tenant = firm.tenant_id();
        app.execute(&format!(
            "insert into users.memberships (tenant_id, user_id) values ('{tenant}', '{id}')"
        ))
        .await;
    }
    id
}

/// Signs in without a firm.
pub(crate) async fn sign_in(client: &Client, email: &str, password: &str) -> Answer {
    client.post("/v1/auth/sign-in", json!({"email": email, "password": password})).await
}

/// The token in the link of a mail.
pub(crate) fn token(message: &users::mail::Message) -> String {
    let (_, rest) = message.body.split_once("#token=").expect("a link");
    rest.lines().next().expect("a line").to_owned()
}

/// The authentication events since the start: action, outcome, reason, whose log.
pub(crate) async fn events(app: &TestApp) -> Vec<String> {
    let rows = app
        .sql(
            "select concat_ws(' ', legacy_action, outcome, reason,
                    case when tenant_id = '00000000-0000-0000-0000-000000000000' then '(platform)' end) as line
               from audit.audit_events where resource_type = 'users' and legacy_action not in ('INSERT', 'UPDATE', 'DELETE')
              order by recorded_at, event_id",
        )
        .await;
    rows.iter().map(|row| row["line"].as_str().expect("a line").to_owned()).collect()
}

/// Lets Meridian take in people who register themselves.
pub(crate) async fn open_registration(app: &TestApp) {
    let tenant = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, self_registration) values ('{tenant}', true)"
    ))
    .await;
}

/// A registration with Meridian.
pub(crate) fn registration(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "first_name": "Ada", "last_name": "Byron",
        "tenant": Firm::Meridian.tenant_id()})
}
