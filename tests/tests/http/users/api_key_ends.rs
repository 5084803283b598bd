//! How API keys end: revoked, expired, replaced, with their owner.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::api_keys::{advance, key, refused};
use super::world::user;

/// The roles of a key are remembered for a minute, and yet no answer rests on what they were.
#[tokio::test]
async fn a_key_follows_its_owners_roles_at_once() {
    let app = TestApp::new().await;
    let owner = user(Firm::Meridian, 1);
    let grant = |role: &str| {
        format!(
            "insert into users.user_roles (tenant_id, user_id, role_name, effective_from)
             values ('{}', '{owner}', '{role}', '2001-01-01')",
            Firm::Meridian.tenant_id()
        )
    };
    let end = |role: &str| {
        format!(
            "update users.user_roles set effective_to = '2002-01-01', effective_from = '2001-01-01'
              where user_id = '{owner}' and role_name = '{role}'"
        )
    };
    app.execute(&grant("RateFeed")).await;
    let (client, _) = key(&app, &["view-products", "review-access"]).await;
    client.get("/v1/products").await.expect(200);
    // One of two roles ends: what the other allows goes on.
    app.execute(&end("RateFeed")).await;
    client.get("/v1/products").await.expect(200);
    client.get("/v1/users/access-review").await.expect(403);
    // A new one counts at once, with bodies sent whole.
    app.execute(&grant("SystemAdministrator")).await;
    client.get("/v1/users/access-review").await.expect(200);
    app.execute(&end("SystemAdministrator")).await;
    app.execute(&end("ProductAdministrator")).await;
    let answer = client.get("/v1/products").await.expect(403);
    assert_eq!(answer.code(), "permission_denied");
}

#[tokio::test]
async fn a_revoked_key_dies_at_once_and_for_every_function() {
    let app = TestApp::new().await;
    let (client, made) = key(&app, &["view-products"]).await;
    client.get("/v1/products").await.expect(200);
    let path = format!("/v1/api-keys/{}", made["api_key_id"].as_str().unwrap());
    app.admin().delete(&path, "").await.expect(204);
    let answer = client.get("/v1/products").await.expect(401);
    assert_eq!(answer.code(), "session_expired");
    advance(&app, 61).await;
    refused(&client.get("/v1/products").await);
    app.admin().delete(&path, "").await.expect(204);
    let got = app.admin().get(&path).await.expect(200);
    assert_eq!(
        (&got.body["status"], &got.body["revoked_at"], &got.body["revoke_reason"]),
        (&json!("revoked"), &json!("2026-11-21T12:00:00Z"), &json!("revoked"))
    );
    let events = app.sql("select 1 from audit.audit_events where action = 'api_key.revoked'").await;
    assert_eq!(events.len(), 1);
}

#[tokio::test]
async fn an_expired_key_is_refused_from_that_instant_on() {
    let app = TestApp::new().await;
    let body = json!({"name": "Short", "scopes": ["view-products"], "expires_in_days": 1});
    let made = app.admin().post("/v1/api-keys", body).await.expect(201);
    let client = app.with_token(made.body["key"].as_str().unwrap());
    advance(&app, 24 * 3600 - 1).await;
    client.get("/v1/products").await.expect(200);
    advance(&app, 1).await;
    refused(&client.get("/v1/products").await);
}

#[tokio::test]
async fn a_rotated_key_works_on_for_the_overlap() {
    let app = TestApp::new().await;
    let (old, made) = key(&app, &["view-products"]).await;
    let path = format!("/v1/api-keys/{}/rotate", made["api_key_id"].as_str().unwrap());
    let rotated = app.admin().post(&path, json!({"overlap_minutes": 5})).await.expect(201);
    assert_ne!(rotated.body["key"], made["key"]);
    for field in ["name", "scopes", "user_id", "expires_at", "status"] {
        assert_eq!(rotated.body[field], made[field], "{field}");
    }
    let new = app.with_token(rotated.body["key"].as_str().unwrap());
    advance(&app, 299).await;
    old.get("/v1/products").await.expect(200);
    new.get("/v1/products").await.expect(200);
    advance(&app, 1).await;
    refused(&old.get("/v1/products").await);
    new.get("/v1/products").await.expect(200);
    let again = app.admin().post(&path, json!({})).await.expect(409);
    assert_eq!(again.code(), "state_conflict");
    let path = format!("/v1/api-keys/{}/rotate", rotated.body["api_key_id"].as_str().unwrap());
    app.admin().post(&path, json!({"overlap_minutes": 0})).await.expect(201);
    assert_eq!(new.get("/v1/products").await.expect(401).code(), "session_expired");
}

#[tokio::test]
async fn a_key_ends_with_its_owners_access() {
    let app = TestApp::new().await;
    let (client, _) = key(&app, &["view-products"]).await;
    client.get("/v1/products").await.expect(200);
    app.execute("update users.memberships set status = 'suspended' where user_id = '00000000-0000-7000-9000-000000000a01'")
        .await;
    assert_eq!(client.get("/v1/products").await.code(), "account_inactive");
    app.execute(
        "select set_config('app.current_tenant_id', '00000000-0000-7000-8000-00000000000a', false);
         select users.end_access('00000000-0000-7000-8000-00000000000a',
            '00000000-0000-7000-9000-000000000a01', 'deactivated');
         update users.memberships set status = 'active'
          where user_id = '00000000-0000-7000-9000-000000000a01'",
    )
    .await;
    assert_eq!(client.get("/v1/products").await.expect(401).code(), "session_expired");
}

#[tokio::test]
async fn use_is_noted_once_a_minute() {
    let app = TestApp::new().await;
    let (client, made) = key(&app, &["view-products"]).await;
    let path = format!("/v1/api-keys/{}", made["api_key_id"].as_str().unwrap());
    for (wait, noted) in [(0, "12:00:00Z"), (30, "12:00:00Z"), (31, "12:01:01Z")] {
        advance(&app, wait).await;
        client.get("/v1/products").await.expect(200);
        let got = app.admin().get(&path).await.expect(200);
        assert_eq!(got.body["last_used_at"], format!("2026-11-21T{noted}"));
        assert_eq!(got.body["last_used_ip"], "203.0.113.7");
    }
}
