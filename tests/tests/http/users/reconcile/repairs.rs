//! What was lost is found.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::{Files, active, compare, group, managers, members, people, person, turn, turn_of};

fn report(counts: &[i64; 6]) -> Vec<Value> {
    let [people, groups, off, on, left, came] = counts;
    vec![json!({"tenant_id": Firm::Meridian.tenant_id(), "status": "done", "reason": null,
        "counts": {"people": people, "groups": groups, "off": off, "on": on, "left": left, "came": came}})]
}

/// Five people, two of them in the group.
async fn scene(app: &TestApp) -> Vec<String> {
    let ids = people(app, &["ana", "ben", "cleo", "dan", "eve", "fay"]).await;
    group(app, "Leads", &[&ids[0], &ids[1], &ids[2], &ids[3], &ids[4]]).await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    ids
}

#[tokio::test]
async fn who_has_left_unheard_loses_every_way_in() {
    let app = TestApp::new().await;
    let ids = scene(&app).await;
    let files = Files::new();
    files.write(Firm::Meridian, &json!({
        "people": [person("ana", true), person("ben", false), person("cleo", true),
            person("dan", true), person("eve", true), person("fay", true), person("stranger", false)],
        "groups": [members("Leads", &["ana", "cleo", "dan", "eve", "fay"]), members("Unknown", &["ana"])],
    }));
    let firm = Firm::Meridian.tenant_id();
    let ben = uuid::Uuid::parse_str(&ids[1]).expect("an id");
    let session = app.open_session(Firm::Meridian, ben, 1).await;
    app.execute(&format!(
        "insert into users.api_keys (tenant_id, user_id, name, prefix, key_hash, scopes)
         values ('{firm}', '{ben}', 'his', 'wk_abcdefgh', 'x', '{{view-rates}}')"
    ))
    .await;
    let services = files.services();
    assert_eq!(turn(&app, &services).await, report(&[7, 2, 1, 0, 1, 1]));
    assert_eq!(active(&app).await, ["ana", "cleo", "dan", "eve", "fay"]);
    assert_eq!(managers(&app).await, ["ana", "cleo", "dan", "eve", "fay"]);
    let ended = app
        .sql(
            "select (select count(*) from users.user_sessions where is_active) as sessions,
                     (select count(*) from users.api_keys where revoked_at is null) as keys",
        )
        .await;
    assert_eq!(ended, [json!({"sessions": 0, "keys": 0})]);
    let client = app.with_token(&session.access_token);
    assert_eq!(client.get("/v1/users/me").await.code(), "account_inactive");

    // Delivered again, the same night: it is over. The next night finds nothing.
    let over = json!({"tenant_id": firm, "status": "nothing_to_do"});
    assert_eq!(turn(&app, &services).await, [over]);
    app.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(turn(&app, &services).await, report(&[7, 2, 0, 0, 0, 0]));

    let runs =
        app.system_admin().get("/v1/users/directory-runs").await.expect(200).body["items"].take();
    let first = &runs[1];
    let difference = |event: &str, subject: &str, group: Value| json!({"event_type": event, "subject": subject, "group": group, "outcome": "applied"});
    let expected = json!({"directory_run_id": first["directory_run_id"], "day": "2026-11-21", "status": "done",
        "started_at": "2026-11-21T13:00:00Z", "finished_at": "2026-11-21T13:00:00Z",
        "counts": {"people": 7, "groups": 2, "off": 1, "on": 0, "left": 1, "came": 1},
        "differences": [
            difference("user.lifecycle.suspend", "00u-ben", json!(null)),
            difference("group.user_membership.remove", "00u-ben", json!("Leads")),
            difference("group.user_membership.add", "00u-fay", json!("Leads"))],
        "reason": null, "confirmed_by": null});
    assert_eq!((runs.as_array().map(Vec::len), first), (Some(2), &expected));
    let other = app.other_admin().get("/v1/users/directory-runs").await.expect(200);
    assert_eq!(other.body, json!({"items": []}));
    let kept = app.sql("select 1 from users.directory_seen").await;
    assert_eq!(kept, [] as [Value; 0], "what was read is put away");
    let told = "select count(*) as n from audit.audit_events where action = 'directory.compared' and actor_type = 'system'";
    assert_eq!(app.sql(told).await, [json!({"n": 2})]);
}

#[tokio::test]
async fn who_is_back_comes_in_again_but_not_past_an_administrator() {
    let app = TestApp::new().await;
    scene(&app).await;
    let files = Files::new();
    let write = |ben: bool| {
        let all = ["ana", "cleo", "dan", "eve", "fay"].map(|name| person(name, true));
        let people: Vec<Value> = all.into_iter().chain([person("ben", ben)]).collect();
        let groups = [members("Leads", &["ana", "ben", "cleo", "dan", "eve"])];
        files.write(Firm::Meridian, &json!({"people": people, "groups": groups}));
    };
    let services = files.services();
    app.execute("update users.memberships set status = 'suspended' where user_name = 'ana'").await;
    write(false);
    turn(&app, &services).await;
    assert_eq!(active(&app).await, ["cleo", "dan", "eve", "fay"]);
    app.clock.advance(chrono::TimeDelta::days(1));
    write(true);
    assert_eq!(turn(&app, &services).await, report(&[6, 1, 0, 2, 0, 0]));
    assert_eq!(active(&app).await, ["ben", "cleo", "dan", "eve", "fay"]);
}

#[tokio::test]
async fn what_an_event_left_pending_is_tried_again() {
    let app = TestApp::new().await;
    let hook = super::super::event_hooks::hook(&app).await;
    let came = |id: &str, who: &str, minute: u8| {
        json!({"uuid": id, "eventType": "group.user_membership.add",
            "published": format!("2026-11-21T12:{minute:02}:00.000Z"),
            "target": [{"id": who, "type": "User"}, {"id": "00g-Leads", "type": "UserGroup", "displayName": "Leads"}]})
    };
    hook.deliver(&app, json!([came("e1", "00u-ana", 10), came("e2", "00u-nobody", 10)]))
        .await
        .expect(200);
    let ids = people(&app, &["ana", "ben"]).await;
    group(&app, "Leads", &[&ids[1]]).await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    let files = Files::new();
    files.write(
        Firm::Meridian,
        &json!({"people": [person("ana", true), person("ben", true)],
        "groups": [members("Leads", &["ana", "ben"])]}),
    );
    assert_eq!(turn(&app, &files.services()).await, report(&[2, 1, 0, 0, 0, 0]));
    assert_eq!(managers(&app).await, ["ana", "ben"]);
    let events = app.sql("select event_id, outcome from users.directory_events order by 1").await;
    let expected = [("e1", "applied"), ("e2", "unmatched")]
        .map(|(id, outcome)| json!({"event_id": id, "outcome": outcome}));
    assert_eq!(events, expected);
}

#[tokio::test]
async fn what_happened_after_the_reading_began_stands() {
    let app = TestApp::new().await;
    scene(&app).await;
    let hook = super::super::event_hooks::hook(&app).await;
    let files = Files::new();
    // Read before Eve left the group; the hook has told of it since.
    files.write(
        Firm::Meridian,
        &json!({
        "people": (["ana", "ben", "cleo", "dan", "eve", "fay"].map(|name| person(name, true))),
        "groups": [members("Leads", &["ana", "ben", "cleo", "dan", "eve"])]}),
    );
    let left = json!({"uuid": "e1", "eventType": "group.user_membership.remove",
        "published": "2026-11-21T13:00:01.000Z",
        "target": [{"id": "00u-eve", "type": "User"}, {"id": "00g-Leads", "type": "UserGroup", "displayName": "Leads"}]});
    hook.deliver(&app, json!([left])).await.expect(200);
    assert_eq!(managers(&app).await, ["ana", "ben", "cleo", "dan"]);
    turn(&app, &files.services()).await;
    assert_eq!(managers(&app).await, ["ana", "ben", "cleo", "dan"]);
}

#[tokio::test]
async fn two_deliveries_at_once_are_one_comparison() {
    let app = TestApp::new().await;
    scene(&app).await;
    let files = Files::new();
    files.write(Firm::Meridian, &json!({
        "people": (["ana", "ben", "cleo", "dan", "eve", "fay"].map(|name| person(name, name != "ben"))),
        "groups": [members("Leads", &["ana", "cleo", "dan", "eve"])]}));
    let services = files.services();
    let all = futures_util::future::join_all((0..4).map(|_| turn(&app, &services))).await;
    let done = all.iter().flatten().filter(|report| report["status"] == "done").count();
    assert_eq!(done, 1, "{all:?}");
    let events = app.sql("select count(*) as n from users.directory_events").await;
    assert_eq!(events, [json!({"n": 2})]);
    assert_eq!(active(&app).await, ["ana", "cleo", "dan", "eve", "fay"]);
}

/// Meridian, which failed before, has Harbour behind it.
#[tokio::test]
async fn a_firm_whose_comparison_fails_keeps_no_other_waiting() {
    let app = TestApp::new().await;
    people(&app, &["ana"]).await;
    let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ana", "externalId": "00u-ana"});
    app.other_admin().post("/scim/v2/Users", body).await.expect(201);
    app.clock.advance(TimeDelta::hours(1));
    let files = Files::new();
    for firm in [Firm::Meridian, Firm::Harbour] {
        files.write(firm, &json!({"people": [person("ana", true)], "groups": []}));
    }
    let meridian = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "create function public.poison() returns trigger language plpgsql as
             $$ begin raise exception 'the well is poisoned'; end $$;
         create trigger poison before insert on users.directory_runs for each row
            when (new.tenant_id = '{meridian}') execute function public.poison()"
    ))
    .await;
    let failed = compare(&app, &files.services(), None, TimeDelta::minutes(1)).await.unwrap_err();
    assert!(failed.contains(&format!("not compared: {meridian}: ")), "{failed}");
    let runs =
        app.sql("select right(tenant_id::text, 1) as firm, status from users.directory_runs");
    assert_eq!(runs.await, [json!({"firm": "b", "status": "done"})]);
}

#[tokio::test]
async fn firms_for_which_there_was_no_time_are_left_to_another_call() {
    let app = TestApp::new().await;
    people(&app, &["ana"]).await;
    let files = Files::new();
    files.write(Firm::Meridian, &json!({"people": [person("ana", true)], "groups": []}));
    let none = compare(&app, &files.services(), None, TimeDelta::zero()).await.expect("a call");
    assert!(none.more && none.reports.is_empty(), "{none:?}");
    let enough = compare(&app, &files.services(), None, TimeDelta::minutes(1)).await;
    let enough = enough.expect("a call");
    assert!(!enough.more && enough.reports[0]["status"] == "done", "{enough:?}");
}

#[tokio::test]
async fn each_firm_is_compared_with_its_own_directory() {
    let app = TestApp::new().await;
    people(&app, &["ana", "ben"]).await;
    let body = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ana", "externalId": "00u-ana"});
    app.other_admin().post("/scim/v2/Users", body).await.expect(201);
    app.clock.advance(chrono::TimeDelta::hours(1));
    let files = Files::new();
    files.write(
        Firm::Meridian,
        &json!({"people": [person("ana", true), person("ben", true)], "groups": []}),
    );
    files.write(
        Firm::Harbour,
        &json!({"people": [person("ana", false), person("zoe", true)], "groups": []}),
    );
    let reports = turn(&app, &files.services()).await;
    assert_eq!(
        reports.iter().filter(|report| report["status"] == "done").count(),
        2,
        "{reports:?}"
    );
    assert_eq!(active(&app).await, ["ana", "ben"]);
    let theirs = app.sql(
        "select status from users.memberships where tenant_id::text like '%b' and origin = 'scim'",
    );
    assert_eq!(theirs.await, [json!({"status": "suspended"})]);
    // One alone, if that is asked for; nobody for a firm that has no directory.
    app.clock.advance(chrono::TimeDelta::days(1));
    let harbour = Firm::Harbour.tenant_id();
    let one = turn_of(&app, &files.services(), Some(harbour)).await;
    assert_eq!(one.len(), 1);
    assert_eq!(one[0]["tenant_id"], json!(harbour));
    assert_eq!(turn_of(&app, &app.services, Some(harbour)).await, Vec::<Value>::new());
}
