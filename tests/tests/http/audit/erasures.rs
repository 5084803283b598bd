//! Erasure answered field by field, and an audit log whose proofs outlive it (docs/adr/0015; X-14).

use serde_json::{Value, json};
use testkit::{Client, Firm, TestApp};
use tokio::process::Command;

use super::export::export;
use super::{head, product};
use crate::imports::program;

pub(super) const ERASURES: &str = "/v1/audit/erasure-requests";

/// Somebody of the firm's directory who did something and has left; the id.
pub(super) async fn leaver(app: &TestApp) -> String {
    let boss = app.system_admin();
    let person = json!({"email": "leaver-canary@a.test", "first_name": "Leonie", "last_name": "Leaver-Canary"});
    let id = boss.post("/v1/users", person).await.expect(201).body["user_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    app.execute(&format!(
        "update users.users set directory_tenant_id = '{firm}' where user_id = '{id}';
         insert into users.user_identities (user_id, provider, issuer, subject)
         values ('{id}', 'local', 'https://local.wealth.invalid', 'leaver-a');
         insert into users.user_roles (tenant_id, user_id, role_name, origin, effective_from)
         values ('{firm}', '{id}', 'ProductAdministrator', 'manual', '2020-01-01')",
        firm = Firm::Meridian.tenant_id()
    ))
    .await;
    let client = app.client(Firm::Meridian, "leaver", &["ProductAdministrator"]);
    let body = json!({"cusip": testkit::cusip(77), "product_name": "Granite", "product_type": "Other", "base_rate": "4.1000"});
    client.post("/v1/products", body).await.expect(201);
    boss.delete(&format!("/v1/users/{id}"), "*").await.expect(204);
    id
}

pub(super) async fn request(client: &Client, person: &str) -> String {
    let body = json!({"person_id": person, "ground": "gdpr_17", "reason": "Letter of 20 November"});
    client.post(ERASURES, body).await.expect(201).body["erasure_id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// What the log still tells of the person: as actor, and in what it says of people. What it says of
/// records that must be kept has the name of who made them, as those records do.
pub(super) async fn left(app: &TestApp) -> Vec<Value> {
    app.sql(
        "select action, e::text as row from audit.audit_events e
          where concat_ws(' ', actor_label, user_agent, session_ref) ~* 'leaver-canary|Leonie'
             or resource_type not in ('products', 'rate_history', 'product_availability') and e::text ~* 'leaver-canary|Leonie'",
    )
    .await
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one story, step by step")]
async fn an_erasure_leaves_every_proof_as_it_was() {
    let mut app = TestApp::new().await;
    let folder = std::env::temp_dir().join(format!("wealth-erasure-{}", app.database.name()));
    std::fs::create_dir_all(folder.join("archive")).expect("a folder");
    let archive = object_store::local::LocalFileSystem::new_with_prefix(folder.join("archive"))
        .expect("an archive");
    app.seals = testkit::seals_with(std::sync::Arc::new(archive));
    let person = leaver(&app).await;
    app.seal().await;
    let before = head(&app).await;
    std::fs::write(folder.join("trusted"), before["note"].as_str().expect("a note"))
        .expect("a file");
    let auditor = app.auditor().await;
    let event = app
        .sql(&format!(
            "select event_id from audit.audit_events where actor_id = '{person}'
        and action = 'product.created'"
        ))
        .await[0]["event_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let proof = format!("/v1/audit/events/{event}/inclusion-proof?size={}", before["size"]);
    let proven = auditor.get(&proof).await.expect(200).body;
    assert!(!left(&app).await.is_empty());

    let (client, second) = (app.system_admin(), app.second_system_admin().await);
    let id = request(&client, &person).await;
    let execute = format!("{ERASURES}/{id}/execute");
    assert_eq!(client.act(&execute, "*").await.expect(403).code(), "self_approval");
    assert_eq!(second.act(&execute, "*").await.expect(200).body["status"], "executing");
    app.seal().await;
    let shredded = audit::shred(&app.app).await.expect("the erasure");
    assert!(shredded.events > 5, "{shredded:?}");
    assert_eq!(audit::shred(&app.app).await.expect("the erasure").events, 0);
    app.seal().await;

    // Nothing of the person is left; what was done by whom is, and so is every leaf.
    let found = left(&app).await;
    assert!(found.is_empty(), "{found:?}");
    let erased = auditor.get(&format!("/v1/audit/events/{event}")).await.expect(200).body;
    assert_eq!(
        (&erased["actor_id"], &erased["actor_label"], &erased["salt"]),
        (&json!(person), &Value::Null, &Value::Null)
    );
    assert_eq!(erased["new_values"]["product_name"], "Granite");
    assert_eq!(erased["erased"]["erasures"], json!([id]));
    assert_eq!(auditor.get(&proof).await.expect(200).body, proven);
    let verify = |more: Vec<String>| {
        let (folder, key) =
            (folder.clone(), before["verifier_key"].as_str().expect("a key").to_owned());
        let url = app.database.url(testkit::database::LOGIN);
        async move {
            let out = Command::new(program().await)
                .args(["audit", "verify", "--key", &key, "--trusted"])
                .arg(folder.join("trusted"))
                .args(&more)
                .env("DATABASE_URL", url.await)
                .env("DB_ALLOW_BELOW_FLOOR", "1")
                .env_remove("AUDIT_ARCHIVE")
                .output()
                .await
                .expect("the program");
            (
                out.status.success(),
                String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned(),
            )
        }
    };
    let live = || vec!["--as".to_owned(), "auditor@a.test".to_owned()];
    let archived = || {
        [live(), vec!["--archive".to_owned(), folder.join("archive").display().to_string()]]
            .concat()
    };
    let file = folder.join("export.ndjson");
    std::fs::write(&file, export(&app, 7).await).expect("a file");
    for way in [live(), archived(), vec!["--export".to_owned(), file.display().to_string()]] {
        let (fine, said) = verify(way).await;
        assert!(
            fine && said.contains("of them are erased in part, as certificates in the log say"),
            "{said}"
        );
    }

    // Who hides an event by an erasure of their own finds no certificate for it.
    app.execute(&format!(
        "alter table audit.audit_events disable trigger user;
         update audit.audit_events set actor_commitment = sha256('x'), content_commitment = sha256('y'), salt = null,
                erasures = array['{id}'::uuid], actor_label = null, ip_address = null, user_agent = null, session_ref = null,
                old_values = null, new_values = null, details = null, reason = null
          where event_id = (select event_id from audit.log_leaves where leaf_index = 3 and tenant_id = '{}')",
        Firm::Meridian.tenant_id()
    )).await;
    let (fine, said) = verify(live()).await;
    assert!(!fine && said.contains("leaf 3"), "{said}");
    drop(std::fs::remove_dir_all(&folder));
}

#[tokio::test]
async fn the_answer_says_field_by_field_what_goes_and_what_stays() {
    let app = TestApp::new().await;
    let person = leaver(&app).await;
    let client = app.system_admin();
    let id = request(&client, &person).await;
    let path = format!("{ERASURES}/{id}");
    let answer = client.get(&path).await.expect(200).body["answer"].clone();
    let of = |table: &str, column: &str| {
        let all = answer.as_array().expect("an answer");
        let found = all.iter().find(|a| a["table_name"] == table && a["column_name"] == column);
        found.unwrap_or_else(|| panic!("{table}.{column}: {answer}")).clone()
    };
    assert_eq!(of("audit.audit_events", "actor_label")["outcome"], "erase");
    // A product that is offered: its maker's name is in a record whose clock has not started.
    let kept = of("products.products", "created_by");
    assert_eq!(
        (&kept["outcome"], &kept["why"], &kept["keep_until"]),
        (&json!("keep"), &json!("clock_not_started"), &Value::Null)
    );
    assert_eq!(
        kept["sources"],
        json!(["FINRA Rule 4511(b): six years where no other period is set"])
    );
    assert_eq!(of("audit.erasure_requests", "requested_by")["outcome"], "keep");
    assert_eq!(of("users.memberships", "user_name")["outcome"], "erase");
    // A hold keeps all of it, and the erasure waits for its end.
    let hold =
        json!({"name": "x", "reason": "y", "scopes": [{"kind": "person", "person_id": person}]});
    let hold = client.post("/v1/audit/legal-holds", hold).await.expect(201).body["hold_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let second = app.second_system_admin().await;
    let held = second.act(&format!("{path}/execute"), "*").await.expect(200).body;
    for field in held["answer"].as_array().expect("an answer") {
        assert_eq!(
            (&field["outcome"], &field["why"]),
            (&json!("keep"), &json!("legal_hold")),
            "{field}"
        );
    }
    let before = left(&app).await.len();
    assert_eq!(audit::shred(&app.app).await.expect("the erasure").events, 0);
    assert_eq!(left(&app).await.len(), before);
    assert_eq!(client.get(&path).await.expect(200).body["status"], "executing");
    app.execute(&format!(
        "update audit.legal_holds set status = 'released', release_reason = 'x',
        release_requested_at = now(), release_requested_by = 'x', released_at = now(),
        released_by_user_id = gen_random_uuid() where hold_id = '{hold}'"
    ))
    .await;
    assert!(audit::shred(&app.app).await.expect("the erasure").events > 0);
    assert_eq!(client.get(&path).await.expect(200).body["status"], "done");
    assert!(left(&app).await.is_empty());
}

#[tokio::test]
async fn a_member_keeps_the_account_and_a_bad_request_is_told() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let sales = "00000000-0000-7000-9000-000000000a04";
    let id = request(&client, sales).await;
    let answer = client.get(&format!("{ERASURES}/{id}")).await.expect(200).body;
    let email = answer["answer"]
        .as_array()
        .expect("an answer")
        .iter()
        .find(|a| a["column_name"] == "email")
        .expect("it")
        .clone();
    assert_eq!((&email["outcome"], &email["why"]), (&json!("keep"), &json!("still_a_member")));
    let again = json!({"person_id": sales, "ground": "firm", "reason": "x"});
    assert_eq!(client.post(ERASURES, again).await.expect(409).code(), "state_conflict");
    let rejected = client.act(&format!("{ERASURES}/{id}/reject"), "*").await.expect(200).body;
    assert_eq!(rejected["status"], "rejected");
    for (body, pointer) in [
        (json!({"ground": "firm", "reason": "x"}), "/person_id"),
        (json!({"person_id": sales, "reason": "x"}), "/ground"),
        (
            json!({"person_id": "0199aaaa-0000-7000-8000-000000000001", "ground": "firm", "reason": "x"}),
            "/person_id",
        ),
        // Somebody of the other firm is nobody here.
        (
            json!({"person_id": "00000000-0000-7000-9000-000000000b01", "ground": "firm", "reason": "x"}),
            "/person_id",
        ),
    ] {
        let answer = client.post(ERASURES, body).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer);
    }
    let other = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    other.get(&format!("{ERASURES}/{id}")).await.expect(404);
    assert_eq!(
        app.auditor().await.get(ERASURES).await.expect(200).body["items"].as_array().map(Vec::len),
        Some(1)
    );
}

/// Beside the erasure nothing changes an event, not even what is an erasure by half; for no role, in no
/// partition, and with the triggers of replication off (S4-62, S4-113, C0-11).
#[tokio::test]
async fn the_log_lets_nothing_else_through() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    let month =
        app.sql("select tableoid::regclass::text as name from audit.audit_events limit 1").await;
    let month = month[0]["name"].as_str().expect("a name").to_owned();
    for statement in [
        "update audit.audit_events set actor_label = null",
        "update audit.audit_events set reason = 'x'",
        "update audit.audit_events set salt = null, actor_commitment = sha256('x'), content_key = sha256('x'),
            erasures = array[gen_random_uuid()], actor_label = null, ip_address = null, user_agent = null, session_ref = null",
        "delete from audit.audit_events",
        "truncate audit.audit_events",
        "update audit.MONTH set reason = 'x'",
        "delete from audit.MONTH",
        "truncate audit.MONTH",
        "set local session_replication_role = replica; delete from audit.audit_events",
        "set local session_replication_role = replica; truncate audit.MONTH",
    ] {
        let statement = &statement.replace("MONTH", month.trim_start_matches("audit."));
        let why = app.refusal(statement).await.unwrap_or_default();
        assert!(why.contains("append-only"), "{statement}: {why}");
    }
}
