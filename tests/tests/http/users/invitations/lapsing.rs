//! What an invitation brings, and when it brings nothing any more.

use chrono::TimeDelta;
use serde_json::json;
use testkit::{Firm, TestApp};

use super::super::local::{PASSWORD, hash, person, token};
use super::super::world::user;
use super::{GUEST, accept, for_manager, invite, invited, log, sign_in, spent, status};

/// Whoever may not invite any more has invited nobody.
#[tokio::test]
async fn an_invitation_falls_with_its_inviter() {
    for fall in [
        "update users.memberships set status = 'suspended' where user_id = '{u}'",
        "update users.users set is_active = false where user_id = '{u}'",
        "update users.user_roles set effective_to = '2026-11-21T12:00:00Z' where user_id = '{u}'",
    ] {
        let app = TestApp::new().await;
        // Another administrator, who stays.
        let second = user(Firm::Meridian, 2);
        app.execute(&format!(
            "insert into users.user_roles (tenant_id, user_id, role_name, effective_from)
             values ('{}', '{second}', 'SystemAdministrator', '2026-01-01Z')",
            Firm::Meridian.tenant_id()
        ))
        .await;
        let other = app.client(Firm::Meridian, "second-admin", &["SystemAdministrator"]);
        let (id, link) = invited(&app).await;
        app.execute(&fall.replace("{u}", &user(Firm::Meridian, 3).to_string())).await;
        spent(&accept(&app, &link, PASSWORD).await);
        let path = format!("/v1/invitations/{id}");
        let seen = other.get(&path).await.expect(200);
        assert_eq!(seen.body["status"], "inviter_left", "{fall}");
        assert_eq!(log(&app).await[1], "INVITATION_ACCEPTED failure inviter_left");
        // Whoever sends it again answers for it.
        let sent = other.act(&format!("{path}/resend"), "").await.expect(200);
        assert_eq!(sent.body["invited_by"], json!(second));
        accept(&app, &token(&app.mail().await[0]), PASSWORD).await.expect(200);
    }
}

#[tokio::test]
async fn nobody_invites_to_a_role_above_their_own() {
    let app = TestApp::new().await;
    app.execute(
        "insert into users.roles (role_name, namespace, rank, description)
         values ('Owner', 'platform', 900, 'Above everybody')",
    )
    .await;
    let body = json!({"email": GUEST, "roles": ["Owner"]});
    let answer = app.system_admin().post("/v1/invitations", body).await.expect(403);
    assert_eq!(answer.body["detail"], "This role is above your own");
    // Raised after it was sent, a role is above the inviter's all the same.
    let (id, token) = invited(&app).await;
    app.execute("update users.roles set rank = 900 where role_name = 'SalesManager'").await;
    spent(&accept(&app, &token, PASSWORD).await);
    assert_eq!(status(&app, &id).await, "inviter_left");
}

#[tokio::test]
async fn the_roles_last_as_long_as_they_should() {
    let app = TestApp::new().await;
    let mut body = for_manager();
    body["effective_from"] = json!("2026-11-22T00:00:00Z");
    body["effective_to"] = json!("2026-11-23T00:00:00Z");
    let id = invite(&app, body).await["invitation_id"].as_str().unwrap().to_owned();
    let link = token(&app.mail().await[0]);
    accept(&app, &link, PASSWORD).await.expect(200);
    let roles = |opened: testkit::Answer| opened.expect(200).body["roles"].clone();
    assert_eq!(roles(sign_in(&app).await), json!([]));
    app.clock.advance(TimeDelta::hours(12));
    assert_eq!(roles(sign_in(&app).await), json!(["SalesManager"]));
    app.clock.advance(TimeDelta::hours(24));
    assert_eq!(roles(sign_in(&app).await), json!([]));
    assert_eq!(status(&app, &id).await, "accepted");
}

#[tokio::test]
async fn what_would_bring_nothing_any_more_has_expired() {
    let app = TestApp::new().await;
    let mut body = for_manager();
    body["effective_to"] = json!("2026-11-22T00:00:00Z");
    let id = invite(&app, body).await["invitation_id"].as_str().unwrap().to_owned();
    let link = token(&app.mail().await[0]);
    app.clock.advance(TimeDelta::hours(12));
    spent(&accept(&app, &link, PASSWORD).await);
    assert_eq!(status(&app, &id).await, "expired");
    let again = app.system_admin().act(&format!("/v1/invitations/{id}/resend"), "").await;
    assert_eq!(again.expect(409).body["detail"], "The time of its roles is over: send a new one");
}

#[tokio::test]
async fn a_firm_that_is_closed_takes_nobody_in() {
    let app = TestApp::new().await;
    let (_, token) = invited(&app).await;
    app.execute(&format!(
        "update tenants.tenants set status = 'suspended' where tenant_id = '{}'",
        Firm::Meridian.tenant_id()
    ))
    .await;
    spent(&accept(&app, &token, PASSWORD).await);
}

/// An administrator who was invited and has not come is none yet.
#[tokio::test]
async fn a_waiting_administrator_does_not_count() {
    let app = TestApp::new().await;
    invite(&app, json!({"email": GUEST, "roles": ["SystemAdministrator"]})).await;
    let link = token(&app.mail().await[0]);
    let path = format!("/v1/users/{}/deactivate", user(Firm::Meridian, 3));
    let last = app.system_admin().act(&path, "*").await.expect(409);
    assert_eq!(last.code(), "last_administrator");
    accept(&app, &link, PASSWORD).await.expect(200);
    app.system_admin().act(&path, "*").await.expect(200);
}

#[tokio::test]
async fn a_link_that_nobody_was_sent_works_nowhere() {
    let app = TestApp::new().await;
    spent(&accept(&app, &"x".repeat(43), PASSWORD).await);
    // The link of another kind of mail is none of these.
    person(&app, GUEST, &[Firm::Meridian], &hash(&app, PASSWORD).await).await;
    app.anonymous().post("/v1/auth/recover", json!({"email": GUEST})).await.expect(202);
    let recovery = token(&app.mail().await[0]);
    spent(&accept(&app, &recovery, PASSWORD).await);
    // And an invitation is none of those.
    app.execute(&format!("delete from users.users where email = '{GUEST}'")).await;
    let (_, link) = invited(&app).await;
    let body = json!({"token": link, "new_password": "another password, mine"});
    app.anonymous().post("/v1/auth/recover/complete", body).await.expect(422);
    let body = json!({"token": link, "password": PASSWORD});
    app.anonymous().post("/v1/auth/verify-email", body).await.expect(422);
    accept(&app, &link, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn two_hundred_an_hour_are_enough() {
    let app = TestApp::new().await;
    let (firm, now) = (Firm::Meridian.tenant_id(), wealth_core::Clock::now(&*app.clock));
    app.execute(&format!(
        "select users.throttle('invite', '{firm}', 200, interval '1 hour', '{now}') from generate_series(1, 200)"
    ))
    .await;
    let refused = app.system_admin().post("/v1/invitations", for_manager()).await.expect(429);
    assert_eq!((refused.code(), refused.header("retry-after").is_empty()), ("rate_limited", false));
    assert_eq!(app.mail().await.len(), 0);
    app.other_admin().post("/v1/invitations", json!({"email": GUEST})).await.expect(201);
    app.clock.advance(TimeDelta::minutes(61));
    invite(&app, for_manager()).await;
}
