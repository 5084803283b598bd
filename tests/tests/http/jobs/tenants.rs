//! Runs and what they counted are a firm's own, and an operator's.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::{JOB, call, event, runs, send};

#[tokio::test]
async fn another_firm_and_a_login_see_no_runs() {
    let app = TestApp::new().await;
    call(&app, JOB, "2026-11-21T12:00:00Z").await.unwrap();
    let seen = async |role: &str, firm: &str| {
        let client = app.database.superuser().await;
        let text =
            format!("begin; set local role {role}; set local app.current_tenant_id = '{firm}'");
        client.batch_execute(&text).await.unwrap();
        let found = client.query_typed("select tenant_id from jobs.runs", &[]).await;
        found.map(|rows| rows.iter().map(|row| row.get::<_, uuid::Uuid>(0)).collect::<Vec<_>>())
    };
    for firm in [Firm::Meridian, Firm::Harbour] {
        let id = firm.tenant_id();
        assert_eq!(seen("app_admin", &id.to_string()).await.unwrap(), [id]);
    }
    assert!(seen("app_admin", "").await.unwrap().is_empty());
    for role in ["app_read_only", "application_role", "wealth_test"] {
        let refused = seen(role, &Firm::Meridian.tenant_id().to_string()).await.unwrap_err();
        assert_eq!(refused.as_db_error().expect("a refusal").code().code(), "42501", "{role}");
    }
}

#[tokio::test]
async fn one_firm_alone_if_the_event_says_so() {
    let app = TestApp::new().await;
    let mut one = event(JOB, "2026-11-21T12:00:00Z");
    one["detail"]["tenant_id"] = json!(Firm::Harbour.tenant_id());
    assert_eq!(send(&app, one).await.unwrap()["done"], 1);
    assert_eq!(runs(&app, JOB).await, ["b 2026-11-21 done"]);
}

#[tokio::test]
async fn a_firm_that_is_closed_or_suspended_has_no_runs() {
    let app = TestApp::new().await;
    app.execute("update tenants.tenants set status = 'suspended' where public_code = 'T002'").await;
    call(&app, JOB, "2026-11-21T12:00:00Z").await.unwrap();
    assert_eq!(runs(&app, JOB).await, ["a 2026-11-21 done"]);
    app.execute("update tenants.tenants set status = 'active' where public_code = 'T002'").await;
    call(&app, JOB, "2026-11-22T12:00:00Z").await.unwrap();
    assert_eq!(
        runs(&app, JOB).await,
        ["a 2026-11-21 done", "a 2026-11-22 done", "b 2026-11-22 done"]
    );
}
