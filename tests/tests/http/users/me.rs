//! A token of the platform's own issuer, from its keys to the person behind it.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::world::{session, user};

#[tokio::test]
async fn a_token_of_our_own_leads_to_its_person() {
    let app = TestApp::new().await;
    let opened = session(&app, Firm::Meridian, 3).await;
    let answer = app.with_token(&opened.access_token).get("/v1/users/me").await.expect(200);
    let expected = json!({
        "user_id": user(Firm::Meridian, 3),
        "tenant_id": Firm::Meridian.tenant_id(),
        "tenant_name": "Meridian Advisory",
        "email": "system-admin@a.test",
        "first_name": "Cyd",
        "last_name": "system-admin",
        "display_name": "Cyd system-admin",
        "is_verified": false,
        "last_login": "2026-11-21T12:00:00Z",
        "roles": ["SystemAdministrator"],
        "session_id": opened.session_id,
    });
    assert_eq!(answer.body, expected);
}

/// Whatever the token itself says of its end.
#[tokio::test]
async fn no_token_outlives_the_absolute_limit_of_its_session() {
    let app = TestApp::new().await;
    let client = app.with_token(&session(&app, Firm::Meridian, 4).await.access_token);
    app.execute("update users.user_sessions set absolute_expires_at = '2026-11-21T12:00:01Z'")
        .await;
    client.get("/v1/users/me").await.expect(200);
    app.clock.advance(chrono::TimeDelta::seconds(1));
    assert_eq!(client.get("/v1/users/me").await.expect(401).code(), "session_expired");
}

#[tokio::test]
async fn a_token_of_our_own_works_in_its_tenant_only() {
    let app = TestApp::new().await;
    let opened = session(&app, Firm::Harbour, 4).await;
    let me = app.with_token(&opened.access_token).get("/v1/users/me").await.expect(200);
    assert_eq!(me.body["tenant_name"], "Harbour Wealth");
    let products = app.with_token(&opened.access_token).get("/v1/products").await.expect(200);
    assert_eq!(products.body["items"], json!([]));
}

#[tokio::test]
async fn a_session_that_was_ended_ends_its_token_at_once() {
    let app = TestApp::new().await;
    let opened = session(&app, Firm::Meridian, 4).await;
    let client = app.with_token(&opened.access_token);
    client.get("/v1/products").await.expect(200);
    app.execute(&format!(
        "update users.user_sessions set revoked_at = now() where session_id = '{}'",
        opened.session_id
    ))
    .await;
    let answer = client.get("/v1/products").await.expect(401);
    assert_eq!(answer.code(), "session_expired");
}

#[tokio::test]
async fn the_issuer_describes_itself_and_shows_public_keys_only() {
    let app = TestApp::new().await;
    let anyone = app.anonymous();
    let found = anyone.get("/.well-known/openid-configuration").await.expect(200);
    assert_eq!(found.body["issuer"], testkit::ISSUER);
    assert_eq!(found.body["jwks_uri"], format!("{}/.well-known/jwks.json", testkit::ISSUER));
    let keys = anyone.get("/.well-known/jwks.json").await.expect(200);
    let keys = keys.body["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 2, "the key that signs and the one that will");
    for key in keys {
        assert_eq!((&key["kty"], &key["alg"]), (&json!("OKP"), &json!("EdDSA")));
        assert!(key.get("d").is_none());
    }
}
