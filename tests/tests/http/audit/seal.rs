//! Every committed event gets its leaf, exactly once, whoever writes meanwhile and whatever dies.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use object_store::memory::InMemory;
use serde_json::json;
use testkit::{Firm, TestApp, seals_with};
use uuid::Uuid;
use wealth_core::audit::Checkpoint;

use super::{events, firm, head, key, product};

/// Events without a leaf, and leaves without an event or with a second one.
async fn unsealed(app: &TestApp) -> u64 {
    let query = "select count(*) as n from audit.audit_events e
        where not exists (select from audit.log_leaves l
                           where l.tenant_id = e.tenant_id and l.event_id = e.event_id)";
    app.sql(query).await[0]["n"].as_u64().expect("a number")
}

async fn leaves(app: &TestApp) -> u64 {
    let query = format!(
        "select count(*) as n, min(leaf_index) as low, max(leaf_index) as high
           from audit.log_leaves where tenant_id = '{}'",
        firm()
    );
    let row = app.sql(&query).await.remove(0);
    let count = row["n"].as_u64().expect("a number");
    assert_eq!((row["low"].as_u64(), row["high"].as_u64()), (Some(0), count.checked_sub(1)));
    count
}

#[tokio::test]
async fn every_event_is_sealed_once_and_a_second_run_finds_nothing() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    let before = app.system_admin().get("/v1/audit/checkpoint").await.expect(404);
    assert_eq!(before.code(), "audit_log_not_sealed");
    assert!(app.seal().await > 10, "both firms and the platform");
    assert_eq!((unsealed(&app).await, app.seal().await), (0, 0));
    let first = head(&app).await;
    let opened =
        Checkpoint::open(first["note"].as_str().expect("a note"), &[key(&first)]).expect("a head");
    assert_eq!(opened.size, events(&app).await);
    assert_eq!(opened.root.to_string(), first["root"].as_str().expect("a root"));
    assert_eq!(opened.origin, format!("wealth.example/audit/{}", firm()));
    product(&app, 2).await;
    assert!(app.seal().await > 0);
    assert_eq!(leaves(&app).await, events(&app).await);
    assert!(head(&app).await["size"].as_u64() > first["size"].as_u64());
}

/// A transaction that began before others and commits after they were sealed is neither lost nor
/// waited for.
#[tokio::test]
async fn a_slow_transaction_is_sealed_when_it_commits() {
    let app = TestApp::new().await;
    app.seal().await;
    let slow = app.database.superuser().await;
    let write = |n: u32| {
        format!(
            "insert into audit.audit_events (tenant_id, actor_type, action)
             values ('{}', 'system', 'slow.written{n}')",
            firm()
        )
    };
    slow.batch_execute(&format!("begin; {}", write(1))).await.expect("the slow one");
    product(&app, 1).await;
    let others = events(&app).await;
    // It runs still: what came after it has to wait for it, so that the order is that of the numbers.
    app.seal_once().await.expect("a run");
    assert!(leaves(&app).await < others);
    slow.batch_execute(&format!("{}; commit", write(2))).await.expect("the slow one");
    app.seal().await;
    assert_eq!((unsealed(&app).await, leaves(&app).await), (0, events(&app).await));
}

#[tokio::test]
async fn runs_at_once_and_writers_give_each_event_one_leaf() {
    let app = TestApp::new().await;
    let writers = (0..4).map(|writer| {
        let app = &app;
        async move {
            for number in 0..6 {
                product(app, 1 + writer * 10 + number).await;
            }
        }
    });
    let sealers = (0..4).map(|_| async {
        for _ in 0..6 {
            app.seal_once().await.expect("a run that meets another stands back");
        }
    });
    futures_util::future::join(join_all(writers), join_all(sealers)).await;
    app.seal().await;
    assert_eq!((unsealed(&app).await, leaves(&app).await), (0, events(&app).await));
}

/// A whole month's import in one transaction, over several chunks.
#[tokio::test]
async fn a_transaction_larger_than_a_chunk_is_sealed_whole() {
    let app = TestApp::new().await;
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, actor_type, action, new_values)
         select '{}', 'system', 'row.loaded', jsonb_build_object('n', n, 'rate', 4.1000)
           from generate_series(1, 12000) n",
        firm()
    ))
    .await;
    assert!(app.seal().await >= 12_000);
    assert_eq!((unsealed(&app).await, leaves(&app).await), (0, events(&app).await));
    let heads = app
        .sql(&format!("select count(*) as n from audit.checkpoints where tenant_id = '{}'", firm()))
        .await;
    assert!(heads[0]["n"].as_u64() >= Some(3), "{heads:?}");
}

/// Events of a log, recorded so many minutes ago.
async fn write(app: &TestApp, tenant: Uuid, events: u32, minutes: u32) {
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, actor_type, action, recorded_at)
         select '{tenant}', 'system', 'row.loaded', clock_timestamp() - interval '{minutes} minutes'
           from generate_series(1, {events})"
    ))
    .await;
}

#[tokio::test]
async fn a_log_with_much_to_seal_keeps_no_other_waiting() {
    let app = TestApp::new().await;
    app.seal().await;
    write(&app, Uuid::nil(), 12_000, 1).await;
    write(&app, Firm::Meridian.tenant_id(), 6_000, 30).await;
    write(&app, Firm::Harbour.tenant_id(), 3, 90).await;
    let before = app.sql("select max(sealed_at)::text as at from audit.checkpoints").await;
    app.seal().await;
    // The one that waits longest first; then one chunk of each in turn.
    let order = app
        .sql(&format!(
            "select string_agg(right(tenant_id::text, 1), '' order by sealed_at) as logs
               from audit.checkpoints where sealed_at > '{}'",
            before[0]["at"].as_str().expect("an instant")
        ))
        .await;
    assert_eq!(order, [json!({"logs": "ba0a00"})]);
}

#[tokio::test]
async fn a_run_without_time_opens_no_log_and_tells_how_long_events_wait() {
    let app = TestApp::new().await;
    app.seal().await;
    write(&app, Firm::Meridian.tenant_id(), 1, 30).await;
    write(&app, Firm::Harbour.tenant_id(), 1, 10).await;
    let over = async || audit::seal(&app.app, &app.seals, Instant::now()).await.expect("a run");
    let mut run = over().await;
    // A transaction of another test may hold up what is seen.
    while run.waited.is_none_or(|waited| waited < 1_800) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        run = over().await;
    }
    assert_eq!((run.logs, run.leaves), (0, 0));
    assert!(run.waited < Some(2_400), "{run:?}");
    app.seal().await;
    assert_eq!(over().await.waited, None);
}

/// The next run does what one that died left: before the leaves were put, or before they were archived.
#[tokio::test]
async fn a_run_that_died_leaves_nothing_behind() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    app.execute(
        "create function public.die() returns trigger language plpgsql as
             $$ begin raise exception 'the machine is gone'; end $$;
         create trigger die before insert on audit.checkpoints execute function public.die()",
    )
    .await;
    let failed = app.seal_refused().await;
    assert_eq!(failed.code().code, "dependency_unavailable");
    let left = app.sql("select (select count(*) from audit.log_leaves) as leaves, (select count(*) from audit.log_tiles) as tiles").await;
    assert_eq!(left, [json!({"leaves": 0, "tiles": 0})]);
    app.execute("drop trigger die on audit.checkpoints").await;
    app.seal().await;
    // Committed and not archived: as far as the database knows.
    app.execute("update audit.logs set archived_size = 0").await;
    app.seal().await;
    let archived = app.sql("select bool_and(archived_size = size) as all from audit.logs").await;
    assert_eq!(archived, [json!({"all": true})]);
    assert_eq!((unsealed(&app).await, leaves(&app).await), (0, events(&app).await));
}

/// A dump that is restored on another server brings numbers of transactions that are not that
/// server's own.
#[tokio::test]
async fn a_log_from_another_server_goes_on() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    app.seal().await;
    product(&app, 2).await;
    app.execute(
        "update audit.logs set sealed_xact = '9000000000';
         set session_replication_role = replica;
         alter table audit.audit_events disable trigger user;
         update audit.audit_events set xact = '9000000001' where action = 'product.created';
         alter table audit.audit_events enable always trigger audit_events_append_only;
         alter table audit.audit_events enable always trigger audit_events_no_truncate;
         set session_replication_role = origin",
    )
    .await;
    app.seal().await;
    assert_eq!((unsealed(&app).await, leaves(&app).await), (0, events(&app).await));
    product(&app, 3).await;
    app.seal().await;
    assert_eq!((unsealed(&app).await, leaves(&app).await), (0, events(&app).await));
}

/// Nothing is signed for a log that is not what was signed before.
#[tokio::test]
async fn a_log_that_was_made_anew_gets_no_signature() {
    let mut app = TestApp::new().await;
    product(&app, 1).await;
    app.seal().await;
    for forgery in [
        // The edge is changed.
        "update audit.log_tiles set hashes = sha256('x') || substring(hashes from 33)",
        // The last head is gone, or another one's.
        "delete from audit.checkpoints",
        "update audit.checkpoints set note = replace(note, 'wealth.example', 'other.example')",
        // All of it was forgotten: only the archive knows better.
        "delete from audit.checkpoints; delete from audit.log_tiles; delete from audit.log_leaves; delete from audit.logs",
        // It was set back.
        "delete from audit.log_leaves where leaf_index > 0; delete from audit.checkpoints; delete from audit.logs",
    ] {
        product(&app, 2 + u32::try_from(forgery.len()).expect("a number")).await;
        app.execute(&format!(
            "create table public.kept as select * from audit.logs;
             create table public.kept_tiles as select * from audit.log_tiles;
             create table public.kept_heads as select * from audit.checkpoints;
             create table public.kept_leaves as select * from audit.log_leaves;
             {};
             begin; {forgery}; commit",
            triggers("disable")
        ))
        .await;
        let refused = app.seal_refused().await;
        assert_eq!(refused.code().code, "chain_broken", "{forgery}");
        app.execute(&format!(
            "delete from audit.checkpoints; delete from audit.log_tiles; delete from audit.log_leaves; delete from audit.logs;
             insert into audit.logs select * from public.kept;
             insert into audit.log_tiles select * from public.kept_tiles;
             insert into audit.checkpoints select * from public.kept_heads;
             insert into audit.log_leaves select * from public.kept_leaves;
             drop table public.kept, public.kept_tiles, public.kept_heads, public.kept_leaves; {}",
            triggers("enable always")
        ))
        .await;
        app.seal().await;
    }
    // An archive that has lost what was said to be in it is one too.
    product(&app, 999).await;
    app.seals = seals_with(Arc::new(InMemory::new()));
    let refused = app.seal_refused().await;
    assert_eq!(refused.code().code, "chain_broken");
}

/// Tiles grow and change in no other way, for every role.
#[tokio::test]
async fn a_tile_keeps_what_it_has() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    app.seal().await;
    let kept = app.sql("select hashes::text from audit.log_tiles order by 1").await;
    for change in [
        "update audit.log_tiles set hashes = sha256('x') || hashes",
        "update audit.log_tiles set hashes = sha256('x') || substring(hashes from 33)",
        "update audit.log_tiles set hashes = substring(hashes from 1 for length(hashes) - 32)",
        "update audit.log_tiles set hashes = hashes || sha256('x'), tile_index = tile_index + 1",
        "delete from audit.log_tiles",
        "truncate audit.log_tiles",
    ] {
        for role in ["origin", "replica"] {
            let text = format!("set session_replication_role = {role}; {change}");
            let refused = app.database.superuser().await.batch_execute(&text).await.unwrap_err();
            let code = refused.code().map(|code| code.code());
            assert_eq!(code, Some("WA403"), "{role}: {change}");
        }
    }
    assert_eq!(app.sql("select hashes::text from audit.log_tiles order by 1").await, kept);
}

fn triggers(how: &str) -> String {
    ["log_tiles", "checkpoints", "log_leaves"]
        .map(|table| {
            let guard = if table == "log_tiles" { "only_longer" } else { "append_only" };
            format!("alter table audit.{table} {how} trigger {table}_{guard}")
        })
        .join("; ")
}

#[tokio::test]
async fn what_is_sealed_stays_for_every_role() {
    let app = TestApp::new().await;
    app.seal().await;
    let superuser = app.database.superuser().await;
    for statement in [
        "update audit.log_leaves set leaf_index = leaf_index + 100000",
        "delete from audit.log_leaves",
        "truncate audit.log_leaves",
        "update audit.checkpoints set note = note",
        "delete from audit.checkpoints",
        "truncate audit.checkpoints",
        "update audit.log_tiles set hashes = sha256('x')",
        "delete from audit.log_tiles",
        "truncate audit.log_tiles",
    ] {
        let error = superuser.batch_execute(statement).await.expect_err(statement);
        let code = error.as_db_error().expect("the server's").code().code().to_owned();
        assert_eq!(code, "WA403", "{statement}");
    }
}
