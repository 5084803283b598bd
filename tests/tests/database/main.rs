//! The database crate against real servers: round trips, rotation, TLS, a pooler, broken
//! connections, migrations, and the holes of the engine that the fence must not depend on.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

mod audit_key;
mod boot;
mod certificates;
mod engine;
mod feed_secrets;
mod freeze;
mod migrations;
mod moto;
mod pipelining;
mod pooler;
mod rotation;
mod secrets;
mod ses;
mod signing_keys;
mod storm;
mod tls;
mod world;
