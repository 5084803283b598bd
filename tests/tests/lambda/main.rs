//! The built functions in an emulated Lambda, with the events of `events/`.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

mod answers;
mod background;
mod database_away;
mod failures;
mod freeze;
mod jobs;
mod lifecycle;
mod logins;
mod redact;
mod refresh;
mod secrets;
mod stories;
mod users;
mod world;
