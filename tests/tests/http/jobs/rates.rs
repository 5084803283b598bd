//! The end of rate history (S0-134): what has been kept for seven years is proposed, and nothing that is
//! in force, to come, needed or held.

use chrono::NaiveDate;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::{call, report, runs, windows};

pub(super) const JOB: &str = "clean-up-rates";
pub(super) const DECEMBER: &str = "2026-12-01T12:00:00Z";
pub(super) const JANUARY: &str = "2027-01-01T12:00:00Z";

/// What only a superuser could write: rates of long ago.
pub(super) async fn write(app: &TestApp, text: &str) {
    let tables = ["rates.rate_history", "products.product_comparison_items"];
    let each = |what: &str| tables.map(|table| format!("alter table {table} {what};")).concat();
    app.execute(&format!(
        "{} {text}; {}
         do $$ declare t record; begin
             for t in select tgrelid::regclass as name, tgname from pg_trigger
                       where tgrelid in ('rates.rate_history'::regclass, 'products.product_comparison_items'::regclass)
                         and not tgisinternal and tgname <> 'rate_history_no_gap' loop
                 execute format('alter table %s enable always trigger %I', t.name, t.tgname);
             end loop; end $$",
        each("disable trigger user"),
        each("enable trigger user")
    ))
    .await;
}

/// A firm's product with one rate in force; its id.
pub(super) async fn product(app: &TestApp, firm: Firm) -> String {
    let made = format!(
        "select product_id from products.products where tenant_id = '{}' order by created_at limit 1",
        firm.tenant_id()
    );
    if app.sql(&made).await.is_empty() {
        windows(app, firm, 1, &[]).await;
    }
    app.sql(&made).await[0]["product_id"].as_str().expect("an id").to_owned()
}

/// A rate of `firm` with a name, what it says of its times: effective_date, end_date, recorded_at, superseded_at.
pub(super) async fn rate(app: &TestApp, firm: Firm, name: &str, times: &str) {
    let (tenant, product) = (firm.tenant_id(), product(app, firm).await);
    write(
        app,
        &format!(
            "insert into rates.rate_history (tenant_id, product_id, base_rate, created_by, reason, effective_date, end_date,
                 recorded_at, superseded_at) values ('{tenant}', '{product}', 3, 'x', '{name}', {times})"
        ),
    )
    .await;
}

pub(super) async fn id(app: &TestApp, name: &str) -> String {
    let found =
        format!("select rate_history_id as id from rates.rate_history where reason = '{name}'");
    app.sql(&found).await[0]["id"].as_str().expect("an id").to_owned()
}

/// The names of all rates that are left, but for those in force.
async fn left(app: &TestApp) -> Value {
    let query = "select coalesce(jsonb_agg(reason order by reason), '[]') as names from rates.rate_history where reason is not null";
    app.sql(query).await.remove(0)["names"].take()
}

/// The lists: firm's letter, state, who proposed it, how many were held, names of the rates.
pub(super) async fn lists(app: &TestApp) -> Vec<Value> {
    let query = "select * from (select right(d.tenant_id::text, 1) as firm, d.status, d.proposed_by, d.held,
               (select jsonb_agg(h.reason order by i.retain_until, h.reason) from audit.disposal_items i
                  join rates.rate_history h on h.rate_history_id::text = i.record_id where i.disposal_id = d.disposal_id) as names
          from audit.disposals d where d.table_name = 'rates.rate_history') l order by firm, names ->> 0";
    app.sql(query).await
}

/// A comparison of years ago that is kept for longer than its rates.
async fn compared(app: &TestApp, rate: &str) {
    let (tenant, product) = (Firm::Meridian.tenant_id(), product(app, Firm::Meridian).await);
    let user = app.sql("select user_id from users.memberships where tenant_id = '00000000-0000-7000-8000-00000000000a' limit 1").await;
    let user = user[0]["user_id"].as_str().expect("an id").to_owned();
    write(
        app,
        &format!(
            "insert into products.product_comparisons (tenant_id, comparison_id, user_id, product_ids, investment_amount,
                 horizon_months, as_of, known_at, comparison_date, request, engine_version, result, result_sha256)
             values ('{tenant}', '{rate}', '{user}', array['{product}'::uuid, gen_random_uuid()], 10000, 60, '2012-02-01', now(), now(),
                 '{{}}', 1, '{{}}', sha256('{{}}'));
             insert into products.product_comparison_items (tenant_id, comparison_id, product_id, rank, product_version, rate_history_id)
             values ('{tenant}', '{rate}', '{product}', 1, 1, '{rate}')"
        ),
    )
    .await;
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one story, step by step")]
async fn what_is_over_for_seven_years_goes_and_nothing_else() {
    let app = TestApp::new().await;
    let firm = Firm::Meridian;
    for (name, times) in [
        ("over", "'2012-01-01', '2012-02-29', '2012-01-01Z', null"),
        ("corrected", "'2012-01-01', null, '2012-01-01Z', '2013-01-01Z'"),
        ("corrected, and long over", "'2012-01-01', '2012-06-30', '2012-01-01Z', '2013-01-01Z'"),
        ("over in 2020", "'2012-03-01', '2020-01-31', '2012-01-01Z', null"),
        ("corrected in 2020", "'2012-01-01', '2012-02-29', '2012-01-01Z', '2020-01-01Z'"),
        (
            "corrected, and would hold still",
            "'2012-01-01', '2027-12-31', '2012-01-01Z', '2013-01-01Z'",
        ),
        ("never came", "'2027-01-01', '2027-12-31', '2012-01-01Z', '2026-01-01Z'"),
        ("held", "'2012-01-01', '2012-01-31', '2012-01-01Z', '2012-05-01Z'"),
        ("compared", "'2012-01-01', '2012-01-31', '2012-01-01Z', '2012-06-01Z'"),
    ] {
        rate(&app, firm, name, times).await;
    }
    rate(&app, Firm::Harbour, "of Harbour", "'2012-01-01', '2012-02-29', '2012-01-01Z', null")
        .await;
    // In force since 2020, so that it is as old as any, until the next one, which is to come.
    let product = product(&app, firm).await;
    write(
        &app,
        &format!(
            "delete from rates.rate_history where product_id = '{product}' and reason is null;
             insert into rates.rate_history (tenant_id, product_id, base_rate, created_by, effective_date, end_date, recorded_at, reason)
             values ('{0}', '{product}', 3, 'x', '2020-02-01', '2027-06-30', '2012-01-01Z', 'in force'),
                    ('{0}', '{product}', 3, 'x', '2027-07-01', null, '2012-01-01Z', 'to come')",
            firm.tenant_id()
        ),
    )
    .await;
    compared(&app, &id(&app, "compared").await).await;
    let hold = json!({"name": "x", "reason": "y", "scopes": [
        {"kind": "record", "table_name": "rates.rate_history", "record_id": id(&app, "held").await}]});
    app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
    // The daily job leaves rates to this one.
    assert_eq!(audit::sweep(&app.app).await.expect("a sweep").proposed, 0);
    let done = report(&app, JOB, DECEMBER).await;
    assert_eq!(json!(done.counts), json!({"lists": 2, "records": 4, "held": 1}));
    let list = |firm: &str, held: u32, names: &[&str]| {
        json!({"firm": firm, "status": "proposed",
        "proposed_by": JOB, "held": held, "names": names})
    };
    assert_eq!(
        lists(&app).await,
        [
            list("a", 1, &["over", "corrected", "corrected, and long over"]),
            list("b", 0, &["of Harbour"])
        ]
    );
    // What is needed is not due: whoever asks is told so, and no list that somebody writes takes it.
    let path =
        format!("/v1/audit/records/rates.rate_history/{}/retention", id(&app, "compared").await);
    assert_eq!(app.system_admin().get(&path).await.expect(200).body["disposable"], false);
    app.execute(&format!(
        "insert into audit.disposal_items (tenant_id, disposal_id, record_id, retain_until)
         select d.tenant_id, d.disposal_id, h.rate_history_id::text, '2019-01-01' from audit.disposals d
           join rates.rate_history h on h.tenant_id = d.tenant_id and h.reason in ('compared', 'held', 'in force', 'to come', 'never came')
          where d.tenant_id = '{}'",
        firm.tenant_id()
    ))
    .await;
    let meridians =
        app.sql("select disposal_id as id from audit.disposals where records = 3").await;
    let path =
        format!("/v1/audit/disposals/{}/approve", meridians[0]["id"].as_str().expect("an id"));
    app.system_admin().act(&path, "*").await.expect(200);
    app.clock.set("2026-12-09T12:00:00Z".parse().expect("an instant"));
    let swept = audit::sweep(&app.app).await.expect("a sweep");
    assert_eq!((swept.disposed, swept.kept), (3, 5));
    let why = app.sql("select kept from audit.disposals where status = 'done'").await;
    assert_eq!(why, [json!({"kept": {"held": 1, "in_use": 1, "not_due": 3}})]);
    assert_eq!(
        left(&app).await,
        json!([
            "compared",
            "corrected in 2020",
            "corrected, and would hold still",
            "held",
            "in force",
            "never came",
            "of Harbour",
            "over in 2020",
            "to come"
        ])
    );
    // Its comparison is gone: so may it be.
    write(&app, "delete from products.product_comparison_items").await;
    let next = report(&app, JOB, JANUARY).await;
    assert_eq!(
        json!(next.counts),
        json!({"lists": 1, "records": 1, "held": 1}),
        "Harbour's is open"
    );
}

/// Each firm has its own month, and no day is over before it is so everywhere on Earth.
#[tokio::test]
async fn a_leap_day_and_a_firm_ahead_of_everybody() {
    let app = TestApp::new().await;
    let firm = Firm::Meridian;
    rate(&app, firm, "leap", "'2012-01-01', '2016-02-29', '2012-01-01Z', null").await;
    rate(&app, firm, "after", "'2016-03-01', '2016-03-01', '2012-01-01Z', null").await;
    app.execute(&format!(
        "update tenants.tenants set time_zone = 'Pacific/Kiritimati' where tenant_id = '{}'",
        firm.tenant_id()
    ))
    .await;
    let due = async |now: &str| {
        let client = app.database.superuser().await;
        let text = format!(
            "begin; select platform.begin_job('{0}', 'x', '{now}', '{0}')",
            firm.tenant_id()
        );
        client.batch_execute(&text).await.expect("a job");
        let found = "select retain_until from audit.due_records('rates.rate_history', platform.business_date(), 9)";
        let rows = client.query_typed(found, &[]).await.expect("rows");
        rows.iter().map(|row| row.get::<_, NaiveDate>(0).to_string()).collect::<Vec<_>>()
    };
    // Seven years later there is no 29 February: 1 March is the last day, on Kiritimati and on Baker Island.
    assert!(due("2023-03-02T11:59:59Z").await.is_empty());
    assert_eq!(due("2023-03-02T12:00:00Z").await, ["2023-03-01", "2023-03-01"]);
    // The run is of the first of the firm's month, three hours after its midnight, and once.
    for at in [
        "2023-02-28T12:59:00Z",
        "2023-02-28T13:35:00Z",
        "2023-03-31T12:35:00Z",
        "2023-03-31T13:35:00Z",
        "2023-03-31T14:35:00Z",
    ] {
        call(&app, JOB, at).await.expect("a run");
    }
    assert_eq!(
        runs(&app, JOB).await,
        [
            "a 2023-02-01 done",
            "a 2023-03-01 done",
            "a 2023-04-01 done",
            "b 2023-02-01 done",
            "b 2023-03-01 done"
        ]
    );
    let wanted = json!({"firm": "a", "status": "proposed", "proposed_by": JOB, "held": 0, "names": ["after", "leap"]});
    assert_eq!(lists(&app).await, [wanted]);
}
