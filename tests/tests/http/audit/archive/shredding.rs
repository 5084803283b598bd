//! An erasure reaches what lies in the archive: the keys of people, and what goes with them
//! (docs/adr/0019).

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::scene::Scene;
use super::{MONTH, day, in_archive, in_database, object, state, steps};
use crate::audit::erasure_guards::{hold, release};
use crate::audit::firm;

pub(super) const LEAVER: &str = "00000000-0000-7000-9000-0000000c0001";
pub(super) const STAYER: &str = "00000000-0000-7000-9000-0000000c0002";

/// Two people whom both firms knew, and what they did in the old month: each something to a product,
/// to their own record and to the other's. The leaver did something at the other firm, too.
pub(super) async fn people(app: &TestApp) {
    let (here, there) = (firm(), Firm::Harbour.tenant_id());
    app.execute(&format!(
        "insert into users.users (user_id, email, display_name, directory_tenant_id) values
             ('{LEAVER}', 'leonie@canary.example', 'Leonie Canary', '{here}'),
             ('{STAYER}', 'stanley@canary.example', 'Stanley Canary', '{here}');
         insert into users.memberships (tenant_id, user_id, status, ended_at)
         select t.id, u.user_id, 'ended', now()
           from users.users u, (values ('{here}'::uuid), ('{there}')) t (id)
          where u.user_id in ('{LEAVER}', '{STAYER}')"
    ))
    .await;
    for (tenant, actor, kind, about, said) in [
        (here.as_str(), LEAVER, "products", "p-1", "Granite"),
        (&here, LEAVER, "users", LEAVER, "leonie@canary.example"),
        (&here, STAYER, "users", LEAVER, "leonie@canary.example"),
        (&here, LEAVER, "users", STAYER, "stanley@canary.example"),
        (&here, STAYER, "products", "p-2", "Granite"),
        (&there.to_string(), LEAVER, "products", "p-3", "Granite"),
    ] {
        act(app, tenant, actor, (kind, about), said).await;
    }
}

/// An event of the old month.
pub(super) async fn act(
    app: &TestApp,
    tenant: &str,
    actor: &str,
    (kind, about): (&str, &str),
    said: &str,
) {
    let name = if actor == LEAVER { "Leonie Canary" } else { "Stanley Canary" };
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, occurred_at, actor_id, actor_type, actor_label, action,
             resource_type, resource_id, new_values, ip_address, user_agent, reason)
         select '{tenant}', '{MONTH}-20Z'::timestamptz + interval '1 s' * (select count(*) from audit.audit_events),
                '{actor}', 'user', '{name}', '{kind}.updated', '{kind}', '{about}', '{{\"said\": \"{said}\", \"rate\": 4.1000}}',
                '203.0.113.77', 'agent of {name}', null"
    ))
    .await;
}

/// A folder with the month of these people, sealed and trusted.
pub(super) async fn scene() -> Scene {
    let mut scene = Scene::hot(3).await;
    people(&scene.app).await;
    scene.app.seal().await;
    scene.trust().await;
    scene
}

/// Has a person's erasure executed; its id.
pub(super) async fn executed(app: &TestApp, person: &str) -> String {
    let body = json!({"person_id": person, "ground": "gdpr_17", "reason": "A letter"});
    let made = app.system_admin().post("/v1/audit/erasure-requests", body).await.expect(201);
    let id = made.body["erasure_id"].as_str().expect("an id").to_owned();
    let execute = format!("/v1/audit/erasure-requests/{id}/execute");
    app.second_system_admin().await.act(&execute, "*").await.expect(200);
    id
}

/// Lets the job run; the state of the request then.
pub(super) async fn shred(app: &TestApp, erasure: &str) -> Value {
    audit::shred(&app.app).await.expect("the erasure");
    let path = format!("/v1/audit/erasure-requests/{erasure}");
    app.system_admin().get(&path).await.expect(200).body
}

/// The keys: whose, of which firm (`here` or not), whether they open, and who destroyed them.
pub(super) async fn keys(app: &TestApp) -> Vec<(String, bool, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let rows = app
        .sql(&format!(
            "select k.subject_id, k.tenant_id = '{}' as here, k.destroyed_by, k.key is null as gone
               from audit.subject_keys k where k.subject_id in ('{LEAVER}', '{STAYER}')
              order by k.subject_id, here desc, k.created_at",
            firm()
        ))
        .await;
    let one = |row: &Value| {
        assert_eq!(row["gone"].as_bool(), Some(!row["destroyed_by"].is_null()));
        let whose = text(&row["subject_id"]).expect("an id");
        (whose, row["here"].as_bool() == Some(true), text(&row["destroyed_by"]))
    };
    rows.iter().map(one).collect()
}

/// The certificate of an erasure.
async fn certificate(app: &TestApp, erasure: &str) -> Value {
    let found = app
        .sql(&format!(
            "select details from audit.audit_events
              where action = 'erasure.certified' and resource_id = '{erasure}'"
        ))
        .await;
    assert_eq!(found.len(), 1, "one certificate");
    found[0]["details"].clone()
}

/// How often each of the two is told of, by label and by what is said.
pub(super) fn told(events: &[Value]) -> (usize, usize) {
    let text = json!(events).to_string();
    let count = |names: [&str; 2]| names.iter().map(|name| text.matches(*name).count()).sum();
    (count(["Leonie", "leonie@"]), count(["Stanley", "stanley@"]))
}

pub(super) async fn proven(scene: &Scene) -> String {
    scene.app.seal().await;
    for way in [&[][..], &["--as", "system-admin@a.test"]] {
        let (fine, said) = scene.verify(way).await;
        assert!(fine, "{said}");
        if !way.is_empty() {
            return said;
        }
    }
    String::new()
}

#[tokio::test]
async fn what_is_told_about_people_is_closed_in_the_archive() {
    let scene = scene().await;
    steps(&scene.app, 5).await;
    let records = in_archive(&scene.app, &firm()).await;
    let text = serde_json::to_string(&records).expect("JSON");
    for personal in ["Leonie", "leonie@", "Stanley", "stanley@", "203.0.113.77", "agent of"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    assert!(text.contains("Granite"), "what is about no person is open");
    let closed = records.iter().filter(|record| record.sealed.is_some()).count();
    // Those of the two, and the three that `write` makes, of which one is nobody's.
    assert_eq!((records.len(), closed), (3 + 5, 2 + 5));
    assert!(records.iter().all(|record| {
        let salt = record.event.as_ref().expect("an event").salt;
        salt.is_none() == record.sealed.is_some()
    }));
    proven(&scene).await;

    let (found, said) = scene.query(&firm(), &[]).await;
    assert_eq!((found.len(), told(&found)), (8, (0, 0)));
    assert!(said.contains("7 of these events") && said.lines().count() == 1, "{said}");
    let opened = "select count(*) as n from audit.audit_events where action = 'audit_log.opened'";
    assert_eq!(scene.app.sql(opened).await[0]["n"], 0);
    let (found, said) = scene.query(&firm(), &["--open"]).await;
    // Label, agent and what is said.
    assert_eq!((told(&found), said.as_str()), ((3 * 2 + 2, 2 * 2 + 1), ""));
    assert_eq!(scene.app.sql(opened).await[0]["n"], 1);
    let none = scene.query(&firm(), &["--open", "--from", "2026-01-01T00:00:00Z"]).await;
    assert!(none.0.is_empty() && scene.app.sql(opened).await[0]["n"] == 1);
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one story, step by step")]
async fn an_erasure_destroys_the_keys_and_the_proofs_stay() {
    let scene = scene().await;
    let app = &scene.app;
    let before = in_database(app).await;
    steps(app, 5).await;
    let name = format!("{}/events/{MONTH}/{}", firm(), scene.manifest().files[1].name);
    let bytes = object(app, &name).await;
    let id = executed(app, LEAVER).await;
    let path = format!("/v1/audit/erasure-requests/{id}");
    let answer = app.system_admin().get(&path).await.expect(200).body;
    let field = |answer: &Value, column: &str| {
        let all = answer["answer"].as_array().expect("an answer").clone();
        let found = all.into_iter().find(|field| {
            field["table_name"] == "audit.audit_events" && field["column_name"] == column
        });
        found.expect("a field")
    };
    // They all have left: the archive's are counted.
    let label = field(&answer, "actor_label");
    assert_eq!((&label["records"], &label["outcome"]), (&json!(4), &json!("erase")));

    let done = shred(app, &id).await;
    assert_eq!(done["status"], "done");
    let gone = |person: &str, here, by: Option<&String>| (person.to_owned(), here, by.cloned());
    let wanted =
        [gone(LEAVER, true, Some(&id)), gone(LEAVER, false, None), gone(STAYER, true, None)];
    assert_eq!(keys(app).await, wanted);
    let certificate = certificate(app, &id).await;
    assert_eq!(certificate["archived_events"], 4, "{certificate}");
    assert_eq!(certificate["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(certificate["events"], done["events"]);
    assert!(done["events"].as_u64() >= Some(4), "{done}");
    // A second run does nothing.
    assert_eq!(audit::shred(&app.app).await.expect("a run").erasures, 0);

    // The files are what they were, and are proven so; but they tell nothing of the person.
    assert_eq!(object(app, &name).await, bytes);
    let said = proven(&scene).await;
    let erased = done["events"].as_u64().expect("a number");
    assert!(said.contains(&format!("{erased} of them are erased in part")), "{said}");
    let (found, _) = scene.query(&firm(), &["--open"]).await;
    assert_eq!(told(&found), (0, 2 * 2 + 1));
    let (found, _) = scene.query(&Firm::Harbour.tenant_id().to_string(), &["--open"]).await;
    assert_eq!(told(&found), (2, 0), "another firm has keys of its own");

    // Back in the log they are what an erasure would have left of them there.
    let restored = async || {
        audit::months::restore(&app.app, &app.seals, day(), |_, _| {}).await.expect("a restore");
        in_database(app).await
    };
    let after = restored().await;
    assert_eq!(after.len(), before.len());
    for (old, new) in before.iter().zip(&after) {
        let (old, new) = (&old["event"], &new["event"]);
        let here = old["tenant_id"] == json!(firm());
        let (did, about) = (old["actor_id"] == json!(LEAVER), old["resource_id"] == json!(LEAVER));
        if !here || !did && !about {
            assert_eq!(old, new);
            continue;
        }
        assert_eq!((&new["erasures"], &new["salt"]), (&json!([id]), &Value::Null));
        assert_eq!((new["actor_label"].is_null(), new["new_values"].is_null()), (did, about));
        assert_eq!((new["actor_commitment"].is_null(), new["actor_key"].is_null()), (!did, did));
    }
    let said = proven(&scene).await;
    assert!(said.contains(&format!("{erased} of them are erased in part")), "{said}");
    audit::months::release(&app.app, &app.seals, day()).await.expect("a release");
    steps(app, 5).await;
    assert_eq!(state(app).await.as_deref(), Some("dropped"));
    proven(&scene).await;
    restored().await;

    // And the log does not believe another erasure of an event that came back.
    app.execute(&format!(
        "alter table audit.audit_events disable trigger user;
         update audit.audit_events set actor_commitment = sha256('x'), content_commitment = sha256('y'), salt = null,
                erasures = array['{id}'::uuid], actor_label = null, ip_address = null, user_agent = null,
                session_ref = null, old_values = null, new_values = null, details = null, reason = null
          where tenant_id = '{}' and actor_id = '{STAYER}' and resource_id = 'p-2'",
        firm()
    ))
    .await;
    let (fine, said) = scene.verify(&["--as", "system-admin@a.test"]).await;
    assert!(!fine && said.contains("is not what was sealed"), "{said}");
}

/// What the keys close is looked at before the month goes: what cannot be opened is not dropped.
#[tokio::test]
async fn nothing_is_dropped_that_cannot_be_opened() {
    let scene = scene().await;
    let app = &scene.app;
    let months = audit::months::Months::new(&app.app, &app.seals);
    while state(app).await.as_deref() != Some("written") {
        months.step(None).await.expect("a step");
    }
    app.execute(&format!(
        "alter table audit.subject_keys disable trigger user;
         update audit.subject_keys set key = sha256('x') where subject_id = '{STAYER}'"
    ))
    .await;
    let refused = super::tried(app).await.unwrap_err();
    assert_eq!(refused.code(), &wealth_core::problem::CHAIN_BROKEN);
    assert!(refused.cause().is_some_and(|cause| cause.contains("does not open")), "{refused:?}");
    assert_eq!(super::table(app).await, "attached");
}

/// Whoever hides a part by a key that nobody destroyed, or without one, is found.
#[tokio::test]
async fn a_part_that_is_only_taken_out_is_found() {
    let scene = scene().await;
    steps(&scene.app, 5).await;
    let at = |part: usize| {
        let name = &scene.manifest().files[part].name;
        let bytes = std::fs::read(scene.month().join(name)).expect("a file");
        let mut rows = audit::columns::Rows::open(bytes.into()).expect("a file");
        rows.position(|row| row.expect("a row").sealed.is_some()).expect("a closed event")
    };
    let place = at(1);
    let (leaf, event) = scene.named(1, place);
    scene.replace(1, true, |records| records[place].sealed = None);
    let said = format!("leaf {leaf}: a part of event {event} is missing, which is neither closed");
    scene.found(&said).await;
}

/// What has left the database under no hold is kept by one that comes later: its keys stay.
#[tokio::test]
async fn a_hold_keeps_the_keys_of_what_it_covers_in_the_archive() {
    let scene = scene().await;
    let app = &scene.app;
    let found = app
        .sql(&format!(
            "select event_id from audit.audit_events
              where actor_id = '{STAYER}' and tenant_id = '{}' order by resource_id",
            firm()
        ))
        .await;
    steps(app, 5).await;
    let id = executed(app, LEAVER).await;
    let event = |at: usize| json!({"kind": "record", "table_name": "audit.audit_events", "record_id": found[at]["event_id"]});
    for scope in [
        event(0),
        json!({"kind": "person", "person_id": STAYER}),
        json!({"kind": "table", "table_name": "products.products"}),
    ] {
        let held = hold(&app.system_admin(), scope.clone()).await;
        assert_eq!(shred(app, &id).await["status"], "executing", "{scope}");
        assert!(keys(app).await.iter().all(|(_, _, by)| by.is_none()), "{scope}");
        let guarded = format!(
            "update audit.subject_keys set key = null, destroyed_at = now(), destroyed_by = '{id}'
              where subject_id = '{LEAVER}' and tenant_id = '{}'",
            firm()
        );
        let why = app.refusal(&guarded).await.unwrap_or_default();
        assert!(why.contains("append-only"), "{scope}: {why}");
        release(app, &held).await;
    }
    // One over an event that is not the leaver's keeps nothing of the leaver.
    hold(&app.system_admin(), event(1)).await;
    assert_eq!(shred(app, &id).await["status"], "done");
}

/// An invitation is closed with the key of whom it brought.
#[tokio::test]
async fn the_address_of_an_invitation_is_closed_with_its_persons_key() {
    let mut scene = Scene::hot(3).await;
    people(&scene.app).await;
    let app = &scene.app;
    let invitation = "00000000-0000-7000-a000-0000000c0001";
    app.execute(&format!(
        "insert into users.invitations (tenant_id, invitation_id, email, invited_by, token_hash, expires_at, accepted_at,
             accepted_by)
         values ('{}', '{invitation}', 'x@b.test', '{STAYER}', sha256('x'), now(), now(), '{LEAVER}')",
        firm()
    ))
    .await;
    act(app, &firm(), STAYER, ("invitations", invitation), "leonie@canary.example").await;
    app.seal().await;
    scene.trust().await;
    steps(&scene.app, 5).await;
    let text = serde_json::to_string(&in_archive(&scene.app, &firm()).await).expect("JSON");
    assert!(text.contains(invitation) && !text.contains("leonie@"), "{text}");
}
