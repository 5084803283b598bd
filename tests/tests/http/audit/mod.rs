//! The audit log over HTTP, its sealing, and its verification from the command line.

mod archive;
mod disposals;
mod erasure_guards;
mod erasure_holds;
mod erasures;
mod export;
mod forged;
mod fuse;
mod hold_guards;
mod holds;
mod large;
mod personal;
mod proofs;
mod reads;
mod redaction;
mod retention;
mod seal;
mod tamper;

use serde_json::{Value, json};
use testkit::{Firm, TestApp, cusip};
use wealth_core::audit::VerifierKey;

/// Meridian's id.
pub(crate) fn firm() -> String {
    Firm::Meridian.tenant_id().to_string()
}

/// A product that the administrator creates: several events in one transaction.
pub(crate) async fn product(app: &TestApp, number: u32) -> String {
    let body = json!({"cusip": cusip(number), "product_name": "Granite", "product_type": "Other",
        "base_rate": "4.1000"});
    let made = app.admin().post("/v1/products", body).await.expect(201);
    made.body["product_id"].as_str().expect("an id").to_owned()
}

/// The head of Meridian's log, as its system administrator sees it.
pub(crate) async fn head(app: &TestApp) -> Value {
    app.system_admin().get("/v1/audit/checkpoint").await.expect(200).body
}

/// The key in it.
pub(crate) fn key(head: &Value) -> VerifierKey {
    head["verifier_key"].as_str().expect("a key").parse().expect("a key")
}

/// How many events of Meridian there are.
pub(crate) async fn events(app: &TestApp) -> u64 {
    let count =
        format!("select count(*) as n from audit.audit_events where tenant_id = '{}'", firm());
    app.sql(&count).await[0]["n"].as_u64().expect("a number")
}
