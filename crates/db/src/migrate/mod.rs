//! Forward-only migrations, embedded in the binary, and the functions, views, triggers, policies
//! and grants that are applied again whenever their text changes.
//!
//! Run them on the cluster's writer endpoint, never through RDS Proxy: the lock is one of the
//! session. It is polled and never waited for, because a session blocked in it deadlocks with the
//! holder's `create index concurrently` (docs/adr/0005).

use std::time::Duration;

use sha2::{Digest, Sha256};
use thiserror::Error;
use tokio_postgres::Client;

use crate::error::chain;
use crate::param::p;

/// One step of the schema's history.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Number in the file name; ascending without gaps.
    pub version: i32,
    /// Name in the file name.
    pub name: &'static str,
    /// The statements.
    pub text: &'static str,
}

/// An object that has no history, only a present text.
#[derive(Debug, Clone, Copy)]
pub struct Repeatable {
    /// Path below `sql/`.
    pub path: &'static str,
    /// The statements that make or remake it.
    pub text: &'static str,
}

/// Every migration, in order.
pub const MIGRATIONS: &[Migration] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Every repeatable object, in the order of application.
pub const REPEATABLE: &[Repeatable] = include!(concat!(env!("OUT_DIR"), "/repeatable.rs"));

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Migrated {
    /// Migrations applied.
    pub migrations: usize,
    /// Repeatable objects applied: all of them or none.
    pub repeatable: usize,
}

/// Why the schema is not up to date.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// An applied file was edited: history is never rewritten.
    #[error("migration V{version:04} was changed after it was applied; add a new one instead")]
    Changed {
        /// Its number.
        version: i32,
    },
    /// The database is ahead of this binary.
    #[error("the database is at V{found:04}, newer than this program's V{known:04}")]
    Newer {
        /// What the database has.
        found: i32,
        /// What this program knows.
        known: i32,
    },
    /// A file came in below one that is applied already: it would never run.
    #[error("migration V{version:04} is missing below V{done:04}; give it a higher number")]
    Skipped {
        /// Its number.
        version: i32,
        /// The newest one applied.
        done: i32,
    },
    /// Somebody else is migrating and does not finish.
    #[error("another migration has held the lock for {0} seconds")]
    Locked(u64),
    /// A file failed; its transaction was rolled back.
    #[error("{file}: {reason}")]
    Failed {
        /// The file at fault.
        file: String,
        /// What the server said.
        reason: String,
    },
}

const LOCK: i64 = 0x77_65_61_6c_74_68; // "wealth"
const LOCK_LIMIT: Duration = Duration::from_secs(60);
const LOCK_POLL: Duration = Duration::from_millis(100);

const HISTORY: &str = "
create schema if not exists migrations;
create table if not exists migrations.applied (
  version integer primary key,
  name text not null,
  checksum bytea not null,
  applied_at timestamptz not null default now()
);
create table if not exists migrations.repeatable (
  only_row boolean primary key default true check (only_row),
  checksum bytea not null,
  applied_at timestamptz not null default now()
);
grant usage on schema migrations to public;
grant select on migrations.applied to public;";

/// Everything is made by the owner role, so that SECURITY DEFINER functions have its rights, which
/// row level security binds, and not the administrator's. Views go first: their columns may have
/// changed, which `create or replace` refuses.
const PREPARE: &str = "
begin;
set local role wealth_owner;
set local check_function_bodies = off;
do $$
declare
  v_view record;
begin
  for v_view in
    select format('%I.%I', n.nspname, c.relname) as name
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'v' and pg_catalog.pg_get_userbyid(c.relowner) = 'wealth_owner'
  loop
    execute 'drop view if exists ' || v_view.name || ' cascade';
  end loop;
end
$$;";

/// Brings the database behind `client` (an administrator's connection) up to date.
pub async fn migrate(client: &Client) -> Result<Migrated, MigrateError> {
    lock(client).await?;
    let result = run(client).await;
    // Dropping the session would release the lock too; an error here changes nothing.
    let released = client.query_typed("select pg_advisory_unlock($1)", &[p::int8(&LOCK)]).await;
    if let Err(error) = released {
        tracing::warn!(error = chain(&error), "the migration lock goes with the session");
    }
    result
}

async fn lock(client: &Client) -> Result<(), MigrateError> {
    let mut waited = Duration::ZERO;
    loop {
        let rows = client
            .query_typed("select pg_try_advisory_lock($1)", &[p::int8(&LOCK)])
            .await
            .map_err(|error| failed("the migration lock", &error))?;
        if rows.first().is_some_and(|row| row.get(0)) {
            return Ok(());
        }
        if waited >= LOCK_LIMIT {
            return Err(MigrateError::Locked(LOCK_LIMIT.as_secs()));
        }
        tokio::time::sleep(LOCK_POLL).await;
        waited += LOCK_POLL;
    }
}

async fn run(client: &Client) -> Result<Migrated, MigrateError> {
    execute(client, "migrations", HISTORY).await?;
    let applied = client
        .query_typed("select version, checksum from migrations.applied order by version", &[])
        .await
        .map_err(|error| failed("migrations.applied", &error))?;
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    for row in &applied {
        let (version, checksum): (i32, Vec<u8>) = (row.get(0), row.get(1));
        match MIGRATIONS.iter().find(|m| m.version == version) {
            None => return Err(MigrateError::Newer { found: version, known }),
            Some(m) if Sha256::digest(m.text).as_slice() != checksum => {
                return Err(MigrateError::Changed { version });
            }
            Some(_) => {}
        }
    }
    let done = applied.last().map_or(0, |row| row.get(0));
    let is_applied = |m: &&Migration| applied.iter().any(|row| row.get::<_, i32>(0) == m.version);
    let skipped = MIGRATIONS.iter().find(|m| m.version < done && !is_applied(m));
    if let Some(Migration { version, .. }) = skipped {
        return Err(MigrateError::Skipped { version: *version, done });
    }
    let mut result = Migrated::default();
    for migration in MIGRATIONS.iter().filter(|m| m.version > done) {
        apply(client, migration).await?;
        result.migrations += 1;
    }
    result.repeatable = repeat(client).await?;
    Ok(result)
}

/// A statement that waits for a table makes everybody wait who comes after it, so it gives up soon.
async fn apply(client: &Client, migration: &Migration) -> Result<(), MigrateError> {
    let file = format!("V{:04}__{}.sql", migration.version, migration.name);
    let checksum = hex(&Sha256::digest(migration.text));
    let text = format!(
        "begin;\nset local lock_timeout = '5s';\n{}\n;reset role;\ninsert into migrations.applied (version, name, checksum) \
         values ({}, '{}', decode('{checksum}', 'hex'));\ncommit;",
        migration.text, migration.version, migration.name,
    );
    execute(client, &file, &text).await
}

/// Applies every repeatable object in one transaction when any of their texts has changed, so that
/// a reader sees the old set or the new one.
async fn repeat(client: &Client) -> Result<usize, MigrateError> {
    let mut digest = Sha256::new();
    for object in REPEATABLE {
        digest.update(object.path);
        digest.update(object.text);
    }
    let checksum = digest.finalize();
    let known = client
        .query_typed("select checksum from migrations.repeatable", &[])
        .await
        .map_err(|error| failed("migrations.repeatable", &error))?;
    if known.first().is_some_and(|row| row.get::<_, Vec<u8>>(0) == checksum.as_slice()) {
        return Ok(0);
    }
    execute(client, "repeatable objects", PREPARE).await?;
    for object in REPEATABLE {
        let applied = execute(client, object.path, object.text).await;
        if applied.is_err() {
            execute(client, "rollback", "rollback").await?;
            return applied.map(|()| 0);
        }
    }
    let text = format!(
        "reset role; insert into migrations.repeatable (checksum) values (decode('{}', 'hex'))
         on conflict (only_row) do update set checksum = excluded.checksum, applied_at = now();
         commit;",
        hex(&checksum)
    );
    execute(client, "migrations.repeatable", &text).await?;
    Ok(REPEATABLE.len())
}

async fn execute(client: &Client, file: &str, text: &str) -> Result<(), MigrateError> {
    if let Err(error) = client.batch_execute(text).await {
        let error = failed(file, &error);
        if file != "rollback" {
            drop(client.batch_execute("rollback").await);
        }
        return Err(error);
    }
    Ok(())
}

fn failed(file: &str, error: &tokio_postgres::Error) -> MigrateError {
    MigrateError::Failed { file: file.to_owned(), reason: chain(error) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
