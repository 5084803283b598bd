//! Starts and ends.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use testkit::lambda::{Function, Lambda, Started, binary};

use crate::world::{LIMIT, World, answer, body};

#[tokio::test]
async fn sigterm_ends_a_function_with_exit_code_0() {
    let world = World::new().await;
    for function in ["products", "rates"] {
        let lambda = world.start(function).await;
        let health = world.event("products/health", &[]).await;
        assert_eq!(answer(&lambda, &health).await["statusCode"], 200);
        let status = lambda.spin_down().await.expect("an end");
        assert_eq!(status.code(), Some(0), "{function}: {status}");
        let lines = lambda.output().json();
        assert!(lines.iter().any(|line| line["message"] == "shutting down"), "{function}");
    }
}

#[tokio::test]
async fn a_function_that_is_told_nothing_says_so_in_one_line_and_ends() {
    for (name, value, wanted) in [
        ("DATABASE_URL", "", "set DATABASE_URL, or DB_SECRET_ARN and DB_HOST"),
        ("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:no/x", "DATABASE_URL: "),
        (
            "DB_SECRET_ARN",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:x",
            "DB_HOST is not",
        ),
    ] {
        let function = Function::new("products", binary("products").await.expect("a binary"));
        let lambda = Lambda::start(function.env(name, value)).await.expect("a process");
        match lambda.started(LIMIT).await.expect("an end") {
            Started::Exited(status) => assert_ne!(status.code(), Some(0)),
            Started::InitError(error) => assert!(error.to_string().contains(wanted), "{error}"),
            Started::Ready(_) => panic!("it serves without a database"),
        }
        let line = lambda.output().wait_for(Duration::from_secs(5), |line| line.contains(wanted));
        line.await.expect("a clear line");
        let printed = lambda.output().lines().join("\n");
        assert!(!printed.contains("hunter2") && !printed.contains("panicked"), "{printed}");
    }
}

#[tokio::test]
async fn environments_that_start_together_do_one_thing_once() {
    let world = World::new().await;
    let function = world.function("products").await;
    let token = world.admin();
    let create = world.event("products/create", &[("token", &token)]).await;
    let answers = join_all((0..6).map(|_| async {
        let lambda = crate::world::start(function.clone()).await;
        // While another environment is at it the answer is 409, to be tried again.
        for _ in 0..100 {
            let answer = answer(&lambda, &create).await;
            if answer["statusCode"] != 409 {
                return answer;
            }
            assert_eq!(body(&answer)["code"], "idempotency_in_progress");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("in progress for ever");
    }))
    .await;
    for answer in &answers {
        assert_eq!(answer["statusCode"], 201, "{answer}");
        assert_eq!(answer["body"], answers[0]["body"]);
    }
    let count = world.app.sql("select count(*) as n from products.products").await;
    assert_eq!(count, [json!({"n": 1})]);
}
