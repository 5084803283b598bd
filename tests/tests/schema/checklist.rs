//! Walks the ids of the checklist: what each asks of the schema must be there as it asks.

use std::collections::{BTreeMap, BTreeSet};

use testkit::database::TestDatabase;

use crate::catalogue;

/// Items that ask nothing of the schema itself, and what answers them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("S0-113", "no aggregation is slow enough yet; that none is reachable is a rule (C0-14)"),
    ("S0-114", "statements.rs prepares every query; crates/db sends them unnamed (docs/adr/0001)"),
    ("S0-115", "the pool of crates/db and RDS Proxy in infra/"),
    ("S0-116", "ETag and If-None-Match in crates/http"),
    ("C0-19", "backups are not the archive: infra/ and the audit context"),
];

fn ids() -> BTreeSet<String> {
    let seed = (7..=107).chain(109..=116).chain(135..=136).chain(138..=139);
    let seed = seed.map(|number| format!("S0-{number:02}"));
    seed.chain((1..=25).map(|number| format!("C0-{number:02}"))).collect()
}

fn expected() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(catalogue::here("tests/schema/checklist.txt")).unwrap();
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (id, what) = line.split_once(' ').expect("an id and a line of the catalogue");
        map.entry(id.to_owned()).or_default().push(what.to_owned());
    }
    map
}

#[test]
fn every_id_is_asked_for() {
    let mut known: BTreeSet<String> = expected().into_keys().collect();
    for (id, _) in ELSEWHERE {
        assert!(known.insert((*id).to_owned()), "{id} is both here and elsewhere");
    }
    let missing: Vec<_> = ids().difference(&known).cloned().collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn every_item_is_there() {
    let database = TestDatabase::new().await;
    let found = catalogue::lines(&database.superuser().await).await.unwrap();
    let found: BTreeSet<String> = found.into_iter().collect();
    let mut missing = Vec::new();
    for (id, lines) in expected() {
        missing.extend(
            lines.iter().filter(|line| !found.contains(*line)).map(|line| format!("{id} {line}")),
        );
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
