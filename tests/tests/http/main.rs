//! HTTP tests against a real PostgreSQL, one database per test.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

mod audit;
mod imports;
mod jobs;
mod kernel;
mod products;
mod rates;
mod scim;
mod users;
