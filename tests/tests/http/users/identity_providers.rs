//! The issuers that a firm trusts.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};
use uuid::Uuid;

use super::world::user;

const LIST: &str = "/v1/users/identity-providers";

fn path(number: u128) -> String {
    format!("{LIST}/{}", Uuid::from_u128(number))
}

fn okta() -> Value {
    json!({"issuer": "https://firm.okta.com/oauth2/default", "provider": "okta",
        "audience": ["api://wealth"], "jwks_uri": "https://firm.okta.com/oauth2/default/v1/keys",
        "algorithms": ["RS256"], "token_types": ["at+jwt"], "tenant_claim": "tenant_id",
        "role_claim": "groups", "role_source": "claims", "group_roles": {"Sales": "SalesManager"},
        "directory_claim": "uid"})
}

fn with(name: &str, value: Value) -> Value {
    let mut body = okta();
    body[name] = value;
    body
}

/// One's own, without the issuer of the tests' tokens.
async fn listed(client: &testkit::Client) -> Vec<Value> {
    let all = client.get(LIST).await.expect(200).body["items"].take();
    let Value::Array(all) = all else { panic!("no items") };
    all.into_iter().filter(|item| item["provider"] != "local").collect()
}

#[tokio::test]
async fn a_firm_trusts_an_issuer_changes_how_and_trusts_it_no_more() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let made = boss.put(&path(1), okta(), "\"0\"").await.expect(200);
    let mut expected = okta();
    expected["identity_provider_id"] = json!(Uuid::from_u128(1));
    expected["updated_at"] = made.body["updated_at"].clone();
    expected["version"] = json!(1);
    assert_eq!((made.etag(), &made.body), ("\"1\"".to_owned(), &expected));
    assert_eq!(listed(&boss).await, [expected]);
    assert_eq!(listed(&app.other_admin()).await, Vec::<Value>::new());

    let changed = boss.put(&path(1), with("group_roles", json!({})), "\"1\"").await.expect(200);
    assert_eq!((changed.etag(), &changed.body["group_roles"]), ("\"2\"".to_owned(), &json!({})));
    boss.put(&path(1), okta(), "\"1\"").await.expect(412);
    let twice = boss.put(&path(2), okta(), "\"0\"").await.expect(409);
    assert_eq!(twice.code(), "duplicate");
    let moved = with("issuer", json!("https://other.okta.com"));
    let answer = boss.put(&path(1), moved, "*").await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/issuer");

    app.other_admin().delete(&path(1), "*").await.expect(204);
    boss.delete(&path(1), "\"1\"").await.expect(412);
    boss.delete(&path(1), "\"2\"").await.expect(204);
    boss.delete(&path(1), "*").await.expect(204);
    assert_eq!(listed(&boss).await, Vec::<Value>::new());
    let trail = app
        .sql(
            "select action, actor_id from audit.audit_events
               where resource_type = 'identity_providers' and actor_id is not null
               order by recorded_at, event_id",
        )
        .await;
    let boss = user(Firm::Meridian, 3);
    let row = |action: &str| json!({"action": action, "actor_id": boss});
    let rows = ["inserted", "updated", "deleted"].map(|what| format!("identity_providers.{what}"));
    assert_eq!(trail, rows.map(|action| row(&action)));
}

#[tokio::test]
async fn the_issuer_of_ones_own_token_stays() {
    let app = TestApp::new().await;
    let all = app.system_admin().get(LIST).await.expect(200);
    let own = all.body["items"][0]["identity_provider_id"].as_str().expect("an id");
    let answer = app.system_admin().delete(&format!("{LIST}/{own}"), "*").await.expect(409);
    assert_eq!(answer.code(), "state_conflict");
}

#[tokio::test]
async fn what_cannot_be_trusted_is_named() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    for (name, value, pointer) in [
        ("issuer", json!("http://firm.okta.com"), "/issuer"),
        ("issuer", json!(testkit::ISSUER), "/issuer"),
        ("jwks_uri", json!("https://169.254.169.254/keys"), "/jwks_uri"),
        ("jwks_uri", json!("https://localhost/keys"), "/jwks_uri"),
        ("provider", json!("local"), "/provider"),
        ("audience", json!([]), "/audience"),
        ("audience", json!([" x"]), "/audience/0"),
        ("algorithms", json!(["none"]), "/algorithms/0"),
        ("token_types", json!(["id+jwt"]), "/token_types"),
        ("group_roles", json!({"Sales": "Nobody"}), "/group_roles"),
        ("jwks", json!({}), "/jwks"),
    ] {
        let answer = boss.put(&path(1), with(name, value), "*").await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer);
    }
    app.admin().put(&path(1), okta(), "*").await.expect(403);
    app.sales_rep().get(LIST).await.expect(403);
}

/// The firms whose tokens an issuer's tokens can be.
async fn effective(app: &TestApp) -> Vec<Value> {
    let query = "select tenant_id from users.find_issuer('https://firm.okta.com/oauth2/default')";
    app.sql(query).await.into_iter().map(|mut row| row["tenant_id"].take()).collect()
}

#[tokio::test]
async fn firms_that_trust_one_issuer_are_told_nothing_of_each_other() {
    let app = TestApp::new().await;
    let (ours, theirs) = (app.system_admin(), app.other_admin());
    let [meridian, harbour] = [Firm::Meridian, Firm::Harbour].map(|firm| json!(firm.tenant_id()));
    let plain = with("tenant_claim", Value::Null);
    let said = |mut body: Value, id: u128| {
        assert_eq!(body["identity_provider_id"].take(), json!(Uuid::from_u128(id)));
        body["updated_at"].take();
        body
    };
    let first = ours.put(&path(1), plain.clone(), "\"0\"").await.expect(200);
    let second = theirs.put(&path(2), plain.clone(), "\"0\"").await.expect(200);
    assert_eq!(said(second.body, 2), said(first.body, 1));
    // Without a claim the tokens are those of who was there first, and nobody can take them over.
    assert_eq!(effective(&app).await, std::slice::from_ref(&meridian));
    theirs.put(&path(2), okta(), "*").await.expect(200);
    assert_eq!(effective(&app).await, std::slice::from_ref(&meridian));
    // With a claim on both sides they are told apart.
    ours.put(&path(1), okta(), "*").await.expect(200);
    assert_eq!(effective(&app).await, [meridian.clone(), harbour.clone()]);
    // Who gives the claim up comes after who is there by then.
    ours.put(&path(1), plain, "*").await.expect(200);
    assert_eq!(effective(&app).await, [harbour]);
    theirs.delete(&path(2), "*").await.expect(204);
    assert_eq!(effective(&app).await, [meridian]);
}
