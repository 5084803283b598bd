//! Somebody came into a group of the directory or left it, as Okta's event hooks tell.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::event_hooks::{Hook, hook};
use super::world::user;
use crate::scim::Directory;

const ADD: &str = "group.user_membership.add";
const REMOVE: &str = "group.user_membership.remove";

/// A firm whose group `Leads` (`00g-leads` there) gives a role, and Dot, whom its Okta calls
/// `00u-dot`. The second group of the same name is the other firm's.
async fn scene(app: &TestApp) -> Hook {
    for (firm, group) in [(Firm::Meridian, 'a'), (Firm::Harbour, 'b')] {
        let (firm, dot) = (firm.tenant_id(), user(firm, 4));
        app.execute(&format!(
            "update users.memberships set external_id = '00u-dot' where user_id = '{dot}';
             insert into users.groups (tenant_id, group_id, display_name, external_id)
             values ('{firm}', '00000000-0000-7000-b000-00000000000{group}', 'Leads', '00g-leads');
             insert into users.group_role_mappings (tenant_id, provider, group_name, role_name)
             values ('{firm}', 'scim', 'leads', 'SalesManager')"
        ))
        .await;
    }
    hook(app).await
}

fn event(id: &str, kind: &str, minute: u8) -> Value {
    json!({"uuid": id, "eventType": kind, "published": format!("2026-11-21T11:{minute:02}:00.000Z"),
        "target": [
            {"id": "00u-dot", "type": "User", "alternateId": "dot@firm.example", "displayName": "Dot"},
            {"id": "00g-leads", "type": "UserGroup", "displayName": "Leads"}]})
}

async fn outcomes(app: &TestApp, hook: &Hook, events: &[Value]) -> Value {
    hook.deliver(app, json!(events)).await.expect(200).body["outcomes"].take()
}

/// The grants that groups gave, of both firms.
async fn grants(app: &TestApp) -> Vec<Value> {
    app.sql(
        "select case when tenant_id::text like '%a' then 'Meridian' else 'Harbour' end as firm, role_name,
                okta_group_name as grp, effective_to is null as open, assigned_by, ended_by
           from users.user_roles where origin = 'scim' order by 1, effective_from, effective_to",
    )
    .await
}

fn grant(open: bool, ended_by: Option<&str>) -> Value {
    json!({"firm": "Meridian", "role_name": "SalesManager", "grp": "Leads", "open": open,
        "assigned_by": "directory", "ended_by": ended_by})
}

fn later(app: &TestApp) {
    app.clock.advance(chrono::TimeDelta::minutes(1));
}

#[tokio::test]
async fn a_group_gives_and_takes_its_role_as_the_directory_tells() {
    let app = TestApp::new().await;
    let hook = scene(&app).await;
    let manager = app.client(Firm::Meridian, "sales-rep", &["SalesManager"]);
    assert_eq!(manager.get("/v1/users").await.code(), "role_revoked");
    let came = event("e1", ADD, 10);
    assert_eq!(outcomes(&app, &hook, std::slice::from_ref(&came)).await, json!({"applied": 1}));
    manager.get("/v1/users").await.expect(200);
    // Again under its id, and told once more under another.
    assert_eq!(outcomes(&app, &hook, &[came]).await, json!({"duplicate": 1}));
    assert_eq!(outcomes(&app, &hook, &[event("e2", ADD, 11)]).await, json!({"unchanged": 1}));
    assert_eq!(grants(&app).await, [grant(true, None)]);
    later(&app);
    let left = event("e3", REMOVE, 20);
    assert_eq!(outcomes(&app, &hook, &[left]).await, json!({"applied": 1}));
    let manager = app.client(Firm::Meridian, "sales-rep", &["SalesManager"]);
    assert_eq!(manager.get("/v1/users").await.code(), "role_revoked");
    // Who had what is known afterwards; the other firm's group of that name has nobody in it.
    assert_eq!(grants(&app).await, [grant(false, Some("directory"))]);
    let group = app.sql("select version from users.groups order by tenant_id").await;
    assert_eq!(group, [json!({"version": 3}), json!({"version": 1})]);
}

#[tokio::test]
async fn they_count_by_when_they_happened() {
    let app = TestApp::new().await;
    let hook = scene(&app).await;
    let both = [event("e2", REMOVE, 20), event("e1", ADD, 10)];
    assert_eq!(outcomes(&app, &hook, &both).await, json!({"applied": 2}));
    // Came and left within one instant of ours: it never was.
    assert_eq!(grants(&app).await, [] as [Value; 0]);
    assert_eq!(outcomes(&app, &hook, &[event("e4", ADD, 40)]).await, json!({"applied": 1}));
    later(&app);
    let late = [event("e3", REMOVE, 30), event("e5", ADD, 35)];
    assert_eq!(outcomes(&app, &hook, &late).await, json!({"stale": 2}));
    assert_eq!(grants(&app).await, [grant(true, None)]);
    // At the same instant leaving wins, whichever comes first.
    assert_eq!(outcomes(&app, &hook, &[event("e6", REMOVE, 50)]).await, json!({"applied": 1}));
    assert_eq!(outcomes(&app, &hook, &[event("e7", ADD, 50)]).await, json!({"stale": 1}));
    assert_eq!(grants(&app).await, [grant(false, Some("directory"))]);
    // What happened after it, though it is told before our own clock has come there, counts.
    later(&app);
    assert_eq!(outcomes(&app, &hook, &[event("e8", ADD, 51)]).await, json!({"applied": 1}));
    assert_eq!(grants(&app).await, [grant(false, Some("directory")), grant(true, None)]);
}

#[tokio::test]
async fn what_scim_said_later_stands() {
    let app = TestApp::new().await;
    let hook = scene(&app).await;
    let patch = async |op: &str| {
        let dot = user(Firm::Meridian, 4);
        let operation = json!([{"op": op, "path": "members", "value": [{"value": dot}]}]);
        let group = "/Groups/00000000-0000-7000-b000-00000000000a";
        Directory::of(&app).patch(group, operation).await.expect(200);
    };
    // SCIM at 12:00, events of 11:xx after it.
    patch("add").await;
    assert_eq!(outcomes(&app, &hook, &[event("e1", REMOVE, 10)]).await, json!({"stale": 1}));
    later(&app);
    patch("remove").await;
    assert_eq!(outcomes(&app, &hook, &[event("e2", ADD, 20)]).await, json!({"stale": 1}));
    let ended: Vec<_> = grants(&app).await.into_iter().map(|row| row["open"].clone()).collect();
    assert_eq!(ended, [json!(false)]);
}

#[tokio::test]
async fn who_or_what_is_not_known_waits_and_is_not_lost() {
    let app = TestApp::new().await;
    let hook = scene(&app).await;
    let mut stranger = event("e1", ADD, 10);
    stranger["target"][0]["id"] = json!("00u-nobody");
    let mut group = event("e2", ADD, 11);
    group["target"][1] = json!({"id": "00g-new", "type": "UserGroup", "displayName": "New"});
    let mut person = event("e3", ADD, 12);
    person["target"] = json!([group["target"][1]]);
    let events = [stranger, group, person];
    assert_eq!(outcomes(&app, &hook, &events).await, json!({"pending": 2, "stored": 1}));
    let kept = app.sql("select event_id, outcome from users.directory_events order by 1").await;
    let expected = [("e1", "pending"), ("e2", "pending"), ("e3", "stored")]
        .map(|(id, outcome)| json!({"event_id": id, "outcome": outcome}));
    assert_eq!(kept, expected);
    assert_eq!(grants(&app).await, [] as [Value; 0]);
}

#[tokio::test]
async fn a_group_is_known_by_its_id_and_by_its_name_only_without_one() {
    let app = TestApp::new().await;
    let hook = scene(&app).await;
    let mut renamed = event("e1", ADD, 10);
    renamed["target"][1]["id"] = json!("00g-other");
    // Another group of the directory that has taken the name.
    assert_eq!(outcomes(&app, &hook, &[renamed.clone()]).await, json!({"pending": 1}));
    app.execute("update users.groups set external_id = null").await;
    renamed["uuid"] = json!("e2");
    assert_eq!(outcomes(&app, &hook, &[renamed]).await, json!({"applied": 1}));
    assert_eq!(grants(&app).await, [grant(true, None)]);
}

#[tokio::test]
async fn the_directory_takes_the_last_administrators_role_too() {
    let app = TestApp::new().await;
    let hook = scene(&app).await;
    app.execute(
        "update users.group_role_mappings set role_name = 'SystemAdministrator';
         delete from users.user_roles where role_name in ('SystemAdministrator', 'Admin')",
    )
    .await;
    assert_eq!(outcomes(&app, &hook, &[event("e1", ADD, 10)]).await, json!({"applied": 1}));
    later(&app);
    assert_eq!(outcomes(&app, &hook, &[event("e2", REMOVE, 20)]).await, json!({"applied": 1}));
    assert_eq!(grants(&app).await[0]["open"], false);
}
