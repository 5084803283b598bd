//! Lambda freezes an environment after each answer; what happens to its connection meanwhile must
//! not be the next caller's trouble (rules.md §5, threat 21).

use std::time::Duration;

use testkit::lambda::Lambda;
use testkit::proxy::Proxy;

use crate::world::{World, answer, start};

/// Longer than a connection may rest without being asked whether it lives.
const REST: Duration = Duration::from_secs(31);

async fn serves(world: &World, lambda: &Lambda) {
    let token = world.admin();
    let event = world.event("products/list", &[("token", &token)]).await;
    let answer = answer(lambda, &event).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
}

async fn scene() -> (World, Proxy, Lambda) {
    let world = World::new().await;
    let proxy = Proxy::start(world.port().await).await;
    let url = world.url_through("products", proxy.port()).await;
    let lambda = start(world.function_at("products", &url).await).await;
    serves(&world, &lambda).await;
    (world, proxy, lambda)
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_is_replaced() {
    let (world, proxy, lambda) = scene().await;
    for reset in [false, true] {
        lambda.freeze();
        if reset {
            proxy.reset()
        } else {
            proxy.cut()
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        lambda.thaw();
        serves(&world, &lambda).await;
    }
    assert!(proxy.connections() >= 3);
}

#[tokio::test]
async fn a_connection_that_died_without_a_word_is_replaced() {
    let (world, proxy, lambda) = scene().await;
    lambda.freeze();
    proxy.swallow();
    tokio::time::sleep(REST).await;
    lambda.thaw();
    serves(&world, &lambda).await;
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn a_frozen_function_goes_on_with_the_connection_it_has() {
    let (world, proxy, lambda) = scene().await;
    for _ in 0..3 {
        lambda.freeze();
        tokio::time::sleep(Duration::from_millis(100)).await;
        lambda.thaw();
        serves(&world, &lambda).await;
    }
    assert_eq!(proxy.connections(), 1, "one connection for an environment");
}
