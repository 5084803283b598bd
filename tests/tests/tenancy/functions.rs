//! Threat 2 of rules.md: a second firm calls every function its login may execute, with the ids of
//! the first. Whatever it is told must be what it is told for ids that nobody has.

use regex::Regex;
use tokio_postgres::Client;

use crate::catalogue::texts;
use crate::world::{A, ADMINISTRATOR, firms, login, request};

/// Functions that name a firm themselves, and why they may. May only shrink.
const NAMES_A_FIRM: &[(&str, &str)] = &[
    ("platform.begin_request", "starts a request: the token was verified for this firm"),
    ("users.find_issuer", "finds an issuer's public settings before the firm is known"),
    ("users.meet_token", "keeps what a token says: it was verified for this firm"),
    ("users.job_directory_tenants", "the nightly job visits every firm; it gives ids and no data"),
    ("users.job_directory_start", "the nightly comparison acts for the firm whose turn it is"),
    ("users.job_directory_keep", "the same"),
    ("users.job_directory_finish", "the same"),
    ("users.claim_mail", "whoever sends mail sends everybody's; the links in it are sealed"),
    ("users.find_api_key", "looks up the key that is shown; a wrong secret is noted for its firm"),
    (
        "users.record_refusal",
        "notes a refused credential for the firm it named; gives nothing back",
    ),
    ("rates.job_activate_due_rates", "a job acts for the firm its schedule names"),
    ("rates.job_ingest_feed_batch", "an event acts for the firm it was sent for"),
    ("users.job_purge_firms", "forgetting sessions visits every firm; it gives ids and no data"),
    ("audit.tenants_to_sweep", "disposal visits every firm; it gives ids and no data"),
    ("audit.tenants_to_seal", "sealing visits every log; it gives ids and no data"),
    ("audit.job_seal_state", "sealing works on the log that its schedule found; it gives hashes"),
    (
        "audit.job_seal_take",
        "the same: hands events over to be hashed, to the audit function alone",
    ),
    ("audit.job_seal_put", "the same: what it puts is held against what was signed"),
    ("audit.job_archive_tiles", "the same: it gives hashes"),
    ("audit.job_archived", "the same: notes how far the archive is"),
    (
        "audit.job_archive_page",
        "the archive works on the log whose turn it is; hands a closed month to the jobs function alone",
    ),
    ("audit.job_archive_put", "the same: refused unless it is the log's turn"),
    ("audit.job_archive_written", "the same"),
    ("audit.job_archive_verified", "the same"),
    ("audit.job_archive_files", "the same: names and hashes of files"),
    ("audit.job_archive_previous", "the same: the hash of a manifest"),
    (
        "audit.job_archive_keys",
        "the same: the keys of what is told about people, to the jobs function alone",
    ),
    (
        "audit.job_restore_rows",
        "a restore puts back what the archive has; refused for any other month",
    ),
    ("jobs.open_runs", "the schedules visit every firm; it gives ids and no data"),
    ("jobs.claim", "a job acts for the firm whose run it is; it gives the run's own place"),
    ("jobs.keep", "the same: notes what a chunk did"),
    ("jobs.let_go", "the same"),
    ("jobs.status", "the operator sees how every firm's runs went, and nothing they worked on"),
    ("jobs.purge_idempotency_keys", "a chunk of a run, which its epoch proves; it gives counts"),
    ("jobs.purge_runs", "the same"),
    ("jobs.turn_availability", "the same"),
    ("jobs.make_audit_partitions", "the same"),
    ("jobs.analyze_tables", "the same"),
    ("jobs.refresh_roll_ups", "the same"),
    ("jobs.report_health", "the same"),
    ("rates.tenants_with_due_rates", "the daily job visits every firm; it gives ids and no data"),
];

/// The functions a login may execute: name, parameter names and types.
const EXECUTABLE: &str = "
    select p.oid::regproc::text || '|' || coalesce(array_to_string(p.proargnames[1:p.pronargs], ','), '')
           || '|' || coalesce((select string_agg(format_type(t, null), ',' order by o)
                                 from unnest(p.proargtypes) with ordinality x(t, o)), '')
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'reporting', 'jobs')
       and has_schema_privilege('wealth_test', n.oid, 'usage')
       and has_function_privilege('wealth_test', p.oid, 'execute')
     order by 1";

/// The value of a parameter, as firm A has it.
fn argument(name: &str, kind: &str) -> String {
    let id = |tail: &str| format!("'aaaaaaaa-0000-7000-8000-0000000000{tail}'");
    let rows = "'[{\"line\": 1, \"cusip\": \"037833100\", \"product_id\": \
                \"aaaaaaaa-0000-7000-8000-000000000002\", \"external_id\": \"canary-a-leak 1\", \
                \"product_name\": \"x\", \"product_type\": \"CD\", \"base_rate\": 4.1, \
                \"bonus_rate\": 0, \"effective_date\": \"2026-11-21\"}]\'";
    let items = "'{\"comparison_id\": \"aaaaaaaa-0000-7000-8000-0000000000e1\", \"horizon_months\": 12, \
                 \"investment_amount\": 1000, \"as_of\": \"2026-11-21\", \"known_at\": \"2026-11-21T12:00:00Z\", \
                 \"result\": \"x\", \"items\": [\
                 {\"product_id\": \"aaaaaaaa-0000-7000-8000-000000000001\", \"product_version\": 1},\
                 {\"product_id\": \"aaaaaaaa-0000-7000-8000-000000000002\", \"product_version\": 1}]}'";
    let value = match (name, kind) {
        ("p_product_id", _) => id("02"),
        ("p_availability_id", _) => id("b2"),
        ("p_change_id", _) => id("c1"),
        ("p_comparison_id", _) => id("e1"),
        ("p_override_id", _) => id("c3"),
        ("p_recommendation_id", _) => id("e3"),
        ("p_appointment_id", _) => id("e2"),
        ("p_import_id", _) => id("f1"),
        ("p_directory_run_id", _) => "'aaaaaaaa-0000-7000-b400-000000000001'".to_owned(),
        ("p_hook_id", _) => "'aaaaaaaa-0000-7000-b300-000000000001'".to_owned(),
        ("p_invitation_id", _) => "'aaaaaaaa-0000-7000-b400-000000000001'".to_owned(),
        ("p_identity_provider_id", _) => "'aaaaaaaa-0000-7000-b200-000000000001'".to_owned(),
        ("p_session_id", _) => "'aaaaaaaa-0000-7000-a000-000000000001'".to_owned(),
        ("p_api_key_id", _) => "'aaaaaaaa-0000-7000-b100-000000000001'".to_owned(),
        ("p_administers", _) => "true".to_owned(),
        ("p_user_id", _) => "'aaaaaaaa-0000-7000-9000-000000000001'".to_owned(),
        ("p_rows", _) => rows.to_owned(),
        ("p", "jsonb") => items.to_owned(),
        ("p_counts", _) => "'{\"created\": 1, \"updated\": 0, \"unchanged\": 0, \
            \"quarantined\": 0, \"failed\": 0}'"
            .to_owned(),
        ("p_errors", _) => "'[]'".to_owned(),
        ("p_changes", _) => "'{\"product_name\": \"x\"}'".to_owned(),
        ("p_expected_version", _) => "null".to_owned(),
        ("p_cusip", _) => "'594918104'".to_owned(),
        ("p_product_type", _) => "'CD'".to_owned(),
        ("p_kind", _) => "'products'".to_owned(),
        ("p_format", _) => "'csv'".to_owned(),
        ("p_status", "text") => "'finished'".to_owned(),
        ("p_options", _) => "'{\"product_id\": \"aaaaaaaa-0000-7000-8000-000000000002\", \
            \"batch_id\": \"aaaaaaaa-0000-7000-8000-0000000000d1\"}\'"
            .to_owned(),
        (_, "uuid") => id("01"),
        (_, "jsonb") => "'{}'".to_owned(),
        (_, "text" | "character varying") => "'canary-a-leak'".to_owned(),
        (_, "bytea") => "'\\x01'".to_owned(),
        (_, "boolean") => "false".to_owned(),
        (_, "date") => "'2026-11-21'".to_owned(),
        (_, "timestamp with time zone") => "'2026-11-21T12:00:00Z'".to_owned(),
        (_, "inet") => "'203.0.113.9'".to_owned(),
        (_, "integer") => "200".to_owned(),
        (_, "bigint" | "numeric") => "1".to_owned(),
        _ => "null".to_owned(),
    };
    format!("{value}::{kind}")
}

/// The same with ids and names that nobody has.
fn unknown(text: &str) -> String {
    text.replace("aaaaaaaa-", "cccccccc-").replace("canary-a-leak", "canary-c-leak")
}

/// What a call gives, as text: result or error. Committed, so that every effect is real.
async fn call(client: &Client, statement: &str) -> String {
    client
        .batch_execute(&format!("begin; {}", request('b', ADMINISTRATOR)))
        .await
        .expect("the context of firm B");
    let said = match client.simple_query(statement).await {
        Ok(messages) => format!(
            "{:?}",
            messages
                .iter()
                .filter_map(|message| match message {
                    tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                    _ => None,
                })
                .collect::<Vec<_>>()
        ),
        Err(error) => {
            let error = error.as_db_error().expect("an error of the server");
            format!("{:?} {} {:?}", error.code(), error.message(), error.detail())
        }
    };
    client.batch_execute("commit").await.expect("the end of the transaction");
    said
}

/// Leaves out what differs from call to call: fresh ids and instants.
fn masked(said: &str) -> String {
    let id = Regex::new("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}").unwrap();
    let time = Regex::new(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d(:\d\d)?|Z)?").unwrap();
    let said = said.replace("canary-a-leak", "canary-c-leak");
    time.replace_all(&id.replace_all(&said, "ID"), "TIME").into_owned()
}

/// Every table's rows of firm A.
pub(crate) async fn rows_of_a(client: &Client) -> Vec<String> {
    let tables = "select c.oid::regclass::text from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
         where c.relkind in ('r', 'p') and not c.relispartition
           and c.relnamespace::regnamespace::text in
               ('platform', 'tenants', 'users', 'audit', 'products', 'rates', 'jobs') order by 1";
    let mut found = Vec::new();
    for table in texts(client, tables).await.unwrap() {
        let query = format!(
            "select '{table} ' || count(*) || ' ' || coalesce(md5(string_agg(x::text, '' order by x::text)), '')
               from {table} x where tenant_id = '{A}'"
        );
        found.extend(texts(client, &query).await.unwrap());
    }
    let people = format!(
        "select 'users ' || md5(string_agg(u::text || i::text, '' order by u::text || i::text))
           from users.users u join users.user_identities i using (user_id)
           join users.memberships m using (user_id) where m.tenant_id = '{A}'"
    );
    found.extend(texts(client, &people).await.unwrap());
    found
}

/// Calls everything; how many calls it took, and what was told.
async fn crawl(superuser: &Client, client: &Client) -> (u32, Vec<String>) {
    let (mut calls, mut told) = (0, Vec::new());
    for line in texts(superuser, EXECUTABLE).await.unwrap() {
        let mut parts = line.split('|');
        let (name, names, kinds) =
            (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        if NAMES_A_FIRM.iter().any(|(exempt, _)| *exempt == name) {
            continue;
        }
        let pairs = names.split(',').zip(kinds.split(',')).filter(|(_, kind)| !kind.is_empty());
        let arguments: Vec<_> = pairs.clone().map(|(name, kind)| argument(name, kind)).collect();
        let nulls: Vec<_> = pairs.map(|(_, kind)| format!("null::{kind}")).collect();
        let statement = format!("select f::text from {name}({}) f", arguments.join(", "));
        // The unknown ids first: what a success leaves behind in firm B must not make the other
        // call fail where this one did not.
        let control = call(client, &unknown(&statement)).await;
        let theirs = call(client, &statement).await;
        if masked(&theirs) != masked(&control) && !told_by_own_rows(name) {
            told.push(format!("{name}: {theirs} for theirs, {control} for unknown ones"));
        }
        let nothing =
            call(client, &format!("select f::text from {name}({}) f", nulls.join(", "))).await;
        for said in [&theirs, &nothing] {
            if said.contains(A) || said.contains("canary-a-leak annuity") {
                told.push(format!("{name}: {said}"));
            }
        }
        calls += 3;
    }
    (calls, told)
}

#[tokio::test]
async fn no_function_tells_or_changes_anything_of_another_firm() {
    let (database, superuser) = firms().await;
    let client = login(&database).await;
    let before = rows_of_a(&superuser).await;
    let (calls, told) = crawl(&superuser, &client).await;
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert_eq!(rows_of_a(&superuser).await, before);
    assert!(calls > 100, "{calls} calls");
    println!("{calls} calls");
}

/// The crawl itself is put to the test: functions that act for the wrong firm must be noticed.
#[tokio::test]
async fn the_crawl_notices_functions_that_act_for_the_wrong_firm() {
    let (database, superuser) = firms().await;
    let wrong = format!(
        "do $$ begin execute replace(pg_get_functiondef('platform.set_context'::regproc),
            'p_tenant_id::text', '''{A}'''); end $$"
    );
    superuser.batch_execute(&wrong).await.unwrap();
    let before = rows_of_a(&superuser).await;
    let (_, told) = crawl(&superuser, &login(&database).await).await;
    assert!(told.len() > 12, "only {told:?}");
    assert_ne!(rows_of_a(&superuser).await, before);
}

/// Where the second call meets what the first one made in the caller's own firm.
fn told_by_own_rows(name: &str) -> bool {
    ["products.import_batch", "rates.import_batch", "rates.put_settings"].contains(&name)
}
