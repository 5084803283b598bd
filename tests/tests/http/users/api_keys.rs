//! API keys: what they do, what they must not, and how they end.

use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, Request, TestApp};

use super::world::{signed_in, user};

pub(super) fn wanted(scopes: &[&str]) -> Value {
    json!({"name": "Rate loader", "scopes": scopes})
}

/// A key of the product administrator of Meridian, made over HTTP.
pub(super) async fn key(app: &TestApp, scopes: &[&str]) -> (Client, Value) {
    let made = app.admin().post("/v1/api-keys", wanted(scopes)).await.expect(201);
    (app.with_token(made.body["key"].as_str().expect("a key")), made.body)
}

pub(super) async fn advance(app: &TestApp, seconds: i64) {
    let now = wealth_core::Clock::now(&*app.clock);
    app.clock.set(now + chrono::TimeDelta::seconds(seconds));
}

pub(super) fn refused(answer: &Answer) {
    assert_eq!((answer.status, answer.code()), (401, "unauthenticated"), "{}", answer.body);
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
}

#[tokio::test]
async fn a_key_is_shown_once_and_then_only_described() {
    let app = TestApp::new().await;
    let (_, made) = key(&app, &["view-products", "feed-rates"]).await;
    let text = made["key"].as_str().unwrap();
    let id = made["api_key_id"].as_str().unwrap();
    let expected = json!({
        "api_key_id": id,
        "user_id": user(Firm::Meridian, 1),
        "name": "Rate loader",
        "prefix": &text[..11],
        "scopes": ["view-products", "feed-rates"],
        "status": "active",
        "created_by": user(Firm::Meridian, 1),
        "created_at": "2026-11-21T12:00:00Z",
        "expires_at": "2027-11-21T12:00:00Z",
        "last_used_at": null,
        "last_used_ip": null,
        "replaced_by": null,
        "revoked_at": null,
        "revoke_reason": null,
    });
    let got = app.admin().get(&format!("/v1/api-keys/{id}")).await.expect(200);
    assert_eq!(got.body, expected);
    let listed = app.admin().get("/v1/api-keys").await.expect(200);
    assert_eq!(listed.body, json!({"items": [expected], "next_cursor": null}));
    let stored = app.sql("select k::text as k from users.api_keys k").await;
    let answers =
        app.sql("select convert_from(body, 'utf8') as b from platform.idempotency_keys").await;
    let audit = app.sql("select e::text as e from audit.audit_events e").await;
    for row in stored.iter().chain(&answers).chain(&audit) {
        assert!(!row.to_string().contains(&text[12..]), "{row}");
        assert!(!row.to_string().contains("key_hash\\\""), "{row}");
    }
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn the_same_request_again_shows_the_same_key() {
    let app = TestApp::new().await;
    let request = Request::new(http::Method::POST, "/v1/api-keys")
        .json(&wanted(&["view-products"]))
        .key("one-intent");
    let first = app.admin().send(request.clone()).await.expect(201);
    let again = app.admin().send(request).await.expect(201);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(app.sql("select 1 from users.api_keys").await.len(), 1);
    let other = Request::new(http::Method::POST, "/v1/api-keys")
        .json(&wanted(&["view-rates"]))
        .key("one-intent");
    let other = app.admin().send(other).await.expect(422);
    assert_eq!(other.code(), "idempotency_mismatch");
}

#[tokio::test]
async fn a_key_does_what_its_scopes_and_its_owners_roles_allow() {
    let app = TestApp::new().await;
    let (client, _) = key(&app, &["view-products", "review-comparisons"]).await;
    client.get("/v1/products").await.expect(200);
    let answer = client.get("/v1/rates").await.expect(403);
    assert_eq!(answer.problem()["detail"], "The scopes of this API key do not let it view rates.");
    // A scope that its owner has no role for gives nothing.
    let (client, _) = key(&app, &["view-rate-changes", "introspect-tokens"]).await;
    client.get("/v1/rate-changes").await.expect(200);
    app.execute(
        "update users.user_roles set effective_to = now() - interval '10 years', effective_from = '2001-01-01'
          where user_id = '00000000-0000-7000-9000-000000000a01'",
    )
    .await;
    let answer = client.get("/v1/rate-changes").await.expect(403);
    assert_eq!(answer.code(), "permission_denied");
}

#[tokio::test]
async fn a_key_manages_no_access() {
    let app = TestApp::new().await;
    let all: Vec<String> = wealth_core::authz::scopes().collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let made = app.system_admin().post("/v1/api-keys", wanted(&all)).await.expect(201);
    let client = app.with_token(made.body["key"].as_str().unwrap());
    let id = made.body["api_key_id"].as_str().unwrap().to_owned();
    let answers = [
        client.get("/v1/users/me").await,
        client.get("/v1/api-keys").await,
        client.get(&format!("/v1/api-keys/{id}")).await,
        client.post("/v1/api-keys", wanted(&["view-products"])).await,
        client.post(&format!("/v1/api-keys/{id}/rotate"), json!({})).await,
        client.delete(&format!("/v1/api-keys/{id}"), "").await,
    ];
    for answer in answers {
        assert_eq!((answer.status, answer.code()), (403, "permission_denied"), "{}", answer.body);
    }
}

#[tokio::test]
async fn keys_belong_to_their_owner_and_administrators_see_them() {
    let app = TestApp::new().await;
    let (_, made) = key(&app, &["view-products"]).await;
    let path = format!("/v1/api-keys/{}", made["api_key_id"].as_str().unwrap());
    let rep = app.sales_rep();
    assert_eq!(rep.get("/v1/api-keys").await.expect(200).body["items"], json!([]));
    for stranger in [rep, app.other_admin()] {
        let rotate = stranger.post(&format!("{path}/rotate"), json!({})).await;
        for answer in [stranger.get(&path).await, rotate, stranger.delete(&path, "").await] {
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{}", answer.body);
        }
    }
    let root = app.system_admin();
    root.get(&path).await.expect(200);
    let filter = format!("/v1/api-keys?user_id={}", user(Firm::Meridian, 1));
    assert_eq!(root.get(&filter).await.expect(200).body["items"].as_array().unwrap().len(), 1);
    // He can end it, but is never given a person's key.
    let answer = root.post(&format!("{path}/rotate"), json!({})).await.expect(403);
    assert_eq!(answer.code(), "permission_denied");
    root.delete(&path, "").await.expect(204);
}

#[tokio::test]
async fn an_administrator_makes_keys_for_services_only() {
    let app = TestApp::new().await;
    let for_user =
        |id: uuid::Uuid| json!({"name": "Loader", "scopes": ["feed-rates"], "user_id": id});
    let answer = app.system_admin().post("/v1/api-keys", for_user(user(Firm::Meridian, 6))).await;
    assert_eq!(answer.expect(422).body["errors"][0]["pointer"], "/user_id");
    let answer = app.system_admin().post("/v1/api-keys", for_user(user(Firm::Harbour, 1))).await;
    let foreign = answer.expect(422).problem();
    let answer = app.system_admin().post("/v1/api-keys", for_user(uuid::Uuid::from_u128(9))).await;
    assert_eq!(answer.expect(422).problem(), foreign);
    let answer = app.admin().post("/v1/api-keys", for_user(user(Firm::Meridian, 6))).await;
    assert_eq!(answer.expect(403).code(), "permission_denied");
    // Without a way to sign in the feed is a service.
    app.execute("delete from users.user_identities where subject = 'feed-a'").await;
    let made = app.system_admin().post("/v1/api-keys", for_user(user(Firm::Meridian, 6))).await;
    let made = made.expect(201).body;
    let feed = app.with_token(made["key"].as_str().unwrap());
    let answer = feed
        .post("/v1/rate-feeds/none/batches", json!({"external_batch_id": "1", "rates": []}))
        .await;
    assert_ne!(answer.status, 403, "{}", answer.body);
    let path = format!("/v1/api-keys/{}/rotate", made["api_key_id"].as_str().unwrap());
    app.system_admin().post(&path, json!({})).await.expect(201);
}

#[tokio::test]
async fn bad_requests_name_the_field() {
    let app = TestApp::new().await;
    let cases = [
        (json!({"name": "", "scopes": ["view-products"]}), "/name"),
        (json!({"name": "x", "scopes": []}), "/scopes"),
        (json!({"name": "x", "scopes": ["view-products", "*"]}), "/scopes/1"),
        (json!({"name": "x", "scopes": ["view products"]}), "/scopes/0"),
        (json!({"name": "x", "scopes": ["view-rates", "view-rates"]}), "/scopes/1"),
        (json!({"name": "x", "scopes": ["view-rates"], "expires_in_days": 0}), "/expires_in_days"),
        (
            json!({"name": "x", "scopes": ["view-rates"], "expires_in_days": 731}),
            "/expires_in_days",
        ),
    ];
    for (body, pointer) in cases {
        let answer = app.admin().post("/v1/api-keys", body.clone()).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer, "{body}");
    }
    let (_, made) = key(&app, &["view-products"]).await;
    let path = format!("/v1/api-keys/{}/rotate", made["api_key_id"].as_str().unwrap());
    let answer = app.admin().post(&path, json!({"overlap_minutes": 10_081})).await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/overlap_minutes");
    let keyless = Request::new(http::Method::POST, "/v1/api-keys").json(&wanted(&["view-rates"]));
    let answer = app.admin().send(keyless).await.expect(400);
    assert_eq!(answer.code(), "idempotency_key_missing");
}

#[tokio::test]
async fn no_other_text_passes_for_a_key() {
    let app = TestApp::new().await;
    let (_, made) = key(&app, &["view-products"]).await;
    let text = made["key"].as_str().unwrap().to_owned();
    let (_, other) = key(&app, &["view-products"]).await;
    let other = other["key"].as_str().unwrap();
    let swap = |at: usize| {
        let new = if &text[at..=at] == "A" { "B" } else { "A" };
        format!("{}{new}{}", &text[..at], &text[at + 1..])
    };
    let mut forged: Vec<String> = (12..text.len()).map(swap).collect();
    forged.extend([
        format!("wk_00000000_{}", &text[12..]),
        format!("{}{}", &text[..55], &other[55..]),
        text.to_uppercase(),
        text.replace("wk_", "Wk_"),
        format!("{text}="),
        "wk_".to_owned(),
        format!("wk_{}", "a".repeat(4096)),
    ]);
    for token in forged {
        refused(&app.with_token(&token).get("/v1/products").await);
    }
    app.with_token(&text).get("/v1/products").await.expect(200);
}

#[tokio::test]
async fn a_session_of_our_own_makes_keys_too_and_an_impersonated_one_none() {
    let app = TestApp::new().await;
    let rep = signed_in(&app, Firm::Meridian, 4).await;
    rep.post("/v1/api-keys", wanted(&["view-products"])).await.expect(201);
    let new = users::tokens::NewSession {
        tenant_id: Firm::Meridian.tenant_id(),
        user_id: user(Firm::Meridian, 4),
        assurance: 1,
        methods: &["pwd"],
        device: None,
        impersonator: Some((user(Firm::Meridian, 3), "support")),
    };
    let visitor = wealth_http::Visitor::for_tests(wealth_core::Clock::now(&*app.clock));
    let opened =
        users::tokens::open(&app.app, &app.services, &visitor, "test", &new).await.unwrap();
    let client = app.with_token(&opened.access_token);
    let answer = client.post("/v1/api-keys", wanted(&["view-products"])).await.expect(403);
    assert_eq!(answer.code(), "permission_denied");
}
