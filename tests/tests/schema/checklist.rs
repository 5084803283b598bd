//! Walks the ids of the checklist: what each asks of the schema must be there as it asks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use testkit::database::TestDatabase;

use crate::catalogue;

/// Items that ask nothing of the schema itself, and what answers them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("S0-113", "no aggregation is slow enough yet; that none is reachable is a rule (C0-14)"),
    ("S0-114", "statements.rs prepares every query; crates/db sends them unnamed (docs/adr/0001)"),
    ("S0-115", "the pool of crates/db and RDS Proxy in infra/"),
    ("S0-116", "ETag and If-None-Match in crates/http"),
    ("C0-19", "backups are not the archive: infra/ and the audit context"),
    // The audit log, its archive, retention and jobs.
    (
        "S0-130",
        "sql/jobs/functions/weekly_health.sql: bloat and unused indexes in the weekly report",
    ),
    ("S0-131", "the job analyze-tables"),
    ("S0-132", "autovacuum's figures in the reports of health"),
    ("S0-133", "the job archive-audit; tests/http/audit/archive"),
    ("S0-134", "class rate_history; tests/http/audit/retention.rs"),
    ("S0-142", "docs/audit-archive.md and its runbook; tests/http/audit/archive/restore.rs"),
    ("S1-50", "action is noun.verb, details and inet: crates/core/src/audit/event_tests.rs"),
    ("S1-68", "the monthly report of health; docs/runbooks/jobs.md"),
    ("S1-69", "gaps and the log's own job in the reports of health; tests/http/jobs/reports.rs"),
    ("S2-29", "the job make-audit-partitions names them; tests/http/jobs/each.rs"),
    (
        "S2-30",
        "the job make-audit-partitions, every day; an alarm instead of a default (docs/adr/0016)",
    ),
    ("S2-52", "tests/http/audit/personal.rs"),
    ("S2-53", "product.created, hold.placed and the rest: docs/audit-coverage.md"),
    ("S2-54", "session.opened, token refused and the rest: docs/audit-coverage.md"),
    ("S2-55", "class client_record; tests/http/audit/retention.rs"),
    ("S2-56", "class transaction_record; tests/http/audit/retention.rs"),
    ("S2-57", "class communication; tests/http/audit/retention.rs"),
    ("S2-58", "the job archive-audit; tests/http/audit/archive"),
    ("S3-08", "tests/tenancy/coverage.rs"),
    ("S3-84", "tests/tenancy/coverage.rs goes through every table with records"),
    ("S4-47", "the job purge-sessions; tests/http/jobs/each.rs"),
    ("S4-62", "tests/http/audit/erasures.rs: the log lets nothing else through"),
    ("S4-65", "GET /v1/audit/events and the reports of health"),
    ("S4-76", "GET /v1/audit/events?actor_id=&from=; tests/http/audit/reads.rs"),
    ("S4-97", "the daily report of health; tests/http/jobs/reports.rs"),
    ("S4-98", "the weekly report of health"),
    ("S4-99", "the monthly report of health"),
    ("S4-109", "tests/tenancy/coverage.rs; DDL comes by migrations alone (platform.migrations)"),
    ("S4-113", "tests/http/audit/erasures.rs: for no role, in no partition"),
    ("S4-124", "the job archive-audit; tests/http/audit/archive"),
    ("X-02", "tests/http/audit/personal.rs: the views have the documented columns"),
    ("X-14", "tests/http/audit/retention.rs and crates/core/src/retention"),
    ("X-19", "tests/http/audit/holds.rs and disposals.rs"),
    ("X-20", "tests/http/audit/redaction.rs"),
    ("X-21", "tests/http/jobs"),
];

/// The audit log, its archive, retention and the jobs.
const AUDIT: &[(&str, RangeInclusive<u32>)] = &[
    ("S0", 130..=134),
    ("S0", 141..=142),
    ("S1", 14..=14),
    ("S1", 50..=50),
    ("S1", 68..=69),
    ("S2", 13..=13),
    ("S2", 28..=30),
    ("S2", 51..=59),
    ("S3", 8..=8),
    ("S3", 84..=84),
    ("S4", 47..=47),
    ("S4", 51..=65),
    ("S4", 76..=76),
    ("S4", 97..=99),
    ("S4", 109..=109),
    ("S4", 113..=113),
    ("S4", 120..=120),
    ("S4", 124..=124),
    ("X", 2..=2),
    ("X", 14..=14),
    ("X", 19..=21),
];

fn ids() -> BTreeSet<String> {
    let seed = (7..=107).chain(109..=116).chain(135..=136).chain(138..=139);
    let seed = seed.map(|number| format!("S0-{number:02}"));
    let seed = seed.chain((1..=25).map(|number| format!("C0-{number:02}")));
    let audit = AUDIT.iter().flat_map(|(source, numbers)| {
        numbers.clone().map(move |number| format!("{source}-{number:02}"))
    });
    seed.chain(audit).collect()
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
