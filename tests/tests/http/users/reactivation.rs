//! Who comes back finds nothing open that was open before, whatever it was that had shut them out.

use serde_json::json;
use testkit::{Client, Firm, Request, TestApp};

use super::world::{session, user};

/// Shuts a member out behind everybody's back: session and key stay as they were.
async fn suspend(app: &TestApp) {
    app.execute(&format!(
        "update users.memberships set status = 'suspended', external_id = 'okta-4'
          where tenant_id = '{}' and user_id = '{}'",
        Firm::Meridian.tenant_id(),
        user(Firm::Meridian, 4)
    ))
    .await;
}

/// A session and a key of the member.
async fn ways_in(app: &TestApp) -> [Client; 2] {
    let opened = session(app, Firm::Meridian, 4).await;
    let wanted = json!({"name": "Reader", "scopes": ["view-products"]});
    let made = app.sales_rep().post("/v1/api-keys", wanted).await.expect(201);
    [opened.access_token.as_str(), made.body["key"].as_str().expect("a key")]
        .map(|token| app.with_token(token))
}

async fn answers(ways: &[Client; 2], status: u16, code: &str) {
    for way in ways {
        let answer = way.get("/v1/products").await;
        assert_eq!((answer.status, answer.code()), (status, code), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_administrator_lets_the_person_in_and_no_old_session() {
    let app = TestApp::new().await;
    let ways = ways_in(&app).await;
    suspend(&app).await;
    answers(&ways, 403, "account_inactive").await;
    let path = format!("/v1/users/{}/reactivate", user(Firm::Meridian, 4));
    let request = Request::new(http::Method::POST, &path).json(&json!({"reason": "back"}));
    app.system_admin().send(request.if_match("*")).await.expect(200);
    app.sales_rep().get("/v1/products").await.expect(200);
    answers(&ways, 401, "session_expired").await;
}

#[tokio::test]
async fn so_does_the_directory() {
    let app = TestApp::new().await;
    let ways = ways_in(&app).await;
    suspend(&app).await;
    answers(&ways, 403, "account_inactive").await;
    app.execute(&format!(
        "insert into users.directory_events
            (tenant_id, source, event_id, event_type, published, subject, payload, outcome)
         values ('{0}', 'okta', 'off', 'user.lifecycle.suspend', '2026-11-21T11:00:00Z', 'okta-4', '{{}}', 'applied');
         select set_config('app.current_tenant_id', '{0}', false);
         select users.apply_directory_event(
            '{0}', 'user.lifecycle.unsuspend', '2026-11-21T11:30:00Z', 'okta-4', '{{}}')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    app.sales_rep().get("/v1/products").await.expect(200);
    answers(&ways, 401, "session_expired").await;
}
