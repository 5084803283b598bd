//! A panic, an error that nobody handled, input that is no event: none of it ends the environment
//! or tells the caller what is inside.

use bytes::Bytes;
use serde_json::{Value, json};
use testkit::lambda::Lambda;

use crate::world::{LIMIT, World, answer, body};

const INTERNAL: &str = "s3cret-internal-state";

async fn get(world: &World, lambda: &Lambda, path: &str) -> Value {
    let text = world.event("products/health", &[]).await.to_string().replace("/health", path);
    answer(lambda, &serde_json::from_str(&text).expect("JSON")).await
}

#[tokio::test]
async fn a_panic_in_a_handler_is_one_answer_of_500() {
    let world = World::new().await;
    let lambda = world.start("misbehaving").await;
    for path in ["/panic", "/fail"] {
        let answer = get(&world, &lambda, path).await;
        assert_eq!(answer["statusCode"], 500, "{answer}");
        assert_eq!(answer["headers"]["content-type"], "application/problem+json");
        let mut problem = body(&answer);
        assert_eq!(problem["request_id"], answer["headers"]["x-request-id"]);
        problem.as_object_mut().expect("an object").remove("request_id");
        let expected = json!({
            "type": "urn:wealth:problem:internal-error", "title": "An internal error", "status": 500,
            "code": "internal_error",
            "detail": "This is a fault on our side. It has been logged under the request id.",
        });
        assert_eq!(problem, expected);
        assert!(!answer.to_string().contains(INTERNAL));
    }
    assert_eq!(get(&world, &lambda, "/health").await["statusCode"], 200);
    let causes: Vec<_> =
        lambda.output().json().into_iter().filter(|l| l["status"] == 500).collect();
    assert_eq!(causes.len(), 2);
    for line in causes {
        assert_eq!(line["level"], "ERROR");
        assert!(line["cause"].as_str().is_some_and(|cause| cause.contains(INTERNAL)), "{line}");
    }
}

#[tokio::test]
async fn a_panic_or_an_error_at_an_event_is_an_error_to_lambda() {
    let world = World::new().await;
    let lambda = world.start("misbehaving").await;
    for (kind, wanted) in [("Panic", "panicked"), ("Fail", "dependency_unavailable")] {
        let event = json!({"detail-type": kind, "detail": {}});
        let outcome = lambda.invoke(&event, LIMIT).await.expect("an outcome");
        let error = outcome.into_error().expect("an error").to_string();
        assert!(error.contains(wanted), "{error}");
        let event = json!({"detail-type": "Other", "detail": {}});
        assert_eq!(answer(&lambda, &event).await, json!("done"));
    }
}

#[tokio::test]
async fn what_is_no_event_is_an_error_and_the_next_one_is_served() {
    let world = World::new().await;
    for function in ["products", "rates"] {
        let lambda = world.start(function).await;
        for raw in [
            "null",
            "[]",
            "7",
            "\"text\"",
            "{}",
            r#"{"requestContext":null}"#,
            r#"{"requestContext":{}}"#,
        ] {
            let outcome = lambda.invoke_raw(Bytes::from(raw), LIMIT).await.expect("an outcome");
            let error = outcome.into_error().unwrap_or_else(|error| panic!("{raw}: {error}"));
            assert!(error["errorMessage"].is_string(), "{raw}: {error}");
        }
        assert_eq!(get(&world, &lambda, "/health").await["statusCode"], 200, "{function}");
    }
}
