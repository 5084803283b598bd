//! A token is worth what its holder is worth at this moment: a revoked grant, a membership, person
//! or firm that is no longer active end it at once, for every operation.

use testkit::{Client, Firm, TestApp};

use crate::fixtures::{self, Ids};
use crate::operations;
use crate::owned::MAKER;

const SALES: &str = "00000000-0000-7000-9000-000000000a04";

/// What every operation that needs a token answers to this caller.
async fn everywhere(app: &TestApp, client: &Client, ids: &Ids) -> Vec<(u16, String)> {
    let mut found = Vec::new();
    for operation in operations::all(app) {
        if operation.path.starts_with("/v1/") && !operation.open {
            let answer = client.send(fixtures::request(&operation, ids, ids)).await;
            found.push((answer.status, answer.code().to_owned()));
        }
    }
    found.sort();
    found.dedup();
    found
}

async fn ended_by(statement: &str, code: &str) {
    let app = TestApp::new().await;
    let ids = fixtures::firm(&app, &app.admin(), "meridian-secret", MAKER[0], 10).await;
    let client = app.sales_rep();
    client.get("/v1/products").await.expect(200);
    app.execute(statement).await;
    let product = client.get("/v1/products").await;
    assert_eq!((product.status, product.code()), (403, code), "{statement}");
    // Whether a role is enough is decided before the database is asked, so that some are refused
    // for the role; nothing is answered.
    for (status, found) in everywhere(&app, &client, &ids).await {
        assert!(
            status == 403 && (found == code || found == "permission_denied"),
            "{status} {found}"
        );
    }
}

#[tokio::test]
async fn a_revoked_role_ends_at_once() {
    ended_by(&format!("delete from users.user_roles where user_id = '{SALES}'"), "role_revoked")
        .await;
}

#[tokio::test]
async fn a_role_ends_with_its_period() {
    let ended = format!(
        "update users.user_roles set effective_to = '2026-11-21T12:00:00Z' where user_id = '{SALES}'"
    );
    ended_by(&ended, "role_revoked").await;
}

#[tokio::test]
async fn a_suspended_member_is_refused() {
    let suspended =
        format!("update users.memberships set status = 'suspended' where user_id = '{SALES}'");
    ended_by(&suspended, "account_inactive").await;
}

#[tokio::test]
async fn an_inactive_person_is_refused() {
    ended_by(
        &format!("update users.users set is_active = false where user_id = '{SALES}'"),
        "account_inactive",
    )
    .await;
}

#[tokio::test]
async fn a_suspended_firm_is_refused() {
    let firm = Firm::Meridian.tenant_id();
    let suspended =
        format!("update tenants.tenants set status = 'suspended' where tenant_id = '{firm}'");
    ended_by(&suspended, "tenant_inactive").await;
}

#[tokio::test]
async fn a_member_of_another_firm_is_unknown() {
    let app = TestApp::new().await;
    // A genuine token of a subject that is a member of Harbour, for Meridian.
    let token = app.token(Firm::Meridian, "nobody", &["ProductAdministrator"]);
    let answer = app.with_token(&token).get("/v1/products").await;
    assert_eq!((answer.status, answer.code()), (403, "unknown_identity"));
}
