//! What the fixtures have of retention: holds, one of which waits for a second person, a disposal and
//! an erasure request.

use serde_json::{Value, json};
use testkit::TestApp;
use uuid::Uuid;

use crate::fixtures::{Ids, fresh};
use crate::operations::Operation;
use crate::people::firm_of;

/// The ids of what a firm has of retention.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Legal holds: one that is active, and one whose release waits for a second person.
    pub(crate) hold: [String; 2],
    /// A disposal that waits for a second person.
    pub(crate) disposal: String,
    /// An erasure request that does.
    pub(crate) erasure: String,
}

impl Kept {
    /// Ids that nobody has.
    pub(crate) fn unknown() -> Self {
        Self { hold: [fresh(), fresh()], disposal: fresh(), erasure: fresh() }
    }
}

/// One of everything.
pub(crate) async fn kept(app: &TestApp, mark: &str, user: Uuid) -> Kept {
    Kept {
        hold: holds(app, mark, user).await,
        disposal: disposal(app, mark, user).await,
        erasure: erasure(app, mark, user).await,
    }
}

/// Two holds over records that nobody has: one that is active, one whose release was asked for.
async fn holds(app: &TestApp, mark: &str, user: Uuid) -> [String; 2] {
    let firm = firm_of(user).tenant_id();
    let ids = [fresh(), fresh()];
    for (id, status, asked) in [
        (&ids[0], "active", "null, null, null"),
        (&ids[1], "release_requested", "'MARK', now(), 'MARK'"),
    ] {
        let asked = asked.replace("MARK", mark);
        app.execute(&format!(
            "insert into audit.legal_holds (tenant_id, hold_id, name, reason, status, placed_by, release_reason,
                 release_requested_at, release_requested_by)
             values ('{firm}', '{id}', '{mark}', '{mark}', '{status}', '{mark}', {asked});
             insert into audit.legal_hold_scopes (tenant_id, hold_id, ordinal, kind, table_name, record_id)
             values ('{firm}', '{id}', 0, 'record', 'products.products', '{mark}')"
        ))
        .await;
    }
    ids
}

/// A disposal that waits for a second person, of a record that nobody has; and a record that is due.
async fn disposal(app: &TestApp, mark: &str, user: Uuid) -> String {
    let (firm, id) = (firm_of(user).tenant_id(), fresh());
    app.execute(&format!(
        "insert into audit.disposals (tenant_id, disposal_id, table_name, as_of, reason, proposed_by, records, held)
         values ('{firm}', '{id}', 'rates.rate_history', '2026-11-21', '{mark}', '{mark}', 1, 0);
         insert into products.imports (tenant_id, kind, file_name, file_sha256, format, status, created_by, started_at,
             finished_at)
         values ('{firm}', 'products', '{mark}', '\\x01', 'csv', 'finished', '{mark}', '2010-01-01T00:00:00Z',
             '2010-01-01T00:00:00Z');
         insert into audit.disposal_items (tenant_id, disposal_id, record_id, retain_until)
         values ('{firm}', '{id}', '{mark}', '2026-11-01')"
    ))
    .await;
    id
}

/// Somebody who has left the firm and asks to be forgotten.
async fn erasure(app: &TestApp, mark: &str, user: Uuid) -> String {
    let (firm, id, person) = (firm_of(user).tenant_id(), fresh(), fresh());
    app.execute(&format!(
        "insert into users.users (user_id, email, display_name, directory_tenant_id)
         values ('{person}', 'leaver@{mark}.example', '{mark}', '{firm}');
         insert into users.memberships (tenant_id, user_id, status, ended_at) values ('{firm}', '{person}', 'ended', now());
         insert into audit.erasure_requests (tenant_id, erasure_id, person_id, ground, reason, requested_by)
         values ('{firm}', '{id}', '{person}', 'gdpr_17', '{mark}', '{mark}')"
    ))
    .await;
    id
}

/// The body of an operation of retention.
pub(crate) fn body(operation: &Operation, ids: &Ids) -> Option<Value> {
    Some(match operation.id.as_str() {
        "retention_policies_put" => json!({"months": 120, "reason": "asked by the crawl"}),
        "legal_holds_create" => json!({"name": "made by the crawl", "reason": "by the crawl",
            "scopes": [{"kind": "record", "table_name": "products.products", "record_id": fresh()},
                {"kind": "person", "person_id": ids.person}]}),
        "disposals_create" => json!({"table_name": "products.imports", "reason": "by the crawl"}),
        "erasure_requests_create" => {
            json!({"person_id": ids.person, "ground": "firm", "reason": "by the crawl"})
        }
        "legal_holds_request_release" => json!({"reason": "asked by the crawl"}),
        "legal_holds_release"
        | "legal_holds_refuse_release"
        | "disposals_approve"
        | "disposals_reject"
        | "erasure_requests_execute"
        | "erasure_requests_reject" => json!({"note": "by the crawl"}),
        _ => return None,
    })
}
