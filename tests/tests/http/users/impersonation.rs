//! Acting in another person's place.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, TestApp};
use uuid::Uuid;

use super::world::user;

async fn impersonate(boss: &Client, person: Uuid) -> Answer {
    boss.post(&format!("/v1/users/{person}/impersonate"), json!({"reason": "ticket 17"})).await
}

fn acting(app: &TestApp, answer: &Answer) -> Client {
    app.with_token(answer.body["access_token"].as_str().expect("a token"))
}

#[tokio::test]
async fn an_administrator_acts_in_anothers_place_in_the_own_name() {
    let app = TestApp::new().await;
    let (boss, person) = (user(Firm::Meridian, 3), user(Firm::Meridian, 1));
    let opened = impersonate(&app.system_admin(), person).await.expect(200);
    let mut shown = opened.body.clone();
    let id = shown["impersonation_id"].take();
    shown["access_token"].take();
    let expected = json!({"access_token": null, "token_type": "Bearer", "expires_in": 1800,
        "impersonation_id": null, "user_id": person, "acting_as": "Ada admin",
        "roles": ["ProductAdministrator"]});
    assert_eq!(shown, expected);

    let client = acting(&app, &opened);
    let me = client.get("/v1/users/me").await.expect(200);
    assert_eq!((&me.body["user_id"], &me.body["session_id"]), (&json!(person), &id));
    let settings = json!({"tolerance": "0.5000", "manual_precedence": 0});
    client.put("/v1/rates/settings", settings, "").await.expect(200);
    let trail = app
        .sql(
            "select actor_id, actor_label from audit.audit_events
               where resource_type = 'rate_settings'",
        )
        .await;
    // Whose place it was is told by the id: an erasure of that person does not find their name in another's label.
    let label = format!("Cyd system-admin as {person}");
    assert_eq!(trail, [json!({"actor_id": boss, "actor_label": label})]);
    // The person did not sign in.
    let query = format!("select last_login from users.users where user_id = '{person}'");
    assert_eq!(app.sql(&query).await, [json!({"last_login": null})]);
}

#[tokio::test]
async fn what_is_sensitive_is_out_of_reach() {
    let app = TestApp::new().await;
    app.execute(
        "insert into users.user_roles (tenant_id, user_id, role_name, effective_from)
         select tenant_id, user_id, 'SystemAdministrator', '2000-01-01' from users.memberships
          where user_id = '00000000-0000-7000-9000-000000000a05'",
    )
    .await;
    // A system administrator, oneself, nobody, another firm's person.
    let (boss, manager) = (app.system_admin(), user(Firm::Meridian, 5));
    for (person, status) in [
        (manager, 409),
        (user(Firm::Meridian, 3), 409),
        (Uuid::nil(), 404),
        (user(Firm::Harbour, 4), 404),
    ] {
        impersonate(&boss, person).await.expect(status);
    }
    let opened = impersonate(&boss, user(Firm::Meridian, 4)).await.expect(200);
    let client = acting(&app, &opened);
    let further = impersonate(&client, user(Firm::Meridian, 1)).await.expect(403);
    assert_eq!(further.code(), "permission_denied");
    // Someone who becomes an administrator meanwhile: the token has no such role.
    app.execute(
        "update users.user_roles set role_name = 'SystemAdministrator'
          where user_id = '00000000-0000-7000-9000-000000000a04'",
    )
    .await;
    client.get("/v1/users/impersonations").await.expect(403);
    let answer = client.get("/v1/products").await.expect(403);
    assert_eq!(answer.code(), "role_revoked");
    let reason = json!({"reason": "  "});
    let path = format!("/v1/users/{}/impersonate", user(Firm::Meridian, 1));
    let answer = boss.post(&path, reason).await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/reason");
    app.admin().post(&path, json!({"reason": "x"})).await.expect(403);
}

#[tokio::test]
async fn it_ends_after_half_an_hour_or_when_it_is_ended_or_when_its_maker_goes() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let opened = impersonate(&boss, user(Firm::Meridian, 4)).await.expect(200);
    let (client, id) = (acting(&app, &opened), opened.body["impersonation_id"].clone());
    let path = format!("/v1/users/impersonations/{}", id.as_str().expect("an id"));
    client.get("/v1/products").await.expect(200);
    app.other_admin().delete(&path, "").await.expect(404);
    app.admin().delete(&path, "").await.expect(403);
    for _ in 0..2 {
        boss.delete(&path, "").await.expect(204);
    }
    assert_eq!(client.get("/v1/products").await.expect(401).code(), "session_expired");

    let second = impersonate(&boss, user(Firm::Meridian, 4)).await.expect(200);
    let listed = boss.get("/v1/users/impersonations?limit=1").await.expect(200);
    assert!(listed.body["next_cursor"].is_string());
    let all = boss.get("/v1/users/impersonations").await.expect(200);
    let mut items = all.body["items"].as_array().expect("items").clone();
    items.sort_by_key(|item| item["is_active"].as_bool());
    let expected = |id: &Value, ended: Value, active: bool| {
        json!({"impersonation_id": id, "user_id": user(Firm::Meridian, 4),
            "user_email": "sales-rep@a.test", "impersonator_id": user(Firm::Meridian, 3),
            "impersonator_email": "system-admin@a.test", "reason": "ticket 17",
            "started_at": "2026-11-21T12:00:00Z", "ended_at": ended,
            "expires_at": "2026-11-21T12:30:00Z", "is_active": active})
    };
    let live = &second.body["impersonation_id"];
    let wanted =
        [expected(&id, json!("2026-11-21T12:00:00Z"), false), expected(live, json!(null), true)];
    assert_eq!(items, wanted);
    assert_eq!(app.other_admin().get("/v1/users/impersonations").await.body["items"], json!([]));

    let client = acting(&app, &second);
    client.get("/v1/products").await.expect(200);
    app.execute(
        "update users.memberships set status = 'suspended'
          where user_id = '00000000-0000-7000-9000-000000000a03'",
    )
    .await;
    client.get("/v1/products").await.expect(401);
    app.execute("update users.memberships set status = 'active'").await;
    client.get("/v1/products").await.expect(200);
    app.clock.advance(TimeDelta::minutes(32));
    client.get("/v1/products").await.expect(401);
}
