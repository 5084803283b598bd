//! The triggers of a firm's Cognito user pool.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::world::user;

const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ex4mpleP1";
const CLIENT: &str = "4example23456789abcdefghij";
const SUBJECT: &str = "5d7e8f90-1a2b-4c3d-8e4f-5a6b7c8d9e0f";

/// Lets a firm trust the pool for one of its applications.
async fn trust(app: &TestApp, firm: Firm, client: &str, source: &str, tenant_claim: Option<&str>) {
    let settings = json!({"issuer": ISSUER, "provider": "cognito", "audience": [client],
        "jwks": testkit::issuer_keys(), "algorithms": ["EdDSA"], "tenant_claim": tenant_claim,
        "role_claim": "cognito:groups", "role_source": source});
    let firm = firm.tenant_id();
    app.execute(&format!("select users.put_identity_provider('{firm}', '{settings}')")).await;
}

async fn send(app: &TestApp, event: &Value) -> Result<Value, String> {
    let answer = users::on_event(app.app.clone(), event.clone()).await;
    answer.map_err(|problem| problem.summary())
}

/// A recorded event.
fn recorded(name: &str) -> Value {
    testkit::lambda::event(&format!("users/{name}"), &[]).expect("an event")
}

fn confirmed() -> Value {
    recorded("cognito-post-confirmation")
}

/// The people whom the pool knows.
async fn people(app: &TestApp) -> Vec<Value> {
    app.sql(&format!(
        "select m.tenant_id, m.status, m.origin, u.email, u.first_name, u.last_name, u.display_name,
                u.email_verified_at is not null as verified, u.directory_tenant_id = m.tenant_id as own,
                users.roles_held(m.tenant_id, u.user_id, now()) as roles
           from users.user_identities i join users.users u using (user_id) join users.memberships m using (user_id)
          where i.issuer = '{ISSUER}' and i.subject = '{SUBJECT}'"
    ))
    .await
}

/// The event with what a token of version 1 shall say.
fn first(mut event: Value, roles: &[&str]) -> Value {
    event["response"]["claimsOverrideDetails"] = json!({"claimsToAddOrOverride":
        {"tenant_id": Firm::Meridian.tenant_id(), "roles": json!(roles).to_string()}});
    event
}

#[tokio::test]
async fn a_confirmed_sign_up_is_a_person_without_roles_however_often_it_comes() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "grants", None).await;
    let nora = json!({"tenant_id": Firm::Meridian.tenant_id(), "status": "active", "origin": "oidc",
        "email": "nora.quist@firm.example", "first_name": "Nora", "last_name": "Quist",
        "display_name": "Nora Quist", "verified": true, "own": true, "roles": []});
    let (again, forgot) = (confirmed(), recorded("cognito-forgot-password"));
    for event in [&confirmed(), &again, &forgot] {
        assert_eq!(send(&app, event).await.as_ref(), Ok(event));
        assert_eq!(people(&app).await, std::slice::from_ref(&nora));
    }
    // At once, as Cognito asks again when an answer is late.
    let mut other = confirmed();
    other["request"]["userAttributes"]["sub"] = json!("other");
    other["request"]["userAttributes"]["email"] = json!("other@firm.example");
    let answers = futures_util::future::join_all((0..4).map(|_| send(&app, &other))).await;
    assert!(answers.iter().all(|answer| answer.as_ref() == Ok(&other)), "{answers:?}");
    let told = "select legacy_action, actor_label, count(*) as n from audit.audit_events
                 where legacy_action in ('REGISTER', 'IDENTITY_LINKED') group by 1, 2 order by 1";
    let expected = ["IDENTITY_LINKED", "REGISTER"]
        .map(|action| json!({"legacy_action": action, "actor_label": "cognito", "n": 2}));
    assert_eq!(app.sql(told).await, expected);
}

#[tokio::test]
async fn an_address_that_somebody_has_makes_nobody_that_person() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "grants", None).await;
    let taken = json!({"email": "Nora.Quist@firm.example"});
    let made = app.system_admin().post("/v1/users", taken).await.expect(201).body["user_id"].take();
    send(&app, &confirmed()).await.expect("an answer");
    let row = people(&app).await.remove(0);
    assert!(
        row["email"].as_str().is_some_and(|email| email.ends_with("@directory.invalid")),
        "{row}"
    );
    assert_eq!(row["verified"], false);
    let linked =
        format!("select 1 from users.user_identities where user_id = {made}").replace('"', "'");
    assert_eq!(app.sql(&linked).await, [] as [Value; 0]);
}

#[tokio::test]
async fn who_was_provisioned_under_the_pools_id_is_that_person() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "grants", None).await;
    let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "nora",
        "externalId": SUBJECT});
    let made = app.system_admin().post("/scim/v2/Users", body).await.expect(201).body["id"].take();
    send(&app, &confirmed()).await.expect("an answer");
    let linked = format!("select user_id from users.user_identities where subject = '{SUBJECT}'");
    assert_eq!(app.sql(&linked).await, [json!({ "user_id": made })]);
}

#[tokio::test]
async fn a_token_says_the_firm_and_what_was_granted_here() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "grants", None).await;
    let event = recorded("cognito-token-v1");
    // Nobody here: the token says nothing of us.
    assert_eq!(send(&app, &event).await.as_ref(), Ok(&event));
    send(&app, &confirmed()).await.expect("an answer");
    assert_eq!(send(&app, &event).await, Ok(first(event.clone(), &[])));
    app.execute(&format!(
        "insert into users.user_roles (tenant_id, user_id, role_name, effective_from, effective_to)
         select '{}', user_id, r.role, '2026-01-01', r.until from users.user_identities,
            (values ('SalesManager', null::timestamptz), ('Adviser', '2026-11-21T12:00:00Z')) r (role, until)
          where subject = '{SUBJECT}'",
        Firm::Meridian.tenant_id()
    ))
    .await;
    assert_eq!(send(&app, &event).await, Ok(first(event.clone(), &["SalesManager"])));
    let second = recorded("cognito-token-v2");
    let claims = json!({"claimsToAddOrOverride":
        {"tenant_id": Firm::Meridian.tenant_id(), "roles": ["SalesManager"]}});
    let mut expected = second.clone();
    expected["response"]["claimsAndScopeOverrideDetails"] =
        json!({"idTokenGeneration": claims, "accessTokenGeneration": claims});
    assert_eq!(send(&app, &second).await, Ok(expected));
    // Signing in is noted, renewing is not.
    let told = "select outcome, count(*) as n from audit.audit_events where legacy_action = 'LOGIN' group by 1";
    assert_eq!(app.sql(told).await, [json!({"outcome": "success", "n": 2})]);
}

#[tokio::test]
async fn where_groups_decide_the_mapping_says_which_role() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "claims", None).await;
    for (provider, group, role) in [
        ("cognito", "Leads", "SalesManager"),
        ("okta", "Everyone", "SystemAdministrator"),
        ("cognito", "leads", "ProductAdministrator"),
    ] {
        let mapping = json!({"provider": provider, "group_name": group, "role_name": role});
        app.system_admin().post("/v1/users/group-role-mappings", mapping).await.expect(201);
    }
    send(&app, &confirmed()).await.expect("an answer");
    let event = recorded("cognito-token-v1");
    assert_eq!(send(&app, &event).await, Ok(first(event.clone(), &["SalesManager"])));
    let mut none = event.clone();
    none["request"]["groupConfiguration"]["groupsToOverride"] = json!(null);
    assert_eq!(send(&app, &none).await, Ok(first(none, &[])));
}

#[tokio::test]
async fn whoever_is_not_active_gets_no_token() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "grants", None).await;
    send(&app, &confirmed()).await.expect("an answer");
    let event = recorded("cognito-token-v1");
    for status in ["suspended", "ended"] {
        app.execute(&format!(
            "update users.memberships set status = '{status}' where origin = 'oidc'"
        ))
        .await;
        let refused = send(&app, &event).await;
        assert_eq!(
            refused,
            Err("This account is not active.; This account is not active.".to_owned())
        );
        // A new password opens nothing.
        send(&app, &recorded("cognito-forgot-password")).await.expect("an answer");
        assert_eq!(people(&app).await[0]["status"], status);
    }
    let denied = "select outcome, reason, count(*) as n from audit.audit_events where legacy_action = 'LOGIN' group by 1, 2";
    let expected = json!({"outcome": "denied", "reason": "account_inactive", "n": 2});
    assert_eq!(app.sql(denied).await, [expected]);
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "update users.memberships set status = 'active' where origin = 'oidc';
        update tenants.tenants set status = 'suspended' where tenant_id = '{firm}'"
    ))
    .await;
    assert!(send(&app, &event).await.is_err_and(|text| text.contains("not active")));
    assert!(send(&app, &confirmed()).await.is_err_and(|text| text.contains("not active")));
}

#[tokio::test]
async fn a_pool_acts_for_the_firms_that_trust_it_and_for_nobody_else() {
    let app = TestApp::new().await;
    let (token, confirm) = (recorded("cognito-token-v1"), confirmed());
    for event in [&token, &confirm] {
        assert!(send(&app, event).await.is_err_and(|text| text.contains("No firm")), "no pool");
    }
    // An issuer of that address which is no Cognito is none.
    trust(&app, Firm::Harbour, CLIENT, "grants", None).await;
    app.execute("update users.identity_providers set provider = 'oidc' where provider = 'cognito'")
        .await;
    assert!(send(&app, &confirm).await.is_err());
    app.execute(&format!("delete from users.identity_providers where issuer = '{ISSUER}'")).await;

    // Two firms share it, and the application tells whose sign-in it is.
    trust(&app, Firm::Harbour, "harbour-client", "grants", Some("tenant_id")).await;
    trust(&app, Firm::Meridian, CLIENT, "grants", Some("tenant_id")).await;
    send(&app, &confirm).await.expect("an answer");
    assert_eq!(people(&app).await[0]["tenant_id"], json!(Firm::Meridian.tenant_id()));
    let mut other = token.clone();
    other["callerContext"]["clientId"] = json!("harbour-client");
    // Meridian's person is nobody at Harbour, and becomes nobody there.
    assert_eq!(send(&app, &other).await.as_ref(), Ok(&other));
    let mut confirm_there = confirm.clone();
    confirm_there["callerContext"]["clientId"] = json!("harbour-client");
    assert_eq!(send(&app, &confirm_there).await.as_ref(), Ok(&confirm_there));
    assert_eq!(people(&app).await.len(), 1);
    let mut nobody = token.clone();
    nobody["callerContext"]["clientId"] = json!("CLIENT_ID_NOT_APPLICABLE");
    assert!(send(&app, &nobody).await.is_err(), "two firms, and no telling which");
    assert_eq!(send(&app, &token).await, Ok(first(token, &[])));
}

#[tokio::test]
async fn an_application_that_is_not_ours_gets_nothing_of_ours() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "grants", None).await;
    send(&app, &confirmed()).await.expect("an answer");
    let mut event = recorded("cognito-token-v1");
    event["callerContext"]["clientId"] = json!("another-application");
    assert_eq!(send(&app, &event).await.as_ref(), Ok(&event));
    let mut machine = recorded("cognito-token-v2");
    machine["triggerSource"] = json!("TokenGeneration_ClientCredentials");
    machine["request"] = json!({"userAttributes": null, "scopes": []});
    assert_eq!(send(&app, &machine).await.as_ref(), Ok(&machine));
}

#[tokio::test]
async fn what_is_no_such_trigger_is_refused_with_the_place_of_it() {
    let app = TestApp::new().await;
    trust(&app, Firm::Meridian, CLIENT, "grants", None).await;
    let refused = async |change: fn(&mut Value), place: &str| {
        let mut event = recorded("cognito-token-v1");
        change(&mut event);
        let text = send(&app, &event).await.expect_err(place);
        assert!(text.contains(place), "{place}: {text}");
    };
    refused(|event| event["triggerSource"] = json!("PreSignUp_SignUp"), "/triggerSource").await;
    refused(|event| event["triggerSource"] = json!(1), "/triggerSource").await;
    refused(|event| event["userPoolId"] = json!("us-east-1.evil.example/_x"), "/userPoolId").await;
    refused(|event| event["userPoolId"] = json!("none"), "/userPoolId").await;
    refused(|event| event["request"]["userAttributes"] = json!({}), "/userAttributes/sub").await;
    refused(|event| event["response"] = json!(null), "/response").await;
    let (dot, firm) = (user(Firm::Meridian, 4), Firm::Harbour.tenant_id());
    let moved =
        format!("select 1 from users.memberships where user_id = '{dot}' and tenant_id = '{firm}'");
    assert_eq!(app.sql(&moved).await, [] as [Value; 0]);
}
