//! A database, and functions that serve from it under the logins of production.

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, SubsecRound, Utc};
use serde_json::{Value, json};
use testkit::lambda::{Function, Lambda, Outcome, Started, binary, event};
use testkit::{Firm, TestApp, token_at};
use wealth_core::{Clock, SystemClock};

use crate::logins;

/// How long an invocation may take: the `Timeout` of infra/functions.yaml.
pub(crate) const LIMIT: Duration = Duration::from_secs(15);

/// One test's firms and functions. The app in it serves the same database in this process, for what
/// has to be there before.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) now: DateTime<Utc>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let app = TestApp::new().await;
        let now = SystemClock.now().trunc_subsecs(0);
        app.clock.set(now);
        Self { app, now }
    }

    /// `name` as it is configured in production, but for the way to the database.
    pub(crate) async fn function(&self, name: &str) -> Function {
        let url = self.app.database.url(&logins::of(name).await).await;
        self.function_at(name, &url).await
    }

    /// The same with another way to the database.
    pub(crate) async fn function_at(&self, name: &str, url: &str) -> Function {
        let function = Function::new(name, binary(name).await.expect(name));
        let function = if name == "jobs" { self.sealing(function) } else { function };
        function
            .env("DATABASE_URL", url)
            // The server of this machine may be older; /ready is tested by what it says of that.
            .env("DB_ALLOW_BELOW_FLOOR", "1")
            .env("WEALTH_ENV", "test")
    }

    /// What the jobs function has beside the database.
    fn sealing(&self, function: Function) -> Function {
        let folder = std::env::temp_dir().join(format!("wealth-seal-{}", self.app.database.name()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let key = folder.join("key.json");
        std::fs::write(&key, testkit::audit_key()).expect("a file");
        function
            .env("ISSUER_URL", testkit::ISSUER)
            .env("AUDIT_KEY_FILE", key.to_str().expect("a path"))
            .env("AUDIT_ARCHIVE", folder.join("archive").to_str().expect("a path"))
    }

    /// `name`, waiting for its first event.
    pub(crate) async fn start(&self, name: &str) -> Lambda {
        start(self.function(name).await).await
    }

    /// The URL of `name`'s login with another port: that of a proxy.
    pub(crate) async fn url_through(&self, name: &str, port: u16) -> String {
        let url = self.app.database.url(&logins::of(name).await).await;
        let (before, database) = url.rsplit_once('/').expect("a database");
        let (host, _) = before.rsplit_once(':').expect("a port");
        format!("{host}:{port}/{database}")
    }

    /// The server's port.
    pub(crate) async fn port(&self) -> u16 {
        let url = self.app.database.url("x").await;
        let (before, _) = url.rsplit_once('/').expect("a database");
        let (_, port) = before.rsplit_once(':').expect("a port");
        port.parse().expect("a port")
    }

    /// A bearer token that is valid now.
    pub(crate) fn token(&self, subject: &str, role: &str) -> String {
        token_at(Firm::Meridian, subject, &[role], SystemClock.now())
    }

    /// A product administrator's.
    pub(crate) fn admin(&self) -> String {
        self.token("admin", "ProductAdministrator")
    }

    /// The firm's today.
    pub(crate) async fn today(&self) -> NaiveDate {
        let zone = "select (now() at time zone 'America/New_York')::date::text as today";
        let rows = self.app.sql(zone).await;
        rows[0]["today"].as_str().expect("a date").parse().expect("a date")
    }

    /// The event `name` with its placeholders filled and its days moved to where they were when
    /// it was recorded: the 21st is today, the 1st ten days ahead.
    pub(crate) async fn event(&self, name: &str, values: &[(&str, &str)]) -> Value {
        let today = self.today().await;
        let day = |ahead| (today + Days::new(ahead)).to_string();
        let stamp = self.now.format("%Y-%m-%dT%H%%3A%M%%3A%SZ").to_string();
        let text = event(name, values).expect(name).to_string();
        let text = text
            .replace("2026-11-21T14%3A30%3A00Z", &stamp)
            .replace("2026-11-21", &day(0))
            .replace("2026-12-01", &day(10))
            .replace("2026-12-31", &day(40));
        serde_json::from_str(&text).expect("JSON")
    }

    /// Makes the product of events/products/create.json and gives its id.
    pub(crate) async fn annuity(&self) -> String {
        let recorded = event("products/create", &[("token", "")]).expect("the event");
        let body = recorded["body"].as_str().expect("a body");
        self.product(serde_json::from_str(body).expect("JSON")).await
    }

    /// Makes the certificate of deposit that the recorded batches name, and gives its id.
    pub(crate) async fn deposit(&self) -> String {
        self.product(json!({
            "cusip": "05580AXY5", "product_name": "Harbor Bank 12-Month CD", "product_type": "CD",
            "product_subtype": "BankCD", "issuer": "Harbor Bank", "minimum_investment": "1000.00",
            "base_rate": "3.9000", "bonus_rate": "0.0000", "cd_terms": {"term_months": 12},
        }))
        .await
    }

    async fn product(&self, body: Value) -> String {
        let answer = self.app.admin().post("/v1/products", body).await.expect(201);
        answer.body["product_id"].as_str().expect("an id").to_owned()
    }
}

/// Starts a function and waits for its first call for an event.
pub(crate) async fn start(function: Function) -> Lambda {
    let lambda = Lambda::start(function).await.expect("a process");
    match lambda.started(LIMIT).await.expect("a start") {
        Started::Ready(_) => lambda,
        other => panic!("{other:?}\n{}", lambda.output().lines().join("\n")),
    }
}

/// Sends an event that is answered.
pub(crate) async fn answer(lambda: &Lambda, event: &Value) -> Value {
    let outcome: Outcome = lambda.invoke(event, LIMIT).await.expect("an outcome");
    outcome.into_response().expect("an answer")
}

/// The body of an API Gateway answer, which is JSON or empty.
pub(crate) fn body(answer: &Value) -> Value {
    match answer["body"].as_str() {
        None | Some("") => Value::Null,
        Some(text) => serde_json::from_str(text).expect("a JSON body"),
    }
}
