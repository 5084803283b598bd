//! JSON that has one reading only.
//!
//! RFC 8259 §4 leaves duplicate names to the reader, and readers differ: a gateway may take the
//! first `sub` and we the last. RFC 7515 §4 and RFC 7519 §4 allow refusing them; this does, at
//! every depth.

use serde_json::{Map, Value};
use wealth_core::json;

use super::error::Refusal;

/// Reads exactly one JSON object whose names are distinct at every depth.
///
/// # Errors
/// [`Refusal::Json`].
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    json::from_slice(bytes).map_err(|_| Refusal::Json)
}
