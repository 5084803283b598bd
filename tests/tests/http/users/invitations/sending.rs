//! Sending, listing, sending again and taking back.

use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use testkit::{Firm, Request, TestApp};

use super::super::local::token;
use super::super::world::user;
use super::{GUEST, accept, for_manager, invite, invited, log, spent, status};

#[tokio::test]
async fn an_invitation_is_sent_and_seen() {
    let app = TestApp::new().await;
    let body = json!({"email": " Guest@People.test ", "roles": ["SalesManager", "Investor"],
        "effective_from": "2026-12-01T00:00:00Z", "effective_to": "2027-12-01T00:00:00Z",
        "message": "Welcome!\nSee you on Monday."});
    let answer = app.system_admin().post("/v1/invitations", body.clone()).await.expect(201);
    let id = answer.body["invitation_id"].as_str().expect("an id");
    let expected = json!({
        "invitation_id": id,
        "email": GUEST,
        "roles": ["Investor", "SalesManager"],
        "effective_from": "2026-12-01T00:00:00Z",
        "effective_to": "2027-12-01T00:00:00Z",
        "message": "Welcome!\nSee you on Monday.",
        "status": "waiting",
        "invited_by": user(Firm::Meridian, 3),
        "invited_by_name": "Cyd system-admin",
        "created_at": "2026-11-21T12:00:00Z",
        "sent_at": "2026-11-21T12:00:00Z",
        "expires_at": "2026-11-28T12:00:00Z",
        "accepted_at": null,
        "accepted_by": null,
        "revoked_at": null,
        "version": 1,
    });
    assert_eq!(answer.body, expected);
    let path = format!("/v1/invitations/{id}");
    assert_eq!(answer.header("location"), path);
    assert_eq!(app.system_admin().get(&path).await.expect(200).body, expected);
    let mail = app.mail().await;
    assert_eq!((mail.len(), mail[0].to.as_str()), (1, GUEST));
    assert_eq!(mail[0].subject, "Meridian Advisory invites you");
    let start = "Hello,\n\nCyd system-admin invites you to work with Meridian Advisory.";
    assert!(mail[0].body.starts_with(start), "{}", mail[0].body);
    assert!(mail[0].body.contains("https://app.example/accept-invitation#token="));
    assert!(mail[0].body.contains("\n> Welcome!\n> See you on Monday.\n"), "{}", mail[0].body);
    // A second click gives the one that waits, and no second mail.
    let again = app.system_admin().post("/v1/invitations", body.clone()).await.expect(200);
    assert_eq!(again.body, expected);
    assert_eq!(app.mail().await.len(), 0);
    // Another one for the address has to wait.
    let other = app.system_admin().post("/v1/invitations", for_manager()).await.expect(409);
    assert_eq!(
        (other.code(), &other.body["errors"][0]["pointer"]),
        ("duplicate", &json!("/email"))
    );
    // Another firm may invite the same address, and sees nothing of this one.
    let theirs = json!({"email": GUEST});
    app.other_admin().post("/v1/invitations", theirs).await.expect(201);
    assert_eq!(app.other_admin().get(&path).await.expect(404).code(), "not_found");
    assert_eq!(log(&app).await, ["INVITATION_SENT success", "INVITATION_SENT success"]);
}

#[tokio::test]
async fn many_clicks_at_once_make_one_invitation() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let clicks = (0..6).map(|_| boss.post("/v1/invitations", for_manager()));
    let mut statuses: Vec<u16> =
        futures_util::future::join_all(clicks).await.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 201]);
    assert_eq!(app.mail().await.len(), 1);
}

#[tokio::test]
async fn every_bad_field_is_named() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let named = |body: &Value| -> Vec<(String, String)> {
        let errors = body["errors"].as_array().expect("errors").iter();
        let text = |error: &Value, name: &str| error[name].as_str().expect(name).to_owned();
        errors.map(|error| (text(error, "pointer"), text(error, "code"))).collect()
    };
    let pairs = |expected: &[(&str, &str)]| -> Vec<(String, String)> {
        expected.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect()
    };
    let bad =
        json!({"email": "guest", "roles": ["Investor", "", "Investor"], "message": "a\u{202e}"});
    let answer = boss.post("/v1/invitations", bad).await.expect(422);
    let expected = [
        ("/email", "email_invalid"),
        ("/roles/1", "required"),
        ("/roles/2", "duplicate"),
        ("/message", "character_refused"),
    ];
    assert_eq!(named(&answer.body), pairs(&expected));
    for (field, value, pointer, code) in [
        ("roles", json!(["Investor", "Emperor"]), "/roles/1", "unknown_role"),
        ("effective_from", json!("2026-11-21T11:59:59Z"), "/effective_from", "in_the_past"),
        ("effective_to", json!("2026-11-21T12:00:00Z"), "/effective_to", "date_range_invalid"),
    ] {
        let mut body = for_manager();
        body[field] = value;
        let answer = boss.post("/v1/invitations", body).await.expect(422);
        assert_eq!(named(&answer.body), pairs(&[(pointer, code)]));
    }
    let mut body = for_manager();
    body["effective_from"] = json!("2027-02-28T00:00:00Z");
    body["effective_to"] = json!("2027-02-28T00:00:00Z");
    boss.post("/v1/invitations", body).await.expect(422);
    let mut body = for_manager();
    body["roles"] = json!(vec!["Investor"; 21]);
    boss.post("/v1/invitations", body).await.expect(422);
    assert_eq!(app.mail().await.len(), 0);
}

#[tokio::test]
async fn a_user_of_the_firm_is_not_invited() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let member = json!({"email": "Sales-Rep@a.test"});
    let answer = boss.post("/v1/invitations", member.clone()).await.expect(409);
    assert_eq!(answer.body["detail"], "A user of the firm has this address already");
    // Suspended is not gone; removed is.
    let path = format!("/v1/users/{}", user(Firm::Meridian, 4));
    boss.act(&format!("{path}/deactivate"), "*").await.expect(200);
    boss.post("/v1/invitations", member.clone()).await.expect(409);
    boss.delete(&path, "*").await.expect(204);
    boss.post("/v1/invitations", member).await.expect(201);
    // Somebody's address in another firm says nothing.
    boss.post("/v1/invitations", json!({"email": "sales-rep@b.test"})).await.expect(201);
}

#[tokio::test]
async fn only_somebody_who_administers_and_signed_in_lately_invites() {
    let app = TestApp::new().await;
    let (id, _) = invited(&app).await;
    let path = format!("/v1/invitations/{id}");
    for client in [app.admin(), app.sales_manager(), app.sales_rep()] {
        client.post("/v1/invitations", for_manager()).await.expect(403);
        client.get("/v1/invitations").await.expect(403);
        client.get(&path).await.expect(403);
        client.act(&format!("{path}/resend"), "").await.expect(403);
        client.delete(&path, "").await.expect(403);
    }
    let stale = app.system_admin();
    app.clock.advance(TimeDelta::minutes(15));
    let late = app.system_admin();
    app.clock.advance(TimeDelta::seconds(1));
    // The token still works, the sign-in behind it is too long ago.
    let opened = app.open_session(Firm::Meridian, user(Firm::Meridian, 3), 1).await;
    app.clock.advance(TimeDelta::minutes(14));
    let fresh = app.with_token(&opened.access_token);
    fresh.post("/v1/invitations", json!({"email": "x@people.test"})).await.expect(201);
    stale.post("/v1/invitations", json!({"email": "y@people.test"})).await.expect(401);
    late.get("/v1/invitations").await.expect(200);
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, step_up_minutes) values ('{}', 5)",
        Firm::Meridian.tenant_id()
    ))
    .await;
    for answer in [
        fresh.post("/v1/invitations", json!({"email": "z@people.test"})).await,
        fresh.act(&format!("{path}/resend"), "").await,
    ] {
        assert_eq!(answer.expect(403).code(), "insufficient_aal");
    }
    // Taking one back is always in time.
    fresh.delete(&path, "").await.expect(204);
}

#[tokio::test]
async fn an_api_key_invites_nobody() {
    let app = TestApp::new().await;
    let key = json!({"name": "Robot", "scopes": ["invite-users", "manage-users"],
        "user_id": user(Firm::Meridian, 3)});
    let made = app.system_admin().post("/v1/api-keys", key).await.expect(201);
    let robot = app.with_token(made.body["key"].as_str().expect("a key"));
    robot.post("/v1/invitations", for_manager()).await.expect(403);
    robot.get("/v1/invitations").await.expect(403);
    assert_eq!(app.mail().await.len(), 0);
}

#[tokio::test]
async fn what_is_revoked_cannot_be_accepted() {
    let app = TestApp::new().await;
    let (id, token) = invited(&app).await;
    let path = format!("/v1/invitations/{id}");
    for _ in 0..2 {
        app.system_admin().delete(&path, "").await.expect(204);
    }
    spent(&accept(&app, &token, super::PASSWORD).await);
    assert_eq!(status(&app, &id).await, "revoked");
    let again = app.system_admin().act(&format!("{path}/resend"), "").await.expect(409);
    assert_eq!(again.body["detail"], "The invitation was revoked: send a new one");
    // There is room for another.
    invite(&app, for_manager()).await;
    let expected = [
        "INVITATION_SENT success",
        "INVITATION_REVOKED success",
        "INVITATION_ACCEPTED failure revoked",
        "INVITATION_SENT success",
    ];
    assert_eq!(log(&app).await, expected);
    app.system_admin()
        .delete("/v1/invitations/0199aaaa-0000-7000-8000-000000000001", "")
        .await
        .expect(404);
}

#[tokio::test]
async fn what_is_sent_again_has_a_new_link_and_a_new_week() {
    let app = TestApp::new().await;
    let (id, first) = invited(&app).await;
    app.clock.advance(TimeDelta::days(7));
    spent(&accept(&app, &first, super::PASSWORD).await);
    assert_eq!(status(&app, &id).await, "expired");
    let path = format!("/v1/invitations/{id}/resend");
    let sent = app.system_admin().act(&path, "").await.expect(200);
    assert_eq!(
        (&sent.body["status"], &sent.body["expires_at"], &sent.body["version"]),
        (&json!("waiting"), &json!("2026-12-05T12:00:00Z"), &json!(2))
    );
    let second = token(&app.mail().await[0]);
    spent(&accept(&app, &first, super::PASSWORD).await);
    accept(&app, &second, super::PASSWORD).await.expect(200);
    let late = app.system_admin().act(&path, "").await.expect(409);
    assert_eq!(late.body["detail"], "The invitation was accepted");
    app.system_admin().delete(&format!("/v1/invitations/{id}"), "").await.expect(409);
    assert_eq!(status(&app, &id).await, "accepted");
}

#[tokio::test]
async fn an_expired_invitation_makes_room() {
    let app = TestApp::new().await;
    let (id, _) = invited(&app).await;
    app.clock.advance(TimeDelta::days(7));
    let other = invite(&app, for_manager()).await;
    assert_ne!(other["invitation_id"], json!(id));
    assert_eq!(status(&app, &id).await, "revoked");
}

#[tokio::test]
async fn nobody_is_sent_mail_without_end() {
    let app = TestApp::new().await;
    let (id, _) = invited(&app).await;
    let path = format!("/v1/invitations/{id}/resend");
    for _ in 0..5 {
        app.system_admin().act(&path, "").await.expect(200);
    }
    let answer = app.system_admin().act(&path, "").await.expect(429);
    assert_eq!(answer.header("retry-after"), "3600");
    assert_eq!(app.mail().await.len(), 5);
}

#[tokio::test]
async fn invitations_are_listed_by_what_became_of_them() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    for number in 0..5 {
        app.clock.advance(TimeDelta::seconds(1));
        let body = json!({"email": format!("guest{number}@people.test")});
        boss.post("/v1/invitations", body).await.expect(201);
    }
    let emails = |body: &Value| -> Vec<String> {
        let items = body["items"].as_array().expect("items").iter();
        items.map(|item| item["email"].as_str().expect("text").to_owned()).collect()
    };
    let first = boss.get("/v1/invitations?limit=2").await.expect(200);
    assert_eq!(emails(&first.body), ["guest4@people.test", "guest3@people.test"]);
    let cursor = first.body["next_cursor"].as_str().expect("a cursor");
    let next = boss.get(&format!("/v1/invitations?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(emails(&next.body), ["guest2@people.test", "guest1@people.test"]);
    let id = next.body["items"][0]["invitation_id"].as_str().expect("an id");
    boss.delete(&format!("/v1/invitations/{id}"), "").await.expect(204);
    let revoked = boss.get("/v1/invitations?status=revoked").await.expect(200);
    assert_eq!(emails(&revoked.body), ["guest2@people.test"]);
    assert_eq!(
        boss.get("/v1/invitations?status=waiting").await.expect(200).body["items"]
            .as_array()
            .map(Vec::len),
        Some(4)
    );
    boss.get("/v1/invitations?status=open").await.expect(400);
    let theirs = app.other_admin().get("/v1/invitations").await.expect(200);
    assert_eq!(theirs.body["items"], json!([]));
}

#[tokio::test]
async fn a_repeated_request_is_answered_alike() {
    let app = TestApp::new().await;
    let request = || Request::new(Method::POST, "/v1/invitations").json(&for_manager()).key("k-1");
    let first = app.system_admin().send(request()).await.expect(201);
    let second = app.system_admin().send(request()).await.expect(201);
    assert_eq!(first.body, second.body);
    assert_eq!(app.mail().await.len(), 1);
}
