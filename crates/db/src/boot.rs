//! Is this server, and this login role, fit to hold the fence between tenants?

use std::fmt;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::context::Meter;
use crate::error::DbError;
use crate::migrate::MIGRATIONS;
use crate::param::Sql;
use crate::pool::Db;

/// A PostgreSQL version as `server_version_num` gives it (150020 is 15.20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerVersion(pub i32);

/// Minors of 2026-11-12: below them one tenant's session can read or change another's rows in
/// spite of row level security (CVE-2026-120154 and the others of rules.md 4.1).
const FLOOR: [(i32, i32); 4] = [(15, 20), (16, 16), (17, 12), (18, 6)];

impl ServerVersion {
    /// Whether the version carries the fixes. A major that is younger than the list is taken to.
    pub fn meets_floor(self) -> bool {
        let (major, minor) = (self.0 / 10_000, self.0 % 10_000);
        match FLOOR.iter().find(|(m, _)| *m == major) {
            Some((_, floor)) => minor >= *floor,
            None => major > 18,
        }
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10_000, self.0 % 10_000)
    }
}

const EXAMINE: Sql = Sql {
    name: "platform.examine",
    text: "-- platform.examine: is this server and login role fit to serve?
select current_setting('server_version_num')::integer,
       (select string_agg(problem, '; ') from platform.check_login_role()),
       (select max(version) from migrations.applied)",
};

/// What `/ready` reports.
#[derive(Debug, Clone)]
pub struct Readiness {
    /// The server's version.
    pub server: ServerVersion,
    /// Whether it is at or above the security floor.
    pub meets_floor: bool,
    /// The newest migration that was applied.
    pub schema_version: i32,
    /// The newest migration that this binary knows.
    pub expected_schema_version: i32,
}

impl Readiness {
    /// Whether requests may be served at their best: floor met, schema not older than the code.
    pub fn is_ready(&self) -> bool {
        self.meets_floor && self.schema_version >= self.expected_schema_version
    }
}

impl Db {
    /// Asks the server, in one round trip.
    pub async fn readiness(&self, meter: &Meter) -> Result<Readiness, DbError> {
        let rows = self.system_query(EXAMINE, &[], meter).await?;
        let row = rows.first();
        let row = row.ok_or(DbError::RowCount { statement: EXAMINE.name, rows: 0 })?;
        let server = ServerVersion(row.get(0));
        Ok(Readiness {
            server,
            meets_floor: server.meets_floor(),
            schema_version: row.get::<_, Option<i32>>(2).unwrap_or(0),
            expected_schema_version: MIGRATIONS.last().map_or(0, |m| m.version),
        })
    }
}

/// Refuses a login role that row level security would not hold, and a server below the floor.
pub(crate) async fn examine(client: &Client, allow_below_floor: bool) -> Result<(), DbError> {
    let result = client.query_typed(EXAMINE.text, &[]).await;
    let rows = result.map_err(|error| match DbError::from_driver(EXAMINE.name, error) {
        DbError::Bug { source, .. } if source.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            DbError::Unfit("the login role is not a member of any service role".to_owned())
        }
        DbError::Bug { .. } => DbError::Unfit("it has not been migrated".to_owned()),
        other => other,
    })?;
    let row = rows.first().ok_or(DbError::RowCount { statement: EXAMINE.name, rows: 0 })?;
    if let Some(problem) = row.get::<_, Option<String>>(1) {
        return Err(DbError::Unfit(problem));
    }
    let server = ServerVersion(row.get(0));
    if !server.meets_floor() && !allow_below_floor {
        return Err(DbError::Unfit(format!("PostgreSQL {server} lacks security fixes")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ServerVersion;

    #[test]
    fn the_floor_is_a_minor_of_each_major() {
        for (version, meets) in [
            (140_099, false),
            (150_018, false),
            (150_020, true),
            (160_015, false),
            (160_016, true),
            (180_004, false),
            (180_006, true),
            (190_000, true),
        ] {
            assert_eq!(ServerVersion(version).meets_floor(), meets, "{version}");
        }
        assert_eq!(ServerVersion(150_020).to_string(), "15.20");
    }
}
