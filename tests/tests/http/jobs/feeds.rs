//! Batches that lie in a folder (S0-139).

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use jobs::{FeedCaller, Feeds, Order, Report, Services};
use object_store::aws::AmazonS3Builder;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde_json::{Value, json};
use testkit::watched::{Watched, free_port};
use testkit::{Firm, TestApp};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wealth_http::auth::HttpsFetcher;

use super::{later, poison_batches, windows};

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

fn services(app: &TestApp, store: Arc<dyn ObjectStore>) -> Services {
    let feeds = Feeds::new(store, Path::from("f"));
    Services::new(app.services.clone(), app.seals.clone(), Some(feeds), caller())
}

async fn run(app: &TestApp, services: &Services, at: &str) -> Report {
    let order = Order { scheduled: at.parse().unwrap(), tenant: None, date: None };
    let job = jobs::find("pull-rate-feeds").unwrap();
    let report = jobs::run(&app.app, services, job, &order, later()).await;
    report.unwrap_or_else(|problem| panic!("{}", problem.summary()))
}

async fn pull(app: &TestApp, store: &Arc<InMemory>, at: &str) -> Value {
    let services = services(app, Arc::clone(store) as Arc<dyn ObjectStore>);
    json!(run(app, &services, at).await.counts)
}

/// Why the run failed.
async fn failure(app: &TestApp, services: &Services, at: &str) -> String {
    run(app, services, at).await.failed.concat()
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

/// A batch that breaks something of ours stays where it is, and takes no place of those behind it.
#[tokio::test]
async fn a_batch_that_fails_here_keeps_no_other_waiting() {
    let app = TestApp::new().await;
    windows(&app, Firm::Harbour, 1, &[]).await;
    let feed = json!({"tolerance": "5.0000"});
    app.admin().put("/v1/rate-feeds/acme", feed.clone(), "").await;
    app.other_admin().put("/v1/rate-feeds/acme", feed, "").await;
    poison_batches(&app, Firm::Meridian).await;
    let store = Arc::new(InMemory::new());
    let (bad, good) = (Firm::Meridian.tenant_id(), Firm::Harbour.tenant_id());
    for number in 0..25 {
        let path = format!("f/inbox/{bad}/acme/{number}.json");
        put(&store, &path, &batch(&format!("b-{number}"), "4.5")).await;
    }
    put(&store, &format!("f/inbox/{good}/acme/1.json"), &batch("b-1", "4.5")).await;
    let services = services(&app, Arc::clone(&store) as Arc<dyn ObjectStore>);
    let failed = failure(&app, &services, "2026-11-21T12:00:00Z").await;
    assert!(failed.contains(&format!("f/inbox/{bad}/acme/0.json: ")), "{failed}");
    let names = names(&store).await;
    assert!(names.contains(&format!("f/taken/{good}/acme/1.json")), "{names:?}");
    assert_eq!(names.iter().filter(|name| name.starts_with("f/inbox/")).count(), 25);
}

/// S3 knows names that are no paths: only the folder of the firm that has one is not listed.
#[tokio::test]
async fn a_name_that_cannot_be_read_keeps_no_other_firm_waiting() {
    let app = TestApp::new().await;
    windows(&app, Firm::Harbour, 1, &[]).await;
    app.other_admin().put("/v1/rate-feeds/acme", json!({"tolerance": "5.0000"}), "").await;
    let bucket = Bucket::start().await;
    let (bad, good) = (Firm::Meridian.tenant_id(), Firm::Harbour.tenant_id());
    bucket.put(&format!("f/inbox/{bad}//x.json"), "{}").await;
    bucket.put(&format!("f/inbox/{good}/acme/1.json"), &batch("b-1", "4.5")).await;
    let store = bucket.store();
    let services = services(&app, Arc::clone(&store));
    let failed = failure(&app, &services, "2026-11-21T12:00:00Z").await;
    assert!(failed.contains(&format!("f/inbox/{bad} cannot be listed: ")), "{failed}");
    let taken = Path::from(format!("f/taken/{good}/acme/1.json"));
    assert!(store.head(&taken).await.is_ok(), "{failed}");
}

/// A bucket, emulated by moto.
struct Bucket {
    port: u16,
    _moto: Watched,
}

impl Bucket {
    async fn start() -> Self {
        let root = wealth::postgres::project_root().unwrap();
        let program = root.join(".local/venv-moto/bin/moto_server");
        assert!(program.is_file(), "moto_server: run .ci/tools test");
        let port = free_port();
        let arguments = ["-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned);
        let log = std::env::temp_dir().join(format!("wealth-moto-{port}.log"));
        let moto = Watched::start(&program, &arguments, port, &log).await;
        let bucket = Self { port, _moto: moto };
        bucket.put("", "").await;
        bucket
    }

    /// Puts an object under a name that the client would not send.
    async fn put(&self, name: &str, body: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let request = format!(
            "PUT /feeds/{name} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn store(&self) -> Arc<dyn ObjectStore> {
        let store = AmazonS3Builder::new()
            .with_endpoint(format!("http://127.0.0.1:{}", self.port))
            .with_allow_http(true)
            .with_access_key_id("test")
            .with_secret_access_key("test")
            .with_region("us-east-1")
            .with_bucket_name("feeds");
        Arc::new(store.build().unwrap())
    }
}

#[tokio::test]
async fn a_folder_of_this_machine_is_one_too_and_a_bad_address_is_a_line() {
    let folder = std::env::temp_dir().join(format!("wealth-feeds-{}", std::process::id()));
    assert!(Feeds::open(folder.to_str().unwrap()).is_ok());
    std::fs::remove_dir_all(&folder).unwrap();
    let line = Feeds::open("s3://").unwrap_err().to_string();
    assert_eq!(line, "RATE_FEED_FOLDER takes s3://bucket/prefix or a folder: no bucket");
}
