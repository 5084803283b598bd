//! The shape of the house: which crate may lean on which, and what may stand where.

mod edges;
mod files;
mod policy;
