//! That the log has only grown.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wealth_core::audit::{Hash, Range, consistency_ranges};
use wealth_core::authz::ViewAudit;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Params, Principal, Result, Row404, json as reply};

use super::{broken, needed, tiles};
use crate::checkpoint::SignedHead;

/// Between which sizes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The size of the head that is known.
    #[param(minimum = 1)]
    first: u32,
    /// The size of the head that is to follow from it.
    #[param(minimum = 1)]
    second: u32,
}

/// What proves that one head follows from another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsistencyProof {
    /// The smaller size.
    first: u64,
    /// The head of that size, by this server's account.
    first_root: Hash,
    /// The larger size.
    second: u64,
    /// The head of that size, by this server's account.
    second_root: Hash,
    /// The hashes that lead to both (RFC 9162 section 2.1.4).
    proof: Vec<Hash>,
}

/// Prove that the log has only grown
///
/// That the tree of the second size begins with that of the first: nothing that was in it was
/// changed, removed or moved. Fold the proof with the root of the checkpoint that you kept, not
/// with the one in the answer.
#[utoipa::path(
    get,
    path = "/v1/audit/consistency-proof",
    operation_id = "audit_consistency_proof",
    tag = "audit",
    params(Query),
    responses((status = 200, description = "The proof", body = ConsistencyProof))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewAudit>()?;
    let (first, second) = (u64::from(query.first), u64::from(query.second));
    if first == 0 || first > second {
        let text = "must be at least 1 and not larger than second";
        return Err(Violations::one("/first", "out_of_range", text.to_owned()).into());
    }
    let mut ranges = consistency_ranges(first, second).map_err(broken)?;
    ranges.extend([Range { begin: 0, end: first }, Range { begin: 0, end: second }]);
    let read = app.read("audit_consistency_proof", &principal);
    let mut answers = read
        .batch_and_commit(&[
            (sql!("audit", "checkpoint"), &[p::int8(&None::<i64>)]),
            (sql!("audit", "tiles"), &[p::json(&needed(&ranges))]),
        ])
        .await?;
    let rows = answers.pop().unwrap_or_default();
    let last = answers.pop().unwrap_or_default().one_or(&problem::AUDIT_LOG_NOT_SEALED)?;
    let last = SignedHead::read(&last)?;
    if second > last.size {
        let text = format!("must not be larger than {}", last.size);
        return Err(Violations::one("/second", "out_of_range", text).into());
    }
    let tiles = tiles(&rows)?;
    let mut proof = tiles.heads(&ranges).map_err(broken)?;
    let second_root = proof.pop().unwrap_or(last.root);
    let first_root = proof.pop().unwrap_or(last.root);
    let answer = ConsistencyProof { first, first_root, second, second_root, proof };
    Ok(reply(StatusCode::OK, &answer)?.into_response())
}
