//! Disposal in two steps, with a certificate (X-19; rules.md §3, threat 28).

use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, Request, TestApp};

use super::product;

const DISPOSALS: &str = "/v1/audit/disposals";
const TABLE: &str = "rates.rate_history";

/// Does what a table's triggers would refuse.
async fn unguarded(app: &TestApp, table: &str, statement: &str) {
    app.execute(&format!(
        "alter table {table} disable trigger user; {statement};
         do $$ declare t record; begin
             for t in select tgname from pg_trigger where tgrelid = '{table}'::regclass and not tgisinternal loop
                 execute format('alter table {table} enable always trigger %I', t.tgname);
             end loop; end $$"
    ))
    .await;
}

/// A product whose rate was over so long ago that its time is over, too; the rate's id.
async fn over(app: &TestApp, number: u32) -> String {
    let id = product(app, number).await;
    // Another one is in force, so that the old one leaves no gap.
    let old = format!(
        "insert into rates.rate_history (tenant_id, product_id, base_rate, effective_date, end_date, recorded_at, created_by)
         values ('{}', '{id}', 3, '2012-01-01', '2012-02-29', '2012-01-01T12:00:00Z', 'x')",
        Firm::Meridian.tenant_id()
    );
    unguarded(app, TABLE, &old).await;
    let found = app
        .sql(&format!(
            "select rate_history_id from rates.rate_history where product_id = '{id}'
        and end_date = '2012-02-29'"
        ))
        .await;
    found[0]["rate_history_id"].as_str().expect("an id").to_owned()
}

async fn propose(client: &Client) -> Answer {
    client.post(DISPOSALS, json!({"table_name": TABLE, "reason": "Seven years are over"})).await
}

/// The job of the rates' own: how many lists it made, none if it was done already.
async fn clean_up(app: &TestApp) -> Option<i64> {
    let scheduled = "2026-11-21T12:00:00Z".parse().expect("an instant");
    let order = jobs::Order { scheduled, tenant: None, date: None };
    let job = jobs::find("clean-up-rates").expect("the job");
    let ends = std::time::Instant::now() + std::time::Duration::from_secs(60);
    let done = jobs::run(&app.app, &app.jobs(), job, &order, ends).await;
    done.unwrap_or_else(|problem| panic!("{}", problem.summary()))
        .counts
        .get("lists")
        .and_then(Value::as_i64)
}

async fn there(app: &TestApp, rate: &str) -> bool {
    let query = format!("select from rates.rate_history where rate_history_id = '{rate}'");
    !app.sql(&query).await.is_empty()
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one story, step by step")]
async fn what_is_due_is_proposed_approved_and_disposed_of_with_a_certificate() {
    let app = TestApp::new().await;
    let (client, second) = (app.system_admin(), app.second_system_admin().await);
    assert_eq!(propose(&client).await.expect(409).code(), "nothing_due");
    let (one, two, held) = (over(&app, 1).await, over(&app, 2).await, over(&app, 3).await);
    let hold = json!({"name": "x", "reason": "y", "scopes": [{"kind": "record", "table_name": TABLE, "record_id": held}]});
    client.post("/v1/audit/legal-holds", hold).await.expect(201);

    let made = propose(&client).await.expect(201);
    let id = made.body["disposal_id"].as_str().expect("an id").to_owned();
    let path = format!("{DISPOSALS}/{id}");
    let mut wanted = json!({"disposal_id": id, "table_name": TABLE, "as_of": "2026-11-21",
        "reason": "Seven years are over", "status": "proposed", "records": 2, "held": 1,
        "proposed_at": made.body["proposed_at"], "proposed_by": "Cyd system-admin", "decided_at": null,
        "decided_by": null, "decision_note": null, "execute_on": null, "finished_at": null, "disposed": null,
        "kept": null, "ids_sha256": null});
    assert_eq!(made.body, wanted);
    assert_eq!(
        client.get(DISPOSALS).await.expect(200).body,
        json!({"items": [wanted], "next_cursor": null})
    );
    let mut ids = [one.clone(), two.clone()];
    ids.sort();
    let item = |id: &str, state: &str| json!({"record_id": id, "retain_until": "2019-03-01", "state": state, "why": null});
    let items = || async {
        app.system_admin().get(&format!("{path}/items")).await.expect(200).body["items"].clone()
    };
    assert_eq!(items().await, json!([item(&ids[0], "pending"), item(&ids[1], "pending")]));

    // Four eyes, and once.
    let approve = format!("{path}/approve");
    assert_eq!(client.act(&approve, "*").await.expect(403).code(), "self_approval");
    let note =
        Request::new(Method::POST, &approve).json(&json!({"note": "Agreed"})).if_match("\"1\"");
    let approved = second.send(note).await.expect(200).body;
    wanted["status"] = json!("approved");
    wanted["decided_by"] = json!("Sam system");
    wanted["decided_at"] = approved["decided_at"].clone();
    wanted["decision_note"] = json!("Agreed");
    wanted["execute_on"] = json!("2026-11-28");
    assert_eq!(approved, wanted);
    assert_eq!(second.act(&approve, "*").await.expect(409).code(), "state_conflict");

    // Not before its day; then in chunks, exactly once, and a second run has nothing to do.
    assert_eq!(audit::sweep(&app.app).await.expect("a sweep").disposed, 0);
    assert!(there(&app, &one).await);
    app.clock.set("2026-11-28T18:00:00Z".parse().expect("an instant"));
    let swept = audit::sweep(&app.app).await.expect("a sweep");
    assert_eq!((swept.disposed, swept.kept, swept.certified), (2, 0, 1));
    assert_eq!(
        (there(&app, &one).await, there(&app, &two).await, there(&app, &held).await),
        (false, false, true)
    );
    assert_eq!(items().await, json!([item(&ids[0], "disposed"), item(&ids[1], "disposed")]));
    let again = audit::sweep(&app.app).await.expect("a sweep");
    assert_eq!((again.disposed, again.kept, again.certified), (0, 0, 0));

    let hash =
        app.sql(&format!("select encode(sha256('{}\n{}'), 'hex') as hash", ids[0], ids[1])).await;
    let told = app.sql("select details, reason, actor_label from audit.audit_events where action = 'disposal.certified'").await;
    assert_eq!(told.len(), 1);
    let details = &told[0]["details"];
    assert_eq!((&details["disposed"], &details["kept"]), (&json!(2), &json!({})));
    assert_eq!(details["ids_sha256"], hash[0]["hash"]);
    assert_eq!(details["policies"][0]["months"], 84);
    assert_eq!(details["approved_by"], "00000000-0000-7000-9000-000000000a08");
    let done = app.system_admin().get(&path).await;
    assert_eq!(done.expect(200).body["ids_sha256"], hash[0]["hash"]);
    // The log says that they went, and not once more what they said.
    let gone = app
        .sql(&format!(
            "select action, old_values, new_values from audit.audit_events
        where resource_id = '{one}' and action like '%deleted'"
        ))
        .await;
    assert_eq!(
        gone,
        [json!({"action": "rate_history.deleted", "old_values": null, "new_values": null})]
    );
}

/// What is placed or changed between approval and execution counts.
#[tokio::test]
async fn each_record_is_judged_again_when_it_goes() {
    let app = TestApp::new().await;
    let (client, second) = (app.system_admin(), app.second_system_admin().await);
    let (held, redated, fine) = (over(&app, 1).await, over(&app, 2).await, over(&app, 3).await);
    let id =
        propose(&client).await.expect(201).body["disposal_id"].as_str().expect("an id").to_owned();
    second.act(&format!("{DISPOSALS}/{id}/approve"), "*").await.expect(200);
    let hold = json!({"name": "x", "reason": "y", "scopes": [{"kind": "record", "table_name": TABLE, "record_id": held}]});
    client.post("/v1/audit/legal-holds", hold).await.expect(201);
    app.execute(&format!(
        "alter table rates.rate_history disable trigger user;
        update rates.rate_history set end_date = '2024-02-29' where rate_history_id = '{redated}'"
    ))
    .await;
    app.clock.set("2026-11-29T18:00:00Z".parse().expect("an instant"));
    let swept = audit::sweep(&app.app).await.expect("a sweep");
    assert_eq!((swept.disposed, swept.kept, swept.certified), (1, 2, 1));
    let done = app.sql("select disposed, kept from audit.disposals where status = 'done'").await;
    assert_eq!(done, [json!({"disposed": 1, "kept": {"held": 1, "not_due": 1}})]);
    assert_eq!(
        (there(&app, &held).await, there(&app, &redated).await, there(&app, &fine).await),
        (true, true, false)
    );
}

/// Rate history is never deleted otherwise, whatever a superuser writes into the list: not on a list
/// that is not approved, not in another transaction than the one that works it off, not another record.
#[tokio::test]
async fn the_guards_let_nothing_else_through() {
    let app = TestApp::new().await;
    let (rate, other) = (over(&app, 1).await, over(&app, 2).await);
    let delete = format!("delete from rates.rate_history where rate_history_id = '{rate}'");
    let firm = Firm::Meridian.tenant_id();
    let listed = |status: &str, record: &str, xact: &str| {
        let decided = match status {
            "approved" => "now(), gen_random_uuid(), '2026-11-21'",
            _ => "null, null, null",
        };
        format!(
            "select set_config('app.current_tenant_id', '{firm}', true);
             insert into audit.disposals (tenant_id, disposal_id, table_name, as_of, reason, proposed_by, records, held,
                 status, decided_at, decided_by_user_id, execute_on)
             values ('{firm}', '{rate}', '{TABLE}', '2026-11-21', 'x', 'x', 1, 0, '{status}', {decided});
             insert into audit.disposal_items (tenant_id, disposal_id, record_id, retain_until, state, xact)
             values ('{firm}', '{rate}', '{record}', '2026-01-01', 'disposed', {xact}); {delete}"
        )
    };
    let now = "pg_current_xact_id()";
    for statement in [
        delete.clone(),
        listed("proposed", &rate, now),
        listed("approved", &rate, "'3'"),
        listed("approved", &other, now),
    ] {
        let why = app.refusal(&statement).await;
        assert_eq!(why.as_deref(), Some("Rate history is never rewritten"), "{statement}");
    }
    // The way that is there is the disposal's.
    assert_eq!(app.refusal(&listed("approved", &rate, now)).await, None);
    assert!(app.refusal("delete from audit.disposal_items").await.is_none(), "nothing is in it");
}

/// What belongs to a record goes with it.
#[tokio::test]
async fn a_batch_takes_its_rates_along() {
    let app = TestApp::new().await;
    let feed = json!({"name": "Acme", "precedence": 100});
    app.admin().put("/v1/rate-feeds/acme", feed, "").await.expect(201);
    let batch = |number: u32| {
        json!({"external_batch_id": number.to_string(), "rates": [{"external_id": number.to_string(),
            "cusip": testkit::cusip(number), "base_rate": "4.1000", "effective_date": "2026-11-21"}]})
    };
    for number in [1, 2] {
        product(&app, number).await;
        app.admin().post("/v1/rate-feeds/acme/batches", batch(number)).await.expect(201);
    }
    let old =
        "update rates.feed_batches set received_at = '2012-01-01Z' where external_batch_id = '1'";
    unguarded(&app, "rates.feed_batches", old).await;
    let (client, second) = (app.system_admin(), app.second_system_admin().await);
    let body = json!({"table_name": "rates.feed_batches", "reason": "Seven years are over"});
    let made = client.post(DISPOSALS, body).await.expect(201).body;
    let path = format!("{DISPOSALS}/{}", made["disposal_id"].as_str().expect("an id"));
    assert_eq!(
        second.act(&format!("{path}/approve"), "\"7\"").await.expect(412).code(),
        "version_conflict"
    );
    second.act(&format!("{path}/approve"), "*").await.expect(200);
    app.clock.set("2026-11-29T18:00:00Z".parse().expect("an instant"));
    assert_eq!(audit::sweep(&app.app).await.expect("a sweep").disposed, 1);
    for (table, column) in [("feed_batches", "external_batch_id"), ("feed_rates", "external_id")] {
        let left = app.sql(&format!("select {column} as n from rates.{table}")).await;
        assert_eq!(left, [json!({"n": "2"})], "{table}");
    }
}

/// A product that was withdrawn goes when nothing names it any more, with all its versions; until then it is on no
/// list. Its last rate, which nothing ended, is over with it.
#[tokio::test]
async fn a_product_goes_after_its_rates_and_with_its_versions() {
    let app = TestApp::new().await;
    let (id, live) = (product(&app, 1).await, product(&app, 2).await);
    let change = json!({"product_name": "Granite II"});
    let path = format!("/v1/products/{id}");
    let patch = Request::new(Method::PATCH, &path).json(&change).if_match("*");
    app.admin().send(patch).await.expect(200);
    app.admin().act(&format!("{path}/deactivate"), "*").await.expect(200);
    let old = format!(
        "update products.products set deactivated_at = '2012-02-29Z' where product_id = '{id}'"
    );
    unguarded(&app, "products.products", &old).await;
    let dispose = async |table: &str, day: &str| {
        // Tokens are over long before a list may be worked off.
        let (client, second) = (app.system_admin(), app.second_system_admin().await);
        let body = json!({"table_name": table, "reason": "It is over"});
        let made = client.post(DISPOSALS, body).await.expect(201).body;
        let list = format!("{DISPOSALS}/{}", made["disposal_id"].as_str().expect("an id"));
        second.act(&format!("{list}/approve"), "*").await.expect(200);
        app.clock.set(format!("{day}T18:00:00Z").parse().expect("an instant"));
        let swept = audit::sweep(&app.app).await.expect("a sweep");
        (made["records"].clone(), swept.disposed, swept.kept)
    };
    let body = json!({"table_name": "products.products", "reason": "It is over"});
    let nothing = app.system_admin().post(DISPOSALS, body).await.expect(409);
    assert_eq!(nothing.code(), "nothing_due");
    assert_eq!(dispose(TABLE, "2026-11-28").await, (json!(1), 1, 0));
    assert_eq!(dispose("products.products", "2026-12-05").await, (json!(1), 1, 0));
    for table in
        ["products.products", "products.product_versions", "products.terms_versions", TABLE]
    {
        let left = app.sql(&format!("select distinct product_id as id from {table}")).await;
        assert!(left.iter().all(|row| row["id"] == live.as_str()), "{table}: {left:?}");
    }
    let left = app.sql("select version from products.product_versions").await;
    assert_eq!(left.len(), 1);
}

/// The job proposes in its own name; then any one person's approval is the second one's. Twice on a
/// day makes one list, and two at once dispose of each record once.
#[tokio::test]
async fn the_job_proposes_once_and_disposes_once() {
    let app = TestApp::new().await;
    let (one, two) = (over(&app, 1).await, over(&app, 2).await);
    for lists in [Some(1), None] {
        assert_eq!(clean_up(&app).await, lists);
    }
    let list =
        app.system_admin().get(&format!("{DISPOSALS}?status=proposed")).await.expect(200).body;
    assert_eq!(list["items"][0]["proposed_by"], "clean-up-rates");
    let id = list["items"][0]["disposal_id"].as_str().expect("an id").to_owned();
    let other = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    let foreign = other.act(&format!("{DISPOSALS}/{id}/approve"), "*").await.expect(404);
    let unknown =
        other.act(&format!("{DISPOSALS}/0199aaaa-0000-7000-8000-000000000001/approve"), "*").await;
    assert_eq!(foreign.problem(), unknown.problem());
    app.system_admin().act(&format!("{DISPOSALS}/{id}/approve"), "*").await.expect(200);
    app.clock.set("2026-12-01T18:00:00Z".parse().expect("an instant"));
    let both = tokio::join!(audit::sweep(&app.app), audit::sweep(&app.app), audit::sweep(&app.app));
    let disposed: u64 =
        [both.0, both.1, both.2].into_iter().map(|swept| swept.expect("a sweep").disposed).sum();
    assert_eq!(disposed, 2);
    assert!(!there(&app, &one).await && !there(&app, &two).await);
    let certificates =
        app.sql("select from audit.audit_events where action = 'disposal.certified'").await;
    assert_eq!(certificates.len(), 1);
}

/// Records that are held one by one keep nothing behind them: of ten times as many as a list may have
/// those that are free are listed.
#[tokio::test]
async fn a_list_is_made_behind_what_is_held() {
    let app = TestApp::new().await;
    let mut rates = Vec::new();
    for number in 1..=13 {
        rates.push(over(&app, number).await);
    }
    rates.sort_unstable();
    let free = rates.pop().expect("the last one");
    let scopes: Vec<Value> = rates
        .iter()
        .map(|rate| json!({"kind": "record", "table_name": TABLE, "record_id": rate}))
        .collect();
    let hold = json!({"name": "x", "reason": "y", "scopes": scopes});
    app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
    let superuser = app.database.superuser().await;
    let propose = async |limit: u32| {
        let firm = Firm::Meridian.tenant_id();
        let text = format!(
            "begin; select platform.begin_job('{firm}', 'x', '2026-11-21T12:00:00Z', '{firm}');
             select audit.propose_disposal(gen_random_uuid(), '{TABLE}', 'y', 'x', {limit}); commit"
        );
        superuser.batch_execute(&text).await
    };
    let error = propose(1).await.expect_err("nothing is free among ten");
    let said = error.as_db_error().expect("an answer").message().to_owned();
    assert_eq!(said, "The 10 records of this table that are due the longest are held");
    superuser.batch_execute("rollback").await.expect("its end");
    propose(2).await.expect("a list");
    let list = app
        .sql("select d.held, array_agg(i.record_id) as ids from audit.disposals d join audit.disposal_items i using (disposal_id)
               group by d.disposal_id, d.held")
        .await;
    assert_eq!(json!(list), json!([{"held": 12, "ids": [free]}]));
}

#[tokio::test]
async fn a_bad_proposal_says_which_part_is_bad() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    for table in ["users.throttles", "audit.audit_events", "products.cd_terms", "x; drop table y"] {
        let answer =
            client.post(DISPOSALS, json!({"table_name": table, "reason": "x"})).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], "/table_name", "{table}");
    }
    let answer = client.post(DISPOSALS, json!({})).await.expect(422);
    let pointers: Vec<&Value> =
        answer.body["errors"].as_array().expect("errors").iter().map(|e| &e["pointer"]).collect();
    assert_eq!(pointers, ["/table_name", "/reason"]);
    assert_eq!(
        app.auditor().await.post(DISPOSALS, json!({})).await.expect(403).code(),
        "permission_denied"
    );
}
