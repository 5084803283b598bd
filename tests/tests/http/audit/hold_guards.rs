//! What holds hang on beneath the API (threat 28 of rules.md; docs/adr/0017).

use serde_json::{Value, json};
use testkit::{Client, Firm, TestApp};

use super::{firm, product};

const THING: &str = "00000000-0000-7000-9000-0000000000fe";
const HOLDS: &str = "/v1/audit/legal-holds";

async fn place(client: &Client, scope: Value) -> String {
    let body = json!({"name": "x", "reason": "y", "scopes": [scope]});
    let made = client.post(HOLDS, body).await.expect(201);
    made.body["hold_id"].as_str().expect("an id").to_owned()
}

/// A window of a product that may be deleted, and its deletion.
fn window(product: &str) -> String {
    format!(
        "insert into products.product_availability (tenant_id, product_id, start_date, end_date, created_by)
         values ('{}', '{product}', '2027-01-01', '2027-02-01', 'x');
         delete from products.product_availability where product_id = '{product}'",
        firm()
    )
}

async fn free(app: &TestApp, lock: &str) -> Value {
    app.sql(&format!("select {lock}(4714, hashtext('{}')) as free", firm())).await[0]["free"]
        .clone()
}

/// Whoever deletes looks for holds with the firm's lock in hand, and whoever places one has it alone: no
/// hold comes between the look and the deletion.
#[tokio::test]
async fn a_hold_and_a_deletion_wait_for_each_other() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let other = app.database.superuser().await;
    other.batch_execute(&format!("begin; {}", window(&id))).await.expect("a deletion");
    assert_eq!(free(&app, "pg_try_advisory_xact_lock").await, false);
    assert_eq!(free(&app, "pg_try_advisory_xact_lock_shared").await, true);
    other.batch_execute("rollback").await.expect("its end");
    assert_eq!(free(&app, "pg_try_advisory_xact_lock").await, true);
    let hold = json!({"hold_id": id, "name": "x", "reason": "y", "scopes": [{"kind": "tenant"}]});
    other
        .batch_execute(&format!(
            "begin; select set_config('app.current_tenant_id', '{}', true); select audit.place_hold('{hold}', 'x')",
            firm()
        ))
        .await
        .expect("a hold");
    assert_eq!(free(&app, "pg_try_advisory_xact_lock_shared").await, false);
}

/// A job that clears up for all firms stays where it is, whoever's rows it takes.
#[tokio::test]
async fn a_look_for_holds_leaves_the_firm_as_it_was() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    app.execute(&format!(
        "begin; select set_config('app.current_tenant_id', '', true); {}",
        window(&id)
    ))
    .await;
    let here = app.sql("select current_setting('app.current_tenant_id') as here").await;
    app.execute("rollback").await;
    assert_eq!(here[0]["here"], "");
}

/// What is kept of a person beside the firms stays for the hold of any firm that knows the person.
#[tokio::test]
async fn a_hold_over_a_person_is_over_what_belongs_to_no_firm() {
    let app = TestApp::new().await;
    let sales = "00000000-0000-7000-9000-000000000a04";
    let profile = format!(
        "insert into users.user_profiles (user_id) values ('{sales}');
         delete from users.user_profiles where user_id = '{sales}'"
    );
    let scope = json!({"kind": "person", "person_id": sales});
    place(&app.client(Firm::Harbour, "admin", &["SystemAdministrator"]), scope.clone()).await;
    assert_eq!(app.refusal(&profile).await, None);
    let hold = place(&app.system_admin(), scope).await;
    let why = app.refusal(&profile).await;
    assert_eq!(why, Some(format!("users.user_profiles is under legal hold {hold}")));
}

/// A record is named by its table and its id.
#[tokio::test]
async fn a_hold_over_a_record_is_over_no_other_table() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let scope = json!({"kind": "record", "table_name": "products.products", "record_id": id});
    let hold = place(&app.system_admin(), scope).await;
    let on = |table: &str, row: Value| {
        format!("select hold_id from audit.holds_on('{}', '{table}', '{id}', '{row}')", firm())
    };
    let held = [json!({"hold_id": hold})];
    assert_eq!(app.sql(&on("products.products", json!({}))).await, held);
    assert_eq!(app.sql(&on("rates.rate_history", json!({}))).await, Vec::<Value>::new());
    assert_eq!(app.sql(&on("rates.rate_history", json!({"product_id": id}))).await, held);
}

/// A machine is no second person.
#[tokio::test]
async fn the_release_of_a_hold_takes_a_person() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let hold = place(&client, json!({"kind": "tenant"})).await;
    let request =
        testkit::Request::new(http::Method::POST, &format!("{HOLDS}/{hold}/request-release"));
    client.send(request.json(&json!({"reason": "Settled"})).if_match("*")).await.expect(200);
    let decide = format!(
        "select set_config('app.current_tenant_id', '{}', true);
         select audit.decide_hold_release('{hold}', true, 'a machine', null)",
        firm()
    );
    let why = app.refusal(&decide).await;
    assert_eq!(why.as_deref(), Some("The release of a hold needs a second person"));
}

/// What a hold covers keeps the month of the log that tells of it, and no other.
#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one list of what a month may tell of")]
async fn a_month_stays_for_what_it_tells_of() {
    let app = TestApp::new().await;
    let id = |n: u8| format!("00000000-0000-7000-9000-0000000000f{n}");
    let (actor, about, granted, linked) = (id(1), id(2), id(4), id(5));
    let (sold, compared, session) = (id(6), id(7), id(8));
    app.execute(&format!(
        "set session_replication_role = replica;
         insert into users.user_roles (tenant_id, user_role_id, user_id, role_name) values ('{0}', '{row}', '{granted}', 'x');
         insert into products.product_availability (tenant_id, availability_id, product_id, start_date, end_date, created_by)
         values ('{0}', '{row}', '{sold}', '2025-09-04', '2025-09-05', 'x');
         insert into products.product_comparison_items (tenant_id, comparison_id, product_id, product_version)
         values ('{0}', '{row}', '{compared}', 1);
         reset session_replication_role;
         select audit.ensure_partitions('2025-09-01', 1);
         insert into audit.audit_events (tenant_id, occurred_at, actor_id, actor_type, action, resource_type, resource_id)
         values ('{0}', '2025-09-03Z', '{actor}', 'user', 'x', 'products', '{THING}'),
                ('{0}', '2025-09-30 23:59Z', null, 'system', 'x', 'users', '{about}');
         insert into audit.audit_events (tenant_id, occurred_at, actor_type, action, resource_type, resource_id, old_values,
             details)
         values ('{0}', '2025-09-04Z', 'system', 'x', 'x', '{row}', null, null),
                ('{0}', '2025-09-04Z', 'system', 'x', 'user_identities', 'i', jsonb_build_object('user_id', '{linked}'), null),
                ('{0}', '2025-09-04Z', 'system', 'session.opened', 'users', 'u', null,
                 jsonb_build_object('session_id', '{session}'))",
        firm(),
        row = id(9)
    ))
    .await;
    let may = async |tenant: &str, scope: &Value, month: &str| {
        let hold = json!({"hold_id": actor, "name": "x", "reason": "y", "scopes": [scope]});
        let client = app.database.superuser().await;
        let text = format!(
            "begin; select set_config('app.current_tenant_id', '{tenant}', true); select audit.place_hold('{hold}', 'x')"
        );
        client.batch_execute(&text).await.expect("a hold");
        let asked = format!("select audit.partition_may_go('{month}')");
        client.query_typed(&asked, &[]).await.expect("an answer")[0].get::<_, bool>(0)
    };
    let month = "audit_events_2025_09";
    let named =
        |table: &str, id: &str| json!({"kind": "record", "table_name": table, "record_id": id});
    let record = |id: &str| named("products.products", id);
    let person = |id: &str| json!({"kind": "person", "person_id": id});
    let table = |name: &str| json!({"kind": "table", "table_name": name});
    let class = |name: &str| json!({"kind": "class", "class": name});
    for scope in [
        json!({"kind": "tenant"}),
        person(&actor),
        person(&about),
        record(THING),
        // By the id of a row that names them, or belongs to them.
        person(&granted),
        record(&sold),
        record(&compared),
        // By what an event says, where its row may be gone or its id is another one.
        person(&linked),
        named("users.user_sessions", &session),
        // By each part of an id.
        named("products.product_versions", &format!("{THING}/3")),
        table("products.products"),
        table("audit.audit_events"),
        class("person_record"),
        class("audit_event"),
    ] {
        assert!(!may(&firm(), &scope, month).await, "{scope}");
    }
    for scope in [
        person(&id(3)),
        record(&id(3)),
        named("products.product_versions", &format!("{compared}/3")),
        named("users.user_sessions", &id(3)),
        table("rates.rate_history"),
        class("rate_history"),
    ] {
        assert!(may(&firm(), &scope, month).await, "{scope}");
        assert!(!may(&firm(), &scope, "audit_events_2025_13").await, "no month");
        assert!(!may(&firm(), &scope, "products").await, "no month");
        // Nobody can look into what is beside the log.
        assert!(!may(&firm(), &scope, "audit_events_1999_09").await, "{scope}");
    }
    let other = Firm::Harbour.tenant_id().to_string();
    assert!(
        may(&other, &json!({"kind": "tenant"}), month).await,
        "the log has nothing of this firm"
    );
}
