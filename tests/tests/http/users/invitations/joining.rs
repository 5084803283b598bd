//! Accepting with the account one is signed in with.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::super::local::{PASSWORD, events, person, token};
use super::{GUEST, accept, accept_own, invited, manager, sign_in, spent, standing};

/// Somebody of Harbour with an account of the platform, signed in there, and an invitation to
/// Meridian.
async fn scene() -> (TestApp, testkit::Client, String) {
    let app = TestApp::new().await;
    let hash = super::super::local::hash(&app, PASSWORD).await;
    let id = person(&app, GUEST, &[Firm::Harbour], &hash).await;
    let (_, link) = invited(&app).await;
    let opened = app.open_session(Firm::Harbour, id, 1).await;
    let client = app.with_token(&opened.access_token);
    (app, client, link)
}

#[tokio::test]
async fn somebody_works_for_a_second_firm() {
    let (app, client, link) = scene().await;
    let answer = accept_own(&client, &link).await.expect(200);
    let expected = json!({
        "tenant_id": Firm::Meridian.tenant_id(),
        "firm": "Meridian Advisory",
        "user_id": answer.body["user_id"],
        "new_account": false,
    });
    assert_eq!(answer.body, expected);
    assert_eq!(standing(&app, GUEST).await, manager());
    spent(&accept_own(&client, &link).await);
    spent(&accept(&app, &link, PASSWORD).await);
    // The session stays where it was opened; the new firm takes a sign-in.
    client.get("/v1/products").await.expect(403);
    let opened = sign_in(&app).await.expect(200);
    app.with_token(opened.body["access_token"].as_str().unwrap())
        .get("/v1/products")
        .await
        .expect(200);
}

#[tokio::test]
async fn the_invitation_must_be_for_the_accounts_own_address() {
    let (app, _, link) = scene().await;
    let other = app.client(Firm::Harbour, "sales-rep", &["SalesRepresentative"]);
    let answer = accept_own(&other, &link).await.expect(409);
    assert_eq!(
        answer.body["detail"],
        "The invitation was sent to another address than that of your account. Sign out to accept \
         it, or have one sent to your own."
    );
    assert!(!answer.body.to_string().contains(GUEST), "whose it is stays unsaid");
    // Meridian's log knows nothing of whom Harbour has.
    let told = app
        .sql(
            "select tenant_id, actor_label, reason from audit.audit_events
              where legacy_action = 'INVITATION_ACCEPTED' and outcome = 'failure' and reason = 'other_address'",
        )
        .await;
    let expected = json!({"tenant_id": Firm::Harbour.tenant_id(), "actor_label": "Hal sales-rep",
        "reason": "other_address"});
    assert_eq!(told, [expected]);
    accept(&app, &link, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn an_account_of_a_directory_is_for_its_firm() {
    let (app, _, _) = scene().await;
    // Harbour's directory keeps somebody with an address that Meridian has invited too.
    let person = app.other_admin().post("/v1/users", json!({"email": "kept@people.test"})).await;
    let id = person.expect(201).body["user_id"].as_str().unwrap().parse().unwrap();
    let invitation = json!({"email": "kept@people.test", "roles": ["SalesManager"]});
    app.system_admin().post("/v1/invitations", invitation).await.expect(201);
    let link = token(&app.mail().await[0]);
    let opened = app.open_session(Firm::Harbour, id, 1).await;
    let answer = accept_own(&app.with_token(&opened.access_token), &link).await.expect(409);
    assert_eq!(
        answer.body["detail"],
        "Your firm's directory keeps your account, which is for that firm only. Sign out and accept \
         the invitation with an account of your own."
    );
    accept(&app, &link, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn only_the_person_accepts() {
    let (app, client, link) = scene().await;
    let body = json!({"token": link});
    app.anonymous().post("/v1/users/me/invitations/accept", body.clone()).await.expect(401);
    let key = json!({"name": "Robot", "scopes": ["view-products"]});
    let id = app.sql(&format!("select user_id from users.users where email = '{GUEST}'")).await;
    let mut key = key;
    key["user_id"] = id[0]["user_id"].clone();
    let made = app.other_admin().post("/v1/api-keys", key).await;
    if made.status == 201 {
        let robot = app.with_token(made.body["key"].as_str().unwrap());
        robot.post("/v1/users/me/invitations/accept", body.clone()).await.expect(403);
    }
    let reason = json!({"reason": "Ticket 17"});
    let path = format!("/v1/users/{}/impersonate", id[0]["user_id"].as_str().unwrap());
    let acting = app.other_admin().post(&path, reason).await.expect(200);
    let acting = app.with_token(acting.body["access_token"].as_str().unwrap());
    acting.post("/v1/users/me/invitations/accept", body).await.expect(403);
    accept_own(&client, &link).await.expect(200);
}

#[tokio::test]
async fn somebody_who_left_comes_back() {
    let (app, client, link) = scene().await;
    accept_own(&client, &link).await.expect(200);
    let list = app.system_admin().get(&format!("/v1/users?email={GUEST}")).await.expect(200);
    let id = list.body["items"][0]["user_id"].as_str().unwrap().to_owned();
    app.system_admin().delete(&format!("/v1/users/{id}"), "*").await.expect(204);
    sign_in(&app).await.expect(403);
    let (_, second) = invited(&app).await;
    accept_own(&client, &second).await.expect(200);
    sign_in(&app).await.expect(200);
    let held = app
        .sql(&format!(
            "select role_name, effective_to is null as open from users.user_roles
              where user_id = '{id}' and tenant_id = '{}' order by 2",
            Firm::Meridian.tenant_id()
        ))
        .await;
    // What was held before keeps its end.
    let role = |open: bool| json!({"role_name": "SalesManager", "open": open});
    assert!(held == [role(false), role(true)] || held == [role(true)], "{held:?}");
    let standing: Vec<Value> = app
        .sql(&format!("select status from users.memberships where user_id = '{id}' order by 1"))
        .await;
    assert_eq!(standing, [json!({"status": "active"}), json!({"status": "active"})]);
    let lines = events(&app).await;
    assert_eq!(lines.iter().filter(|line| *line == "INVITATION_ACCEPTED success").count(), 2);
}
