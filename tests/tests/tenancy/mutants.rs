//! Threat 3 of rules.md: each defence is taken away in turn, and a probe must notice.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use tokio_postgres::Client;

use crate::catalogue::texts;
use crate::probes;
use crate::world::firms;

/// Each mutant: what it does to which object, as `kind|statement`.
const MUTANTS: &str = include_str!("mutants.sql");

/// As many databases are weakened side by side.
const LANES: usize = 4;

/// The probes in the order that is quickest for this kind of mutant; all are tried before one is
/// called a survivor.
fn probes_for(kind: &str) -> impl Iterator<Item = &'static str> {
    let first: &[usize] = match kind {
        _ if kind.starts_with("policy") || kind.starts_with("row security") => &[0, 3, 4, 5, 1, 2],
        _ if kind.starts_with("trigger") => &[6, 7, 8],
        "read revoked" => &[5],
        "view with the owner's rights" => &[0],
        "role strengthened" => &[0, 2, 3],
        _ => &[],
    };
    let structure = probes::ALL.len() - 1;
    let rest = (0..structure).filter(|place| !first.contains(place));
    let order: Vec<usize> = first.iter().copied().chain([structure]).chain(rest).collect();
    order.into_iter().map(|place| probes::ALL[place])
}

/// What notices the mutant, if anything does.
async fn killer(client: &Client, kind: &str, statement: &str) -> Option<&'static str> {
    client.batch_execute(&format!("begin; {statement}")).await.expect(statement);
    let mut killer = None;
    for name in probes_for(kind) {
        if probes::check(client, name).await.is_err() {
            killer = Some(name);
            break;
        }
    }
    client.batch_execute("rollback").await.expect("the end of the mutant");
    killer
}

/// Every fourth mutant: its kind, its statement and what noticed it.
async fn lane(lane: usize) -> Vec<(String, String, Option<&'static str>)> {
    let (_database, client) = firms().await;
    let mutants = texts(&client, MUTANTS).await.expect("the list of mutants");
    let mut found = Vec::new();
    for mutant in mutants.iter().skip(lane).step_by(LANES) {
        let (kind, statement) = mutant.split_once('|').expect("a kind and a statement");
        found.push((kind.to_owned(), statement.to_owned(), killer(&client, kind, statement).await));
    }
    found
}

#[tokio::test]
async fn every_defence_is_missed_when_it_is_gone() {
    let found = join_all((0..LANES).map(lane)).await.concat();
    let mut killed: BTreeMap<String, BTreeMap<&str, u32>> = BTreeMap::new();
    let mut survivors = Vec::new();
    for (kind, statement, killer) in &found {
        match killer {
            Some(name) => *killed.entry(kind.clone()).or_default().entry(name).or_default() += 1,
            None => survivors.push(statement.as_str()),
        }
    }
    println!("{} mutants", found.len());
    for (kind, by) in &killed {
        println!("{kind}: {by:?}");
    }
    assert!(survivors.is_empty(), "{} survive:\n{}", survivors.len(), survivors.join("\n"));
    assert!(found.len() > 500, "only {} mutants", found.len());
}
