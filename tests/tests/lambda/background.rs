//! The rates function's other triggers: delivered more than once, out of order, half wrong.

use serde_json::{Value, json};
use testkit::lambda::Lambda;

use crate::world::{LIMIT, World, answer};

const TENANT: &str = "00000000-0000-7000-8000-00000000000a";

/// A world with both products of the recorded batch, their feed, and the rates function.
async fn scene() -> (World, Lambda) {
    let world = World::new().await;
    world.annuity().await;
    world.deposit().await;
    let feed =
        json!({"name": "Acme Rates", "precedence": 100, "tolerance": "5.0000", "is_active": true});
    world.app.admin().put("/v1/rate-feeds/acme-rates", feed, "").await;
    let lambda = world.start("rates").await;
    (world, lambda)
}

async fn batch(world: &World) -> Value {
    world.event("rates/eventbridge-rate-batch", &[("tenant_id", TENANT)]).await
}

async fn changes(world: &World) -> Vec<Value> {
    world.app.sql("select count(*) as n from rates.rate_history").await
}

async fn failure(lambda: &Lambda, event: &Value) -> String {
    let outcome = lambda.invoke(event, LIMIT).await.expect("an outcome");
    outcome.into_error().expect("an error").to_string()
}

#[tokio::test]
async fn a_batch_delivered_three_times_counts_once() {
    let (world, lambda) = scene().await;
    let event = batch(&world).await;
    let first = answer(&lambda, &event).await;
    assert_eq!(first["counts"]["applied"], 2, "{first}");
    assert_eq!(
        (first["source"].as_str(), first["counts"]["total"].as_u64()),
        (Some("acme-rates"), Some(2))
    );
    let after = changes(&world).await;
    for _ in 0..2 {
        assert_eq!(answer(&lambda, &event).await, first);
    }
    assert_eq!(changes(&world).await, after);
    let batches = world.app.sql("select count(*) as n from rates.feed_batches").await;
    assert_eq!(batches, [json!({"n": 1})]);
    // The actor in the audit log is the feed, for nobody was asked.
    let actors = world.app.sql(
        "select distinct transaction_name as name, actor_id from audit.audit_events
          where transaction_name like 'rate feed%'",
    );
    assert_eq!(actors.await, [json!({"name": "rate feed acme-rates", "actor_id": null})]);
}

#[tokio::test]
async fn a_bad_rate_keeps_no_good_one_out() {
    let (world, lambda) = scene().await;
    let mut event = batch(&world).await;
    event["detail"]["rates"][0]["cusip"] = json!("38141G105");
    let report = answer(&lambda, &event).await;
    assert_eq!(report["counts"]["applied"], 1, "{report}");
    assert_eq!(report["counts"]["rejected"], 1, "{report}");
    assert_eq!(report["rejected"][0]["index"], 0);
    assert_eq!(report["rejected"][0]["external_id"], event["detail"]["rates"][0]["external_id"]);
    assert_eq!(report["rejected"][0]["errors"][0]["pointer"], "/cusip", "{report}");
}

#[tokio::test]
async fn an_event_for_nobody_or_of_another_kind_is_an_error_and_changes_nothing() {
    let (world, lambda) = scene().await;
    let before = changes(&world).await;
    let mut unknown = batch(&world).await;
    unknown["detail"]["tenant_id"] = json!("00000000-0000-7000-8000-0000000000ff");
    assert!(failure(&lambda, &unknown).await.contains("tenant_inactive"));
    let mut other = batch(&world).await;
    other["detail"]["tenant_id"] = json!("00000000-0000-7000-8000-00000000000b");
    assert!(failure(&lambda, &other).await.contains("feed_not_found"), "a feed of another firm");
    let mut kind = batch(&world).await;
    kind["detail-type"] = json!("RateBatches");
    assert!(failure(&lambda, &kind).await.contains("detail-type"));
    let mut shape = batch(&world).await;
    shape["detail"]["rates"] = json!("all");
    assert!(failure(&lambda, &shape).await.contains("/detail/rates"));
    assert_eq!(changes(&world).await, before);
    // None of it has hurt the environment.
    assert_eq!(answer(&lambda, &batch(&world).await).await["counts"]["applied"], 2);
}

#[tokio::test]
async fn the_products_function_takes_no_background_event() {
    let world = World::new().await;
    let lambda = world.start("products").await;
    for name in ["rates/eventbridge-rate-batch", "jobs/activate-rates"] {
        let event = world.event(name, &[("tenant_id", TENANT)]).await;
        assert!(failure(&lambda, &event).await.contains("does not take such an event"));
    }
}
