//! Events that are no HTTP calls, handed to the handler as Lambda does.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::feeds::{feed, rate};
use super::{days, line, product, product_of, rates, set};

const BATCH: &str = include_str!("../../../../events/rates/eventbridge-rate-batch.json");

fn batch(rates: Value) -> Value {
    let text = BATCH.replace("{{tenant_id}}", &Firm::Meridian.tenant_id().to_string());
    let mut event: Value = serde_json::from_str(&text).unwrap();
    event["detail"]["source"] = json!("acme");
    event["detail"]["rates"] = rates;
    event
}

async fn send(app: &TestApp, event: Value) -> Result<Value, String> {
    rates::on_event(app.app.clone(), event).await.map_err(|problem| problem.summary())
}

#[tokio::test]
async fn a_batch_comes_as_an_event_and_again() {
    let app = TestApp::new().await;
    feed(&app, json!({"tolerance": "0.5"})).await;
    let id = product(&app, 1).await;
    let event = batch(json!([
        rate("r-1", 1, "4.6", "2026-12-01"),
        rate("r-2", 1, "9", "2027-01-01"),
        rate("r-3", 2, "4", "2027-01-01"),
    ]));
    let first = send(&app, event.clone()).await.unwrap();
    assert_eq!(
        first["counts"],
        json!({"total": 3, "applied": 1, "unchanged": 0, "duplicate": 0, "quarantined": 1, "rejected": 1})
    );
    for _ in 0..3 {
        assert_eq!(send(&app, event.clone()).await.unwrap(), first);
    }
    let admin = app.admin();
    assert_eq!(
        line(&admin, &id).await,
        days(&[("2026-01-01", "2026-11-30", "5.0000"), ("2026-12-01", "open", "4.6000")])
    );
    let over_http = json!({"external_batch_id": event["detail"]["external_batch_id"],
        "rates": event["detail"]["rates"]});
    let answer = app.feed().post("/v1/rate-feeds/acme/batches", over_http).await.expect(201);
    assert_eq!(answer.body, first);
    let held = first["quarantined"][0]["change_id"].as_str().unwrap();
    let change = admin.get(&format!("/v1/rate-changes/{held}")).await.expect(200);
    assert_eq!(change.body["proposed_by"], "rate feed acme");
    admin.act(&format!("/v1/rate-changes/{held}/approve"), "\"1\"").await.expect(200);
    let events = app
        .sql(
            "select distinct actor_id, actor_type, actor_label, request_id from audit.audit_events
              where resource_type = 'feed_batches'",
        )
        .await;
    assert_eq!(
        events,
        [json!({"actor_id": null, "actor_type": "system", "actor_label": "rate feed acme",
                "request_id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718"})]
    );
}

#[tokio::test]
async fn the_rates_of_the_day_come_into_force_for_all_tenants() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let theirs = product_of(&app, Firm::Harbour, 1, "3", "2026-01-01").await;
    set(&admin, &id, json!({"base_rate": "6", "effective_date": "2026-12-01"})).await.expect(200);
    let body = json!({"base_rate": "2", "effective_date": "2026-12-01"});
    set(&app.other_admin(), &theirs, body).await.expect(200);
    let turn = async || {
        let request = wealth_core::IdGen::next(&wealth_core::SystemIds);
        let turned = rates::jobs::activate(&app.app, request).await.unwrap();
        (turned.tenants, turned.products)
    };
    let mirrors = async || {
        let rows =
            app.sql("select base_rate::text as r from products.products order by tenant_id").await;
        rows.iter().map(|row| row["r"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(turn().await, (0, 0));
    assert_eq!(mirrors().await, ["5.0000", "3.0000"]);
    // Midnight has come to Berlin and not to New York.
    app.clock.set("2026-12-01T00:30:00Z".parse().unwrap());
    assert_eq!(turn().await, (1, 1));
    assert_eq!(mirrors().await, ["5.0000", "2.0000"]);
    app.clock.set("2026-12-01T05:05:00Z".parse().unwrap());
    assert_eq!(turn().await, (1, 1));
    assert_eq!(mirrors().await, ["6.0000", "2.0000"]);
    let before = app.sql("select count(*) as n from audit.audit_events").await;
    for _ in 0..2 {
        assert_eq!(turn().await, (0, 0));
    }
    assert_eq!(app.sql("select count(*) as n from audit.audit_events").await, before);
    let current = app.admin().get(&format!("{}/current", rates(&id))).await.expect(200);
    assert_eq!(current.body["rate"]["base_rate"], "6.0000");
}

#[tokio::test]
async fn an_event_that_says_nothing_sensible_is_an_error_that_says_what() {
    let app = TestApp::new().await;
    feed(&app, json!({})).await;
    let good = batch(json!([rate("r-1", 1, "4.6", "2026-12-01")]));
    let with = |change: &dyn Fn(&mut Value)| {
        let mut event = good.clone();
        change(&mut event);
        event
    };
    let cases = [
        (json!({}), "detail-type"),
        (json!([]), "must be a JSON object"),
        (with(&|e| e["detail-type"] = json!("Other")), "must be RateBatch"),
        (with(&|e| e["detail"] = json!(null)), "/detail"),
        (with(&|e| e["detail"]["tenant_id"] = json!("x")), "/detail/tenant_id"),
        (with(&|e| e["detail"]["rates"] = json!([])), "/detail/rates"),
        (with(&|e| e["detail"]["external_batch_id"] = json!("")), "/detail/external_batch_id"),
        (with(&|e| e["detail"]["more"] = json!(1)), "more"),
        (with(&|e| e["detail"]["source"] = json!("nobody")), "Rate feed not found"),
        (
            with(&|e| e["detail"]["tenant_id"] = json!("0192f0c8-0000-7000-8000-00000000dead")),
            "not active",
        ),
    ];
    for (event, expected) in cases {
        let error = send(&app, event.clone()).await.unwrap_err();
        assert!(error.contains(expected), "{event}: {error}");
    }
    assert_eq!(app.sql("select from rates.feed_batches").await.len(), 0);
}
