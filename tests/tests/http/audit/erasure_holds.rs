//! What a hold covers goes by no erasure: single events of the log, and what the directory called
//! somebody (threat 28 of rules.md; docs/adr/0017).

use serde_json::{Value, json};
use testkit::TestApp;

use super::erasure_guards::{execute, hold, release};
use super::erasures::{ERASURES, leaver, request};
use super::firm;

const SALES: &str = "00000000-0000-7000-9000-000000000a04";

/// Lets the job run until there is nothing left that it may do; the state of the request then.
async fn shred(app: &TestApp, erasure: &str) -> Value {
    while audit::shred(&app.app).await.expect("the erasure").more {}
    let found = app.system_admin().get(&format!("{ERASURES}/{erasure}")).await.expect(200);
    found.body["status"].clone()
}

/// How many of these events still tell of the person.
async fn told(app: &TestApp, person: &str, which: &str) -> u64 {
    app.sql(&format!(
        "select count(*) as n from audit.audit_events e
          where (e.actor_id = '{person}' and e.actor_label is not null
                 or e.resource_id = '{person}' and num_nonnulls(e.old_values, e.new_values, e.details, e.reason) > 0)
            and {which}"
    ))
    .await[0]["n"]
        .as_u64()
        .expect("a number")
}

/// What the sales manager once did to the leaver's membership.
async fn changed_by_sales(app: &TestApp, person: &str) {
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, actor_id, actor_type, actor_label, action, resource_type, resource_id,
             new_values)
         values ('{}', '{SALES}', 'user', 'Sal', 'memberships.updated', 'memberships', '{person}',
             '{{\"user_id\": \"{person}\", \"user_name\": \"leaver-canary\"}}')",
        firm()
    ))
    .await;
}

/// Each hold keeps the events in its scope and no others; the request waits for its end.
#[tokio::test]
async fn an_event_under_a_hold_outlives_an_erasure() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    changed_by_sales(&app, &person).await;
    let created = app
        .sql(&format!(
            "select event_id, resource_id from audit.audit_events
              where actor_id = '{person}' and action = 'product.created'"
        ))
        .await[0]
        .clone();
    let by_sales = format!("actor_id = '{SALES}'");
    let memberships = "resource_type = 'memberships'".to_owned();
    let access =
        "resource_type in ('memberships', 'user_roles', 'invitations', 'api_keys')".to_owned();
    let one = format!("event_id = '{}'", created["event_id"].as_str().expect("an id"));
    let product = format!("resource_id = '{}'", created["resource_id"].as_str().expect("an id"));
    let id = request(&app.system_admin(), &person).await;
    let scopes = [
        (json!({"kind": "person", "person_id": SALES}), by_sales),
        (
            json!({"kind": "record", "table_name": "audit.audit_events", "record_id": created["event_id"]}),
            one,
        ),
        (
            json!({"kind": "record", "table_name": "products.products", "record_id": created["resource_id"]}),
            product,
        ),
        (
            json!({"kind": "record", "table_name": "users.memberships", "record_id": person}),
            memberships.clone(),
        ),
        (json!({"kind": "table", "table_name": "users.memberships"}), memberships),
        (json!({"kind": "class", "class": "access_record"}), access),
    ];
    let mut holds = Vec::new();
    for (scope, _) in &scopes {
        holds.push(hold(&app.system_admin(), scope.clone()).await);
    }
    let answer = execute(&app, &id).await["answer"].clone();
    let label =
        answer.as_array().expect("an answer").iter().find(|f| f["column_name"] == "actor_label");
    assert_eq!(label.expect("it")["why"], "legal_hold");
    let mut before = Vec::new();
    for (_, which) in &scopes {
        before.push(told(&app, &person, which).await);
    }
    assert!(!before.contains(&0), "{before:?}");
    let all = told(&app, &person, "true").await;
    assert_eq!(shred(&app, &id).await, "executing");
    let mut left = told(&app, &person, "true").await;
    assert!(left < all, "what nothing keeps goes");

    // One hold after the other ends, and what only that one kept goes.
    for (at, hold) in holds.iter().enumerate() {
        for (n, (scope, which)) in scopes.iter().enumerate().skip(at) {
            assert_eq!(told(&app, &person, which).await, before[n], "{scope}");
        }
        release(&app, hold).await;
        let last = at == holds.len() - 1;
        assert_eq!(shred(&app, &id).await, if last { "done" } else { "executing" });
        let now = told(&app, &person, "true").await;
        assert!(now <= left);
        left = now;
    }
    assert_eq!(left, 0);
}

/// Nor does anybody get past it by hand, with the erasure in hand.
#[tokio::test]
async fn an_event_under_a_hold_lets_no_erasure_through() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    changed_by_sales(&app, &person).await;
    let id = request(&app.system_admin(), &person).await;
    let held = hold(&app.system_admin(), json!({"kind": "person", "person_id": SALES})).await;
    execute(&app, &id).await;
    let change = format!(
        "select set_config('app.current_tenant_id', '{}', true);
         update audit.audit_events set content_commitment = sha256('y'), actor_key = sha256('x'), salt = null,
                new_values = null, erasures = array['{id}'::uuid]
          where actor_id = '{SALES}' and resource_id = '{person}'",
        firm()
    );
    let why = app.refusal(&change).await.unwrap_or_default();
    assert!(why.contains("append-only"), "{why}");
    release(&app, &held).await;
    assert_eq!(app.refusal(&change).await, None);
}

/// An erasure goes through a long log piece by piece, around what is held.
#[tokio::test]
async fn a_long_log_is_erased_around_what_is_held() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, occurred_at, actor_id, actor_type, actor_label, action, resource_type,
             resource_id, new_values)
         select '{}', now() - interval '1 h' + i * interval '1 s', case when i % 3 > 0 then '{person}'::uuid end, 'user',
                'Leonie Leaver-Canary', 'x', case when i % 3 = 0 then 'user_identities' else 'products' end, '00000000-0000-7000-a000-00000000000' || i % 2,
                case when i % 3 = 0 then jsonb_build_object('user_id', '{person}', 'subject', 'leaver-canary') end
           from generate_series(1, 2300) i",
        firm()
    ))
    .await;
    let scope = json!({"kind": "record", "table_name": "products.products", "record_id": "00000000-0000-7000-a000-000000000001"});
    let held = hold(&app.system_admin(), scope).await;
    let id = request(&app.system_admin(), &person).await;
    execute(&app, &id).await;
    assert_eq!(shred(&app, &id).await, "executing");
    assert_eq!(told(&app, &person, "true").await, 767, "every other one of two in three");
    let named = format!(
        "select count(*) as n from audit.audit_events
          where tenant_id = '{}' and resource_type = 'user_identities' and new_values ->> 'user_id' = '{person}'",
        firm()
    );
    assert_eq!(app.sql(&named).await[0]["n"], 0);
    release(&app, &held).await;
    assert_eq!(shred(&app, &id).await, "done");
    assert_eq!(told(&app, &person, "true").await, 0);
}

async fn called(app: &TestApp, person: &str) -> Value {
    app.sql(&format!(
        "select status, user_name, external_id, scim from users.memberships where user_id = '{person}'"
    ))
    .await[0]
        .clone()
}

/// What the directory called somebody stays while the membership is held, and goes with the erasure.
#[tokio::test]
async fn a_held_membership_keeps_what_the_directory_said() {
    let app = TestApp::new().await;
    let boss = app.system_admin();
    let scope = json!({"kind": "table", "table_name": "users.memberships"});
    let held = hold(&boss, scope).await;
    app.execute(
        "update users.memberships set user_name = 'canary', external_id = 'canary', scim = '{\"title\": \"canary\"}'
          where user_id = '00000000-0000-7000-9000-000000000a04'",
    )
    .await;
    boss.delete(&format!("/v1/users/{SALES}"), "*").await.expect(204);
    let all = json!({"status": "ended", "user_name": "canary", "external_id": "canary", "scim": {"title": "canary"}});
    assert_eq!(called(&app, SALES).await, all);
    let id = request(&boss, SALES).await;
    execute(&app, &id).await;
    assert_eq!(shred(&app, &id).await, "executing");
    assert_eq!(called(&app, SALES).await, all);
    release(&app, &held).await;
    assert_eq!(shred(&app, &id).await, "done");
    let none = json!({"status": "ended", "user_name": null, "external_id": null, "scim": null});
    assert_eq!(called(&app, SALES).await, none);
}
