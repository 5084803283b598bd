//! The rules of `rules.sql`.

use tokio_postgres::Client;

use crate::catalogue::texts;

const OURS: &str =
    "('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'reporting', 'jobs')";

/// A named query that finds what breaks the rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// What holds.
    pub(crate) name: String,
    query: String,
}

/// Every rule.
pub(crate) fn all() -> Vec<Rule> {
    let text = include_str!("rules.sql").replace("{ours}", OURS);
    let rules = text.split("-- rule: ").skip(1).filter_map(|part| part.split_once('\n'));
    rules.map(|(name, query)| Rule { name: name.to_owned(), query: query.to_owned() }).collect()
}

/// Whether a rule holds; else what breaks it.
pub(crate) async fn check(client: &Client, rule: &Rule) -> Result<(), String> {
    let found = texts(client, &rule.query).await?;
    if found.is_empty() { Ok(()) } else { Err(format!("{}: {}", rule.name, found.join("; "))) }
}
