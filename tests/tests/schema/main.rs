//! The schema against the checklist, against the rules that hold for all of it, and against what
//! uses it.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

mod catalogue;
mod checklist;
mod judges;
mod rules;
mod statements;
mod used;

use testkit::database::TestDatabase;

#[tokio::test]
async fn every_rule_holds() {
    let database = TestDatabase::new().await;
    let client = database.superuser().await;
    let mut broken = Vec::new();
    for rule in rules::all() {
        if let Err(what) = rules::check(&client, &rule).await {
            broken.push(what);
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What keeps tenants apart and records what happens, word for word: row security, policies,
/// triggers, grants, roles and the rights functions run with. A change shows here.
#[tokio::test]
async fn the_fences_are_the_committed_ones() {
    let database = TestDatabase::new().await;
    let found = catalogue::fences(&database.superuser().await).await.unwrap();
    catalogue::compare("tests/schema/fences.txt", &found);
}
