//! Second factors in the crawls: they belong to people who are signed in here, and their proofs
//! work once, so that each request needs something made for it.

use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, Phone, SoftPasskey, TestApp};
use uuid::Uuid;

use crate::fixtures::{self, Ids};
use crate::operations::Operation;
use crate::owned::MAKER;

/// A factor of the firm's maker; no code of it is right.
pub(crate) async fn factor(app: &TestApp, mark: &str, user: Uuid) -> String {
    let id = fixtures::fresh();
    app.execute(&format!(
        "insert into users.totp_factors (user_id, factor_id, label, secret, key_version, confirmed_at)
         values ('{user}', '{id}', '{mark}', '\\x00', 1, now())"
    ))
    .await;
    id
}

/// The body of an operation of this file.
pub(crate) fn body(operation: &str) -> Option<Value> {
    let token = "A".repeat(43);
    Some(match operation {
        "mfa_totp_start" => json!({"label": "Phone of the crawl"}),
        "mfa_totp_confirm" => json!({"code": "123456"}),
        "mfa_webauthn_register" => json!({"challenge": token, "credential": SoftPasskey::new(1)
            .create(&json!({"challenge": "AAAA", "user": {"id": "AAAA"}}))}),
        "auth_webauthn" => json!({"challenge": token, "credential": SoftPasskey::new(1)
            .get(&json!({"challenge": "AAAA"}))}),
        "auth_webauthn_options" => json!({}),
        "auth_mfa" => json!({"mfa_token": token, "method": "totp", "code": "123456"}),
        "auth_step_up" => json!({"method": "totp", "code": "123456"}),
        _ => return None,
    })
}

/// The firm's maker, signed in here with two factors.
pub(crate) async fn maker(app: &TestApp, firm: Firm) -> Client {
    let user = MAKER[usize::from(firm == Firm::Harbour)];
    let opened = app.open_session(firm, user, 2).await;
    app.with_token(&opened.access_token)
}

/// Sends what succeeds for the owner; none for operations of other files.
pub(crate) async fn own(app: &TestApp, operation: &Operation, ids: &Ids) -> Option<Answer> {
    let client = maker(app, Firm::Meridian).await;
    Some(match operation.id.as_str() {
        "mfa_totp_start"
        | "mfa_webauthn_options"
        | "mfa_factor_remove"
        | "mfa_recovery_codes_renew" => client.send(fixtures::request(operation, ids, ids)).await,
        "mfa_totp_confirm" => {
            let started = client.post("/v1/users/me/mfa/totp", json!({})).await.expect(201);
            let phone = Phone::scan(&started.body);
            let path = format!("/v1/users/me/mfa/totp/{}/confirm", phone.factor_id);
            client.post(&path, json!({"code": phone.code(app, 0)})).await
        }
        "mfa_webauthn_register" => register(&client, &mut SoftPasskey::new(1)).await,
        "auth_webauthn" => {
            let mut passkey = SoftPasskey::new(1);
            register(&client, &mut passkey).await.expect(201);
            let begun = client.post("/v1/auth/webauthn/options", json!({})).await.expect(200).body;
            let credential = passkey.get(&begun["options"]);
            let body = json!({"challenge": begun["challenge"], "credential": credential});
            app.anonymous().post("/v1/auth/webauthn", body).await
        }
        "auth_step_up" => {
            let phone = Phone::enrol(app, &client).await;
            let body = json!({"method": "recovery_code", "code": recovery(&client, &phone).await});
            client.post("/v1/auth/step-up", body).await
        }
        "auth_mfa" => {
            let phone = Phone::enrol(app, &client).await;
            let token = "B".repeat(43);
            app.execute(&format!(
                "insert into users.one_time_tokens (token_hash, purpose, user_id, bound_tenant_id, created_at, expires_at)
                 values (sha256('{token}'), 'mfa', '{}', '{}', '2026-11-21Z', '2026-11-22Z')",
                MAKER[0],
                Firm::Meridian.tenant_id()
            ))
            .await;
            let code = recovery(&client, &phone).await;
            let body = json!({"mfa_token": token, "method": "recovery_code", "code": code});
            app.anonymous().post("/v1/auth/mfa", body).await
        }
        _ => return None,
    })
}

async fn register(client: &Client, passkey: &mut SoftPasskey) -> Answer {
    let begun = client.post("/v1/users/me/mfa/webauthn/options", json!({})).await.expect(200).body;
    let credential = passkey.create(&begun["options"]);
    let body = json!({"challenge": begun["challenge"], "credential": credential});
    client.post("/v1/users/me/mfa/webauthn", body).await
}

async fn recovery(client: &Client, phone: &Phone) -> String {
    if let Some(code) = phone.recovery_codes.first() {
        return code.clone();
    }
    let made = client.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(200);
    made.body["recovery_codes"][0].as_str().expect("a code").to_owned()
}
