//! What must be there for the calls of local sign-in to succeed, and their bodies, for the crawls.

use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;
use wealth_core::{Parse, Password};

use crate::app::{Firm, TestApp};

/// Everybody's password.
pub const PASSWORD: &str = "seven green bottles";
/// What the caller changes it to.
pub const NEW_PASSWORD: &str = "six brown bottles, standing";

const SIGNS_IN: &str = "signs-in@people.test";

fn token(letter: &str) -> String {
    letter.repeat(43)
}

/// A hash of [`PASSWORD`]: one for the whole run.
async fn hash(app: &TestApp) -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH.get_or_init(|| async {
        let password = Password::parse(PASSWORD).expect("a password");
        app.services.passwords.hash(&password).await.expect("a hash")
    });
    hash.await
}

async fn open_registration(app: &TestApp) {
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, self_registration, security_questions)
         values ('{}', true, true)
         on conflict (tenant_id) do update set self_registration = true, security_questions = true",
        Firm::Meridian.tenant_id()
    ))
    .await;
}

/// The address of one of [`seed_people`].
pub fn person(number: usize) -> String {
    format!("person-{number}@people.test")
}

/// Lets people register with Meridian, and makes so many members of it who have [`PASSWORD`].
pub async fn seed_people(app: &TestApp, number: usize) {
    let (hash, firm) = (hash(app).await, Firm::Meridian.tenant_id());
    open_registration(app).await;
    app.execute(&format!(
        "with made as materialized (
             select users.create_local_account(jsonb_build_object('email', 'person-' || n || '@people.test',
                 'first_name', 'Ada', 'last_name', 'Byron', 'hash', '{hash}', 'issuer', '{}',
                 'verified_at', '2026-01-01Z')) as id
               from generate_series(0, {number} - 1) n)
         insert into users.memberships (tenant_id, user_id) select '{firm}', id from made",
        crate::ISSUER
    ))
    .await;
}

/// Lets people register with Meridian, gives `caller` a password, and makes an account that can sign
/// in and one each whose address is not verified and whose password is forgotten.
pub async fn seed(app: &TestApp, caller: Uuid) {
    let (hash, firm) = (hash(app).await, Firm::Meridian.tenant_id());
    open_registration(app).await;
    app.execute(&format!(
        "insert into users.password_credentials (user_id, hash) values ('{caller}', '{hash}')"
    ))
    .await;
    for (email, letter) in [("i@people.test".to_owned(), "I"), (address(app, caller).await, "J")] {
        invite(app, &email, &token(letter)).await;
    }
    for (email, purpose, letter) in [
        (SIGNS_IN, "void", "S"),
        ("v@people.test", "verify_email", "V"),
        ("r@people.test", "recover", "R"),
    ] {
        app.execute(&format!(
            "with made as (select users.create_local_account(jsonb_build_object('email', '{email}', 'hash',
                 '{hash}', 'issuer', 'x', 'verified_at',
                 case when '{purpose}' <> 'verify_email' then '2026-01-01Z' end)) as id),
             token as (insert into users.one_time_tokens (token_hash, purpose, user_id, data, expires_at)
                 select sha256('{}'), '{purpose}', id, '{{\"email\": \"{email}\"}}', '2036-01-01Z' from made)
             insert into users.memberships (tenant_id, user_id) select '{firm}', id from made",
            token(letter)
        ))
        .await;
    }
}

/// An invitation of Harbour to an address, with a link that is known.
async fn invite(app: &TestApp, email: &str, token: &str) {
    let firm = Firm::Harbour.tenant_id();
    app.execute(&format!(
        "with made as (insert into users.invitations (tenant_id, email, invited_by, token_hash, expires_at)
             select '{firm}', lower('{email}'), user_id, sha256('{token}'), '2036-01-01Z' from users.memberships m
               join users.user_roles r using (tenant_id, user_id)
              where m.tenant_id = '{firm}' and r.role_name = 'SystemAdministrator' order by user_id limit 1
             returning tenant_id)
         insert into users.one_time_tokens (token_hash, purpose, bound_tenant_id, expires_at)
         select sha256('{token}'), 'invitation', tenant_id, '2036-01-01Z' from made"
    ))
    .await;
}

async fn address(app: &TestApp, user: Uuid) -> String {
    let found = app.sql(&format!("select email from users.users where user_id = '{user}'")).await;
    found[0]["email"].as_str().expect("an address").to_owned()
}

/// The body of a good request, by operation.
pub fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "auth_register" => json!({
            "email": "new@people.test", "password": PASSWORD, "first_name": "Ada", "last_name": "Byron",
            "tenant": Firm::Meridian.tenant_id(),
        }),
        "auth_sign_in" => json!({
            "email": SIGNS_IN, "password": PASSWORD, "tenant": Firm::Meridian.tenant_id(), "device": "telephone",
        }),
        "auth_verify_email" => json!({"token": token("V"), "password": PASSWORD}),
        "auth_verify_email_resend" | "auth_recover" => json!({"email": "nobody@people.test"}),
        "auth_recover_complete" => {
            json!({"token": token("R"), "new_password": NEW_PASSWORD, "answers": []})
        }
        "auth_invitation_accept" => json!({"token": token("I"), "password": PASSWORD,
            "first_name": "Ada", "last_name": "Byron"}),
        "me_invitation_accept" => json!({"token": token("J")}),
        "me_password_change" => json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD}),
        "me_security_questions_put" => {
            let question = |question: &str| json!({"question": question, "answer": "Rosebud"});
            json!({"current_password": PASSWORD,
                "questions": [question("First?"), question("Second?"), question("Third?")]})
        }
        _ => return None,
    })
}
