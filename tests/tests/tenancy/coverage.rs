//! What leaves a trace: every operation that changes something and every table with records writes to
//! the audit log (threat 26 of rules.md, S3-08, S4-109). The report is docs/audit-coverage.md.

use std::collections::BTreeSet;

use http::Method;
use testkit::TestApp;

use crate::catalogue::compare;
use crate::fixtures;
use crate::operations;
use crate::owned;

/// Operations that answer a question with a body, or leave their trace elsewhere, and why.
const SILENT: &[(&str, &str)] = &[];

/// The actions that an operation left in the log, when it went well.
async fn actions(operation: &operations::Operation) -> Option<BTreeSet<String>> {
    let app = TestApp::new().await;
    let ids = owned::ready(&app, operation).await;
    let last = app.sql("select pg_current_xact_id()::text as xact").await[0]["xact"].clone();
    let answer = fixtures::own(&app, operation, &ids).await;
    if answer.status >= 400 {
        return None;
    }
    let since = format!(
        "select distinct action from audit.audit_events where xact > '{}'::xid8",
        last.as_str().expect("a number")
    );
    let rows = app.sql(&since).await;
    Some(rows.iter().map(|row| row["action"].as_str().expect("text").to_owned()).collect())
}

#[tokio::test]
async fn whatever_changes_something_is_in_the_log() {
    let app = TestApp::new().await;
    let mut seen = BTreeSet::new();
    let (mut lines, mut silent, mut failed) = (vec![
        "# What the audit log covers".to_owned(), String::new(),
        "Written by the tests of tenancy with `WEALTH_BLESS=1`; a mutating operation or a table with records that".to_owned(),
        "leaves no trace fails them.".to_owned(), String::new(),
        "| operation | events |".to_owned(), "|---|---|".to_owned()], Vec::new(), Vec::new());
    for operation in operations::all(&app) {
        if operation.method == Method::GET
            || !operation.path.starts_with("/v1/") && !operation.path.starts_with("/scim/")
        {
            continue;
        }
        let Some(actions) = actions(&operation).await else {
            failed.push(operation.id.clone());
            continue;
        };
        seen.extend(actions.iter().cloned());
        let reason = SILENT.iter().find(|(id, _)| *id == operation.id);
        let told = match (actions.is_empty(), reason) {
            (true, Some((_, reason))) => format!("none: {reason}"),
            (true, None) => {
                silent.push(operation.id.clone());
                continue;
            }
            (false, _) => actions
                .into_iter()
                .map(|action| format!("`{action}`"))
                .collect::<Vec<_>>()
                .join(" "),
        };
        lines.push(format!("| {} | {told} |", operation.id));
    }
    assert!(
        silent.is_empty() && failed.is_empty(),
        "no event of {silent:?}, no success of {failed:?}"
    );
    lines.extend([
        String::new(),
        "| table | classes | shown by |".to_owned(),
        "|---|---|---|".to_owned(),
    ]);
    let tables = "select m.table_name, m.classes, m.evidence, exists (
                select from pg_trigger t join pg_proc p on p.oid = t.tgfoid
                 where t.tgrelid = m.table_name::regclass and t.tgenabled = 'A' and p.pronamespace = 'audit'::regnamespace
                   and p.proname in ('row_change', 'statement_insert')) as has_trigger,
            exists (select from pg_proc p, regexp_matches(p.prosrc, '''([A-Za-z_.]+)''', 'g') x
                     where p.proname <> 'canonical_action' and p.pronamespace::regnamespace::text in
                           ('users', 'audit', 'products', 'rates', 'tenants', 'platform')
                       and (x[1] = m.evidence or audit.canonical_action(x[1]) = m.evidence)) as has_event
       from audit.retention_tables m order by 1";
    let mut unseen = Vec::new();
    for row in app.sql(tables).await {
        let text = |name: &str| row[name].as_str().expect(name).to_owned();
        let (table, evidence) = (text("table_name"), text("evidence"));
        let classes: Vec<&str> =
            row["classes"].as_array().expect("classes").iter().filter_map(|c| c.as_str()).collect();
        let shown = match evidence.as_str() {
            "itself" => table == "audit.audit_events",
            "trigger" => row["has_trigger"] == true,
            _ => seen.contains(&evidence) || row["has_event"] == true,
        };
        if !shown {
            unseen.push(format!("{table}: {evidence}"));
        }
        lines.push(format!("| {table} | {} | {evidence} |", classes.join(" ")));
    }
    assert!(unseen.is_empty(), "{unseen:?}");
    compare("../../docs/audit-coverage.md", &lines);
}

/// A new table has a class of records, or stands among those that hold none.
#[tokio::test]
async fn every_table_has_a_class() {
    let app = TestApp::new().await;
    let without = app.sql("select c.oid::regclass::text as name from pg_class c
         where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace::regnamespace::text in
               ('platform', 'tenants', 'users', 'audit', 'products', 'rates')
           and not exists (select from audit.retention_tables m where m.table_name = c.oid::regclass::text)
         order by 1").await;
    let without: Vec<&str> = without.iter().filter_map(|row| row["name"].as_str()).collect();
    // Reference data, the proof of the log and of its archive, counts made of it, and queues that empty
    // themselves.
    assert_eq!(
        without,
        [
            "audit.archive_drills",
            "audit.archive_files",
            "audit.archive_logs",
            "audit.archive_months",
            "audit.archive_settings",
            "audit.checkpoints",
            "audit.field_classes",
            "audit.log_leaves",
            "audit.log_tiles",
            "audit.logs",
            "audit.redactions",
            "audit.retention_classes",
            "audit.retention_rules",
            "audit.retention_tables",
            "audit.subject_key_uses",
            "platform.idempotency_keys",
            "users.activity_daily",
            "users.mail_queue",
            "users.one_time_tokens",
            "users.roles",
            "users.throttles",
        ]
    );
}
