//! That an event stands in the log, as it is.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::audit::{Hash, Range, inclusion_ranges};
use wealth_core::authz::{ReviewAudit, ViewAudit};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Params, PathParams, Principal, Problem, Result, json as reply};

use super::{broken, tiles};
use crate::checkpoint::SignedHead;
use crate::{query, row};

/// Against which head.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The size of the checkpoint to prove it against; the last one unless given.
    #[param(minimum = 1)]
    size: Option<u32>,
}

/// What proves that an event is in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InclusionProof {
    /// The event.
    event_id: Uuid,
    /// Its place in the log, from 0.
    leaf_index: u64,
    /// The content of its leaf: the facts of the event, and commitments to what tells about people.
    /// Null once the event has left the database: whoever has it from the archive makes its leaf.
    leaf: Option<String>,
    /// SHA-256 of a zero byte and the leaf.
    leaf_hash: Hash,
    /// The hashes that lead from the leaf to the root (RFC 9162 section 2.1.3).
    proof: Vec<Hash>,
    /// The head they lead to.
    checkpoint: SignedHead,
}

/// Prove that an event is in the log
///
/// Hash the leaf and fold in the proof: what comes out is the root that the checkpoint signs, or
/// the server lies. The leaf holds the event's facts and commitments to the rest, which the salt of
/// the event opens (docs/adr/0015).
#[utoipa::path(
    get,
    path = "/v1/audit/events/{event_id}/inclusion-proof",
    operation_id = "audit_event_inclusion_proof",
    tag = "audit",
    params(("event_id" = Uuid, Path, description = "The event"), Query),
    responses((status = 200, description = "The proof", body = InclusionProof))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<String>,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewAudit>()?;
    let id = query::event_id(&id)?;
    let (by_id, size) = ([p::uuid(&id)], query.size.map(i64::from));
    let (by_size, by_both) = ([p::int8(&size)], [p::uuid(&id), p::int8(&size)]);
    let asked = query::asked("audit_event_inclusion_proof", &[("event_id", json!(id))]);
    let recorded = [p::text(&query::READ), p::json(&asked)];
    let name = "audit_event_inclusion_proof";
    let mut statements = vec![
        (sql!("audit", "get"), &by_id[..]),
        (sql!("audit", "leaf_of"), &by_id[..]),
        (sql!("audit", "checkpoint"), &by_size[..]),
        (sql!("audit", "tiles_of_leaf"), &by_both[..]),
    ];
    let reviews = principal.may::<ReviewAudit>();
    if reviews {
        statements.push((sql!("audit", "record_access"), &recorded[..]));
    }
    let context = principal.context();
    let tx = if reviews { app.db.begin(name, context) } else { app.db.read(name, context) };
    let mut answers = tx.batch_and_commit(&statements).await?.into_iter();
    let mut next = || answers.next().unwrap_or_default();
    let event = next().into_iter().next();
    let (leaf_row, head) = (next().into_iter().next(), next().into_iter().next());
    let rows = next();
    // Of an event that has left for the archive nobody can tell who may see it: whoever sees all may.
    if event.is_none() && !(reviews && leaf_row.is_some()) {
        return Err(Problem::not_found(&problem::NOT_FOUND));
    }
    let (Some(leaf_row), Some(head)) = (leaf_row, head) else {
        return Err(not_sealed());
    };
    let leaf_index = row::natural(leaf_row.get("leaf_index"))?;
    let checkpoint = SignedHead::read(&head)?;
    let mut ranges = inclusion_ranges(leaf_index, checkpoint.size).map_err(|_| not_sealed())?;
    ranges.push(Range { begin: leaf_index, end: leaf_index + 1 });
    let mut proof = tiles(&rows)?.heads(&ranges).map_err(broken)?;
    let leaf_hash = proof.pop().unwrap_or(checkpoint.root);
    let leaf = event.as_ref().map(leaf).transpose()?;
    let proof = InclusionProof { event_id: id, leaf_index, leaf, leaf_hash, proof, checkpoint };
    Ok(reply(StatusCode::OK, &proof)?.into_response())
}

/// The content of the leaf of an event's row.
fn leaf(row: &Row) -> Result<String> {
    let event = row::event(row)?;
    Ok(event.leaf().map_err(|error| Problem::internal(error.to_string()))?.text())
}

fn not_sealed() -> Problem {
    let text = "No such head is over this event yet. Every event is sealed within a minute or two.";
    Problem::new(&problem::AUDIT_EVENT_NOT_SEALED, text)
}
