//! Groups of a directory that give roles.

use serde_json::{Value, json};
use testkit::{Firm, TestApp, issuer_keys, signed};

use super::world::user;

const OKTA: &str = "https://meridian.okta.example";

/// Lets Meridian trust an Okta of its own, which knows Dot as `okta-dot`.
async fn trust_okta(app: &TestApp) {
    let settings = json!({"issuer": OKTA, "provider": "okta", "audience": ["api://wealth"],
        "jwks": issuer_keys(), "algorithms": ["EdDSA"], "token_types": ["at+jwt"],
        "role_claim": "groups", "role_source": "claims", "group_roles": {"Old": "SalesRepresentative"}});
    app.execute(&format!(
        "select users.put_identity_provider('{}', '{settings}');
         insert into users.user_identities (user_id, provider, issuer, subject)
         values ('{}', 'okta', '{OKTA}', 'okta-dot')",
        Firm::Meridian.tenant_id(),
        user(Firm::Meridian, 4)
    ))
    .await;
}

fn token(groups: &[&str]) -> String {
    signed(&json!({"iss": OKTA, "aud": "api://wealth", "sub": "okta-dot", "groups": groups,
        "iat": 1_795_262_400, "exp": 1_795_263_300}))
}

async fn map(app: &TestApp, provider: &str, group: &str, role: &str) -> Value {
    let mapping = json!({"provider": provider, "group_name": group, "role_name": role});
    app.system_admin().post("/v1/users/group-role-mappings", mapping).await.expect(201).body
}

#[tokio::test]
async fn a_group_that_a_token_names_gives_its_roles() {
    let app = TestApp::new().await;
    trust_okta(&app).await;
    map(&app, "okta", "Leads", "SalesManager").await;
    map(&app, "okta", "Leads", "SalesRepresentative").await;
    map(&app, "cognito", "Others", "ProductAdministrator").await;
    let leads = app.with_token(&token(&["Leads", "Everyone"]));
    leads.get("/v1/users").await.expect(200);
    app.with_token(&token(&["Old"])).get("/v1/products").await.expect(200);
    for nothing in [&["leads"][..], &["Others"], &["SalesManager"], &[]] {
        let answer = app.with_token(&token(nothing)).get("/v1/products").await;
        assert_eq!((answer.status, answer.code()), (403, "permission_denied"), "{nothing:?}");
    }
}

#[tokio::test]
async fn mappings_are_listed_once_each_and_taken_away() {
    let app = TestApp::new().await;
    let admin = app.system_admin();
    let made = map(&app, "okta", "Leads", "SalesManager").await;
    let expected = json!({"mapping_id": made["mapping_id"], "provider": "okta",
        "group_name": "Leads", "role_name": "SalesManager", "created_at": made["created_at"],
        "created_by": "Cyd system-admin", "version": 1});
    assert_eq!(made, expected);
    let list = admin.get("/v1/users/group-role-mappings").await.expect(200).body;
    assert_eq!(list, json!({"items": [expected], "next_cursor": null}));
    let path = "/v1/users/group-role-mappings";
    let same = json!({"provider": "okta", "group_name": "LEADS", "role_name": "SalesManager"});
    assert_eq!(admin.post(path, same).await.expect(409).code(), "duplicate");
    let unknown = json!({"provider": "okta", "group_name": "Leads", "role_name": "Emperor"});
    assert_eq!(admin.post(path, unknown).await.expect(422).code(), "validation_failed");
    let one = format!("{path}/{}", made["mapping_id"].as_str().unwrap());
    assert_eq!(app.other_admin().delete(&one, "*").await.status, 404);
    admin.delete(&one, "\"1\"").await.expect(204);
    assert_eq!(admin.get(path).await.expect(200).body["items"], json!([]));
    assert_eq!(admin.delete(&one, "*").await.status, 404);
}

#[tokio::test]
async fn a_mapping_reaches_the_members_of_a_provisioned_group_at_once() {
    let app = TestApp::new().await;
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "insert into users.groups (tenant_id, group_id, display_name) values ('{firm}', '{firm}', 'Leads');
         insert into users.group_members (tenant_id, group_id, user_id) values ('{firm}', '{firm}', '{}')",
        user(Firm::Meridian, 4)
    ))
    .await;
    let manager = app.client(Firm::Meridian, "sales-rep", &["SalesManager"]);
    assert_eq!(manager.get("/v1/users").await.code(), "role_revoked");
    let made = map(&app, "scim", "leads", "SalesManager").await;
    manager.get("/v1/users").await.expect(200);
    let one = format!("/v1/users/group-role-mappings/{}", made["mapping_id"].as_str().unwrap());
    app.system_admin().delete(&one, "*").await.expect(204);
    assert_eq!(manager.get("/v1/users").await.code(), "role_revoked");
}
