//! `make bench`: every figure next to its limit or its peer from the same run.
//!
//! `cargo bench -p tests --bench figures -- plans import` runs some of the sections. What is exact
//! (round trips, plans, blocks) fails the run; what depends on the machine is reported as met or
//! missed. docs/performance.md says how to read the figures.
#![allow(
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a benchmark prints ratios of times, and reads the clock"
)]

mod archive;
mod audit;
mod bare;
mod enumeration;
mod import;
mod lambda;
mod latency;
mod load;
mod peers;
mod plans;
mod report;
mod round_trips;
mod saturation;
mod server;
mod sign_in;
mod world;

/// What each operation needs to succeed, from the tenancy suite: what its crawls know, this knows.
macro_rules! of_the_tenancy_suite {
    ($($name:ident $path:literal),* $(,)?) => {
        $(
            #[allow(dead_code, clippy::expect_used, clippy::panic, reason = "made for the crawls")]
            #[path = $path]
            mod $name;
        )*
    };
}
of_the_tenancy_suite! {
    directory "../../tests/tenancy/directory.rs",
    factors "../../tests/tenancy/factors.rs",
    fixtures "../../tests/tenancy/fixtures.rs",
    goods "../../tests/tenancy/goods.rs",
    ids "../../tests/tenancy/ids.rs",
    operations "../../tests/tenancy/operations.rs",
    owned "../../tests/tenancy/owned.rs",
    paths "../../tests/tenancy/paths.rs",
    people "../../tests/tenancy/people.rs",
    retention "../../tests/tenancy/retention.rs",
}

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use report::Report;
use world::World;

const SECTIONS: [&str; 12] = [
    "round-trips",
    "latency",
    "saturation",
    "sign-in",
    "enumeration",
    "lambda",
    "import",
    "audit",
    "archive",
    "plans",
    "million",
    "audit-plans",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        [server::SERVE, port] => one_thread(async { server::serve(port.parse()?).await }),
        [server::SERVE_USERS, port] => {
            one_thread(async { server::serve_users(port.parse()?).await })
        }
        [bare::BARE, port] => one_thread(async { bare::serve(port.parse()?).await }),
        [lambda::HELLO] => one_thread(lambda::hello()),
        // What is left names sections; cargo adds a flag of its own.
        _ => measure(&arguments.into_iter().filter(|a| !a.starts_with('-')).collect::<Vec<_>>()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One thread, as in Lambda.
fn one_thread(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

fn measure(wanted: &[&str]) -> Result<()> {
    for name in wanted {
        anyhow::ensure!(SECTIONS.contains(name), "no section {name}; there are {SECTIONS:?}");
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(sections(wanted))
}

async fn sections(wanted: &[&str]) -> Result<()> {
    let file = world::root().join("target/bench.jsonl");
    let mut report = Report::new(&file)?;
    let runs = |name: &str| wanted.is_empty() || wanted.contains(&name);
    if runs("round-trips") {
        round_trips::run(&mut report).await.context("round trips")?;
    }
    let world = World::new().await.context("a database with products")?;
    if runs("latency") {
        latency::run(&mut report, &world).await.context("latency")?;
    }
    if runs("saturation") {
        saturation::run(&mut report, &world).await.context("saturation")?;
    }
    if runs("sign-in") {
        sign_in::run(&mut report, &world).await.context("sign-in")?;
    }
    if runs("enumeration") {
        enumeration::run(&mut report).await.context("enumeration")?;
    }
    if runs("lambda") {
        lambda::run(&mut report, &world).await.context("lambda")?;
    }
    if runs("import") {
        import::run(&mut report).await.context("import")?;
    }
    if runs("audit") {
        audit::run(&mut report).await.context("audit")?;
    }
    // These take longer than everything else: only when they are asked for.
    if wanted.contains(&"archive") {
        archive::run(&mut report).await.context("archive")?;
    }
    if wanted.contains(&"million") {
        import::million(&mut report).await.context("million")?;
    }
    if wanted.contains(&"audit-plans") {
        plans::run_audit(&mut report).await.context("audit plans")?;
    }
    if runs("plans") {
        plans::run(&mut report).await.context("plans")?;
    }
    report.finish()
}
