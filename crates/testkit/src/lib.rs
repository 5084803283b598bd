//! Placeholder.
pub mod lambda;
