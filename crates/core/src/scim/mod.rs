//! SCIM 2.0 (RFC 7643, RFC 7644) without input or output: what a User and a Group are, what a
//! filter means, what a PATCH does, and what of a resource is shown.
//!
//! A resource is a JSON object with canonical member names ([`document::read`] makes it so): core
//! attributes at the top, those of an extension in an object under the extension's URN. Directories
//! spell things their own way; where Okta and Entra differ from the RFC, the place that bends says so.
//!
//! The parser is our own: of the crates on offer one has been still since 2024, the others carry
//! a parser generator or match filters as text, and none bounds depth, length or number of terms.

pub mod document;
pub mod error;
pub mod filter;
pub mod merge;
pub mod patch;
pub mod path;
pub mod project;
pub mod schema;
pub mod value;

mod lexer;

pub use error::{ScimError, ScimType};
pub use filter::Filter;
pub use patch::PatchRequest;
pub use project::Projection;
pub use schema::{Attribute, GROUP, ResourceType, Schema, USER};

/// A resource, or a part of one.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Schema URN of a list answer.
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// Schema URN of a PATCH request.
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Schema URN of a bulk request.
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// Schema URN of a bulk answer.
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
/// Schema URN of a search request.
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// Schema URN of an error.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// Most resources of one page.
pub const MAX_RESULTS: i64 = 200;
/// Most operations of one bulk request.
pub const MAX_OPERATIONS: usize = 1_000;
/// Largest bulk request, in bytes.
pub const MAX_PAYLOAD: usize = 1_048_576;

#[cfg(test)]
mod tests;
