//! Batches that lie in a folder (S0-139).

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use jobs::{FeedCaller, Feeds, Order, Services};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use wealth_http::auth::HttpsFetcher;

use super::{later, windows};

async fn put(store: &InMemory, path: &str, body: &str) {
    store.put(&Path::from(path), body.to_owned().into()).await.unwrap();
}

async fn names(store: &InMemory) -> Vec<String> {
    let listed: Vec<_> = store.list(None).try_collect().await.unwrap();
    let mut names: Vec<String> = listed.into_iter().map(|o| o.location.to_string()).collect();
    names.sort();
    names
}

fn caller() -> FeedCaller {
    FeedCaller::new(HttpsFetcher::with_loopback(), None)
}

async fn pull(app: &TestApp, store: &Arc<InMemory>, at: &str) -> Value {
    let feeds = Feeds::new(Arc::clone(store) as Arc<dyn ObjectStore>, Path::from("f"));
    let services = Services::new(app.services.clone(), app.seals.clone(), Some(feeds), caller());
    let order = Order { scheduled: at.parse().unwrap(), tenant: None, date: None };
    let job = jobs::find("pull-rate-feeds").unwrap();
    let report = jobs::run(&app.app, &services, job, &order, later()).await;
    json!(report.unwrap_or_else(|problem| panic!("{}", problem.summary())).counts)
}

fn batch(id: &str, rate: &str) -> String {
    json!({"external_batch_id": id, "rates": [{"external_id": id, "cusip": testkit::cusip(1),
        "base_rate": rate, "bonus_rate": "0", "effective_date": "2026-12-01"}]})
    .to_string()
}

#[tokio::test]
async fn a_batch_in_the_folder_is_taken_once_and_put_aside() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &[]).await;
    let feed = json!({"name": "Acme", "precedence": 100, "tolerance": "5.0000", "is_active": true});
    app.admin().put("/v1/rate-feeds/acme", feed, "").await;
    let (store, firm) = (Arc::new(InMemory::new()), Firm::Meridian.tenant_id());
    let good = batch("b-1", "4.5");
    put(&store, &format!("f/inbox/{firm}/acme/1.json"), &good).await;
    put(&store, &format!("f/inbox/{firm}/acme/2.json"), "{").await;
    put(&store, &format!("f/inbox/{firm}/nobody/3.json"), &batch("b-3", "4.6")).await;
    // Another firm has no such feed, and a file that is no batch is nobody's business.
    let other = Firm::Harbour.tenant_id();
    put(&store, &format!("f/inbox/{other}/acme/4.json"), &batch("b-4", "4.7")).await;
    put(&store, "f/inbox/README.txt", "hello").await;
    let first = pull(&app, &store, "2026-11-21T12:00:00Z").await;
    assert_eq!(first, json!({"batches": 1, "refused": 3, "unreachable": 0}));
    assert_eq!(
        names(&store).await,
        [
            "f/inbox/README.txt".to_owned(),
            format!("f/refused/{firm}/acme/2.json"),
            format!("f/refused/{firm}/acme/2.json.report"),
            format!("f/refused/{firm}/nobody/3.json"),
            format!("f/refused/{firm}/nobody/3.json.report"),
            format!("f/refused/{other}/acme/4.json"),
            format!("f/refused/{other}/acme/4.json.report"),
            format!("f/taken/{firm}/acme/1.json"),
            format!("f/taken/{firm}/acme/1.json.report"),
        ]
    );
    let report =
        store.get(&Path::from(format!("f/taken/{firm}/acme/1.json.report"))).await.unwrap();
    let report: Value = serde_json::from_slice(&report.bytes().await.unwrap()).unwrap();
    assert_eq!(report["counts"]["applied"], 1, "{report}");
    // The process died before it could put it aside: it is known, and changes nothing.
    put(&store, &format!("f/inbox/{firm}/acme/1.json"), &good).await;
    let rates = "select count(*) as n from rates.rate_history";
    let before = app.sql(rates).await;
    let again = pull(&app, &store, "2026-11-21T12:05:00Z").await;
    assert_eq!(again, json!({"batches": 1, "refused": 0, "unreachable": 0}));
    assert_eq!(app.sql(rates).await, before);
}

#[tokio::test]
async fn a_folder_of_this_machine_is_one_too_and_a_bad_address_is_a_line() {
    let folder = std::env::temp_dir().join(format!("wealth-feeds-{}", std::process::id()));
    assert!(Feeds::open(folder.to_str().unwrap()).is_ok());
    std::fs::remove_dir_all(&folder).unwrap();
    let line = Feeds::open("s3://").unwrap_err().to_string();
    assert_eq!(line, "RATE_FEED_FOLDER takes s3://bucket/prefix or a folder: no bucket");
}
