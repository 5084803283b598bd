//! Every operation of the OpenAPI document through a proxy that counts how often the caller had to
//! wait for the network. A read waits once, a write at most twice; an operation that is not
//! exercised here fails the run, so none can be forgotten.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use http::Method;
use serde_json::{Value, json};
use testkit::proxy::Proxy;
use testkit::{Answer, Client, Request, TestApp};
use wealth_core::{IdGen as _, SystemIds};

use crate::report::{Limit, Report};
use crate::world::server_port;

/// Both ends are this far from the proxy, so that what was sent together is counted together.
const DELAY: Duration = Duration::from_millis(5);

/// Operations that ask the database nothing.
const WITHOUT_DATABASE: [&str; 1] = ["health"];

/// A file in one call: opened, loaded and booked per thousand rows, closed and stored.
const BULK: f64 = 5.0;

/// Runs the section.
pub(crate) async fn run(report: &mut Report) -> Result<()> {
    report.section("Database round trips per operation (exact)");
    let proxy = Proxy::start(server_port().await?).await;
    let app = TestApp::with_config(|config| {
        config.port = proxy.port();
        config.pool_size = 1;
    })
    .await;
    let world = Prepared::new(&app, &proxy).await?;
    proxy.delay(DELAY);
    for operation in operations(&app)? {
        match world.count(&operation).await {
            Ok(trips) => {
                let most = if operation.id == "products_imports_create" {
                    BULK
                } else if WITHOUT_DATABASE.contains(&operation.id.as_str()) {
                    0.0
                } else if operation.method == Method::GET {
                    1.0
                } else {
                    2.0
                };
                report.figure(&operation.id, trips, "round trips", Limit::Gate(most));
            }
            Err(error) => report.missing(&operation.id, &format!("{error:#}")),
        }
    }
    Ok(())
}

struct Operation {
    id: String,
    method: Method,
    path: String,
}

/// From the document, so that a new operation is seen.
fn operations(app: &TestApp) -> Result<Vec<Operation>> {
    let document: Value = serde_json::from_str(&app.document.to_json()?)?;
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().context("paths")? {
        for (method, operation) in item.as_object().context("a path item")? {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let method = Method::from_bytes(method.to_uppercase().as_bytes())?;
            all.push(Operation { id: id.to_owned(), method, path: path.clone() });
        }
    }
    ensure!(!all.is_empty(), "the document has no operations");
    // Reads first: a write may take away what they read.
    all.sort_by_key(|operation| (operation.method != Method::GET, operation.id.clone()));
    Ok(all)
}

/// What the operations act on.
struct Prepared<'a> {
    app: &'a TestApp,
    proxy: &'a Proxy,
    admin: Client,
    second: Client,
    feed: Client,
    ids: BTreeMap<&'static str, String>,
    changes: Vec<String>,
}

impl<'a> Prepared<'a> {
    async fn new(app: &'a TestApp, proxy: &'a Proxy) -> Result<Self> {
        let (admin, second, feed) = (app.admin(), app.second_admin(), app.feed());
        let product = made(&admin.post("/v1/products", product_body(1)).await, "product_id")?;
        let other = made(&admin.post("/v1/products", product_body(2)).await, "product_id")?;
        let windows = format!("/v1/products/{product}/availability");
        let window = made(&admin.post(&windows, window(2026)).await, "availability_id")?;
        let comparison = comparison(&product, &other);
        let comparison =
            made(&admin.post("/v1/product-comparisons", comparison).await, "comparison_id")?;
        let mut ids = BTreeMap::from([
            ("product_id", product.clone()),
            ("cusip", testkit::cusip(1)),
            ("availability_id", window),
            ("version", "1".to_owned()),
            ("comparison_id", comparison),
            ("source", "acme".to_owned()),
            ("other", other),
        ]);
        good(&admin.put("/v1/rate-feeds/acme", json!({"precedence": 100}), "").await)?;
        let batch =
            made(&feed.post("/v1/rate-feeds/acme/batches", batch("one")).await, "batch_id")?;
        ids.insert("batch_id", batch);
        let import = Request::new(Method::POST, "/v1/products/imports").key("first");
        let import = admin.send(import.body("text/csv", csv(10))).await;
        if import.status == 201 {
            ids.insert("import_id", made(&import, "import_id")?);
        }
        // Two changes that wait for a second person.
        good(&admin.put("/v1/rates/settings", json!({"tolerance": "0.1"}), "").await)?;
        let mut changes = Vec::new();
        for rate in ["7", "8"] {
            let path = format!("/v1/products/{product}/rates");
            let answer = admin.put(&path, json!({"base_rate": rate}), "*").await;
            changes.push(made(&answer, "change_id")?);
        }
        ids.insert("change_id", changes[0].clone());
        // Whoever acts below has a verified token and a known issuer.
        for client in [&admin, &second, &feed] {
            let _whatever = client.get("/v1/products?limit=1").await;
        }
        Ok(Self { app, proxy, admin, second, feed, ids, changes })
    }

    async fn count(&self, operation: &Operation) -> Result<f64> {
        let (client, request) = self.request(operation)?;
        self.proxy.take_round_trips();
        let answer = client.send(request).await;
        // What the server sends last is still on its way to be counted.
        tokio::time::sleep(DELAY * 3).await;
        let trips = self.proxy.take_round_trips();
        good(&answer).with_context(|| format!("{} {}", operation.method, operation.path))?;
        Ok(f64::from(u32::try_from(trips)?))
    }

    fn request(&self, operation: &Operation) -> Result<(&Client, Request)> {
        let mut ids = self.ids.clone();
        let product = self.ids["product_id"].as_str();
        let (mut client, mut tag) = (&self.admin, Some("*"));
        let body = match operation.id.as_str() {
            _ if operation.method == Method::GET => None,
            "products_create" => Some(product_body(3)),
            "products_patch" => Some(json!({"description": "changed"})),
            "products_deactivate" | "products_reactivate" => Some(json!({})),
            "product_terms_publish" => Some(json!({"text": "New terms."})),
            "product_availability_add" => Some(window(2028)),
            "product_availability_change" => Some(json!({"end_date": "2026-12-30"})),
            "product_availability_remove" => None,
            "comparisons_create" => Some(comparison(product, &self.ids["other"])),
            "products_imports_create" => return Ok((client, self.import())),
            "rates_put" => Some(json!({"base_rate": "5.01", "effective_date": "2027-01-01"})),
            "rate_settings_put" => Some(json!({"tolerance": "0.2"})),
            "rate_feeds_put" => Some(json!({"precedence": 200})),
            "rate_batches_deliver" => {
                (client, tag) = (&self.feed, None);
                Some(batch("two"))
            }
            "rate_changes_approve" => {
                client = &self.second;
                Some(json!({"note": "agreed"}))
            }
            "rate_changes_reject" => {
                client = &self.second;
                ids.insert("change_id", self.changes[1].clone());
                Some(json!({"note": "no"}))
            }
            other => anyhow::bail!("{other} is not exercised: add it to this benchmark"),
        };
        let mut path = operation.path.clone();
        for (name, value) in &ids {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        ensure!(!path.contains('{'), "no value for {path}");
        if operation.id == "rates_yields" {
            path += "?principal=1000&rate=5&start_date=2026-01-01&end_date=2027-01-01";
        }
        let mut request = Request::new(operation.method.clone(), &path);
        if operation.method != Method::GET {
            request = request.key(&SystemIds.next().to_string());
            request = tag.map_or(request.clone(), |tag| request.if_match(tag));
        }
        if let Some(body) = body {
            let patch = operation.method == Method::PATCH;
            let kind = if patch { "application/merge-patch+json" } else { "application/json" };
            request = request.body(kind, body.to_string().into_bytes());
        }
        Ok((client, request))
    }

    fn import(&self) -> Request {
        let request = Request::new(Method::POST, "/v1/products/imports");
        let key = wealth_core::IdGen::next(&*self.app.app.ids).to_string();
        request.key(&key).body("text/csv", csv(20))
    }
}

fn product_body(number: u32) -> Value {
    json!({
        "cusip": testkit::cusip(number), "product_name": format!("Bank CD {number}"), "product_type": "CD",
        "product_subtype": "BankCD", "base_rate": "5", "minimum_investment": "1000.00",
        "terms_and_conditions": "Held to maturity.", "cd_terms": {"term_months": 12},
    })
}

fn window(year: i32) -> Value {
    json!({"start_date": format!("{year}-01-01"), "end_date": format!("{year}-12-31")})
}

fn comparison(product: &str, other: &str) -> Value {
    json!({"product_ids": [product, other], "investment_amount": "50000.00", "horizon_months": 60})
}

fn batch(name: &str) -> Value {
    json!({"external_batch_id": name, "rates": [{
        "external_id": format!("{name}-1"), "cusip": testkit::cusip(2), "base_rate": "5.05",
        "effective_date": "2026-12-01",
    }]})
}

fn csv(from: u32) -> Vec<u8> {
    let mut text = "cusip,product_name,product_type,base_rate\n".to_owned();
    for number in from..from + 3 {
        text += &format!("{},Imported {number},CD,4.5\n", testkit::cusip(number));
    }
    text.into_bytes()
}

fn good(answer: &Answer) -> Result<()> {
    let text = String::from_utf8_lossy(&answer.bytes);
    ensure!((200..300).contains(&answer.status), "{}: {text}", answer.status);
    Ok(())
}

fn made(answer: &Answer, member: &str) -> Result<String> {
    good(answer)?;
    let id = answer.body[member].as_str().or_else(|| {
        // A product that was changed answers whole, with the part somewhere inside.
        answer.body["availability"].as_array()?.last()?[member].as_str()
    });
    Ok(id.with_context(|| format!("no {member} in {}", answer.body))?.to_owned())
}
