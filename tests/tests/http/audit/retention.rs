//! How long records are kept, and the explanation of it (S0-134, X-14, X-19).

use serde_json::{Value, json};
use testkit::{Firm, TestApp};
use wealth_core::retention::{Fiscal, Record, RuleVersion, retention};

use super::product;

const POLICIES: &str = "/v1/audit/retention-policies";

async fn policy(app: &TestApp, class: &str) -> Value {
    let all = app.system_admin().get(POLICIES).await.expect(200).body;
    let items = all["items"].as_array().expect("items");
    items.iter().find(|item| item["class"] == class).expect("the class").clone()
}

#[tokio::test]
async fn every_class_says_how_long_and_why() {
    let app = TestApp::new().await;
    assert_eq!(
        policy(&app, "rate_history").await,
        json!({
            "class": "rate_history", "title": "Rates, their changes and where they came from",
            "basis": "end_of_use", "version": 0,
            "tables": ["products.imports", "rates.feed_batches", "rates.feed_rates", "rates.rate_changes",
                "rates.rate_history", "rates.rate_overrides"],
            "versions": [{"class": "rate_history", "basis": "end_of_use", "origin": "platform", "version": 1,
                "in_force_from": "2000-01-01", "replaced_on": null, "months": 84, "days": 0,
                "source": "Rate history is kept seven years (S0-134); 17 CFR 240.17a-4(a) asks for six"}],
        })
    );
    // Six years after the end, or from the date (S2-55 … S2-57).
    for (class, basis) in [
        ("client_record", "end_of_use"),
        ("transaction_record", "event"),
        ("communication", "event"),
    ] {
        let policy = policy(&app, class).await;
        assert_eq!(
            (&policy["basis"], &policy["versions"][0]["months"]),
            (&json!(basis), &json!(72))
        );
    }
    assert_eq!(app.admin().get(POLICIES).await.expect(403).code(), "permission_denied");
    app.auditor().await.get(POLICIES).await.expect(200);
}

#[tokio::test]
async fn a_firm_may_only_lengthen() {
    let app = TestApp::new().await;
    let client = app.system_admin();
    let path = format!("{POLICIES}/rate_history");
    let put = |months: u32| json!({"months": months, "reason": "Limitation in our state"});
    let short = client.put(&path, put(83), "*").await.expect(422);
    assert_eq!(short.body["errors"][0]["pointer"], "/months");
    let days = json!({"months": 0, "days": 10, "reason": "Limitation in our state"});
    let short = client.put(&format!("{POLICIES}/session_record"), days, "*").await.expect(422);
    assert_eq!(short.body["errors"][0]["pointer"], "/days");
    let answer = client.put(&path, put(120), "\"0\"").await.expect(200);
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(
        answer.body["versions"][1],
        json!({"class": "rate_history", "basis": "end_of_use",
        "origin": "firm", "version": 1, "in_force_from": "2026-11-21", "replaced_on": null, "months": 120,
        "days": 0, "source": "Limitation in our state"})
    );
    assert_eq!(client.put(&path, put(100), "\"0\"").await.expect(412).code(), "version_conflict");
    client.put(&path, put(84), "\"1\"").await.expect(200);
    // Nobody's class, one that is kept for ever, and the other firm, whose policy it is not.
    client.put(&format!("{POLICIES}/nobodys"), put(120), "*").await.expect(404);
    client.put(&format!("{POLICIES}/firm_record"), put(120), "*").await.expect(409);
    // Nor is promised what nothing would keep.
    for class in ["person_record", "working_data", "client_record"] {
        let refused = client.put(&format!("{POLICIES}/{class}"), put(120), "*").await.expect(409);
        assert_eq!(refused.code(), "state_conflict", "{class}");
    }
    assert_eq!(policy(&app, "rate_history").await["version"], 2);
    let other = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    let other = other.get(POLICIES).await.expect(200).body;
    assert!(!other.to_string().contains("Limitation"), "{other}");
    let told = app
        .sql(
            "select details, reason, actor_label from audit.audit_events
        where action = 'retention_policy.changed' order by occurred_at",
        )
        .await;
    assert_eq!(
        told[0],
        json!({"details": {"version": 1, "months": 120, "days": 0},
        "reason": "Limitation in our state", "actor_label": "Cyd system-admin"})
    );
}

async fn explained(app: &TestApp, table: &str, record: &str) -> Value {
    let path = format!("/v1/audit/records/{table}/{record}/retention");
    app.system_admin().get(&path).await.expect(200).body
}

async fn rate_of(app: &TestApp, product: &str) -> String {
    let query =
        format!("select rate_history_id from rates.rate_history where product_id = '{product}'");
    app.sql(&query).await[0]["rate_history_id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_record_explains_its_date() {
    let app = TestApp::new().await;
    let id = product(&app, 1).await;
    let rate = rate_of(&app, &id).await;
    // In force and open: the clock has not started, which is for ever.
    let open = explained(&app, "rates.rate_history", &rate).await;
    assert_eq!((&open["clock_on"], &open["retain_until"]), (&Value::Null, &Value::Null));
    assert_eq!(open["disposable"], false);
    // Over since a leap day: seven years later there is none, and the next day is the last.
    app.execute(&format!(
        "alter table rates.rate_history disable trigger user;
         update rates.rate_history set effective_date = '2012-01-01', end_date = '2012-02-29',
                recorded_at = '2012-01-01T12:00:00Z' where rate_history_id = '{rate}';
         alter table rates.rate_history enable always trigger hold_guard"
    ))
    .await;
    let version = json!({"class": "rate_history", "basis": "end_of_use", "origin": "platform", "version": 1,
        "in_force_from": "2000-01-01", "replaced_on": null, "months": 84, "days": 0,
        "source": "Rate history is kept seven years (S0-134); 17 CFR 240.17a-4(a) asks for six",
        "counted_from": "2012-02-29", "keep_until": "2019-03-01"});
    assert_eq!(
        explained(&app, "rates.rate_history", &rate).await,
        json!({"table_name": "rates.rate_history", "record_id": rate, "classes": ["rate_history"],
            "created_on": "2012-01-01", "clock_on": "2012-02-29", "retain_until": "2019-03-01",
            "promises": [version], "holds": [], "disposable": true})
    );
    // A longer promise helps it, and taking that back does not harm it.
    let path = format!("{POLICIES}/rate_history");
    for months in [240, 84] {
        let wish = json!({"months": months, "reason": "Limitation"});
        app.system_admin().put(&path, wish, "*").await.expect(200);
        let kept = explained(&app, "rates.rate_history", &rate).await;
        assert_eq!(kept["retain_until"], "2032-02-29", "{kept}");
        assert_eq!(kept["disposable"], false);
    }
    // What is not there, or is somebody else's.
    for (table, record) in [
        ("rates.rate_history", "none"),
        ("rates.rate_history", &id),
        ("nobodys.table", &rate),
        ("users.throttles", "x"),
    ] {
        let path = format!("/v1/audit/records/{table}/{record}/retention");
        assert_eq!(app.system_admin().get(&path).await.expect(404).code(), "not_found", "{table}");
    }
    let other = app.client(Firm::Harbour, "admin", &["SystemAdministrator"]);
    other.get(&format!("/v1/audit/records/rates.rate_history/{rate}/retention")).await.expect(404);
}

/// Every table of the map has records that can be explained: its expressions are SQL that runs.
#[tokio::test]
async fn every_table_of_the_map_answers() {
    let app = TestApp::new().await;
    let firm = Firm::Meridian.tenant_id();
    for row in app.sql("select table_name from audit.retention_tables order by 1").await {
        let table = row["table_name"].as_str().expect("a name");
        let found = app
            .sql(&format!(
                "select set_config('app.current_tenant_id', '{firm}', false) is not null as set,
                        (select count(*) from audit.retention_facts('{table}', '{firm}/1/1')) as n"
            ))
            .await;
        assert!(found[0]["n"].as_i64().is_some_and(|n| n <= 1), "{table}: {found:?}");
    }
}

/// The date that SQL computes in bulk is the one that is explained.
#[tokio::test]
async fn the_database_and_the_explanation_agree() {
    let app = TestApp::new().await;
    let firm = Firm::Meridian.tenant_id();
    app.execute(&format!(
        "insert into audit.retention_classes (class, title, basis) values ('a', 'A', 'event'), ('b', 'B', 'fiscal_year_end');
         insert into audit.retention_rules (class, version, in_force_from, months, days, source) values
             ('a', 1, '2001-01-01', 72, 0, 'x'), ('a', 2, '2010-02-28', 12, 3, 'x'), ('a', 3, '2020-02-29', 100, 0, 'x'),
             ('b', 1, '2001-01-01', 60, 0, 'x'), ('b', 2, '2012-02-29', 6, 0, 'x');
         insert into audit.retention_overrides (tenant_id, class, version, in_force_from, months, reason, set_by) values
             ('{firm}', 'a', 1, '2008-02-29', 84, 'x', 'x'), ('{firm}', 'a', 2, '2016-01-31', 72, 'x', 'x');
         update tenants.tenants set fiscal_year_end_month = 2, fiscal_year_end_day = 28 where tenant_id = '{firm}'"
    ))
    .await;
    let rules = app.sql(&format!("select jsonb_build_object('class', class, 'basis', basis, 'origin', origin,
        'version', version, 'in_force_from', in_force_from, 'replaced_on', replaced_on, 'months', months,
        'days', days, 'source', source) as rule from audit.retention_versions('{firm}')")).await;
    let rules: Vec<RuleVersion> = rules
        .into_iter()
        .map(|row| serde_json::from_value(row["rule"].clone()).expect("a rule"))
        .collect();
    let cases = app.sql(&format!(
        "select k.classes, c::date as created_on, l::date as clock_on,
                audit.retain_until('{firm}', k.classes, c::date, l::date) as retain_until
           from (values (array['a']), (array['b']), (array['a', 'b']), (array['a', 'unheard_of'])) k(classes),
                (values ('2005-01-01'), ('2010-02-28'), ('2010-02-27'), ('2012-02-29'), ('2016-02-01'), ('2021-01-01'), (null)) x(c),
                (values ('2008-02-29'), ('2012-02-28'), ('2012-08-31'), ('2020-02-29'), ('2020-12-31'), (null)) y(l)"
    )).await;
    assert_eq!(cases.len(), 168);
    for case in cases {
        let day = |name: &str| case[name].as_str().map(|text| text.parse().expect("a day"));
        let classes = serde_json::from_value(case["classes"].clone()).expect("classes");
        let record = Record { classes, created_on: day("created_on"), clock_on: day("clock_on") };
        let found = retention(&record, &rules, Fiscal { month: 2, day: 28 });
        assert_eq!(found.retain_until, day("retain_until"), "{case}");
    }
}
