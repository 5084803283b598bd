//! Tokens that are revoked by whoever holds them, and what is said of those in force.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::tokens::{USER, denied, form, renew};
use super::world::{session, user};

#[tokio::test]
async fn a_token_is_revoked_by_whoever_holds_it() {
    let app = TestApp::new().await;
    let made =
        app.admin().post("/v1/api-keys", json!({"name": "k", "scopes": ["view-products"]})).await;
    let key = made.expect(201).body["key"].as_str().unwrap().to_owned();
    let one = session(&app, Firm::Meridian, 4).await;
    let two = session(&app, Firm::Meridian, 4).await;
    let tokens = [one.refresh_token.clone().unwrap(), two.access_token.clone(), key.clone()];
    let noise = ["x".to_owned(), app.token(Firm::Meridian, "admin", &[]), format!("{key}A")];
    for token in noise.iter().chain(&tokens).chain(&tokens) {
        let answer = app.anonymous().send(form("/v1/auth/revoke", &format!("token={token}"))).await;
        assert_eq!((answer.status, answer.bytes.as_slice()), (200, &b""[..]), "{token}");
    }
    for token in [&one.access_token, &two.access_token] {
        assert_eq!(app.with_token(token).get("/v1/users/me").await.code(), "session_expired");
    }
    denied(&renew(&app, two.refresh_token.as_deref().unwrap()).await, 401, "session_expired");
    assert_eq!(app.with_token(&key).get("/v1/products").await.status, 401);
    app.admin().get("/v1/products").await.expect(200);
    let events = app.sql("select action from audit.audit_events where action in ('session.closed', 'api_key.revoked')").await;
    assert_eq!(events.len(), 3, "each once");
}

#[tokio::test]
async fn introspection_tells_of_the_firms_own_tokens_only() {
    let app = TestApp::new().await;
    let root = app.system_admin();
    let ask = async |token: &str| {
        root.send(form("/v1/auth/introspect", &format!("token={token}"))).await.expect(200).body
    };
    let own = session(&app, Firm::Meridian, 4).await;
    let told = ask(&own.access_token).await;
    let expected = json!({
        "active": true, "client_id": "wealth", "username": "sales-rep@a.test", "token_type": "Bearer",
        "exp": 1_795_263_300, "sub": user(Firm::Meridian, 4), "iss": testkit::ISSUER,
        "tenant_id": Firm::Meridian.tenant_id(), "sid": own.session_id, "jti": told["jti"],
        "roles": ["SalesRepresentative"], "acr": "aal1", "amr": ["pwd"], "auth_time": 1_795_262_400,
    });
    assert_eq!(told, expected);
    let refresh = own.refresh_token.clone().unwrap();
    let told = ask(&refresh).await;
    assert_eq!((&told["active"], &told["token_type"]), (&json!(true), &json!("refresh_token")));
    let made = app
        .admin()
        .post("/v1/api-keys", json!({"name": "k", "scopes": ["view-products", "feed-rates"]}))
        .await;
    let key = made.expect(201).body["key"].as_str().unwrap().to_owned();
    let told = ask(&key).await;
    assert_eq!(
        (&told["active"], &told["scope"]),
        (&json!(true), &json!("view-products feed-rates"))
    );
    let foreign = session(&app, Firm::Harbour, 4).await;
    let made = app
        .other_admin()
        .post("/v1/api-keys", json!({"name": "k", "scopes": ["view-products"]}))
        .await;
    let foreign_key = made.expect(201).body["key"].as_str().unwrap().to_owned();
    renew(&app, &refresh).await.expect(200);
    let inactive = json!({"active": false});
    for token in [
        "x",
        &foreign.access_token,
        foreign.refresh_token.as_deref().unwrap(),
        &foreign_key,
        &refresh,
        &app.token(Firm::Meridian, "admin", &["ProductAdministrator"]),
    ] {
        assert_eq!(ask(token).await, inactive, "{token}");
    }
    app.execute(&format!("update users.users set is_active = false where user_id = '{USER}'"))
        .await;
    assert_eq!(ask(&own.access_token).await, inactive);
    let body = "token=x";
    assert_eq!(
        app.admin().send(form("/v1/auth/introspect", body)).await.expect(403).code(),
        "permission_denied"
    );
    assert_eq!(app.anonymous().send(form("/v1/auth/introspect", body)).await.status, 401);
    let scopes = json!({"name": "gateway", "scopes": ["introspect-tokens"]});
    let made = root.post("/v1/api-keys", scopes).await.expect(201);
    let gateway = app.with_token(made.body["key"].as_str().unwrap());
    gateway.send(form("/v1/auth/introspect", body)).await.expect(200);
}
