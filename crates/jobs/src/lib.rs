//! Everything that happens by the clock (S0-130 … S0-134, S2-30, S4-47, S4-97 … S4-99; docs/adr/0016):
//! one function, one schedule and one file for each job.
//!
//! A schedule says which job is due and when; it may say so twice, late, or while the last time is
//! still being worked at. What is to be done therefore stands in `jobs.runs`: a row for each job,
//! tenant and business date, which is claimed under a lease, worked off chunk by chunk with its place
//! noted in the transaction of the chunk, and gone on with by whoever comes next when its process
//! died. What other contexts do by the clock is a function of theirs that does one bounded chunk and
//! is harmless to repeat.

mod callers;
mod event;
mod feeds;
mod jobs;
mod registry;
mod run;
mod runner;
mod schedule;
mod services;

pub use callers::{FeedCaller, FeedSecrets};
pub use event::on_event;
pub use feeds::{FeedError, Feeds};
pub use jobs::JOBS;
pub use registry::{Job, Period, Scope, find};
pub use runner::{End, Order, Report, run};
pub use schedule::Schedule;
pub use services::Services;
