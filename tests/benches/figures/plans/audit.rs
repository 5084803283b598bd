//! Every question to the audit log, as a firm's log grows: 84 partitions, ten firms.

use anyhow::{Context as _, Result};
use tokio_postgres::Client;

use super::{Case, Data, TENANT};

/// Events.
pub(super) const DATA: Data = Data {
    what: "events",
    sizes: ["100 k", "1 M", "10 M"],
    fill: include_str!("audit.sql"),
    tables: "audit.audit_events",
    expensive: None,
    small: &["tenants", "users", "roles"],
    whole_firm: &[],
};

/// One case a line.
pub(super) async fn cases(superuser: &Client) -> Result<Vec<Case>> {
    let text = format!(
        "select event_id::text, request_id::text, resource_id, occurred_at::text from audit.audit_events
          where tenant_id = '{TENANT}' and occurred_at < '2021-06-01' order by occurred_at desc limit 1"
    );
    let rows = superuser.query_typed(&text, &[]).await?;
    let row = rows.first().context("an event")?;
    let [event, request, resource, at]: [String; 4] = [0, 1, 2, 3].map(|place| row.get(place));
    let mut cases = Vec::new();
    let mut ask = |name, role, arguments: &str| {
        let sql = sql!("audit", "list");
        cases.push(Case { name, role, sql, arguments: format!("({arguments}, 51)") });
    };
    let none = "null,null,null";
    ask("events", "system", &format!("false, {none}, {none}, null,null, null,null"));
    ask(
        "events, a page of years ago",
        "system",
        &format!("false, {none}, {none}, null,null, '{at}','{event}'"),
    );
    ask("events, own", "rep", &format!("true, {none}, {none}, null,null, null,null"));
    let actor = "'00000000-0000-7000-9000-000000000007'";
    ask(
        "events, actor",
        "system",
        &format!("false, {actor},null,null, {none}, null,null, null,null"),
    );
    for (name, action) in [
        ("events, action", "rates.updated"),
        ("events, an action that nobody did", "CREATE_PRODUCT"),
        ("events, row changes", "UPDATE"),
        ("events, deletions", "DELETE"),
    ] {
        ask(name, "system", &format!("false, null,'{action}',null, {none}, null,null, null,null"));
    }
    ask(
        "events, kind",
        "system",
        &format!("false, null,null,'groups', {none}, null,null, null,null"),
    );
    ask(
        "events, thing",
        "system",
        &format!("false, null,null,'rates', '{resource}',null,null, null,null, null,null"),
    );
    ask(
        "events, failed",
        "system",
        &format!("false, {none}, null,'failure',null, null,null, null,null"),
    );
    ask(
        "events, denied",
        "system",
        &format!("false, {none}, null,'denied',null, null,null, null,null"),
    );
    ask(
        "events, a month of years ago",
        "system",
        &format!("false, {none}, null,null,'2021-06-01Z', '2021-07-01Z',null, null,null"),
    );
    ask("events, call", "system", &format!("false, {none}, {none}, null,'{request}', null,null"));
    let mut add = |name, sql, arguments: String| {
        cases.push(Case { name, role: "system", sql, arguments });
    };
    add("event", sql!("audit", "get"), format!("('{event}')"));
    let history = sql!("audit", "record_history");
    add("history of a thing", history, format!("('rates', '{resource}', null,null, 51)"));
    Ok(cases)
}
