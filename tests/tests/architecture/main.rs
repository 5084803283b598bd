//! The shape of the house: which crate may lean on which, and what may stand where.
#![allow(clippy::expect_used, reason = "a failing test panics")]

mod edges;
mod files;
mod policy;
