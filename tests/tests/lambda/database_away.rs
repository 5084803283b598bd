//! The database goes away and comes back, while a function serves and before it starts.

use serde_json::Value;
use testkit::lambda::Lambda;
use testkit::proxy::Proxy;

use crate::world::{World, answer, body, start};

async fn list(world: &World, lambda: &Lambda) -> Value {
    let token = world.admin();
    answer(lambda, &world.event("products/list", &[("token", &token)]).await).await
}

fn assert_unavailable(answer: &Value) {
    assert_eq!(answer["statusCode"], 503, "{answer}");
    assert_eq!(answer["headers"]["content-type"], "application/problem+json");
    assert_eq!(answer["headers"]["retry-after"], "1");
    let problem = body(answer);
    assert_eq!(problem["code"], "dependency_unavailable");
    let shown = answer.to_string();
    assert!(problem["request_id"].is_string());
    for internal in ["127.0.0.1", "refused", "postgres", "os error"] {
        assert!(!shown.contains(internal), "{internal}: {shown}");
    }
}

#[tokio::test]
async fn requests_answer_503_until_it_is_back() {
    let world = World::new().await;
    let proxy = Proxy::start(world.port().await).await;
    let url = world.url_through("products", proxy.port()).await;
    let lambda = start(world.function_at("products", &url).await).await;
    assert_eq!(list(&world, &lambda).await["statusCode"], 200);
    for _ in 0..3 {
        proxy.away(true);
        assert_unavailable(&list(&world, &lambda).await);
        assert_unavailable(&list(&world, &lambda).await);
        proxy.away(false);
        assert_eq!(list(&world, &lambda).await["statusCode"], 200);
    }
    let lines = lambda.output().json();
    let failed = lines.iter().find(|line| line["status"] == 503).expect("its line");
    assert_eq!(failed["level"], "ERROR");
    assert!(
        failed["cause"].as_str().is_some_and(|cause| cause.starts_with("dependency_unavailable"))
    );
}

#[tokio::test]
async fn a_function_starts_without_it() {
    let world = World::new().await;
    let proxy = Proxy::start(world.port().await).await;
    proxy.away(true);
    let url = world.url_through("products", proxy.port()).await;
    let lambda = start(world.function_at("products", &url).await).await;
    let health = world.event("products/health", &[]).await;
    assert_eq!(answer(&lambda, &health).await["statusCode"], 200, "alive without a database");
    let ready = world.event("products/ready", &[]).await;
    assert_eq!(answer(&lambda, &ready).await["statusCode"], 503);
    assert_unavailable(&list(&world, &lambda).await);
    proxy.away(false);
    // A key server's outage is remembered for a second; so is that of the issuers' table.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(list(&world, &lambda).await["statusCode"], 200);
}

#[tokio::test]
async fn a_write_that_was_cut_off_can_be_sent_again() {
    use testkit::proxy::CommitFault;
    let world = World::new().await;
    let proxy = Proxy::start(world.port().await).await;
    let url = world.url_through("products", proxy.port()).await;
    let lambda = start(world.function_at("products", &url).await).await;
    let token = world.admin();
    let create = world.event("products/create", &[("token", &token)]).await;
    assert_eq!(list(&world, &lambda).await["statusCode"], 200);
    proxy.at_next_commit(CommitFault::CutAfter);
    assert_unavailable(&answer(&lambda, &create).await);
    let again = answer(&lambda, &create).await;
    assert_eq!(again["statusCode"], 201, "{again}");
    assert_eq!(answer(&lambda, &create).await["body"], again["body"]);
    let count = world.app.sql("select count(*) as n from products.products").await;
    assert_eq!(count, [serde_json::json!({"n": 1})]);
}
