//! An emulated Lambda service for one function: the built binary runs as a child process and talks
//! to a Runtime API on 127.0.0.1 exactly as it would inside an execution environment.
//!
//! What it is faithful to, because handlers depend on it: one invocation at a time, the headers of
//! `/next`, `/response` and `/error` with their limits, `/init/error`, the extensions API, the
//! environment variables of a real function and nothing else, SIGTERM only for a function with a
//! registered extension, and the freeze between two invocations.
//!
//! Sources: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes"
//! (2018-06-01) and "Lambda Extensions API" (2020-01-01).
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use std::time::Duration;
//! use testkit::lambda::{Function, Lambda, binary};
//!
//! let function = Function::new("products", binary("products").await?).env("DB_HOST", "127.0.0.1");
//! let lambda = Lambda::start(function).await?;
//! let outcome = lambda.invoke(&serde_json::json!({}), Duration::from_secs(10)).await?;
//! println!("{}", outcome.into_response()?);
//! # Ok(()) }
//! ```

mod binary;
mod event;
mod extension;
mod function;
mod output;
mod process;
mod server;
mod service;
#[cfg(test)]
mod tests;

pub use binary::binary;
pub use event::event;
pub use function::Function;
pub use output::Output;
pub use process::{Lambda, Started};
pub use server::RuntimeApi;
pub use service::{MAX_PAYLOAD, Outcome};
