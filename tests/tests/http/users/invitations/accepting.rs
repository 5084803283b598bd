//! Accepting by the link: a new person, and one who has an account.

use serde_json::{Value, json};
use testkit::{Client, Firm, TestApp};

use super::super::local::{PASSWORD, open_registration, person, registration, token};
use super::{GUEST, accept, invited, log, manager, sign_in, spent, standing};

/// The hash of [`PASSWORD`].
async fn hash(app: &TestApp) -> String {
    super::super::local::hash(app, PASSWORD).await
}

#[tokio::test]
async fn a_new_person_gets_an_account_and_signs_in() {
    let app = TestApp::new().await;
    let (id, token) = invited(&app).await;
    let answer = accept(&app, &token, PASSWORD).await.expect(200);
    let expected = json!({
        "tenant_id": Firm::Meridian.tenant_id(),
        "firm": "Meridian Advisory",
        "user_id": answer.body["user_id"],
        "new_account": true,
    });
    assert_eq!(answer.body, expected);
    assert_eq!(standing(&app, GUEST).await, manager());
    let opened = sign_in(&app).await.expect(200);
    assert_eq!(opened.body["roles"], json!(["SalesManager"]));
    let client = app.with_token(opened.body["access_token"].as_str().unwrap());
    let me = client.get("/v1/users/me").await.expect(200);
    assert_eq!((&me.body["is_verified"], &me.body["first_name"]), (&json!(true), &json!("Ada")));
    let seen = app.system_admin().get(&format!("/v1/invitations/{id}")).await.expect(200);
    assert_eq!(
        (&seen.body["status"], &seen.body["accepted_by"], &seen.body["accepted_at"]),
        (&json!("accepted"), &answer.body["user_id"], &json!("2026-11-21T12:00:00Z"))
    );
    // A second click finds it used.
    spent(&accept(&app, &token, PASSWORD).await);
    let lines = super::super::local::events(&app).await;
    let expected = [
        "INVITATION_SENT success",
        "REGISTER success invitation",
        "INVITATION_ACCEPTED success",
        "LOGIN success",
        // An administrator looked at the list of people meanwhile.
        "PII_ACCESSED success",
        "INVITATION_ACCEPTED failure accepted_before",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn of_many_clicks_at_once_one_is_taken() {
    let app = TestApp::new().await;
    let (_, token) = invited(&app).await;
    let clicks = (0..6).map(|_| accept(&app, &token, PASSWORD));
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(clicks).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422, 422, 422, 422, 422]);
    let made = app.sql(&format!("select count(*) from users.users where email = '{GUEST}'")).await;
    assert_eq!(made, [json!({"count": 1})]);
}

#[tokio::test]
async fn a_poor_password_does_not_use_the_link_up() {
    let app = TestApp::new().await;
    let (_, token) = invited(&app).await;
    for (password, code) in [("fourteen chars", "too_short"), ("Meridian Advisory", "too_common")] {
        let answer = accept(&app, &token, password).await.expect(422);
        let error = &answer.body["errors"][0];
        assert_eq!((&error["pointer"], &error["code"]), (&json!("/password"), &json!(code)));
    }
    let empty = app.anonymous().post("/v1/auth/invitations/accept", json!({})).await.expect(422);
    let named: Vec<&Value> =
        empty.body["errors"].as_array().unwrap().iter().map(|e| &e["pointer"]).collect();
    assert_eq!(named, ["/token", "/password"]);
    accept(&app, &token, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_firms_demands_of_a_sign_in_hold() {
    let app = TestApp::new().await;
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, mfa_roles, password_min_length)
         values ('{}', '{{SalesManager}}', 18)",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let (_, token) = invited(&app).await;
    accept(&app, &token, "seventeen letters").await.expect(422);
    accept(&app, &token, PASSWORD).await.expect(200);
    // Whoever has no factor yet can do no more than enrol one.
    let opened = sign_in(&app).await.expect(200);
    let client = app.with_token(opened.body["access_token"].as_str().unwrap());
    assert_eq!(client.get("/v1/products").await.expect(403).code(), "insufficient_aal");
    client.post("/v1/users/me/mfa/totp", json!({})).await.expect(201);
}

#[tokio::test]
async fn somebody_with_an_account_shows_its_password() {
    let app = TestApp::new().await;
    person(&app, GUEST, &[Firm::Harbour], &hash(&app).await).await;
    let before = app.sql("select hash, version from users.password_credentials").await;
    let (_, token) = invited(&app).await;
    let wrong = accept(&app, &token, "some other password").await.expect(422);
    let error = json!([{"pointer": "/password", "code": "wrong_password",
        "message": "is not the password of your account on this platform"}]);
    assert_eq!(wrong.body["errors"], error);
    let answer = accept(&app, &token, PASSWORD).await.expect(200);
    assert_eq!(answer.body["new_account"], false);
    assert_eq!(standing(&app, GUEST).await, manager());
    // Nothing of the account has changed, and it works for both firms.
    assert_eq!(app.sql("select hash, version from users.password_credentials").await, before);
    let body = json!({"email": GUEST, "password": PASSWORD});
    let which = app.anonymous().post("/v1/auth/sign-in", body).await.expect(409);
    assert_eq!(which.body["tenants"].as_array().map(Vec::len), Some(2));
    sign_in(&app).await.expect(200);
    let expected = [
        "INVITATION_SENT success",
        "INVITATION_ACCEPTED failure wrong_password",
        "INVITATION_ACCEPTED success",
    ];
    assert_eq!(log(&app).await, expected);
}

#[tokio::test]
async fn nobody_guesses_at_a_password_with_a_link() {
    let app = TestApp::new().await;
    person(&app, GUEST, &[Firm::Harbour], &hash(&app).await).await;
    let (_, token) = invited(&app).await;
    for _ in 0..10 {
        accept(&app, &token, "guess guess guess").await.expect(422);
    }
    spent(&accept(&app, &token, PASSWORD).await);
    assert_eq!(standing(&app, GUEST).await, Vec::<Value>::new());
}

/// A stranger has registered with the address and waits for its owner to make it work.
#[tokio::test]
async fn a_strangers_registration_is_no_trap() {
    let app = TestApp::new().await;
    open_registration(&app).await;
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, self_registration) values ('{}', true)",
        Firm::Harbour.tenant_id()
    ))
    .await;
    let mut stranger = registration(GUEST, "the stranger's password");
    stranger["tenant"] = json!(Firm::Harbour.tenant_id());
    app.anonymous().post("/v1/auth/register", stranger).await.expect(202);
    let theirs = token(&app.mail().await[0]);
    let (_, link) = invited(&app).await;
    let answer = accept(&app, &link, PASSWORD).await.expect(200);
    assert_eq!(answer.body["new_account"], true);
    let body = json!({"email": GUEST, "password": "the stranger's password",
        "tenant": Firm::Meridian.tenant_id()});
    app.anonymous().post("/v1/auth/sign-in", body).await.expect(401);
    let verify = json!({"token": theirs, "password": "the stranger's password"});
    app.anonymous().post("/v1/auth/verify-email", verify).await.expect(422);
    sign_in(&app).await.expect(200);
}

#[tokio::test]
async fn an_account_without_a_password_is_not_taken_over() {
    let app = TestApp::new().await;
    // Harbour's sales representative signs in elsewhere.
    let address = "sales-rep@b.test";
    app.system_admin().post("/v1/invitations", json!({"email": address})).await.expect(201);
    let link = token(&app.mail().await[0]);
    let answer = accept(&app, &link, PASSWORD).await.expect(409);
    assert_eq!(
        answer.body["detail"],
        "Your account has no password here. Sign in as you always do, and accept the invitation then."
    );
    let made = app.sql("select count(*) from users.password_credentials").await;
    assert_eq!(made, [json!({"count": 0})]);
    // As whom they are, they accept.
    let client: Client = app.client(Firm::Harbour, "sales-rep", &["SalesRepresentative"]);
    super::accept_own(&client, &link).await.expect(200);
}

#[tokio::test]
async fn a_closed_account_stays_closed() {
    let app = TestApp::new().await;
    person(&app, GUEST, &[Firm::Harbour], &hash(&app).await).await;
    app.execute(&format!("update users.users set is_active = false where email = '{GUEST}'")).await;
    let (_, token) = invited(&app).await;
    accept(&app, &token, "some other password").await.expect(422);
    assert_eq!(accept(&app, &token, PASSWORD).await.expect(403).code(), "account_inactive");
    assert_eq!(standing(&app, GUEST).await, Vec::<Value>::new());
}

/// The directory of another firm keeps somebody with the address: that is another store.
#[tokio::test]
async fn a_person_of_another_firms_directory_is_nobody_here() {
    let app = TestApp::new().await;
    app.other_admin().post("/v1/users", json!({"email": GUEST})).await.expect(201);
    let (_, token) = invited(&app).await;
    let answer = accept(&app, &token, PASSWORD).await.expect(200);
    assert_eq!(answer.body["new_account"], true);
    let people = app
        .sql(&format!(
            "select directory_tenant_id is null as here, (select count(*) from users.memberships m
                 where m.user_id = u.user_id) as firms from users.users u where email = '{GUEST}' order by 1"
        ))
        .await;
    assert_eq!(people, [json!({"here": false, "firms": 1}), json!({"here": true, "firms": 1})]);
}

#[tokio::test]
async fn somebody_who_became_a_user_meanwhile_is_told() {
    let app = TestApp::new().await;
    let (_, token) = invited(&app).await;
    app.system_admin().post("/v1/users", json!({"email": GUEST})).await.expect(201);
    let answer = accept(&app, &token, PASSWORD).await.expect(409);
    assert_eq!(answer.body["detail"], "You are a user of this firm already: sign in.");
}
