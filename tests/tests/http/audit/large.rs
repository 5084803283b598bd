//! Events that are large: a text of terms makes one of some hundred kilobytes, an import thousands of
//! them. Whatever takes events by the page takes fewer of them then: no answer outgrows what Lambda
//! sends, no page what a function remembers.

use std::collections::BTreeSet;
use std::sync::Arc;

use audit::months;
use object_store::memory::InMemory;
use serde_json::{Value, json};
use testkit::{Answer, Firm, TestApp, seals_with};

use super::archive::{day, steps};

/// Events of 400 kB each: all of them are 24 MB.
const EVENTS: usize = 60;
/// What a page is full with, and the event that fills it.
const PAGE: usize = 4_000_000 + 400_000;
/// The same for what jobs take at once: 8 MiB.
const TAKEN: i64 = 8_388_608 / 400_000 + 1;

/// An application whose Meridian has large events, in the first minutes of a month.
async fn large(month: &str) -> TestApp {
    let mut app = TestApp::new().await;
    app.seals = seals_with(Arc::new(InMemory::new()));
    app.execute(&format!(
        "select audit.ensure_partitions('{month}', 1);
         insert into audit.audit_events (tenant_id, occurred_at, recorded_at, actor_id, actor_type, actor_label, action,
             resource_type, resource_id, old_values, new_values, transaction_name)
         select '{}', t.at, t.at, '00000000-0000-7000-9000-000000000a01', 'user', 'Ada', 'terms.published', 'terms', 'large',
                jsonb_build_object('text', repeat(md5(i::text), 6250)), jsonb_build_object('text', repeat(md5('x' || i), 6250)),
                'terms_put'
           from generate_series(1, {EVENTS}) i, lateral (select '{month}Z'::timestamptz + make_interval(secs => i) as at) t",
        Firm::Meridian.tenant_id()
    ))
    .await;
    app
}

/// Every page behind `path`, each of which fits into an answer.
async fn pages(app: &TestApp, path: &str) -> Vec<Answer> {
    let (mut pages, mut path) = (Vec::new(), path.to_owned());
    loop {
        let answer = app.system_admin().get(&path).await.expect(200);
        assert!(answer.bytes.len() <= PAGE, "{} bytes", answer.bytes.len());
        let link = answer.header("link");
        let next = link.strip_prefix('<').and_then(|link| link.split_once('>'));
        let next = next.map(|(next, _)| next.to_owned());
        pages.push(answer);
        let Some(next) = next else { return pages };
        path = next;
    }
}

#[tokio::test]
async fn lists_and_exports_end_a_page_when_it_is_full() {
    let app = large("2026-11-01").await;
    for path in [
        "/v1/audit/events?resource_type=terms&limit=200",
        "/v1/audit/records/terms/large/history?limit=200",
    ] {
        let pages = pages(&app, path).await;
        let items = pages.iter().flat_map(|page| page.body["items"].as_array().unwrap());
        let ids: Vec<&str> = items.map(|item| item["event_id"].as_str().unwrap()).collect();
        let different: BTreeSet<_> = ids.iter().collect();
        assert_eq!((ids.len(), different.len()), (EVENTS, EVENTS), "{path}");
        assert!(pages.len() >= EVENTS / 10, "{path}: {} pages", pages.len());
    }
    app.seal().await;
    for format in ["ndjson", "csv", "parquet"] {
        let pages = pages(&app, &format!("/v1/audit/export?limit=5000&format={format}")).await;
        let size = "select sum(size) as n from audit.logs where tenant_id =";
        let sealed = app.sql(&format!("{size} '{}'", Firm::Meridian.tenant_id())).await;
        let rows = match format {
            "ndjson" => {
                let lines = pages.iter().flat_map(|page| page.bytes.split(|b| *b == b'\n'));
                let line = |line: &[u8]| serde_json::from_slice::<Value>(line).ok();
                let events = lines.filter_map(line).filter(|line| line["leaf_index"].is_u64());
                events.count()
            }
            // A page has a file of its own with fewer rows than it may have.
            _ => {
                assert!(pages.len() > 1, "{format}: {} pages", pages.len());
                continue;
            }
        };
        assert_eq!(json!(rows), sealed[0]["n"], "{format}");
    }
}

#[tokio::test]
async fn jobs_take_fewer_events_at_once_and_all_of_them_in_the_end() {
    let app = large("2025-09-01").await;
    let firm = Firm::Meridian.tenant_id();
    let taken = format!(
        "select count(*) as n from audit.job_seal_take('{firm}', 5000) e where e.resource_type = 'terms'"
    );
    assert_eq!(app.sql(&taken).await[0]["n"], TAKEN);
    app.seal().await;
    let page = |after: i64| {
        format!(
            "select count(event_id) as n, max(leaf_index) as last, count(actor_keys) as closed
                   from audit.job_archive_page('{firm}', '2025-09-01', {after}, 2000)"
        )
    };
    let first = app.sql(&page(-1)).await;
    assert_eq!((&first[0]["n"], &first[0]["closed"]), (&json!(TAKEN), &json!(TAKEN)));
    let second = app.sql(&page(first[0]["last"].as_i64().unwrap())).await;
    assert_eq!(second[0]["n"], TAKEN);
    let hash =
        "select md5(string_agg(old_values::text || new_values::text, '' order by event_id)) as h
                  from audit.audit_events where resource_type = 'terms'";
    let before = app.sql(hash).await;
    steps(&app, 500_000).await;
    assert_eq!(app.sql(hash).await, [json!({"h": null})]);
    let restored = months::restore(&app.app, &app.seals, day(), |_, _| {}).await.unwrap();
    assert_eq!(restored, EVENTS as u64);
    assert_eq!(app.sql(hash).await, before);
}
