//! What a feed asks for to let us in, out of a secret that is bound to its host.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use jobs::{FeedCaller, Order};
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use crate::moto::{Moto, secret};

type Seen = Arc<Mutex<Vec<Option<String>>>>;

/// A feed that has nothing new and notes who asks.
async fn source() -> (Seen, u16) {
    let seen = Seen::default();
    let answer = |State(seen): State<Seen>, headers: HeaderMap| async move {
        let value = headers.get(header::AUTHORIZATION);
        seen.lock().unwrap().push(value.map(|value| value.to_str().unwrap().to_owned()));
        StatusCode::NO_CONTENT
    };
    let router = Router::new().fallback(answer).with_state(Arc::clone(&seen));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (seen, port)
}

/// Asks all feeds at an hour of the day; the last call of the first one.
async fn pull(app: &TestApp, caller: FeedCaller, hour: u32) -> Value {
    let at = format!("2026-11-21T{hour:02}:00:00Z");
    app.clock.set(at.parse().unwrap());
    let services = jobs::Services::new(app.services.clone(), app.seals.clone(), None, caller);
    let order = Order { scheduled: at.parse().unwrap(), tenant: None, date: None };
    let ends = Instant::now() + Duration::from_secs(60);
    let job = jobs::find("pull-rate-feeds").unwrap();
    jobs::run(&app.app, &services, job, &order, ends).await.unwrap();
    let mut last = app.sql("select pull_outcome from rates.rate_feeds").await;
    last.remove(0)["pull_outcome"].take()
}

#[tokio::test]
async fn a_secret_goes_to_the_host_it_was_made_for_and_nowhere_else() {
    let app = TestApp::new().await;
    let moto = Moto::start(&secret("products", "one")).await;
    let (seen, port) = source().await;
    app.admin().put("/v1/rate-feeds/acme", json!({}), "").await.expect(201);
    let address = format!("http://127.0.0.1:{port}/rates");
    let set = "update rates.rate_feeds set pull_minutes = 60, pull_url = ";
    app.execute(&format!("{set} '{address}'")).await;
    let outcome = |outcome: &str, detail: Value| json!({"outcome": outcome, "batch_id": null, "detail": detail});
    let nothing = outcome("nothing", Value::Null);
    assert_eq!(pull(&app, moto.feed_caller("w/feeds/"), 1).await, nothing);
    assert_eq!(*seen.lock().unwrap(), [None], "no secret, no header");

    let name = format!("w/feeds/{}/acme", Firm::Meridian.tenant_id());
    let text = json!({"host": "127.0.0.1", "authorization": "Bearer hunter2"}).to_string();
    moto.create(&name, &text).await;
    // Another firm's, and another feed's, are not this one's.
    let foreign = json!({"host": "127.0.0.1", "authorization": "Bearer foreign"}).to_string();
    moto.create(&format!("w/feeds/{}/acme", Firm::Harbour.tenant_id()), &foreign).await;
    moto.create(&format!("{name}-2"), &foreign).await;
    assert_eq!(pull(&app, moto.feed_caller("w/feeds/"), 3).await, nothing);
    assert_eq!(seen.lock().unwrap().pop().unwrap().unwrap(), "Bearer hunter2");
    seen.lock().unwrap().clear();

    // Somebody who may change the address, but not the secret.
    app.execute(&format!("{set} 'http://localhost:{port}/rates'")).await;
    let refused = outcome("unreachable", json!("Its secret was made for another host"));
    assert_eq!(pull(&app, moto.feed_caller("w/feeds/"), 5).await, refused);
    assert!(seen.lock().unwrap().is_empty());

    app.execute(&format!("{set} '{address}'")).await;
    moto.create(&format!("w/bad/{}/acme", Firm::Meridian.tenant_id()), "hunter2").await;
    let refused = outcome("unreachable", json!("Its secret does not say host and authorization"));
    assert_eq!(pull(&app, moto.feed_caller("w/bad/"), 7).await, refused);
    moto.proxy.away(true);
    let last = pull(&app, moto.feed_caller("w/feeds/"), 9).await;
    let detail = last["detail"].as_str().unwrap();
    assert!(detail.starts_with("Our own store of secrets does not answer"), "{detail}");
    assert!(seen.lock().unwrap().is_empty());
}
