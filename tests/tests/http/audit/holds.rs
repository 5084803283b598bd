//! Legal holds beat every path of deletion (X-14, X-19; rules.md §3, threat 28).

use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, Request, TestApp};

use super::product;

const HOLDS: &str = "/v1/audit/legal-holds";
const SALES: &str = "00000000-0000-7000-9000-000000000a04";

async fn place(client: &Client, scopes: Value) -> String {
    let body = json!({"name": "SEC v. Doe", "reason": "Letter of 20 November", "scopes": scopes});
    let made = client.post(HOLDS, body).await.expect(201);
    made.body["hold_id"].as_str().expect("an id").to_owned()
}

/// Sends a body with If-Match.
async fn act(client: &Client, path: &str, body: Value, tag: &str) -> Answer {
    client.send(Request::new(Method::POST, path).json(&body).if_match(tag)).await
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one story, step by step")]
async fn a_hold_is_placed_and_released_by_two() {
    let app = TestApp::new().await;
    let (client, second) = (app.system_admin(), app.second_system_admin().await);
    let body = json!({"name": "SEC v. Doe", "reason": "Letter of 20 November", "scopes": [
        {"kind": "person", "person_id": SALES}, {"kind": "class", "class": "rate_history"}]});
    let made = client.post(HOLDS, body).await.expect(201);
    let id = made.body["hold_id"].as_str().expect("an id").to_owned();
    let path = format!("{HOLDS}/{id}");
    assert_eq!((made.header("location"), made.header("etag")), (path.clone(), "\"1\"".to_owned()));
    let scope = |kind: &str, person: Value, class: Value| {
        json!({"kind": kind, "table_name": null,
        "record_id": null, "person_id": person, "class": class})
    };
    let mut wanted = json!({"hold_id": id, "name": "SEC v. Doe", "reason": "Letter of 20 November",
        "status": "active", "placed_at": made.body["placed_at"], "placed_by": "Cyd system-admin",
        "scopes": [scope("person", json!(SALES), Value::Null), scope("class", Value::Null, json!("rate_history"))],
        "release_reason": null, "release_requested_at": null, "release_requested_by": null,
        "released_at": null, "released_by": null});
    assert_eq!(made.body, wanted);
    assert_eq!(client.get(&path).await.expect(200).body, wanted);
    assert_eq!(
        client.get(HOLDS).await.expect(200).body,
        json!({"items": [wanted], "next_cursor": null})
    );
    // Nobody releases what nobody asked to release; nor does whoever asked.
    let release = format!("{path}/release");
    assert_eq!(second.act(&release, "*").await.expect(409).code(), "state_conflict");
    let asked =
        act(&client, &format!("{path}/request-release"), json!({"reason": "Settled"}), "\"1\"")
            .await
            .expect(200);
    assert_eq!(asked.body["status"], "release_requested");
    // Asked for once: nobody becomes who asked in another's place.
    let again = format!("{path}/request-release");
    let again = act(&second, &again, json!({"reason": "Mine"}), "*").await;
    assert_eq!(again.expect(409).code(), "state_conflict");
    assert_eq!(client.act(&release, "\"2\"").await.expect(403).code(), "self_approval");
    assert_eq!(second.act(&release, "\"1\"").await.expect(412).code(), "version_conflict");
    let refused = second.act(&format!("{path}/refuse-release"), "\"2\"").await.expect(200);
    assert_eq!(refused.body, wanted);
    act(&client, &format!("{path}/request-release"), json!({"reason": "Settled"}), "*")
        .await
        .expect(200);
    let released = second.act(&release, "*").await.expect(200).body;
    wanted["status"] = json!("released");
    wanted["release_reason"] = json!("Settled");
    wanted["release_requested_by"] = json!("Cyd system-admin");
    wanted["released_by"] = json!("Sam system");
    for at in ["release_requested_at", "released_at"] {
        wanted[at] = released[at].clone();
        assert!(released[at].is_string());
    }
    assert_eq!(released, wanted);
    assert_eq!(second.act(&release, "*").await.expect(409).code(), "state_conflict");
    assert_eq!(
        client.get(&format!("{HOLDS}?status=active")).await.expect(200).body["items"],
        json!([])
    );
    let told = app
        .sql(
            "select action, actor_label, reason from audit.audit_events
        where action like 'legal_hold.%' order by occurred_at",
        )
        .await;
    let event = |action: &str, who: &str, why: Value| json!({"action": action, "actor_label": who, "reason": why});
    assert_eq!(
        told,
        [
            event("legal_hold.placed", "Cyd system-admin", json!("Letter of 20 November")),
            event("legal_hold.release_requested", "Cyd system-admin", json!("Settled")),
            event("legal_hold.release_refused", "Sam system", Value::Null),
            event("legal_hold.release_requested", "Cyd system-admin", json!("Settled")),
            event("legal_hold.released", "Sam system", Value::Null),
        ]
    );
    // A hold is a record itself.
    for statement in [
        "delete from audit.legal_holds",
        "delete from audit.legal_hold_scopes",
        "update audit.legal_hold_scopes set kind = 'tenant', class = null, person_id = null",
        "truncate audit.legal_holds cascade",
    ] {
        assert!(
            app.refusal(statement).await.is_some_and(|why| why.contains("append-only")),
            "{statement}"
        );
    }
}

#[tokio::test]
async fn a_bad_hold_says_which_part_is_bad() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let hold = |scopes: Value| json!({"name": "x", "reason": "y", "scopes": scopes});
    let record =
        |table: &str, id: &str| json!([{"kind": "record", "table_name": table, "record_id": id}]);
    for (scopes, pointer) in [
        (json!([]), "/scopes"),
        (
            json!([{"kind": "tenant"}, {"kind": "table", "table_name": "users.throttles"}]),
            "/scopes/1/table_name",
        ),
        (json!([{"kind": "class", "class": "nobodys"}]), "/scopes/0/class"),
        (json!([{"kind": "person"}]), "/scopes/0/person_id"),
        // No id of the table: no UUID, a part too few, a part that is no number, one that is too large.
        (record("products.products", "none"), "/scopes/0/record_id"),
        (record("products.product_versions", SALES), "/scopes/0/record_id"),
        (record("products.product_versions", &format!("{SALES}/first")), "/scopes/0/record_id"),
        (
            record("products.product_versions", &format!("{SALES}/99999999999999999999")),
            "/scopes/0/record_id",
        ),
        // Nothing guards working data.
        (record("users.password_credentials", SALES), "/scopes/0/table_name"),
        (json!([{"kind": "table", "table_name": "users.directory_seen"}]), "/scopes/0/table_name"),
        (json!([{"kind": "class", "class": "working_data"}]), "/scopes/0/class"),
    ] {
        let answer = client.post(HOLDS, hold(scopes)).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], pointer);
    }
    let scratch = json!([{"kind": "table", "table_name": "users.directory_seen"}]);
    let answer = client.post(HOLDS, hold(scratch)).await.expect(422);
    let why = "holds working data, which no hold keeps; what can be held is users.directory_runs";
    assert_eq!(answer.body["errors"][0]["message"], why);
    let other = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    let id = place(&client, json!([{"kind": "tenant"}])).await;
    let foreign = other.get(&format!("{HOLDS}/{id}")).await.expect(404);
    let unknown =
        other.get(&format!("{HOLDS}/0199aaaa-0000-7000-8000-000000000001")).await.expect(404);
    assert_eq!(foreign.problem(), unknown.problem());
    assert_eq!(app.admin().get(HOLDS).await.expect(403).code(), "permission_denied");
    assert_eq!(
        app.auditor().await.post(HOLDS, hold(json!([{"kind": "tenant"}]))).await.expect(403).code(),
        "permission_denied"
    );
}

/// Each kind of scope, what is there and what comes later; many holds; and the end of each alone.
#[tokio::test]
async fn nothing_under_a_hold_is_deleted() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let (mine, other) = (product(&app, 1).await, product(&app, 2).await);
    let window =
        |id: &str| format!("delete from products.product_availability where product_id = '{id}'");
    let open = |id: &str| {
        format!("insert into products.product_availability (tenant_id, product_id, start_date,
        end_date, created_by, created_by_user_id) values ('{}', '{id}', '2027-01-01', '2027-02-01', 'x', '{SALES}')",
        Firm::Meridian.tenant_id())
    };
    app.execute(&open(&mine)).await;
    assert_eq!(app.refusal(&window(&mine)).await, None);
    let record = json!([{"kind": "record", "table_name": "products.products", "record_id": mine}]);
    for scopes in [
        record.clone(),
        json!([{"kind": "person", "person_id": SALES}]),
        json!([{"kind": "class", "class": "product_record"}]),
        json!([{"kind": "table", "table_name": "products.product_availability"}]),
        json!([{"kind": "tenant"}]),
    ] {
        let hold = place(&client, scopes.clone()).await;
        let why = app.refusal(&window(&mine)).await.expect("a refusal");
        assert!(why.contains(&format!("is under legal hold {hold}")), "{scopes}: {why}");
        app.execute(&format!(
            "update audit.legal_holds set status = 'released', release_reason = 'x', release_requested_at = now(),
                 release_requested_by = 'x', released_at = now(), released_by_user_id = '{SALES}' where hold_id = '{hold}'"
        )).await;
        assert_eq!(app.refusal(&window(&mine)).await, None);
    }
    // What comes later is held as well, what is not meant is not, and the hold of a firm is its own.
    place(&client, record).await;
    let later = format!("{}; {}", open(&mine).replace("2027", "2028"), window(&mine));
    assert!(app.refusal(&later).await.is_some());
    let not_meant = format!("{}; {}", open(&other), window(&other));
    assert_eq!(app.refusal(&not_meant).await, None);
    let theirs = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    place(&theirs, json!([{"kind": "tenant"}])).await;
    assert_eq!(app.refusal(&not_meant).await, None);
    assert!(app.refusal("truncate products.product_availability").await.is_some());
}

/// However its id is spelled, a record is held as the database spells it.
#[tokio::test]
async fn a_record_is_held_however_its_id_is_spelled() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let id = product(&app, 1).await;
    let shouted = id.to_uppercase();
    for (table, given, kept) in [
        ("products.products", shouted.clone(), id.clone()),
        ("products.product_versions", format!("{shouted}/01"), format!("{id}/1")),
        ("rates.feed_rates", "Acme/A/1".to_owned(), "Acme/A/1".to_owned()),
    ] {
        let scopes = json!([{"kind": "record", "table_name": table, "record_id": given}]);
        let hold = place(&client, scopes).await;
        let shown = client.get(&format!("{HOLDS}/{hold}")).await.expect(200).body;
        assert_eq!(shown["scopes"][0]["record_id"], kept);
        let told = format!(
            "select details #>> '{{scopes,0,record_id}}' as id from audit.audit_events
              where action = 'legal_hold.placed' and resource_id = '{hold}'"
        );
        assert_eq!(app.sql(&told).await, [json!({"id": kept})]);
    }
    // What the explanation shows is what the guard holds.
    for (table, record) in
        [("products.products", shouted), ("products.product_versions", format!("{id}%2F01"))]
    {
        let path = format!("/v1/audit/records/{table}/{record}/retention");
        let holds = client.get(&path).await.expect(200).body["holds"].clone();
        assert!(holds.as_array().is_some_and(|holds| !holds.is_empty()), "{table}: {holds}");
    }
    let delete = format!("delete from products.product_availability where product_id = '{id}'");
    let window = format!(
        "insert into products.product_availability (tenant_id, product_id, start_date, end_date, created_by)
         values ('{}', '{id}', '2027-01-01', '2027-02-01', 'x')",
        Firm::Meridian.tenant_id()
    );
    assert!(app.refusal(&format!("{window}; {delete}")).await.is_some());
}

/// A custodian under a hold loses the access and keeps what is known of them; so do the sessions.
#[tokio::test]
async fn a_held_person_is_not_forgotten() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let person = json!({"email": "custodian@a.test", "first_name": "Cus", "last_name": "Todian"});
    let made = client.post("/v1/users", person).await.expect(201);
    let id = made.body["user_id"].as_str().expect("an id").to_owned();
    app.execute(&format!(
        "update users.users set directory_tenant_id = '{}' where user_id = '{id}'",
        Firm::Meridian.tenant_id()
    ))
    .await;
    place(&client, json!([{"kind": "person", "person_id": id}])).await;
    let session = app.open_session(Firm::Meridian, id.parse().expect("an id"), 1).await.session_id;
    client.delete(&format!("/v1/users/{id}"), "*").await.expect(204);
    let known =
        app.sql(&format!("select email, is_active from users.users where user_id = '{id}'")).await;
    assert_eq!(known[0]["email"], "custodian@a.test");
    app.clock.set("2027-06-01T12:00:00Z".parse().expect("an instant"));
    let firm = Firm::Meridian.tenant_id();
    let purge = format!(
        "select users.job_purge('{firm}', '2027-06-01T12:00:00Z', gen_random_uuid(), 9) as sessions"
    );
    assert_eq!(app.sql(&purge).await, [json!({"sessions": 0})]);
    let left = app
        .sql(&format!(
            "select count(*) as n from users.user_sessions where session_id = '{session}'"
        ))
        .await;
    assert_eq!(left[0]["n"], 1);
}

/// A month of the audit log stays as long as a hold covers something in it.
#[tokio::test]
async fn a_held_month_of_the_log_does_not_go() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let id = product(&app, 1).await;
    let month =
        app.sql("select tableoid::regclass::text as name from audit.audit_events limit 1").await;
    let month = month[0]["name"].as_str().expect("a name").to_owned();
    let may = || async {
        app.sql(&format!("select audit.partition_may_go('{month}') as may")).await[0]["may"] == true
    };
    assert!(may().await);
    place(
        &client,
        json!([{"kind": "person", "person_id": "00000000-0000-7000-9000-0000000000ff"}]),
    )
    .await;
    assert!(may().await);
    let hold = place(
        &client,
        json!([{"kind": "record", "table_name": "products.products", "record_id": id}]),
    )
    .await;
    assert!(!may().await);
    app.execute(&format!(
        "update audit.legal_holds set status = 'released', release_reason = 'x',
        release_requested_at = now(), release_requested_by = 'x', released_at = now(),
        released_by_user_id = '{SALES}' where hold_id = '{hold}'"
    ))
    .await;
    assert!(may().await);
    place(&client, json!([{"kind": "class", "class": "audit_event"}])).await;
    assert!(!may().await);
}

/// What belongs to a product is held with it, and may still be changed.
#[tokio::test]
async fn the_terms_of_a_held_product_are_not_deleted() {
    let app = TestApp::new().await;
    let body = json!({"cusip": testkit::cusip(1), "product_name": "Sure", "product_type": "CD",
        "base_rate": "4.0000", "cd_terms": {"term_months": 12}});
    let made = app.admin().post("/v1/products", body).await.expect(201);
    let id = made.body["product_id"].as_str().expect("an id").to_owned();
    let import = "0199aaaa-0000-7000-8000-000000000001";
    app.execute(&format!(
        "insert into products.imports (tenant_id, import_id, kind, file_sha256, format, created_by)
         values ('{0}', '{import}', 'rates', '', 'csv', 'x');
         insert into products.import_errors (tenant_id, import_id, line, code, message)
         values ('{0}', '{import}', 1, 'x', 'x')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let record =
        |table: &str, id: &str| json!([{"kind": "record", "table_name": table, "record_id": id}]);
    let client = app.system_admin();
    place(&client, record("products.products", &id)).await;
    place(&client, record("products.imports", import)).await;
    let change = json!({"cd_terms": {"term_months": 24}});
    let path = format!("/v1/products/{id}");
    let patch = Request::new(Method::PATCH, &path).json(&change).if_match("*");
    let changed = app.admin().send(patch).await.expect(200);
    assert_eq!(changed.body["cd_terms"]["term_months"], 24);
    let told = "select action from audit.audit_events where resource_type = 'cd_terms' order by occurred_at, event_id";
    let told = app.sql(told).await;
    assert_eq!(
        told,
        [json!({"action": "cd_terms.inserted"}), json!({"action": "cd_terms.updated"})]
    );
    for table in ["cd_terms", "import_errors"] {
        let why = app.refusal(&format!("delete from products.{table}")).await;
        assert!(why.is_some_and(|why| why.contains("is under legal hold")), "{table}");
    }
    place(&client, json!([{"kind": "tenant"}])).await;
    let annuity = format!(
        "insert into products.annuity_terms (tenant_id, product_id, terms) values ('{}', '{id}', '{{}}');
         delete from products.annuity_terms",
        Firm::Meridian.tenant_id()
    );
    assert!(app.refusal(&annuity).await.is_some_and(|why| why.contains("is under legal hold")));
}
