//! No secret and no number of social security enters the audit log (X-20; threat 29 of rules.md).

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::product;

const SSN: &str = "078-05-1120";
const PASSWORD: &str = "correct horse battery canary";

/// The events whose text has any of these in it.
async fn found(app: &TestApp, needles: &[&str]) -> Vec<Value> {
    let each: Vec<String> =
        needles.iter().map(|text| format!("strpos(e::text, '{text}') > 0")).collect();
    app.sql(&format!(
        "select e.action, e::text as row from audit.audit_events e where {}",
        each.join(" or ")
    ))
    .await
}

#[tokio::test]
async fn no_credential_is_in_the_log() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let key = json!({"name": "canary", "scopes": ["view-products"]});
    let key = app.admin().post("/v1/api-keys", key).await.expect(201).body;
    let secret = key["api_key"]
        .as_str()
        .or(key["key"].as_str())
        .or(key["secret"].as_str())
        .expect("a key")
        .to_owned();
    let hook = boss
        .send(testkit::Request::new(http::Method::POST, "/v1/users/event-hooks"))
        .await
        .expect(201)
        .body;
    let hook = hook["secret"].as_str().expect("a secret").to_owned();
    let session = app
        .open_session(
            Firm::Meridian,
            "00000000-0000-7000-9000-000000000a04".parse().expect("an id"),
            1,
        )
        .await;
    let refresh = session.refresh_token.expect("a token");
    let totp = app.admin().post("/v1/users/me/mfa/totp", json!({"label": "Phone"})).await;
    let totp = totp.body["secret"].as_str().unwrap_or("no secret was shown").to_owned();
    app.execute(
        "insert into users.password_credentials (user_id, hash)
         values ('00000000-0000-7000-9000-000000000a04', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$canarycanarycanary');
         select audit.log_user_action(null, 'X', 'users', null, '{\"password\": \"$2b$12$canarycanarycanarycanary\"}',
             '{\"a\": [\"wrt_canarycanarycanarycanary\"]}', null, 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjYW5hcnkifQ.c2ln', null)"
    )
    .await;
    let hash = wealth_core_hash(&refresh);
    let events = found(
        &app,
        &[&secret, &hook, &refresh, &totp, &hash, "canarycanary", "eyJzdWIi", PASSWORD],
    )
    .await;
    assert!(events.is_empty(), "{events:#?}");
    let told = app.sql("select old_values, new_values, user_agent from audit.audit_events where legacy_action = 'X'").await;
    assert_eq!(
        told,
        [json!({"old_values": {"password": "[redacted]"}, "new_values": {"a": ["[redacted]"]},
        "user_agent": "[redacted]"})]
    );
}

/// SHA-256 in hexadecimal, as hashes of tokens are kept.
fn wealth_core_hash(text: &str) -> String {
    wealth_core::audit::leaf_hash(text.as_bytes()).to_string()
}

#[tokio::test]
async fn no_number_of_social_security_is_in_the_log() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let admin = app.admin();
    admin
        .patch(&format!("/v1/products/{id}"), json!({"description": format!("For {SSN}")}), "*")
        .await
        .expect(200);
    let boss = app.system_admin();
    boss.post("/v1/users", json!({"email": "x@a.test", "first_name": SSN, "last_name": SSN}))
        .await
        .expect(201);
    let hold =
        json!({"name": SSN, "reason": format!("About {SSN}."), "scopes": [{"kind": "tenant"}]});
    boss.post("/v1/audit/legal-holds", hold).await.expect(201);
    boss.get(&format!("/v1/audit/events?resource_id={SSN}")).await.expect(200);
    boss.get(&format!("/v1/audit/records/users/{SSN}/history")).await.expect(200);
    let events = found(&app, &[SSN]).await;
    assert!(events.is_empty(), "{events:#?}");
    let told =
        app.sql("select reason from audit.audit_events where action = 'legal_hold.placed'").await;
    assert_eq!(told, [json!({"reason": "About [redacted]."})]);
    // What only looks a little like one stays.
    let near =
        json!({"email": "y@a.test", "first_name": "555-123-4567", "last_name": "2026-11-21"});
    boss.post("/v1/users", near).await.expect(201);
    assert_eq!(found(&app, &["555-123-4567"]).await.len(), 1);
}

/// A masked column tells that it changed, and not to what.
#[tokio::test]
async fn a_masked_change_is_told_all_the_same() {
    let app = TestApp::new().await;
    let phones = ["+12125550123", "+16465550123"];
    for phone in phones {
        app.admin().patch("/v1/users/me/profile", json!({"phone": phone}), "*").await.expect(200);
    }
    let told = app
        .sql(
            "select old_values ->> 'phone' as old, new_values ->> 'phone' as new
        from audit.audit_events where action like 'user_profiles.%' order by occurred_at",
        )
        .await;
    assert_eq!(
        told,
        [json!({"old": null, "new": "***0123"}), json!({"old": "***0123", "new": "***0123"})]
    );
    assert!(found(&app, &phones).await.is_empty());
}

/// A fingerprint is the same within an event and nowhere else.
#[tokio::test]
async fn a_fingerprint_can_be_compared_in_its_event_alone() {
    let app = TestApp::new().await;
    app.execute("update audit.field_classes set treatment = 'hash' where table_name = 'users.users' and column_name = 'legacy_id';
        select audit.classify_fields()").await;
    let person = "00000000-0000-7000-9000-000000000a04";
    for set in ["legacy_id = 'canary-one'", "public_code = 'U-9'", "legacy_id = 'canary-two'"] {
        app.execute(&format!("update users.users set {set} where user_id = '{person}'")).await;
    }
    let told = app
        .sql(
            "select old_values ->> 'legacy_id' as old, new_values ->> 'legacy_id' as new
        from audit.audit_events where action = 'users.updated' order by occurred_at",
        )
        .await;
    let text =
        |event: usize, which: &str| told[event][which].as_str().expect("a fingerprint").to_owned();
    assert_eq!(text(1, "old"), text(1, "new"));
    assert_ne!(text(2, "old"), text(2, "new"));
    assert_ne!(text(0, "new"), text(1, "old"));
    assert!(
        text(0, "new").starts_with("sha256:")
            && found(&app, &["canary-one", "canary-two"]).await.is_empty()
    );
}

/// A column without a class stops the migration: nothing enters the log that nobody has thought about.
#[tokio::test]
async fn every_column_of_every_audited_table_has_a_class() {
    let app = TestApp::new().await;
    assert_eq!(app.refusal("select audit.classify_fields()").await, None);
    let why = app
        .refusal("alter table users.users add column ssn text; select audit.classify_fields()")
        .await;
    assert_eq!(
        why.as_deref(),
        Some("columns without a class in audit.field_classes: users.users.ssn")
    );
    // Every table with records has its columns classified, too, and none is left of a column that is gone.
    let missing = app.sql("select m.table_name, a.attname as column_name from audit.retention_tables m
          join pg_attribute a on a.attrelid = m.table_name::regclass and a.attnum > 0 and not a.attisdropped
         where not exists (select from audit.field_classes f
                            where f.table_name = m.table_name and f.column_name = a.attname)
        union all
        select f.table_name, f.column_name from audit.field_classes f
         where not exists (select from pg_attribute a where a.attrelid = f.table_name::regclass
                              and a.attname = f.column_name and not a.attisdropped)").await;
    assert!(missing.is_empty(), "{missing:#?}");
}
