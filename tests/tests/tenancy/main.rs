//! One tenant never sees or changes anything of another: at the level of SQL, at the level of
//! HTTP, by role, and with every single defence taken away in turn.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

#[path = "../schema/catalogue.rs"]
mod catalogue;
#[path = "../schema/rules.rs"]
mod rules;

mod bopla;
mod coverage;
mod crawl;
mod directory;
mod doors;
mod engine;
mod factors;
mod fixtures;
mod functions;
mod goods;
mod ids;
mod matrix;
mod mutants;
mod operations;
mod owned;
mod paths;
mod people;
mod probes;
mod relations;
mod retention;
mod standing;
mod world;
