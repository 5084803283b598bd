//! The keys that close what the archive tells about people.

use chrono::NaiveDate;
use uuid::Uuid;
use wealth_db::{Meter, Row, p, sql};
use wealth_http::{App, Problem, Result};

use crate::envelope::{Key, Keys, Ring};

/// The keys of a log's part of a month. With `reading` the log says that somebody reads the archive
/// with them.
///
/// # Errors
/// The database does not answer.
pub async fn keys_of(app: &App, tenant: Uuid, month: NaiveDate, reading: bool) -> Result<Keys> {
    let params = [p::uuid(&tenant), p::date(&month), p::bool(&reading)];
    let sql = sql!("audit", "job_archive_keys");
    let rows = app.db.system_query(sql, &params, &Meter::default()).await?;
    rows.iter().map(|row| Ok((row.get("key_id"), key(row)?))).collect()
}

fn key(row: &Row) -> Result<Key> {
    let erasure: Option<Uuid> = row.get("destroyed_by");
    match (row.get::<_, Option<&[u8]>>("key"), erasure) {
        (Some(bytes), None) => Ok(Key::Live(bytes.try_into().map_err(unfit)?)),
        (None, Some(erasure)) => Ok(Key::Destroyed(erasure)),
        _ => Err(Problem::internal("a key that is neither there nor destroyed")),
    }
}

/// The keys that come with an event for a part of it.
pub(super) fn ring(row: &Row, ids: &str, keys: &str) -> Result<Ring> {
    let ids: Option<Vec<Uuid>> = row.get(ids);
    let keys: Option<Vec<&[u8]>> = row.get(keys);
    let pairs = ids.into_iter().flatten().zip(keys.into_iter().flatten());
    pairs.map(|(id, key)| Ok((id, key.try_into().map_err(unfit)?))).collect()
}

fn unfit(error: std::array::TryFromSliceError) -> Problem {
    Problem::internal(error.to_string())
}
