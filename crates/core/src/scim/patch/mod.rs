//! PATCH (RFC 7644 section 3.5.2): a list of operations on a resource, all or none.

mod apply;
mod request;
mod select;

pub use apply::apply;
pub use request::{Operation, PatchRequest, Verb};

/// Most operations of one PATCH.
pub const MAX_PATCH_OPERATIONS: usize = 1_000;
