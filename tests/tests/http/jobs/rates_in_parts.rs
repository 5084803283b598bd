//! The end of rate history where there is much of it, and of what rates came from.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::rates::{DECEMBER, JANUARY, JOB, id, lists, product, rate, write};
use super::{lapse, report};

async fn approve_all(app: &TestApp) {
    let client = app.system_admin();
    for list in
        app.sql("select disposal_id as id from audit.disposals where status = 'proposed'").await
    {
        let path = format!("/v1/audit/disposals/{}/approve", list["id"].as_str().expect("an id"));
        client.act(&path, "*").await.expect(200);
    }
}

/// Takes Meridian's run of a month and works at it in chunks of two; what each counted.
async fn chunks(app: &TestApp, at: &str, stop_after: usize) -> Vec<Value> {
    let firm = Firm::Meridian.tenant_id();
    let plan = format!(
        "select run_id from jobs.open_runs('{JOB}', true, 'UTC', '03:00:00', 'month', 0, '{at}', '{firm}')"
    );
    let run = app.sql(&plan).await[0]["run_id"].as_str().expect("an id").to_owned();
    let claim =
        format!("select epoch from jobs.claim('{firm}', '{run}', '{firm}', 120, 3, '{at}')");
    let epoch = app.sql(&claim).await[0]["epoch"].clone();
    let mut counts = Vec::new();
    while counts.len() < stop_after {
        let step = format!(
            "select jobs.clean_up_rates('{firm}', '{run}', {epoch}, 2, 120, '{at}', '{run}') as kept"
        );
        let kept = app.sql(&step).await.remove(0)["kept"].take();
        counts.push(kept["counts"].clone());
        if kept["more"] == false {
            break;
        }
    }
    counts
}

/// Lists are bounded, what is held stops nothing behind it, and a process that dies leaves the rest to
/// the next one.
#[tokio::test]
async fn many_are_listed_in_parts_each_once() {
    let app = TestApp::new().await;
    for month in 1..=7 {
        let times = format!("'2012-{month:02}-01', '2012-{month:02}-28', '2012-01-01Z', null");
        rate(&app, Firm::Meridian, &format!("rate {month}"), &times).await;
    }
    let held = [id(&app, "rate 1").await, id(&app, "rate 2").await];
    let scopes: Vec<Value> = held
        .iter()
        .map(|id| json!({"kind": "record", "table_name": "rates.rate_history", "record_id": id}))
        .collect();
    let hold = json!({"name": "x", "reason": "y", "scopes": scopes});
    app.system_admin().post("/v1/audit/legal-holds", hold).await.expect(201);
    let counted = |lists: u32, records: u32| json!({"lists": lists, "records": records, "held": 2});
    // Other tables of the class come before it, with nothing in them.
    let first = chunks(&app, DECEMBER, 4).await;
    assert_eq!(first.last(), Some(&counted(1, 2)), "{first:?}");
    lapse(&app).await;
    let rest = chunks(&app, DECEMBER, 99).await;
    assert!(rest.starts_with(&[counted(2, 4), counted(3, 5)]), "{rest:?}");
    assert_eq!(rest.last(), Some(&counted(3, 5)));
    let list = |held: u32, names: &[&str]| {
        json!({"firm": "a", "status": "proposed", "proposed_by": JOB,
        "held": held, "names": names})
    };
    let three =
        [list(2, &["rate 3", "rate 4"]), list(0, &["rate 5", "rate 6"]), list(0, &["rate 7"])];
    assert_eq!(lists(&app).await, three);
    // Nobody looked at them: they are not listed again.
    let next = chunks(&app, JANUARY, 99).await;
    assert_eq!(next.last(), Some(&json!({"lists": 0, "records": 0, "held": 0})));
    assert_eq!(lists(&app).await, three);
}

/// What a rate came from stays as long as the rate; what a feed brought goes in its order.
#[tokio::test]
async fn changes_and_batches_go_when_nothing_came_of_them_any_more() {
    let app = TestApp::new().await;
    let (tenant, product) = (Firm::Meridian.tenant_id(), product(&app, Firm::Meridian).await);
    let (batch, gone, stays) = (
        "00000000-0000-7000-8000-0000000000f1",
        "00000000-0000-7000-8000-0000000000f2",
        "00000000-0000-7000-8000-0000000000f3",
    );
    write(
        &app,
        &format!(
            "insert into rates.rate_feeds (tenant_id, source) values ('{tenant}', 'desk');
             insert into rates.feed_batches (tenant_id, batch_id, source, external_batch_id, fingerprint, received_at)
             values ('{tenant}', '{batch}', 'desk', '1', '\\x00', '2012-01-01Z');
             insert into rates.rate_changes (tenant_id, change_id, product_id, base_rate, bonus_rate, effective_date, origin, source,
                 batch_id, status, proposed_at, proposed_by, decided_at)
             values ('{tenant}', '{gone}', '{product}', 3, 0, '2012-01-01', 'feed', 'desk', '{batch}', 'rejected', '2012-01-01Z', 'x', '2012-02-29Z'),
                    ('{tenant}', '{stays}', '{product}', 3, 0, '2012-01-01', 'manual', 'manual', null, 'applied', '2012-01-01Z', 'x', '2012-02-29Z');
             insert into rates.feed_rates (tenant_id, source, external_id, batch_id, cusip, outcome, change_id)
             values ('{tenant}', 'desk', '1', '{batch}', 'x', 'quarantined', '{gone}');
             update rates.rate_history set change_id = '{stays}' where product_id = '{product}'"
        ),
    )
    .await;
    for (at, swept_at, table, record) in [
        (DECEMBER, "2026-12-09T12:00:00Z", "rates.rate_changes", gone),
        (JANUARY, "2027-01-09T12:00:00Z", "rates.feed_batches", batch),
    ] {
        assert_eq!(
            json!(report(&app, JOB, at).await.counts),
            json!({"lists": 1, "records": 1, "held": 0}),
            "{table}"
        );
        let listed = app.sql("select d.table_name, i.record_id from audit.disposals d join audit.disposal_items i using (disposal_id) where d.status = 'proposed'").await;
        assert_eq!(listed, [json!({"table_name": table, "record_id": record})]);
        approve_all(&app).await;
        app.clock.set(swept_at.parse().expect("an instant"));
        assert_eq!(audit::sweep(&app.app).await.expect("a sweep").disposed, 1, "{table}");
    }
    let left = "select (select count(*) from rates.feed_rates) as delivered, (select count(*) from rates.feed_batches) as batches,
        (select jsonb_agg(change_id) from rates.rate_changes) as changes";
    assert_eq!(app.sql(left).await, [json!({"delivered": 0, "batches": 0, "changes": [stays]})]);
}
