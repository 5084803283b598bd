//! What an erasure may not do, one defence after the other (threat 33 of rules.md; docs/adr/0017).

use serde_json::{Value, json};
use testkit::{Client, Firm, TestApp};

use super::erasures::{ERASURES, leaver, left, request};
use super::firm;

const SALES: &str = "00000000-0000-7000-9000-000000000a04";

pub(super) async fn execute(app: &TestApp, id: &str) -> Value {
    let second = app.second_system_admin().await;
    second.act(&format!("{ERASURES}/{id}/execute"), "*").await.expect(200).body
}

async fn known(app: &TestApp, person: &str) -> Value {
    app.sql(&format!(
        "select email, first_name, is_active from users.users where user_id = '{person}'"
    ))
    .await[0]
        .clone()
}

pub(crate) async fn hold(client: &Client, scope: Value) -> String {
    let body = json!({"name": "x", "reason": "y", "scopes": [scope]});
    let made = client.post("/v1/audit/legal-holds", body).await.expect(201);
    made.body["hold_id"].as_str().expect("an id").to_owned()
}

pub(crate) async fn release(app: &TestApp, hold: &str) {
    app.execute(&format!(
        "update audit.legal_holds set status = 'released', release_reason = 'x', release_requested_at = now(),
             release_requested_by = 'x', released_at = now(), released_by_user_id = '{SALES}' where hold_id = '{hold}'"
    ))
    .await;
}

/// By a second person, who saw the request as it is, and once.
#[tokio::test]
async fn an_erasure_is_decided_once_by_somebody_who_saw_it() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    let (client, second) = (app.system_admin(), app.second_system_admin().await);
    let id = request(&client, &person).await;
    let path = |act: &str| format!("{ERASURES}/{id}/{act}");
    let stale = second.act(&path("execute"), "\"7\"").await.expect(412);
    assert_eq!(stale.code(), "version_conflict");
    let nobody = format!(
        "select set_config('app.current_tenant_id', '{}', true);
         select audit.decide_erasure('{id}', true, 'a machine', null)",
        firm()
    );
    assert_eq!(app.refusal(&nobody).await.as_deref(), Some("An erasure needs a second person"));
    second.act(&path("execute"), "\"1\"").await.expect(200);
    for act in ["execute", "reject"] {
        assert_eq!(second.act(&path(act), "*").await.expect(409).code(), "state_conflict", "{act}");
    }
}

/// Who is still a member, or has the account from elsewhere, stays able to sign in.
#[tokio::test]
async fn an_account_that_is_not_the_firms_to_forget_stays() {
    let app = TestApp::new().await;
    let own = leaver(&app).await;
    app.execute(&format!(
        "update users.users set directory_tenant_id = null where user_id = '{own}'"
    ))
    .await;
    for (person, why) in [(SALES, "still_a_member"), (own.as_str(), "account_of_the_person")] {
        let before = known(&app, person).await;
        let id = request(&app.system_admin(), person).await;
        let done = execute(&app, &id).await;
        let fields = done["answer"].as_array().expect("an answer");
        let email = fields
            .iter()
            .find(|field| field["column_name"] == "email" && field["table_name"] == "users.users");
        assert_eq!(email.expect("it")["why"], why);
        assert_eq!(known(&app, person).await, before);
    }
}

/// A hold of any firm that knows the person keeps the person, a hold of this firm's log its events.
#[tokio::test]
async fn what_a_hold_covers_outlives_an_erasure() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    // Who was held when leaving keeps the name.
    app.execute(&format!(
        "select set_config('app.current_tenant_id', '{}', true);
         update users.users set email = 'leaver-canary@a.test', first_name = 'Leonie' where user_id = '{person}'",
        firm()
    ))
    .await;
    app.execute(&format!(
        "insert into users.memberships (tenant_id, user_id, status, origin) values ('{}', '{person}', 'ended', 'manual')",
        Firm::Harbour.tenant_id()
    ))
    .await;
    let before = known(&app, &person).await;
    let elsewhere = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    let theirs = hold(&elsewhere, json!({"kind": "person", "person_id": person})).await;
    let id = request(&app.system_admin(), &person).await;
    execute(&app, &id).await;
    assert_eq!(known(&app, &person).await, before);
    assert_eq!(audit::shred(&app.app).await.expect("the erasure").events, 0);
    release(&app, &theirs).await;

    app.execute(&format!("insert into users.user_profiles (user_id) values ('{person}')")).await;
    let profiles = json!({"kind": "table", "table_name": "users.user_profiles"});
    let profiles = hold(&app.system_admin(), profiles).await;
    assert_eq!(audit::shred(&app.app).await.expect("the erasure").events, 0);
    release(&app, &profiles).await;

    let log = hold(&app.system_admin(), json!({"kind": "class", "class": "audit_event"})).await;
    assert_eq!(audit::shred(&app.app).await.expect("the erasure").events, 0);
    release(&app, &log).await;
    assert!(audit::shred(&app.app).await.expect("the erasure").events > 0);

    // What had to stay when it was decided is gone when it is certified, and so is what the log says of that.
    assert_eq!(known(&app, &person).await["email"], format!("{person}@removed.invalid"));
    let done = app.system_admin().get(&format!("{ERASURES}/{id}")).await.expect(200).body;
    assert_eq!(done["status"], "done");
    assert!(left(&app).await.is_empty());
}

/// An erasure that cannot go on keeps no other waiting, and a firm that is closed has nobody who works for it.
#[tokio::test]
async fn one_erasures_failure_keeps_no_other_waiting() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    let there = Firm::Harbour.tenant_id();
    app.execute(&format!(
        "insert into users.memberships (tenant_id, user_id, status, origin) values ('{there}', '{person}', 'ended', 'manual');
         insert into audit.erasure_requests (tenant_id, person_id, ground, reason, status, requested_by, decided_at, decided_by,
             decided_by_user_id, answer)
         select t, '{person}', 'firm', 'x', 'executing', 'x', now(), 'y', '{SALES}', '[]' from (values ('{}'::uuid), ('{there}')) v (t);
         create function public.poison() returns trigger language plpgsql as
             $$ begin raise exception 'the well is poisoned'; end $$;
         create trigger poison before update on audit.audit_events for each row
            when (new.tenant_id = '{}') execute function public.poison()",
        firm(),
        firm()
    ))
    .await;
    let states = async || {
        let all = app.sql("select status from audit.erasure_requests order by tenant_id").await;
        all.iter()
            .map(|row| row["status"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let failed = audit::shred(&app.app).await.expect_err("the poison");
    assert!(failed.cause().is_some_and(|cause| cause.contains(&firm())), "{failed:?}");
    assert_eq!(states().await, ["executing", "done"]);
    app.execute(&format!(
        "update tenants.tenants set status = 'closed' where tenant_id = '{}'",
        firm()
    ))
    .await;
    assert_eq!(audit::shred(&app.app).await.expect("nothing to do").erasures, 0);
    assert_eq!(states().await, ["executing", "done"]);
}

/// An invitation told the log an address before there was anybody whose it was.
#[tokio::test]
async fn an_erasure_reaches_the_invitation_that_brought_somebody() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    app.execute(&format!(
        "insert into users.invitations (tenant_id, email, message, invited_by, token_hash, expires_at)
         select '{firm}', 'leaver-canary@b.test', 'Welcome, Leonie', '{SALES}', sha256(convert_to('x', 'UTF8')), now() + interval '1 d';
         update users.invitations set sent_at = now(), version = 2;
         update users.invitations set accepted_at = now(), accepted_by = '{person}', version = 3",
        firm = firm()
    ))
    .await;
    let told = left(&app).await.len();
    let id = request(&app.system_admin(), &person).await;
    execute(&app, &id).await;
    audit::shred(&app.app).await.expect("the erasure");
    let after = left(&app).await;
    assert!(told > 0 && after.is_empty(), "{after:?}");
}

/// With an erasure in hand nobody writes anything else into an event, nor takes out more than a
/// commitment stands for; and a finished one is no key at all.
#[tokio::test]
async fn an_erasure_changes_of_an_event_what_it_may_and_no_more() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    let id = request(&app.system_admin(), &person).await;
    execute(&app, &id).await;
    let change = |set: &str, erasures: &str| {
        format!(
            "select set_config('app.current_tenant_id', '{}', true);
             update audit.audit_events set {set}, erasures = {erasures} where actor_id = '{person}'",
            firm()
        )
    };
    let of_it = format!("array['{id}'::uuid]");
    let whole = "actor_commitment = sha256('x'), content_commitment = sha256('y'), salt = null, actor_label = null,
        ip_address = null, user_agent = null, session_ref = null, old_values = null, new_values = null, details = null,
        reason = null";
    let refused = [
        change(&format!("{whole}, action = 'x'"), &of_it),
        change(&format!("{whole}, actor_id = gen_random_uuid()"), &of_it),
        change(whole, &format!("array[gen_random_uuid(), '{id}']")),
        change("actor_label = 'Somebody else', content_commitment = sha256('y')", &of_it),
        change("reason = 'Another', actor_commitment = sha256('x')", &of_it),
    ];
    for statement in &refused {
        let why = app.refusal(statement).await.unwrap_or_default();
        assert!(why.contains("append-only"), "{statement}: {why}");
    }
    assert_eq!(app.refusal(&change(whole, &of_it)).await, None);
    assert!(audit::shred(&app.app).await.expect("the erasure").events > 0);
    assert_eq!(audit::shred(&app.app).await.expect("the erasure").events, 0);
    let late = change(
        "content_commitment = sha256('x')",
        &format!("coalesce(erasures, '{{}}') || {of_it}"),
    );
    let late = format!("{late} and content_commitment is null");
    let why = app.refusal(&late).await.unwrap_or_default();
    assert!(why.contains("append-only"), "{why}");
}
