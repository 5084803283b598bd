//! Eight writers, a sealer, and what must be true of what they leave.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use audit::export::HeadLine;
use futures_util::future::join_all;
use http::Method;
use serde_json::json;
use testkit::{Client, Request, TestApp, cusip};
use tokio::task::JoinHandle;
use wealth_core::audit::{Checkpoint, LogVerifier, Record, VerifierKey};
use wealth_core::problem;

const WRITERS: u32 = 8;
/// Products that are written between two crashes, at least.
const SOME: u32 = 24;

/// What was written.
pub(crate) struct Written {
    products: usize,
    events: usize,
    retries: u64,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { products, events, retries } = self;
        write!(f, "{products} writes, {events} events, {retries} retries")
    }
}

#[derive(Default)]
struct Shared {
    over: AtomicBool,
    number: AtomicU32,
    acknowledged: AtomicU32,
    retries: AtomicU64,
}

/// Work under way.
pub(crate) struct Scene {
    pub(crate) app: Arc<TestApp>,
    shared: Arc<Shared>,
    writers: Vec<JoinHandle<Vec<String>>>,
    sealer: JoinHandle<()>,
    clock: JoinHandle<()>,
}

impl Scene {
    pub(crate) async fn start() -> Self {
        let app = Arc::new(TestApp::new().await);
        let shared = Arc::new(Shared::default());
        let writers = (0..WRITERS)
            .map(|_| tokio::spawn(write(Arc::clone(&app), Arc::clone(&shared))))
            .collect();
        let sealer = tokio::spawn(seal(Arc::clone(&app), Arc::clone(&shared)));
        let clock = tokio::spawn(run(Arc::clone(&app)));
        Self { app, shared, writers, sealer, clock }
    }

    /// Waits until more has been acknowledged.
    pub(crate) async fn some_writes(&self) {
        let enough = self.shared.acknowledged.load(Ordering::SeqCst) + SOME;
        while self.shared.acknowledged.load(Ordering::SeqCst) < enough {
            assert!(!self.writers.iter().any(JoinHandle::is_finished), "a writer has failed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends the work and looks at what it left.
    pub(crate) async fn end(self) -> Written {
        self.shared.over.store(true, Ordering::SeqCst);
        let mut products = Vec::new();
        for written in join_all(self.writers).await {
            products.extend(written.expect("a writer"));
        }
        self.sealer.await.expect("the sealer");
        self.clock.abort();
        let (app, retries) = (&self.app, self.shared.retries.load(Ordering::SeqCst));
        let superuser = app.database.superuser().await;
        let acknowledged: BTreeSet<&str> = products.iter().map(String::as_str).collect();
        assert_eq!(acknowledged.len(), products.len(), "two writes, one product");
        let found = texts(&superuser, "select product_id::text from products.products").await;
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, acknowledged, "what there is and what was acknowledged");
        each_product_has_its_events_once(&superuser, products.len()).await;
        let events = each_event_is_sealed_once(app, &superuser).await;
        Written { products: products.len(), events, retries }
    }
}

/// Creates product after product, each until it is acknowledged, as a client does that keeps its
/// Idempotency-Key.
async fn write(app: Arc<TestApp>, shared: Arc<Shared>) -> Vec<String> {
    let mut products = Vec::new();
    while !shared.over.load(Ordering::SeqCst) {
        let number = shared.number.fetch_add(1, Ordering::SeqCst);
        let product = json!({"cusip": cusip(number), "product_name": format!("Product {number}"),
            "product_type": "Annuity", "base_rate": "4.1"});
        let request = Request::new(Method::POST, "/v1/products").json(&product);
        let request = request.key(&format!("crash-{number}"));
        products.push(acknowledged(&app.admin(), &request, &shared).await);
        shared.acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    products
}

async fn acknowledged(client: &Client, request: &Request, shared: &Shared) -> String {
    for _ in 0..6_000 {
        let answer = client.send(request.clone()).await;
        match answer.status {
            201 => return answer.body["product_id"].as_str().expect("an id").to_owned(),
            503 => {}
            409 if answer.code() == problem::IDEMPOTENCY_IN_PROGRESS.code => {}
            other => panic!("{other}: {}", answer.body),
        }
        shared.retries.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never acknowledged: {request:?}");
}

/// Seals the log all the while; what a crash breaks off, the next run goes on with.
async fn seal(app: Arc<TestApp>, shared: Arc<Shared>) {
    while !shared.over.load(Ordering::SeqCst) {
        if let Err(refused) = app.seal_once().await {
            let cause = refused.cause().unwrap_or_default();
            assert_eq!(refused.code().status, 503, "{}: {cause}", refused.summary());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Has the clock run: what failed to be looked up is looked up again after a second.
async fn run(app: Arc<TestApp>) {
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        app.clock.advance(chrono::TimeDelta::milliseconds(50));
    }
}

async fn texts(client: &tokio_postgres::Client, query: &str) -> Vec<String> {
    let rows = client.query_typed(query, &[]).await.expect("rows");
    rows.iter().map(|row| row.get(0)).collect()
}

/// All products were made alike, so each has the same events, of one request.
async fn each_product_has_its_events_once(client: &tokio_postgres::Client, products: usize) {
    let kinds = "select concat_ws(' ', count(*), requests, actions) from (
        select count(distinct e.request_id) as requests,
               string_agg(e.action || ' ' || coalesce(e.resource_type, ''), ', '
                          order by e.action, e.resource_type) as actions
          from products.products p
          left join audit.audit_events e on e.tenant_id = p.tenant_id
           and (e.resource_id = p.product_id::text or e.new_values ->> 'product_id' = p.product_id::text)
         group by p.product_id) each_one
      group by requests, actions";
    let kinds = texts(client, kinds).await;
    let [kind] = kinds.as_slice() else { panic!("{kinds:#?}") };
    assert!(
        kind.starts_with(&format!("{products} 1 ")) && kind.contains("product.created"),
        "{kind}"
    );
}

/// Each event has one leaf; the tree that they make is the one that was signed.
async fn each_event_is_sealed_once(app: &TestApp, client: &tokio_postgres::Client) -> usize {
    let unsealed = "select e.event_id::text from audit.audit_events e
        where not exists (select from audit.log_leaves l
                           where l.tenant_id = e.tenant_id and l.event_id = e.event_id)";
    for _ in 0..500 {
        app.seal_once().await.expect("the seal");
        if texts(client, unsealed).await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut events = texts(client, "select event_id::text from audit.audit_events").await;
    let mut leaves = texts(client, "select event_id::text from audit.log_leaves").await;
    events.sort_unstable();
    leaves.sort_unstable();
    assert_eq!(leaves, events, "leaves and events");
    whole(app).await;
    events.len()
}

/// Hashes the firm's log anew, from an export, against its signed heads.
async fn whole(app: &TestApp) {
    let mut log = LogVerifier::new(testkit::Firm::Meridian.tenant_id());
    let (mut heads, mut records) = (Vec::new(), Vec::new());
    let mut path = "/v1/audit/export?limit=1000".to_owned();
    loop {
        let answer = app.system_admin().get(&path).await.expect(200);
        for line in String::from_utf8(answer.bytes.clone()).expect("text").lines() {
            if line.starts_with(r#"{"checkpoint""#) {
                heads.push(head(line));
            } else {
                // Not by way of a value: 4.1000 has to stay what it is.
                records.push(serde_json::from_str::<Record>(line).expect("a record"));
            }
        }
        let link = answer.header("link");
        let Some((next, _)) = link.strip_prefix('<').and_then(|link| link.split_once('>')) else {
            break;
        };
        path = next.to_owned();
    }
    for head in &heads {
        log.expect(head).expect("one log");
    }
    for record in &records {
        log.push(record, None).expect("what was sealed");
    }
    let verdict = log.finish().expect("a whole log");
    assert_eq!(verdict.proven, verdict.size);
}

fn head(line: &str) -> Checkpoint {
    let line: HeadLine = serde_json::from_str(line).expect("a head");
    let key: VerifierKey = line.verifier_key.parse().expect("a key");
    Checkpoint::open(&line.checkpoint, &[key]).expect("a signed head")
}
