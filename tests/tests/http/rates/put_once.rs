//! Rates that are set by two at once, or twice by one.

use serde_json::json;
use testkit::TestApp;

use super::{line, product, rates, set};

#[tokio::test]
async fn a_version_must_be_named_and_be_the_present_one() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let body = json!({"base_rate": "5.5"});
    let answer = admin.put(&rates(&id), body.clone(), "").await.expect(428);
    assert_eq!(answer.code(), "precondition_required");
    let answer = admin.put(&rates(&id), body.clone(), "\"7\"").await.expect(412);
    assert_eq!(
        answer.problem(),
        json!({
            "type": "urn:wealth:problem:version-conflict",
            "title": "The resource has changed",
            "status": 412,
            "code": "version_conflict",
            "detail": "The rates of this product were changed meanwhile",
        })
    );
    admin.put(&rates(&id), body, "*").await.expect(200);
}

/// Each of two persons saw the same line; the second to arrive must look again. A schedule far
/// ahead leaves the product itself untouched, so the product's version could not tell.
#[tokio::test]
async fn of_two_at_once_one_is_told_to_look_again() {
    let app = TestApp::new().await;
    let (admin, second, id) = (app.admin(), app.second_admin(), product(&app, 1).await);
    set(&admin, &id, json!({"base_rate": "5.1", "effective_date": "2026-12-01"})).await.expect(200);
    for round in 0..5u32 {
        let tag = admin.get(&rates(&id)).await.expect(200).etag();
        let path = rates(&id);
        let (mine, theirs) = (format!("6.{round}1"), format!("7.{round}1"));
        let day = format!("2030-01-{:02}", round + 1);
        let (one, other) = futures_util::join!(
            admin.put(&path, json!({"base_rate": mine, "effective_date": day}), &tag),
            second.put(&path, json!({"base_rate": theirs, "effective_date": "2031-01-01"}), &tag),
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
        let kept = if one.status == 200 { one } else { other };
        let seen = line(&admin, &id).await;
        assert!(seen.iter().any(|rate| kept.body["base_rate"] == rate.2.as_str()));
    }
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let request = |rate: &str| {
        testkit::Request::new(http::Method::PUT, &rates(&id))
            .json(&json!({"base_rate": rate}))
            .if_match("\"1\"")
            .key("once")
    };
    let first = admin.send(request("5.5")).await.expect(200);
    let again = admin.send(request("5.5")).await.expect(200);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = admin.send(request("5.6")).await.expect(422);
    assert_eq!(other.code(), "idempotency_mismatch");
}
