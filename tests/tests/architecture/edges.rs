//! Crate edges (design: `core` leans on nothing of ours, a context never on another context, and
//! only `db` sees the driver).

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

const CONTEXTS: [&str; 4] = ["products", "rates", "users", "audit"];
const OURS: [&str; 11] = [
    "wealth-core",
    "wealth-db",
    "wealth-http",
    "products",
    "rates",
    "users",
    "audit",
    "jobs",
    "wealth",
    "testkit",
    "tests",
];

/// Package → what it depends on outside tests.
fn edges() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo metadata");
    let packages = metadata.packages.iter().map(|package| {
        let normal = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
        (package.name.to_string(), normal.map(|d| d.name.clone()).collect())
    });
    packages.collect()
}

fn ours(dependencies: &BTreeSet<String>) -> Vec<&str> {
    dependencies.iter().map(String::as_str).filter(|d| OURS.contains(d)).collect()
}

#[test]
fn the_list_of_crates_is_complete() {
    let known: BTreeSet<String> = OURS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(edges().into_keys().collect::<BTreeSet<_>>(), known);
}

#[test]
fn the_core_is_pure() {
    let edges = edges();
    let core = &edges["wealth-core"];
    assert_eq!(ours(core), Vec::<&str>::new());
    for impure in ["tokio", "tokio-postgres", "axum", "hyper", "lambda_http", "aws-config"] {
        assert!(!core.contains(impure), "core depends on {impure}");
    }
}

#[test]
fn each_tier_leans_only_on_those_below() {
    let edges = edges();
    assert_eq!(ours(&edges["wealth-db"]), ["wealth-core"]);
    assert_eq!(ours(&edges["wealth-http"]), ["wealth-core", "wealth-db"]);
    for context in CONTEXTS {
        assert_eq!(ours(&edges[context]), ["wealth-core", "wealth-db", "wealth-http"], "{context}");
    }
    // What contexts do by the clock runs in one function; none of them knows of it.
    let below = ["audit", "rates", "users", "wealth-core", "wealth-db", "wealth-http"];
    assert_eq!(ours(&edges["jobs"]), below);
}

#[test]
fn only_the_database_crate_and_the_tools_see_the_driver() {
    for (package, dependencies) in edges() {
        let may = ["wealth-db", "wealth", "testkit", "tests"].contains(&package.as_str());
        for driver in ["tokio-postgres", "deadpool-postgres"] {
            assert!(may || !dependencies.contains(driver), "{package} depends on {driver}");
        }
    }
}

#[test]
fn nothing_that_runs_in_a_lambda_depends_on_the_tools() {
    let edges = edges();
    for package in ["wealth-core", "wealth-db", "wealth-http", "products", "rates", "audit", "jobs"]
    {
        for tool in ["clap", "indicatif", "testkit", "wealth", "anyhow"] {
            assert!(!edges[package].contains(tool), "{package} depends on {tool}");
        }
    }
}

#[test]
fn there_is_one_tls_provider_and_no_second_rustls() {
    // cargo tree and not cargo metadata: only the former leaves out what no feature asks for.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tree = std::process::Command::new(cargo);
    tree.args(["tree", "--workspace", "--target", "all", "--prefix", "none", "--format", "{p}"]);
    let output = tree.output().expect("cargo tree");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let packages: BTreeSet<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?, words.next()?))
        })
        .collect();
    let count = |name: &str| packages.iter().filter(|(n, _)| *n == name).count();
    assert_eq!(count("ring"), 0, "a second TLS provider");
    assert_eq!((count("rustls"), count("hyper"), count("http"), count("aws-lc-rs")), (1, 1, 1, 1));
}
