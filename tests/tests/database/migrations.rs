//! The schema from nothing, again, by six at once, and with every reason to refuse.

use futures_util::future::join_all;
use testkit::database;
use tokio_postgres::{Client, NoTls};
use wealth_core::{IdGen as _, SystemIds};
use wealth_db::{MIGRATIONS, MigrateError, Migrated, REPEATABLE, migrate};

/// An empty database; dropped by [`Empty::drop`].
struct Empty {
    name: String,
    url: String,
}

impl Empty {
    async fn new() -> Self {
        let server = database::server_url().await;
        let name = format!("empty_{}", SystemIds.next().simple());
        let client = connect(&server).await;
        client.batch_execute(&format!("create database {name}")).await.unwrap();
        let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        Self { name, url }
    }

    async fn client(&self) -> Client {
        connect(&self.url).await
    }

    async fn drop(self) {
        let client = connect(&database::server_url().await).await;
        let text = format!("drop database {} with (force)", self.name);
        client.batch_execute(&text).await.unwrap();
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

const ALL: Migrated = Migrated { migrations: MIGRATIONS.len(), repeatable: REPEATABLE.len() };
const NOTHING: Migrated = Migrated { migrations: 0, repeatable: 0 };

#[tokio::test]
async fn the_schema_is_made_from_nothing_and_the_second_run_does_nothing() {
    let empty = Empty::new().await;
    let client = empty.client().await;
    assert_eq!(migrate(&client).await.unwrap(), ALL);
    assert_eq!(migrate(&client).await.unwrap(), NOTHING);
    // Rights on the database itself are not copied with a template, so they are looked at here.
    let rights = "select from pg_database where datname = current_database()
                     and has_database_privilege('app_read_write', oid, 'CREATE, TEMPORARY')";
    assert!(client.query_typed(rights, &[]).await.unwrap().is_empty());
    // A function whose text has changed since: all of them are applied again, and nothing else.
    client.batch_execute("update migrations.repeatable set checksum = 'old'").await.unwrap();
    let again = Migrated { migrations: 0, repeatable: REPEATABLE.len() };
    assert_eq!(migrate(&client).await.unwrap(), again);
    empty.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_runners_at_once_are_all_content() {
    let empty = Empty::new().await;
    let runs = join_all((0..6).map(|_| async { migrate(&empty.client().await).await })).await;
    let runs: Vec<Migrated> = runs.into_iter().map(Result::unwrap).collect();
    assert_eq!(runs.iter().filter(|run| **run == ALL).count(), 1, "{runs:?}");
    assert_eq!(runs.iter().filter(|run| **run == NOTHING).count(), 5, "{runs:?}");
    empty.drop().await;
}

#[tokio::test]
async fn history_that_does_not_fit_this_program_is_refused() {
    let empty = Empty::new().await;
    let client = empty.client().await;
    migrate(&client).await.unwrap();
    let known = MIGRATIONS.last().unwrap().version;

    let set = "update migrations.applied set checksum = decode('00', 'hex') where version = 2";
    client.batch_execute(&format!("begin; {set}; commit")).await.unwrap();
    let refused = migrate(&client).await.unwrap_err();
    assert!(matches!(refused, MigrateError::Changed { version: 2 }), "{refused}");

    client.batch_execute("delete from migrations.applied where version = 2").await.unwrap();
    let refused = migrate(&client).await.unwrap_err();
    let expected = MigrateError::Skipped { version: 2, done: known };
    assert_eq!(refused.to_string(), expected.to_string());

    let newer = "insert into migrations.applied values (9999, 'later', '')";
    client.batch_execute(newer).await.unwrap();
    let refused = migrate(&client).await.unwrap_err();
    assert!(matches!(refused, MigrateError::Newer { found: 9999, .. }), "{refused}");
    // The lock was given back each time.
    let locks = "select from pg_locks l join pg_database d on d.oid = l.database
                  where l.locktype = 'advisory' and d.datname = current_database()";
    let locks = client.query_typed(locks, &[]).await;
    assert!(locks.unwrap().is_empty());
    empty.drop().await;
}

#[tokio::test]
async fn a_migration_that_fails_is_named_and_undone() {
    let empty = Empty::new().await;
    let client = empty.client().await;
    // V0004 makes the audit tables: one of them is in the way, so the file fails in the middle.
    client
        .batch_execute("create schema audit; create table audit.audit_events (n integer)")
        .await
        .unwrap();
    client.batch_execute("grant all on schema audit to public").await.unwrap();
    let refused = migrate(&client).await.unwrap_err().to_string();
    assert!(refused.starts_with("V0004__audit.sql: "), "{refused}");
    assert!(refused.contains("already exists"), "{refused}");
    let rows = client.query_typed("select version from migrations.applied order by 1", &[]).await;
    let versions: Vec<i32> = rows.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(versions, [1, 2, 3]);
    let made = "select from pg_class where relnamespace = 'audit'::regnamespace and relkind = 'r'";
    assert_eq!(client.query_typed(made, &[]).await.unwrap().len(), 1, "nothing of V0004 stays");
    // Once the cause is gone the same run goes on from there.
    client.batch_execute("drop table audit.audit_events; drop schema audit cascade").await.unwrap();
    let owned = "create schema audit authorization wealth_owner;
                 grant usage on schema audit to app_read_only, app_read_write, app_admin";
    client.batch_execute(owned).await.unwrap();
    let rest = Migrated { migrations: MIGRATIONS.len() - 3, repeatable: REPEATABLE.len() };
    assert_eq!(migrate(&client).await.unwrap(), rest);
    empty.drop().await;
}

#[tokio::test]
async fn a_function_that_fails_is_named_and_the_old_set_stays() {
    let empty = Empty::new().await;
    let client = empty.client().await;
    migrate(&client).await.unwrap();
    // The answer's type has been changed by hand: create or replace cannot go back over it.
    client
        .batch_execute(
            "drop function platform.check_login_role();
             create function platform.check_login_role() returns integer language sql
             as 'select 1';
             alter function platform.check_login_role() owner to wealth_owner;
             update migrations.repeatable set checksum = 'old';
             comment on function platform.fail(text, text, text, text, jsonb) is 'old'",
        )
        .await
        .unwrap();
    let before = functions(&client).await;
    let refused = migrate(&client).await.unwrap_err().to_string();
    assert!(refused.starts_with("platform/functions/check_login_role.sql: "), "{refused}");
    assert_eq!(functions(&client).await, before, "no function was replaced");
    assert!(migrate(&client).await.is_err(), "and it is tried again");
    empty.drop().await;
}

/// Each function with the transaction that wrote it.
async fn functions(client: &Client) -> Vec<(String, String)> {
    let rows = client
        .query_typed(
            "select oid::regprocedure::text, xmin::text from pg_proc
              where pronamespace = 'platform'::regnamespace order by 1",
            &[],
        )
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}
