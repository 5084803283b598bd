//! Sign-ins of several issuers that lead to one person.

use serde_json::{Value, json};
use testkit::{Client, Firm, TestApp, issuer_keys, signed};

use super::world::user;

const OKTA: &str = "https://meridian.okta.example";
const POOL: &str = "https://pool.cognito.example";

/// Lets a firm trust an issuer; with a tenant claim other firms may trust it too.
async fn trust(app: &TestApp, firm: Firm, issuer: &str, tenant_claim: Option<&str>) {
    let settings = json!({"issuer": issuer, "provider": "okta", "audience": ["api://wealth"],
        "jwks": issuer_keys(), "algorithms": ["EdDSA"], "token_types": ["at+jwt"],
        "tenant_claim": tenant_claim, "role_source": "grants"});
    let firm = firm.tenant_id();
    app.execute(&format!("select users.put_identity_provider('{firm}', '{settings}')")).await;
}

fn token(issuer: &str, subject: &str, firm: Firm) -> String {
    signed(&json!({"iss": issuer, "aud": "api://wealth", "sub": subject, "iat": 1_795_262_400,
        "exp": 1_795_263_300, "tenant": firm.tenant_id()}))
}

async fn person(client: &Client, email: &str) -> String {
    let made = client.post("/v1/users", json!({ "email": email })).await.expect(201);
    format!("/v1/users/{}/identities", made.body["user_id"].as_str().unwrap())
}

fn sign_in(issuer: &str, subject: &str) -> Value {
    json!({"issuer": issuer, "subject": subject})
}

#[tokio::test]
async fn a_linked_sign_in_leads_to_its_person_until_it_is_taken_away() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, OKTA, None).await;
    let admin = app.system_admin();
    let path = person(&admin, "ana@firm.example").await;
    let ana = app.with_token(&token(OKTA, "okta-ana", Firm::Meridian));
    assert_eq!(ana.get("/v1/users/me").await.code(), "unknown_identity");
    let made = admin.post(&path, sign_in(OKTA, "okta-ana")).await.expect(201).body;
    let expected = json!({"identity_id": made["identity_id"], "user_id": made["user_id"],
        "provider": "okta", "issuer": OKTA, "subject": "okta-ana", "created_at": made["created_at"]});
    assert_eq!(made, expected);
    assert_eq!(
        admin.get(&path).await.expect(200).body,
        json!({"items": [expected], "next_cursor": null})
    );
    assert_eq!(ana.get("/v1/users/me").await.expect(200).body["email"], "ana@firm.example");
    let other = person(&admin, "bob@firm.example").await;
    let taken = admin.post(&other, sign_in(OKTA, "okta-ana")).await;
    assert_eq!((taken.status, taken.code()), (409, "state_conflict"));
    let twice = admin.post(&path, sign_in(OKTA, "okta-ana")).await;
    assert_eq!((twice.status, twice.code()), (409, "duplicate"));
    let one = format!("{path}/{}", made["identity_id"].as_str().unwrap());
    assert_eq!(app.other_admin().delete(&one, "").await.status, 404);
    admin.delete(&one, "").await.expect(204);
    assert_eq!(ana.get("/v1/users/me").await.code(), "unknown_identity");
}

#[tokio::test]
async fn a_firm_speaks_for_its_own_issuers_and_people_only() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, OKTA, None).await;
    for firm in [Firm::Meridian, Firm::Harbour] {
        trust(&app, firm, POOL, Some("tenant")).await;
    }
    let admin = app.system_admin();
    let path = person(&admin, "ana@firm.example").await;
    for issuer in [POOL, "https://nobody.example"] {
        let answer = admin.post(&path, sign_in(issuer, "x")).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], "/issuer", "{issuer}");
    }
    let platform = format!("/v1/users/{}/identities", user(Firm::Meridian, 4));
    assert_eq!(
        admin.post(&platform, sign_in(OKTA, "x")).await.expect(409).code(),
        "state_conflict"
    );
    // What other firms know of a person of the platform is not shown.
    app.execute(&format!(
        "insert into users.user_identities (user_id, provider, issuer, subject)
         values ('{}', 'okta', 'https://harbour.okta.example', 'elsewhere')",
        user(Firm::Meridian, 4)
    ))
    .await;
    let shown = admin.get(&platform).await.expect(200).body;
    let issuers: Vec<_> = shown["items"].as_array().unwrap().iter().map(|i| &i["issuer"]).collect();
    assert_eq!(issuers, ["https://local.wealth.invalid"]);
}

#[tokio::test]
async fn whoever_shows_both_tokens_links_them() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, POOL, Some("tenant")).await;
    let me = app.sales_rep();
    let second = json!({"token": token(POOL, "pool-dot", Firm::Meridian)});
    let linked = me.post("/v1/users/me/identities", second.clone()).await.expect(200).body;
    assert_eq!((&linked["issuer"], &linked["subject"]), (&json!(POOL), &json!("pool-dot")));
    assert_eq!(me.post("/v1/users/me/identities", second.clone()).await.expect(200).body, linked);
    let by_pool = app.with_token(second["token"].as_str().unwrap());
    assert_eq!(by_pool.get("/v1/users/me").await.expect(200).body["email"], "sales-rep@a.test");
    let thief = app.sales_manager().post("/v1/users/me/identities", second).await;
    assert_eq!((thief.status, thief.code()), (409, "state_conflict"));
    trust(&app, Firm::Harbour, POOL, Some("tenant")).await;
    let own = super::world::session(&app, Firm::Meridian, 4).await.access_token;
    for bad in [token(POOL, "x", Firm::Harbour), own, "x".to_owned(), String::new()] {
        let answer = me.post("/v1/users/me/identities", json!({ "token": bad })).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], "/token");
    }
}

#[tokio::test]
async fn the_last_way_in_of_an_administrator_stays() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, OKTA, None).await;
    let admin = app.system_admin();
    let path = person(&admin, "ana@firm.example").await;
    let made = admin.post(&path, sign_in(OKTA, "okta-ana")).await.expect(201).body;
    let roles = path.replace("/identities", "/roles");
    admin.post(&roles, json!({"role_name": "SystemAdministrator"})).await.expect(201);
    let one = format!("{path}/{}", made["identity_id"].as_str().unwrap());
    assert_eq!(admin.delete(&one, "").await.expect(409).code(), "last_administrator");
    admin.post(&path, sign_in(OKTA, "okta-ana-2")).await.expect(201);
    admin.delete(&one, "").await.expect(204);
}
