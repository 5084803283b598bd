//! What the tokens of a firm's own issuer tell: which roles their groups give, and who somebody is
//! whom its directory has provisioned.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use testkit::{Firm, TestApp, issuer_keys, signed};
use wealth_core::Clock as _;

use super::world::user;

const OKTA: &str = "https://meridian.okta.example";

/// Lets Meridian trust an Okta of its own, which knows Dot as `okta-dot` and whose group `Leads`
/// gives a role.
async fn scene(app: &TestApp, source: &str) {
    let settings = json!({"issuer": OKTA, "provider": "okta", "audience": ["api://wealth"],
        "jwks": issuer_keys(), "algorithms": ["EdDSA"], "token_types": ["at+jwt"],
        "role_claim": "groups", "role_source": source, "directory_claim": "uid",
        "group_roles": {"Desk": "SalesRepresentative"}});
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "select users.put_identity_provider('{firm}', '{settings}');
         insert into users.user_identities (user_id, provider, issuer, subject)
         values ('{}', 'okta', '{OKTA}', 'okta-dot');
         insert into users.group_role_mappings (tenant_id, provider, group_name, role_name)
         values ('{firm}', 'okta', 'Leads', 'SalesManager')",
        user(Firm::Meridian, 4)
    ))
    .await;
}

fn token(app: &TestApp, subject: &str, uid: &str, groups: &[&str]) -> String {
    let now: chrono::DateTime<Utc> = app.clock.now();
    signed(
        &json!({"iss": OKTA, "aud": "api://wealth", "sub": subject, "uid": uid, "groups": groups,
        "iat": now.timestamp(), "exp": (now + TimeDelta::hours(20)).timestamp()}),
    )
}

fn dots(app: &TestApp, groups: &[&str]) -> String {
    token(app, "okta-dot", "00u-dot", groups)
}

/// The recorded grants: role, group, from and to as minutes after noon.
async fn grants(app: &TestApp) -> Vec<(String, String, i64, Option<i64>)> {
    let rows = app
        .sql(
            "select role_name, okta_group_name as grp, issuer, assigned_by,
                    (extract(epoch from effective_from - '2026-11-21T12:00:00Z') / 60)::int as first,
                    (extract(epoch from effective_to - '2026-11-21T12:00:00Z') / 60)::int as last
               from users.user_roles where origin = 'oidc' order by effective_from, role_name",
        )
        .await;
    rows.iter()
        .map(|row| {
            assert_eq!((&row["issuer"], &row["assigned_by"]), (&json!(OKTA), &json!(OKTA)));
            let text = |name: &str| row[name].as_str().expect(name).to_owned();
            (text("role_name"), text("grp"), row["first"].as_i64().unwrap(), row["last"].as_i64())
        })
        .collect()
}

fn grant(
    role: &str,
    group: &str,
    first: i64,
    last: Option<i64>,
) -> (String, String, i64, Option<i64>) {
    (role.to_owned(), group.to_owned(), first, last)
}

fn later(app: &TestApp, minutes: i64) {
    app.clock.advance(TimeDelta::minutes(minutes));
}

#[tokio::test]
async fn which_roles_somebody_had_by_their_tokens_is_known_afterwards() {
    let app = TestApp::new().await;
    scene(&app, "claims").await;
    let both = app.with_token(&dots(&app, &["Leads", "Desk", "Everyone"]));
    both.get("/v1/users").await.expect(200);
    let (leads, desk) =
        (grant("SalesManager", "Leads", 0, None), grant("SalesRepresentative", "Desk", 0, None));
    assert_eq!(grants(&app).await, [leads, desk.clone()]);
    later(&app, 5);
    app.with_token(&dots(&app, &["Desk"])).get("/v1/products").await.expect(200);
    let leads = grant("SalesManager", "Leads", 0, Some(5));
    assert_eq!(grants(&app).await, [leads.clone(), desk.clone()]);
    // The first token is still good and opens what it says, but tells nothing new: here, and in a
    // process that has not met the second one.
    later(&app, 1);
    both.get("/v1/users").await.expect(200);
    let fresh = wealth_http::App::new(wealth_http::AppParts {
        db: app.app.db.clone(),
        verifier: wealth_http::auth::Verifier::new(
            std::sync::Arc::new(wealth_http::auth::DbIssuers::new(app.app.db.clone(), None)),
            std::sync::Arc::new(wealth_http::auth::HttpsFetcher::new()),
        ),
        clock: std::sync::Arc::clone(&app.app.clock),
        ids: std::sync::Arc::clone(&app.app.ids),
    });
    let (router, _) = wealth_http::build(&fresh, users::router(app.services.clone()));
    let text = signed_at_noon();
    testkit::Client::new(router, Some(text)).get("/v1/users").await.expect(200);
    assert_eq!(grants(&app).await, [leads, desk]);

    let asked = app.system_admin();
    let path = format!("/v1/users/{}/roles?as_of=2026-11-21T12:03:00Z", user(Firm::Meridian, 4));
    let roles = asked.get(&path).await.expect(200).body["items"].take();
    let held: Vec<_> =
        roles.as_array().unwrap().iter().map(|r| (&r["role_name"], &r["origin"])).collect();
    assert!(held.contains(&(&json!("SalesManager"), &json!("oidc"))), "{held:?}");
}

/// A token as Dot had one at noon.
fn signed_at_noon() -> String {
    signed(&json!({"iss": OKTA, "aud": "api://wealth", "sub": "okta-dot", "uid": "00u-dot",
        "groups": ["Leads"], "iat": 1_795_262_400, "exp": 1_795_330_000}))
}

#[tokio::test]
async fn it_costs_a_round_trip_when_there_is_news_and_none_else() {
    let app = TestApp::new().await;
    scene(&app, "claims").await;
    let versions = "select sum(version)::int as n, count(*) as grants from users.user_roles where origin = 'oidc'";
    let client = app.with_token(&dots(&app, &["Leads"]));
    client.get("/v1/users").await.expect(200);
    let kept = app.sql(versions).await;
    // What was kept here is taken for kept: a process that knows asks nobody.
    app.execute("delete from users.user_roles where origin = 'oidc'").await;
    client.get("/v1/users").await.expect(200);
    assert_eq!(grants(&app).await, []);
    later(&app, 15);
    client.get("/v1/users").await.expect(200);
    assert_eq!(app.sql(versions).await, kept);
}

#[tokio::test]
async fn a_recorded_grant_opens_nothing_by_itself() {
    let app = TestApp::new().await;
    scene(&app, "claims").await;
    app.with_token(&dots(&app, &["Leads"])).get("/v1/users").await.expect(200);
    let manager = app.client(Firm::Meridian, "sales-rep", &["SalesManager"]);
    assert_eq!(manager.get("/v1/users").await.code(), "role_revoked");
    let session = super::world::signed_in(&app, Firm::Meridian, 4).await;
    assert_eq!(session.get("/v1/users").await.code(), "permission_denied");
    app.execute(
        "update users.group_role_mappings set role_name = 'SystemAdministrator';
         update users.user_roles set role_name = 'SystemAdministrator' where origin = 'oidc'",
    )
    .await;
    let boss = app.system_admin();
    let own = app.sql("select user_role_id, user_id from users.user_roles where role_name = 'SystemAdministrator'
        and origin = 'manual' and tenant_id::text like '%a'").await;
    for (n, row) in own.iter().enumerate() {
        let text = |name: &str| row[name].as_str().unwrap().to_owned();
        let path = format!("/v1/users/{}/roles/{}", text("user_id"), text("user_role_id"));
        let answer = boss.delete(&path, "*").await;
        if n + 1 == own.len() {
            assert_eq!(answer.expect(409).code(), "last_administrator");
        } else {
            answer.expect(204);
        }
    }
}

#[tokio::test]
async fn what_takes_the_power_of_a_group_ends_the_record() {
    for change in [
        "delete from users.group_role_mappings where group_name = 'Leads'",
        "update users.group_role_mappings set role_name = 'Adviser' where group_name = 'Leads'",
        "trust grants",
        "unlink",
        "distrust",
    ] {
        let app = TestApp::new().await;
        scene(&app, "claims").await;
        app.with_token(&dots(&app, &["Leads"])).get("/v1/users").await.expect(200);
        assert_eq!(grants(&app).await, [grant("SalesManager", "Leads", 0, None)]);
        later(&app, 2);
        let boss = app.system_admin();
        match change {
            "unlink" => {
                let path = format!("/v1/users/{}/identities", user(Firm::Meridian, 4));
                let all = boss.get(&path).await.expect(200).body["items"].take();
                let okta = all.as_array().unwrap().iter().find(|i| i["issuer"] == OKTA).unwrap();
                let path = format!("{path}/{}", okta["identity_id"].as_str().unwrap());
                boss.delete(&path, "").await.expect(204);
            }
            "distrust" | "trust grants" => {
                let all =
                    boss.get("/v1/users/identity-providers").await.expect(200).body["items"].take();
                let okta = all.as_array().unwrap().iter().find(|i| i["issuer"] == OKTA).unwrap();
                let path = format!(
                    "/v1/users/identity-providers/{}",
                    okta["identity_provider_id"].as_str().unwrap()
                );
                if change == "distrust" {
                    boss.delete(&path, "*").await.expect(204);
                } else {
                    let body = json!({"issuer": OKTA, "provider": "okta", "audience": ["api://wealth"],
                        "jwks_uri": "https://meridian.okta.example/keys", "algorithms": ["EdDSA"],
                        "token_types": ["at+jwt"], "role_claim": "groups", "role_source": "grants"});
                    boss.put(&path, body, "*").await.expect(200);
                }
            }
            sql => app.execute(&format!("set app.now = '2026-11-21T12:02:00Z'; {sql}")).await,
        }
        assert_eq!(grants(&app).await, [grant("SalesManager", "Leads", 0, Some(2))], "{change}");
    }
}

#[tokio::test]
async fn where_grants_decide_groups_are_not_recorded() {
    let app = TestApp::new().await;
    scene(&app, "grants").await;
    app.with_token(&dots(&app, &["Desk"])).get("/v1/products").await.expect(200);
    assert_eq!(grants(&app).await, []);
}

/// Provisions somebody under this id in the firm of `client`.
async fn provision(client: &testkit::Client, id: &str, name: &str) -> Value {
    let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name, "externalId": id});
    client.post("/scim/v2/Users", body).await.expect(201).body["id"].take()
}

#[tokio::test]
async fn who_was_provisioned_is_known_by_the_directorys_id() {
    let app = TestApp::new().await;
    scene(&app, "claims").await;
    let first = app.with_token(&token(&app, "ana@firm.example", "00u-ana", &["Desk"]));
    assert_eq!(first.get("/v1/users/me").await.code(), "unknown_identity");
    let ana = provision(&app.system_admin(), "00u-ana", "ana@firm.example").await;
    assert_eq!(first.get("/v1/users/me").await.expect(200).body["user_id"], ana);
    assert_eq!(grants(&app).await, [grant("SalesRepresentative", "Desk", 0, None)]);
    // The same address with another id is another person, and an id without a person is nobody.
    let other = app.with_token(&token(&app, "ana2@firm.example", "00u-else", &["Desk"]));
    assert_eq!(other.get("/v1/users/me").await.code(), "unknown_identity");
    let told = "select actor_label, details ->> 'subject' as subject from audit.audit_events where legacy_action = 'IDENTITY_LINKED'";
    assert_eq!(app.sql(told).await, [json!({"actor_label": OKTA, "subject": "ana@firm.example"})]);
}

#[tokio::test]
async fn nobody_else_is_linked() {
    let app = TestApp::new().await;
    scene(&app, "claims").await;
    // Somebody of another firm, somebody made by hand, one id twice, somebody who has left.
    provision(&app.other_admin(), "00u-b", "b").await;
    let boss = app.system_admin();
    boss.post("/v1/users", json!({"email": "c@firm.example", "external_id": "00u-c"}))
        .await
        .expect(201);
    provision(&boss, "00u-d", "d1").await;
    provision(&boss, "00u-d", "d2").await;
    let gone = provision(&boss, "00u-e", "e").await;
    boss.delete(&format!("/scim/v2/Users/{}", gone.as_str().unwrap()), "").await.expect(204);
    for (subject, uid) in [("b", "00u-b"), ("c", "00u-c"), ("d", "00u-d"), ("e", "00u-e")] {
        let client = app.with_token(&token(&app, subject, uid, &["Desk"]));
        assert_eq!(client.get("/v1/users/me").await.code(), "unknown_identity", "{subject}");
    }
    // An issuer that a second firm trusts too speaks for nobody's people.
    provision(&boss, "00u-f", "f").await;
    app.execute(
        "update users.identity_providers set tenant_claim = 'tenant' where issuer like '%okta%'",
    )
    .await;
    let settings = json!({"issuer": OKTA, "provider": "okta", "audience": ["api://wealth"],
        "jwks": issuer_keys(), "algorithms": ["EdDSA"], "tenant_claim": "tenant"});
    let firm = Firm::Harbour.tenant_id();
    app.execute(&format!("select users.put_identity_provider('{firm}', '{settings}')")).await;
    let now = app.clock.now();
    let shared = signed(&json!({"iss": OKTA, "aud": "api://wealth", "sub": "f", "uid": "00u-f",
        "tenant": Firm::Meridian.tenant_id(), "iat": now.timestamp(), "exp": now.timestamp() + 900}));
    later(&app, 6);
    assert_eq!(app.with_token(&shared).get("/v1/users/me").await.code(), "unknown_identity");
}
