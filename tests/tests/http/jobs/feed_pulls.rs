//! Feeds that are asked for their batches (S0-139).

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};
use uuid::Uuid;

use super::{call, poison_batches, report, windows};

/// An outside system: what it answers, and how often it was asked.
#[derive(Clone)]
struct Source(Arc<Mutex<(StatusCode, String, u32)>>, u16);

impl Source {
    async fn start() -> Self {
        let source = Arc::new(Mutex::new((StatusCode::NO_CONTENT, String::new(), 0)));
        let answer = |State(source): State<Arc<Mutex<(StatusCode, String, u32)>>>| async move {
            let mut source = source.lock().unwrap();
            source.2 += 1;
            (source.0, source.1.clone())
        };
        let router = Router::new().fallback(answer).with_state(Arc::clone(&source));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self(source, port)
    }

    fn answers(&self, status: u16, body: impl ToString) {
        let mut source = self.0.lock().unwrap();
        (source.0, source.1) = (StatusCode::from_u16(status).unwrap(), body.to_string());
    }

    fn asked(&self) -> u32 {
        std::mem::take(&mut self.0.lock().unwrap().2)
    }

    /// A feed of a firm that asks here: no address of this machine can be entered by the API.
    async fn feed(&self, app: &TestApp, firm: Firm, name: &str) {
        let pull = json!({"url": "https://rates.example.com/latest"});
        let admin = app.client(firm, "admin", &["ProductAdministrator"]);
        let body = json!({"tolerance": "5", "pull": pull});
        admin.put(&format!("/v1/rate-feeds/{name}"), body, "").await.expect(201);
        app.execute(&format!(
            "update rates.rate_feeds set pull_url = 'http://127.0.0.1:{}/' where tenant_id = '{}' and source = '{name}'",
            self.1,
            firm.tenant_id()
        ))
        .await;
    }
}

fn batch(id: &str, rate: &str) -> Value {
    json!({"external_batch_id": id, "rates": [{"external_id": id, "cusip": testkit::cusip(1),
        "base_rate": rate, "effective_date": "2026-12-01"}]})
}

/// The first feed of the firm, as its administrators see it.
async fn first(app: &TestApp) -> Value {
    app.admin().get("/v1/rate-feeds").await.expect(200).body["items"][0].clone()
}

async fn counts(app: &TestApp, at: &str) -> Value {
    json!(report(app, "pull-rate-feeds", at).await.counts)
}

#[tokio::test]
async fn a_feed_is_asked_at_its_times_and_its_batch_taken_once() {
    let app = TestApp::new().await;
    windows(&app, Firm::Meridian, 1, &[]).await;
    let source = Source::start().await;
    source.feed(&app, Firm::Meridian, "acme").await;
    assert_eq!(first(&app).await["last_pull"], Value::Null);
    let events = "select event_id from audit.audit_events where resource_type = 'rate_feeds'";
    let before = app.sql(events).await;
    source.answers(200, batch("b-1", "4.5"));
    let taken = json!({"batches": 1, "refused": 0, "unreachable": 0});
    assert_eq!(counts(&app, "2026-11-21T12:00:00Z").await, taken);
    let shown = first(&app).await;
    let id: Uuid = shown["last_pull"]["batch_id"].as_str().unwrap().parse().unwrap();
    assert_eq!(
        shown["last_pull"],
        json!({"at": "2026-11-21T12:00:00Z", "outcome": "taken", "batch_id": id, "detail": null})
    );
    let told = app.admin().get(&format!("/v1/rate-feeds/acme/batches/{id}")).await.expect(200);
    assert_eq!(told.body["counts"]["applied"], 1);
    // Hourly: the schedule's other turns leave it alone, and the minute before is early enough.
    let rates = app.sql("select * from rates.rate_history").await;
    let none = json!({"batches": 0, "refused": 0, "unreachable": 0});
    assert_eq!(counts(&app, "2026-11-21T12:05:00Z").await, none);
    assert_eq!(counts(&app, "2026-11-21T12:55:00Z").await, none);
    assert_eq!(source.asked(), 1);
    assert_eq!(counts(&app, "2026-11-21T12:59:10Z").await, taken, "the same batch is known");
    assert_eq!(app.sql("select * from rates.rate_history").await, rates);
    assert_eq!(first(&app).await["last_pull"]["batch_id"], json!(id));
    // To be asked changes no feed: no version, no event of its own.
    assert_eq!(first(&app).await["version"], 1);
    assert_eq!(app.sql(events).await, before);
}

#[tokio::test]
async fn what_a_feed_answers_is_told_to_its_firm() {
    let app = TestApp::new().await;
    let source = Source::start().await;
    source.feed(&app, Firm::Meridian, "acme").await;
    let answers = [
        (204, "", "nothing", Value::Null, None),
        (304, "", "nothing", Value::Null, None),
        (200, "<rates/>", "refused", json!("expected value at line 1 column 1"), Some("refused")),
        (
            200,
            r#"{"rates": []}"#,
            "refused",
            json!("/external_batch_id: is required"),
            Some("refused"),
        ),
        (401, "who?", "unreachable", json!("It answers with status 401"), Some("unreachable")),
        (302, "", "unreachable", json!("It answers with status 302"), Some("unreachable")),
    ];
    for (hour, (status, body, outcome, detail, counted)) in answers.into_iter().enumerate() {
        source.answers(status, body);
        let at = format!("2026-11-21T{hour:02}:00:00Z");
        let counts = counts(&app, &at).await;
        let expected = |name| u32::from(counted == Some(name));
        assert_eq!(
            counts,
            json!({"batches": 0, "refused": expected("refused"),
                   "unreachable": expected("unreachable")}),
            "{status}"
        );
        let last = first(&app).await["last_pull"].clone();
        assert_eq!(
            last,
            json!({"at": at, "outcome": outcome, "batch_id": null, "detail": detail}),
            "{status}"
        );
    }
    assert_eq!(source.asked(), 6);
    // Nobody is there.
    app.execute("update rates.rate_feeds set pull_url = 'http://127.0.0.1:9/'").await;
    call(&app, "pull-rate-feeds", "2026-11-21T10:00:00Z").await.unwrap();
    let last = first(&app).await["last_pull"].clone();
    let text = "It gives no answer in time, or has no certificate that is trusted";
    assert_eq!((&last["outcome"], &last["detail"]), (&json!("unreachable"), &json!(text)));
}

#[tokio::test]
async fn only_feeds_in_use_are_asked_and_none_keeps_another_waiting() {
    let app = TestApp::new().await;
    windows(&app, Firm::Harbour, 1, &[]).await;
    let (dead, source) = (Source::start().await, Source::start().await);
    dead.answers(500, "");
    dead.feed(&app, Firm::Meridian, "acme").await;
    source.answers(200, batch("b-1", "4.5"));
    source.feed(&app, Firm::Harbour, "acme").await;
    source.feed(&app, Firm::Harbour, "off").await;
    let other = app.other_admin();
    let off = json!({"is_active": false, "pull": {"url": "https://rates.example.com/latest"}});
    other.put("/v1/rate-feeds/off", off, "*").await.expect(200);
    other.put("/v1/rate-feeds/delivers", json!({}), "").await.expect(201);
    let expected = json!({"batches": 1, "refused": 0, "unreachable": 1});
    assert_eq!(counts(&app, "2026-11-21T12:00:00Z").await, expected);
    assert_eq!((dead.asked(), source.asked()), (1, 1));
    let batches = app.sql("select tenant_id, source from rates.feed_batches").await;
    let harbour = Firm::Harbour.tenant_id();
    assert_eq!(batches, [json!({"tenant_id": harbour, "source": "acme"})]);
    // A firm that is closed is not worked for.
    app.execute("update tenants.tenants set status = 'suspended'").await;
    assert_eq!(counts(&app, "2026-11-21T18:00:00Z").await["batches"], 0);
    assert_eq!((dead.asked(), source.asked()), (0, 0));
}

/// A batch that breaks something of ours: nobody behind it waits, and the feed has its next time.
#[tokio::test]
async fn a_feed_whose_batch_fails_here_keeps_no_other_waiting() {
    let app = TestApp::new().await;
    windows(&app, Firm::Harbour, 1, &[]).await;
    let source = Source::start().await;
    source.answers(200, batch("b-1", "4.5"));
    source.feed(&app, Firm::Meridian, "acme").await;
    source.feed(&app, Firm::Harbour, "acme").await;
    poison_batches(&app, Firm::Meridian).await;
    let failed = call(&app, "pull-rate-feeds", "2026-11-21T12:00:00Z").await.unwrap_err();
    let named = format!("not taken: {}/acme: ", Firm::Meridian.tenant_id());
    assert!(failed.contains(&named), "{failed}");
    assert_eq!(source.asked(), 2);
    let batches = app.sql("select tenant_id from rates.feed_batches").await;
    assert_eq!(batches, [json!({"tenant_id": Firm::Harbour.tenant_id()})]);
    let last = first(&app).await["last_pull"].clone();
    let text = "Its batch could not be taken here; it is asked again";
    assert_eq!((&last["outcome"], &last["detail"]), (&json!("unreachable"), &json!(text)));
    call(&app, "pull-rate-feeds", "2026-11-21T12:05:00Z").await.unwrap();
    assert_eq!(source.asked(), 0);
}

#[tokio::test]
async fn a_new_address_is_asked_at_once_and_tells_nothing_of_the_old_one() {
    let app = TestApp::new().await;
    let source = Source::start().await;
    source.feed(&app, Firm::Meridian, "acme").await;
    let due = rates::DueFeed::list(&app.app, 10).await.unwrap();
    call(&app, "pull-rate-feeds", "2026-11-21T12:00:00Z").await.unwrap();
    assert_eq!(first(&app).await["last_pull"]["outcome"], "nothing");
    let body = json!({"pull": {"url": "https://rates.example.com/new", "every_minutes": 5}});
    let changed = app.admin().put("/v1/rate-feeds/acme", body.clone(), "*").await.expect(200);
    assert_eq!((&changed.body["last_pull"], &changed.body["pull"]), (&Value::Null, &body["pull"]));
    // A call that began before the change.
    let nothing = rates::Pulled { outcome: rates::Outcome::Nothing, batch_id: None, detail: None };
    due[0].note(&app.app, &nothing, Uuid::from_u128(7)).await.unwrap();
    assert_eq!(first(&app).await, changed.body);
    let due = rates::DueFeed::list(&app.app, 10).await.unwrap();
    assert_eq!(due[0].url, "https://rates.example.com/new");
    // The same address again keeps what is known of it.
    due[0].note(&app.app, &nothing, Uuid::from_u128(7)).await.unwrap();
    let same = app.admin().put("/v1/rate-feeds/acme", body, "*").await.expect(200);
    assert_eq!(same.body["last_pull"]["outcome"], "nothing");
    let none = app.admin().put("/v1/rate-feeds/acme", json!({}), "*").await.expect(200);
    assert_eq!((&none.body["pull"], &none.body["last_pull"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn an_address_is_public_and_holds_no_key() {
    let app = TestApp::new().await;
    for url in [
        "",
        "http://rates.example.com/",
        "https://127.0.0.1/",
        "https://localhost/rates",
        "https://rates.example.com/latest?key=hunter2",
        "https://me:hunter2@rates.example.com/",
    ] {
        let body = json!({"pull": {"url": url, "every_minutes": 4}});
        let answer = app.admin().put("/v1/rate-feeds/acme", body, "").await.expect(422);
        let found: Vec<_> = answer.body["errors"].as_array().unwrap().iter().collect();
        let found: Vec<_> = found.iter().map(|e| [&e["pointer"], &e["code"]]).collect();
        assert_eq!(
            json!(found),
            json!([["/pull/url", "address_refused"], ["/pull/every_minutes", "out_of_range"]]),
            "{url}"
        );
    }
    for pull in [json!({"every_minutes": 60}), json!({"url": "https://a.example/", "key": "x"})] {
        app.admin().put("/v1/rate-feeds/acme", json!({"pull": pull}), "").await.expect(422);
    }
}
