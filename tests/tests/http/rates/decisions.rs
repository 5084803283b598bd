//! The second person who decides on a rate change.

use serde_json::json;
use testkit::{Answer, Client, TestApp};

use super::changes::proposed;
use super::{days, line, rates};

pub(super) async fn decide(client: &Client, change: &str, verb: &str, tag: &str) -> Answer {
    client.act(&format!("{change}/{verb}"), tag).await
}

#[tokio::test]
async fn a_second_person_approves() {
    let app = TestApp::new().await;
    let (id, change, proposal) = proposed(&app).await;
    let request = testkit::Request::new(http::Method::POST, &format!("{change}/approve"))
        .json(&json!({"note": "Agreed"}))
        .if_match("\"1\"")
        .header("x-request-id", "0192f0c8-0000-7000-8000-0000000000bb");
    let answer = app.second_admin().send(request).await.expect(200);
    let mut expected = proposal;
    expected["status"] = json!("approved");
    expected["decided_at"] = answer.body["decided_at"].clone();
    expected["decided_by"] = json!("Bea second-admin");
    expected["decision_note"] = json!("Agreed");
    assert_eq!(answer.body, expected);
    assert_eq!(answer.etag(), "\"2\"");
    let admin = app.admin();
    assert_eq!(
        line(&admin, &id).await,
        days(&[("2026-01-01", "2026-11-30", "5.0000"), ("2026-12-01", "open", "6.0000")])
    );
    let history = admin.get(&format!("{}/history", rates(&id))).await.expect(200);
    let newest = &history.body["items"][0];
    assert_eq!(newest["approved_by"], "Bea second-admin");
    assert_eq!(newest["created_by"], expected["proposed_by"]);
    assert_eq!(newest["change_id"], expected["change_id"]);
    let events = app
        .sql(
            "select actor_id, old_values->>'status' as old, new_values->>'status' as new
               from audit.audit_events
              where request_id = '0192f0c8-0000-7000-8000-0000000000bb'
                and resource_type = 'rate_changes' and old_values is not null",
        )
        .await;
    assert!(!events.is_empty());
    for event in events {
        assert_eq!(
            event,
            json!({"actor_id": "00000000-0000-7000-9000-000000000a02", "old": "pending", "new": "approved"})
        );
    }
}

#[tokio::test]
async fn a_change_is_decided_once() {
    let app = TestApp::new().await;
    let (_, change, _) = proposed(&app).await;
    let second = app.second_admin();
    decide(&second, &change, "approve", "\"1\"").await.expect(200);
    let stale = decide(&second, &change, "approve", "\"1\"").await.expect(412);
    assert_eq!(stale.code(), "version_conflict");
    for verb in ["approve", "reject"] {
        let twice = decide(&second, &change, verb, "\"2\"").await.expect(409);
        assert_eq!(
            twice.problem(),
            json!({
                "type": "urn:wealth:problem:state-conflict",
                "title": "The state does not allow this",
                "status": 409,
                "code": "state_conflict",
                "detail": "This rate change is not pending",
            })
        );
    }
}

#[tokio::test]
async fn nobody_approves_what_he_proposed_but_may_take_it_back() {
    let app = TestApp::new().await;
    let (id, change, _) = proposed(&app).await;
    let admin = app.admin();
    let answer = decide(&admin, &change, "approve", "\"1\"").await.expect(403);
    assert_eq!(
        answer.problem(),
        json!({
            "type": "urn:wealth:problem:self-approval",
            "title": "The proposer cannot approve",
            "status": 403,
            "code": "self_approval",
            "detail": "A rate change needs a second person",
        })
    );
    let answer = decide(&admin, &change, "reject", "\"1\"").await.expect(200);
    assert_eq!(answer.body["status"], "rejected");
    assert_eq!(answer.body["decided_by"], "Ada admin");
    assert_eq!(line(&admin, &id).await, days(&[("2026-01-01", "open", "5.0000")]));
}

#[tokio::test]
async fn who_decides_is_a_matter_of_role_and_tenant() {
    let app = TestApp::new().await;
    let (_, change, _) = proposed(&app).await;
    for client in [app.sales_rep(), app.system_admin(), app.feed()] {
        let answer = decide(&client, &change, "approve", "\"1\"").await.expect(403);
        assert_eq!(answer.code(), "permission_denied");
    }
    app.sales_rep().get("/v1/rate-changes").await.expect(403);
    app.anonymous().get("/v1/rate-changes").await.expect(401);
    let random = "/v1/rate-changes/0192f0c8-0000-7000-8000-00000000dead";
    let other = app.other_admin();
    for verb in ["approve", "reject"] {
        let foreign = decide(&other, &change, verb, "\"1\"").await.expect(404);
        let unknown = decide(&other, random, verb, "\"1\"").await.expect(404);
        assert_eq!(foreign.problem(), unknown.problem());
    }
    let foreign = other.get(&change).await.expect(404);
    assert_eq!(foreign.problem(), other.get(random).await.expect(404).problem());
    assert_eq!(other.get("/v1/rate-changes").await.expect(200).body["items"], json!([]));
    let answer = decide(&app.sales_manager(), &change, "approve", "").await.expect(428);
    assert_eq!(answer.code(), "precondition_required");
    decide(&app.sales_manager(), &change, "approve", "\"1\"").await.expect(200);
}

#[tokio::test]
async fn two_second_persons_at_once_approve_once() {
    let app = TestApp::new().await;
    let (id, change, _) = proposed(&app).await;
    let (second, manager) = (app.second_admin(), app.sales_manager());
    let (one, other) = futures_util::join!(
        decide(&second, &change, "approve", "\"1\""),
        decide(&manager, &change, "approve", "\"1\""),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
    assert_eq!(line(&app.admin(), &id).await.len(), 2);
}

#[tokio::test]
async fn the_note_is_checked_like_any_text() {
    let app = TestApp::new().await;
    let (_, change, _) = proposed(&app).await;
    let request = |body: &str, kind: &str| {
        testkit::Request::new(http::Method::POST, &format!("{change}/approve"))
            .body(kind, body.as_bytes().to_vec())
            .if_match("\"1\"")
    };
    let second = app.second_admin();
    let json = "application/json";
    let answer = second.send(request(r#"{"note":"a\u0000b"}"#, json)).await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/note");
    assert_eq!(second.send(request("{", json)).await.expect(400).code(), "malformed_json");
    second.send(request(r#"{"nota":"x"}"#, json)).await.expect(422);
    second.send(request("note=x", "application/x-www-form-urlencoded")).await.expect(415);
    second.send(request("{}", json)).await.expect(200);
}
