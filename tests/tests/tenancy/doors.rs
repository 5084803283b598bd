//! What each operation declares of its callers by its argument (`Principal`, `Person`, `Enrollee`): whether an
//! API key may come in, and whether a session may that lacks the second factor its firm demands.

use serde_json::json;
use testkit::{Answer, Client, Firm, TestApp};
use uuid::Uuid;

use crate::catalogue::compare;
use crate::fixtures;
use crate::operations;
use crate::owned::MAKER;

/// A system administrator, who is given every other role too.
const BOSS: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_9000_0000_0000_0a03);

/// A key with every scope, of somebody with every role: what is closed to it is closed to all keys.
async fn strongest_key(app: &TestApp) -> Client {
    app.execute(&format!(
        "insert into users.user_roles (tenant_id, user_role_id, user_id, role_name, effective_from)
         select '{}', gen_random_uuid(), '{BOSS}', role_name, '2001-01-01' from users.roles
         on conflict do nothing",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let scopes: Vec<String> = wealth_core::authz::scopes().collect();
    let wanted = json!({"name": "all", "scopes": scopes});
    let made = app.system_admin().post("/v1/api-keys", wanted).await.expect(201);
    app.with_token(made.body["key"].as_str().expect("a key"))
}

/// A new session without a second factor, in a firm that demands one of everybody.
async fn unenrolled(app: &TestApp) -> Client {
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, mfa) values ('{}', 'required')
         on conflict (tenant_id) do update set mfa = 'required'",
        Firm::Meridian.tenant_id()
    ))
    .await;
    app.with_token(&app.open_session(Firm::Meridian, BOSS, 1).await.access_token)
}

fn says(answer: &Answer, start: &str) -> bool {
    answer.status == 403 && answer.body["detail"].as_str().is_some_and(|it| it.starts_with(start))
}

#[tokio::test]
async fn every_operation_is_open_to_those_callers_that_it_declares() {
    let app = TestApp::new().await;
    let ids = fixtures::firm(&app, &app.admin(), "meridian-secret", MAKER[0], 10).await;
    let key = strongest_key(&app).await;
    let mut lines = Vec::new();
    for operation in operations::all(&app).into_iter().filter(|operation| !operation.open) {
        let by_key = key.send(fixtures::request(&operation, &ids, &ids)).await;
        let closed = says(&by_key, "An API key may not") || says(&by_key, "This takes a person");
        let early = unenrolled(&app).await.send(fixtures::request(&operation, &ids, &ids)).await;
        let early = !says(&early, "Your firm demands a second factor");
        let who = if closed { "people" } else { "people and keys" };
        let when = if early { ", before enrolment too" } else { "" };
        lines.push(format!("{}: {who}{when}", operation.id));
    }
    compare("tests/tenancy/doors.txt", &lines);
}
