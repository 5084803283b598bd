//! The signed head of the log.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::audit::Hash;
use wealth_core::authz::ViewAudit;
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Principal, Problem, Result, Row404, json as reply};

use crate::row;

/// A head of the log and who signed it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedHead {
    /// How many events it is over.
    pub(crate) size: u64,
    /// The head of their tree.
    pub(crate) root: Hash,
    /// The signed note (C2SP tlog-checkpoint). Keep it: it is what a later answer is held against.
    pub(crate) note: String,
    /// The key that signed it, as a verifier of signed notes takes it. Learn it once from somewhere
    /// else, for a server that lies would lie about this too.
    pub(crate) verifier_key: String,
    /// When it was signed.
    pub(crate) sealed_at: DateTime<Utc>,
}

impl SignedHead {
    /// Out of a row of `audit.checkpoint`.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let root = Hash::from_slice(row.get("root"));
        Ok(Self {
            size: row::natural(row.get("size"))?,
            root: root.map_err(|error| Problem::internal(error.to_string()))?,
            note: row.get("note"),
            verifier_key: row.get("verifier_key"),
            sealed_at: row.get("sealed_at"),
        })
    }
}

/// Get the signed head of the log
///
/// Whoever keeps it can prove later that nothing under it was changed, removed or put in: by an
/// inclusion proof for an event, a consistency proof for a later head, or `wealth audit verify` for
/// all of it. It tells nothing of what the events say.
#[utoipa::path(
    get,
    path = "/v1/audit/checkpoint",
    operation_id = "audit_checkpoint_get",
    tag = "audit",
    responses((status = 200, description = "The head", body = SignedHead))
)]
pub(crate) async fn handler(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ViewAudit>()?;
    let read = app.read("audit_checkpoint_get", &principal);
    let rows = read.query_and_commit(sql!("audit", "checkpoint"), &[p::int8(&None::<i64>)]).await?;
    let head = SignedHead::read(&rows.one_or(&problem::AUDIT_LOG_NOT_SEALED)?)?;
    Ok(reply(StatusCode::OK, &head)?.into_response())
}
