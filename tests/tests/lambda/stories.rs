//! The events of products, rates and the audit log, in an order in which each finds what it needs.

use chrono::Days;
use serde_json::{Value, json};

use crate::answers::Session;
use crate::world::{World, answer, body};

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {value}"))
}

#[tokio::test]
async fn the_products_function_answers_every_event() {
    let world = World::new().await;
    let mut session = Session::new(&world, "products").await;
    session.send("health").await;
    ready(&session).await;
    session.sent.insert("ready".to_owned());
    session.set("version", "1");
    session.set("product_id", "0199aaaa-0000-7000-8000-000000000001");
    session.send("create-invalid").await;
    session.send("get-without-token").await;
    let product = session.send("create").await;
    session.set("product_id", text(&product, "/product_id"));
    for name in ["get", "get-by-cusip", "list"] {
        session.send(name).await;
    }
    session.see_version().await;
    session.send("update").await;
    session.send("add-terms").await;
    let window = session.send("add-availability").await;
    session.set("availability_id", text(&window, "/availability_id"));
    session.send("list-active").await;
    session.see_version().await;
    session.send("remove-availability").await;
    session.send("import-csv").await;
    let other = world.app.admin().get("/v1/products/by-cusip/05580AXY5").await.expect(200);
    session.set("other_product_id", text(&other.body, "/product_id"));
    let compared = session.send("compare").await;
    session.set("comparison_id", text(&compared, "/comparison_id"));
    session.send("recommend").await;
    session.send("build-ladder").await;
    session.send("appoint").await;
    session.see_version().await;
    session.send("deactivate").await;
    for name in ["options", "unknown-route"] {
        session.send(name).await;
    }
    for name in ["malformed", "foreign"] {
        session.refuse(name).await;
    }
    // An error leaves the environment fit for the next event.
    session.send("health").await;
    session.finish(&[]);
}

/// `/ready` tells of a server below the floor, which the machine's may be.
async fn ready(session: &Session<'_>) {
    let event = session.world.event("products/ready", &[]).await;
    let answer = answer(&session.lambda, &event).await;
    let checks = body(&answer)["checks"].clone();
    assert_eq!(checks["database"], true, "{checks}");
    assert_eq!(checks["schema_version"], checks["expected_schema_version"]);
    let fit = checks["server_version_at_floor"].as_bool().expect("a verdict");
    assert_eq!(answer["statusCode"], if fit { 200 } else { 503 });
    assert_eq!(body(&answer)["status"], if fit { "ready" } else { "not_ready" });
}

#[tokio::test]
async fn the_rates_function_answers_every_event() {
    let world = World::new().await;
    let product = world.annuity().await;
    world.deposit().await;
    let mut session = Session::new(&world, "rates").await;
    session.set("product_id", product.clone());
    session.set("tenant_id", testkit::Firm::Meridian.tenant_id().to_string());
    session.send("current").await;
    session.send("put").await;
    for name in
        ["list-for-product", "override", "history", "apy", "list", "put-settings", "put-feed"]
    {
        session.send(name).await;
    }
    session.set("token", world.token("feed", "RateFeed"));
    session.send("feed-batch").await;
    session.set("token", world.admin());
    session.set("change_id", proposal(&world, &product).await);
    session.send("approve").await;
    for name in ["options", "unknown-route"] {
        session.send(name).await;
    }
    for name in ["malformed", "foreign"] {
        session.refuse(name).await;
    }
    session.finish(&["eventbridge-rate-batch"]);
}

#[tokio::test]
async fn the_audit_function_answers_every_event() {
    let world = World::new().await;
    let product = world.annuity().await;
    let mut session = Session::new(&world, "audit").await;
    assert!(world.app.seal().await > 5);
    let found = session.send("list").await;
    session.set("event_id", text(&found, "/items/0/event_id"));
    session.set("product_id", product);
    session.send("get").await;
    let head = session.send("checkpoint").await;
    let proof = session.send("inclusion-proof").await;
    assert_eq!(proof["checkpoint"]["root"], head["root"]);
    session.send("consistency-proof").await;
    session.set("token", world.token("system-admin", "SystemAdministrator"));
    session.send("history").await;
    session.send("export").await;
    session.send("retention-policies").await;
    let hold = session.send("place-hold").await;
    session.set("hold_id", text(&hold, "/hold_id"));
    session.send("request-release").await;
    session.send("retention").await;
    for name in ["options", "unknown-route"] {
        session.send(name).await;
    }
    for name in ["malformed", "foreign"] {
        session.refuse(name).await;
    }
    session.finish(&[]);
}

/// A change beyond the tolerance, proposed by another person.
async fn proposal(world: &World, product: &str) -> String {
    let path = format!("/v1/products/{product}/rates");
    let proposer = world.app.second_admin();
    let day = world.today().await + Days::new(10);
    let rate =
        json!({"base_rate": "9.0000", "effective_date": day.to_string(), "reason": "Far away"});
    proposer.put(&path, rate, "*").await.expect(202);
    let open = world.app.admin().get("/v1/rate-changes?status=pending").await.expect(200);
    let changes = open.body["items"].as_array().expect("items");
    let found =
        changes.iter().find(|change| change["base_rate"] == "9.0000").expect("the proposal");
    found["change_id"].as_str().expect("an id").to_owned()
}
