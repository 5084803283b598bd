//! Nothing lies dead in the schema: every function and view is reached from a statement that the
//! code sends, every index backs a key or is chosen by a plan.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex::Regex;
use testkit::database::TestDatabase;
use tokio_postgres::Client;

use crate::catalogue::texts;
use crate::statements;

/// Functions and views that no statement reaches, and who calls them. May only shrink.
const BY_HAND: &[(&str, &str)] = &[
    ("audit.classify_fields", "when migrating"),
    ("audit.guard_tables", "when migrating"),
    ("audit.field_classes", "by audit.classify_fields, and by reports of what is kept where"),
    ("audit.partition_may_go", "by the archive, before a month leaves the database"),
    ("platform.request_time", "by the functions of idempotency"),
    ("reporting.roll_up_activity", "by jobs.refresh_roll_ups, which finds roll-ups by their name"),
    ("users.activity_daily", "by reporting.roll_up_activity"),
    ("tenants.create_tenant", "by the demo data and the command line"),
    ("users.put_member", "by the demo data and the command line"),
    ("users.put_identity_provider", "by the local server"),
    (
        "products.active_products_view",
        "by reports: the documented shape (S0-90); a test holds it equal to the function (S0-95)",
    ),
    ("reporting.audit_log", "by reports: the documented shape (S0-58)"),
    ("reporting.audit_logs", "by reports: the documented shape (X-02)"),
    ("reporting.sessions", "by reports: the documented shape (S4-35, X-03)"),
];

/// Indexes that back no key and that no statement here chooses, and who will. May only shrink.
const AHEAD: &[(&str, &str)] = &[
    ("idx_audit_log_user_id", "reading the audit log (S0-66)"),
    ("idx_audit_log_timestamp", "reading the audit log (S0-67)"),
    ("idx_audit_log_action_type", "reading the audit log (S0-68)"),
    ("idx_audit_log_table_name", "reading the audit log (S0-69)"),
    ("idx_audit_log_record_id", "reading the audit log (S0-70)"),
    ("idx_audit_events_time", "reading the audit log, under the names of its partitions"),
    ("idx_audit_events_request_id", "the same: what one call did"),
    ("idx_audit_events_outcome", "the same: failures and refusals"),
    ("idx_audit_events_deleted", "the same: deletions"),
    ("idx_disposals_due", "executing disposals, inside audit.job_dispose"),
    ("idx_disposal_items_pending", "executing disposals, inside audit.job_dispose"),
    ("idx_erasure_requests_executing", "erasing the log, inside audit.erasures_to_run"),
    ("idx_audit_events_erased", "certifying an erasure, inside audit.job_erasure_put"),
    ("idx_audit_events_to_seal", "sealing, inside audit.job_seal_take"),
    ("idx_log_leaves_time", "counting a month's leaves, inside audit.job_archive_begin"),
    ("idx_legal_hold_scopes_record", "deleting what may be held, inside audit.holds_on"),
    ("idx_legal_hold_scopes_person", "deleting what may be held, inside audit.holds_on"),
    ("idx_legal_hold_scopes_wide", "deleting what may be held, inside audit.holds_on"),
    ("idx_retention_tables_kind", "archiving events, inside audit.job_archive_page"),
    ("idx_directory_events_pending", "trying events again, inside users.retry_pending_events"),
    ("idx_mail_queue_due", "taking mail that is due, inside users.claim_mail"),
    ("idx_password_credentials_scheme", "which schemes are in use, inside users.begin_sign_in"),
    ("idx_users_public_code", "finding users by their documented short id"),
    ("idx_user_sessions_last_activity", "reading sessions by activity (S0-80)"),
    ("idx_users_last_login", "listing users by their last sign-in (S4-17)"),
    ("idx_user_profiles_phone", "finding people by telephone number (S4-30)"),
    ("idx_invitations_token", "accepting an invitation, inside users.accept_invitation"),
    ("idx_sessions_expires", "purging sessions, inside users.job_purge (S4-44)"),
    ("idx_one_time_tokens_expires_at", "purging links, inside users.job_purge_tokens"),
    ("idx_throttles_window_start", "purging counters, inside users.job_purge_tokens"),
    (
        "idx_idempotency_keys_expires_at",
        "deleting stored answers, inside jobs.purge_idempotency_keys",
    ),
    ("idx_rate_history_superseded_at", "finding what may go, inside audit.due_records"),
    ("idx_rate_history_end_date", "the same"),
    ("idx_rate_changes_decided_at", "the same"),
    ("idx_product_comparison_items_rate", "which rates are needed still, inside the same"),
    ("idx_runs_open", "what is left to do, inside jobs.open_runs"),
    ("idx_runs_failed", "what failed since yesterday, inside jobs.daily_health"),
];

/// All Rust text of the crates.
pub(crate) fn sources() -> String {
    let mut text = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates"), &mut text);
    text
}

fn collect(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "testkit") {
            collect(&path, text);
        } else if path.extension().is_some_and(|end| end == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

/// Each function and view with the text it stands for, and the expressions of tables.
async fn definitions(client: &Client) -> BTreeMap<String, String> {
    let named = "select n.nspname || '.' || p.proname || ' ' || coalesce(p.prosrc, '') || ' ' ||
             coalesce(pg_get_function_sqlbody(p.oid), '')
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('platform','tenants','users','audit','products','rates','reporting','jobs')
       union all
      select c.oid::regclass::text || ' ' || pg_get_viewdef(c.oid)
        from pg_class c where c.relkind = 'v'
         and c.relnamespace::regnamespace::text in ('products','rates','reporting','users','audit','jobs')
       union all
      select c.oid::regclass::text || ' ' ||
             coalesce((select string_agg(pg_get_triggerdef(t.oid), ' ') from pg_trigger t
                        where t.tgrelid = c.oid and not t.tgisinternal), '') || ' ' ||
             coalesce((select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k
                        where k.conrelid = c.oid), '')
        from pg_class c where c.relkind in ('r', 'p') and not c.relispartition
         and c.relnamespace::regnamespace::text in
             ('platform','tenants','users','audit','products','rates','jobs')";
    let rows = texts(client, named).await.unwrap();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for row in rows {
        let (name, text) = row.split_once(' ').unwrap();
        found.entry(name.to_owned()).or_default().push_str(text);
    }
    found
}

#[tokio::test]
async fn every_function_and_view_is_reached_from_a_statement() {
    let database = TestDatabase::new().await;
    let definitions = definitions(&database.superuser().await).await;
    let name = Regex::new(r"\b[a-z]+\.[a-z_]+\b").unwrap();
    let mut texts: Vec<String> = statements::files().into_iter().map(|(_, text)| text).collect();
    // The kernel's own calls are strings in Rust, where every mention of a function would count.
    let calls = Regex::new(r#"(?s)"[^"]*\b(?:select|from|perform)\b[^"]*""#).unwrap();
    texts.extend(calls.find_iter(&sources()).map(|found| found.as_str().to_owned()));
    let mut reached = BTreeSet::new();
    while let Some(text) = texts.pop() {
        for found in name.find_iter(&text) {
            if let Some(definition) = definitions.get(found.as_str())
                && reached.insert(found.as_str().to_owned())
            {
                texts.push(definition.clone());
            }
        }
    }
    let by_hand: BTreeSet<&str> = BY_HAND.iter().map(|(name, _)| *name).collect();
    let dead: Vec<_> = definitions
        .keys()
        .filter(|name| !reached.contains(*name) && !by_hand.contains(name.as_str()))
        .collect();
    assert!(dead.is_empty(), "reached by nothing: {dead:?}");
}

#[tokio::test]
async fn every_index_backs_a_key_or_is_chosen_by_a_plan() {
    let database = TestDatabase::new().await;
    let superuser = database.superuser().await;
    let free = texts(
        &superuser,
        "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
          where c.relnamespace::regnamespace::text in
                ('platform','tenants','users','audit','products','rates','jobs')
            and not c.relispartition and not i.indisunique and not i.indisexclusion
            and not exists (select from pg_constraint k
                             where k.contype = 'f' and k.conrelid = i.indrelid
                               and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey)",
    )
    .await
    .unwrap();
    let chosen = chosen(&database, &superuser).await;
    let ahead: BTreeSet<&str> = AHEAD.iter().map(|(name, _)| *name).collect();
    let unused: Vec<_> = free
        .iter()
        .filter(|name| !chosen.contains(*name) && !ahead.contains(name.as_str()))
        .collect();
    assert!(unused.is_empty(), "chosen by no plan: {unused:?}");
    let known: Vec<_> = ahead.iter().filter(|name| chosen.contains(**name)).collect();
    assert!(known.is_empty(), "no longer unused, strike them off the list: {known:?}");
}

/// S0-90 and S0-95 are one thing in two shapes: the function spells the view out, because only so
/// its order reaches the index.
#[tokio::test]
async fn the_view_of_active_products_and_the_function_agree() {
    let database = TestDatabase::new().await;
    let client = database.superuser().await;
    let data = include_str!("../tenancy/canaries.sql");
    for firm in ["a", "b"] {
        client.batch_execute(&data.replace("{f}", firm)).await.unwrap();
    }
    let compared = "select (select count(*) from products.active_products_view)::text || ' ' ||
        (select count(*) from (select * from products.active_products_view
         except select * from products.get_active_products_with_rates()) x)::text || ' ' ||
        (select count(*) from (select * from products.get_active_products_with_rates()
         except select * from products.active_products_view) x)::text";
    assert_eq!(texts(&client, compared).await.unwrap(), ["2 0 0"]);
}

/// The indexes in the generic plans of all statements, and those that the functions scanned when a
/// firm's data was made, where a scan of the whole table is out of the question.
async fn chosen(database: &TestDatabase, superuser: &Client) -> BTreeSet<String> {
    let settings = format!(
        "alter database {0} set enable_seqscan = off;
         alter database {0} set plan_cache_mode = force_generic_plan",
        database.name()
    );
    superuser.batch_execute(&settings).await.unwrap();
    let firm = database.superuser().await;
    let data = include_str!("../tenancy/canaries.sql").replace("{f}", "a");
    firm.batch_execute(&data).await.unwrap();
    firm.batch_execute("select pg_stat_force_next_flush()").await.unwrap();
    let scanned = "select indexrelname from pg_stat_user_indexes where idx_scan > 0";
    let mut chosen: BTreeSet<String> = texts(&firm, scanned).await.unwrap().into_iter().collect();
    let login = statements::login(database).await;
    let index = Regex::new(r"Index (?:Only )?Scan(?: Backward)? (?:using|on) (\w+)").unwrap();
    for (name, text) in statements::files() {
        login.batch_execute(&format!("prepare s as {text}")).await.expect(&name);
        let count =
            "select cardinality(parameter_types) from pg_prepared_statements where name = 's'";
        let count: usize = texts(&login, count).await.unwrap()[0].parse().unwrap();
        let nulls = vec!["null"; count].join(", ");
        let call = if count == 0 { "s".to_owned() } else { format!("s({nulls})") };
        let plan = texts(&login, &format!("explain execute {call}")).await.expect(&name);
        chosen.extend(index.captures_iter(&plan.join("\n")).map(|found| found[1].to_owned()));
        login.batch_execute("deallocate s").await.unwrap();
    }
    chosen
}
