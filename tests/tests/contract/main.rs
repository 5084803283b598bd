//! The promises to the outside: routes, documents, template, events, and how bad input is met.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

mod bad_input;
mod document;
mod events;
mod infra;
mod routes;
mod watch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// `METHOD /path/{parameter}`, as API Gateway spells a route.
pub(crate) type Routes = BTreeSet<String>;

/// The workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// A file of the workspace.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}
