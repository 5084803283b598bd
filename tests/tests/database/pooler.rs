//! Through pgbouncer in transaction mode, two tenants share two server connections.

use testkit::Firm::{Harbour, Meridian};
use testkit::pgbouncer::PgBouncer;
use tokio_postgres::NoTls;
use uuid::Uuid;
use wealth_db::{Db, DbError};

use crate::world::{World, list, put, put_once};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tenants_interleaved_over_two_server_connections_stay_apart() {
    let world = World::new().await;
    let mut config = world.config().await;
    let pooler = PgBouncer::start(config.port, 2).await;
    config.port = pooler.port();
    config.pool_size = 4;
    // Several environments, each with connections of its own to the pooler.
    let mut work = Vec::new();
    for number in 0..12 {
        let db = Db::new(config.clone()).await.unwrap();
        work.push(tokio::spawn(async move {
            let firm = if number % 2 == 0 { Meridian } else { Harbour };
            for turn in 0..15 {
                let key = format!("{number}-{turn}");
                put(&db, firm, &key).await.unwrap();
                put_once(&db, firm, &key).await.unwrap();
                let again = put_once(&db, firm, &key).await;
                assert!(matches!(again, Err(DbError::Replay)), "{again:?}");
                let refused = put(&db, firm, "").await;
                assert!(matches!(refused, Err(DbError::Constraint(_))), "{refused:?}");
                let rows = list(&db, firm).await.unwrap();
                let foreign = rows.iter().filter(|r| r.get::<_, Uuid>(0) != firm.tenant_id());
                assert_eq!((foreign.count(), rows.is_empty()), (0, false));
            }
        }));
    }
    for done in futures_util::future::join_all(work).await {
        done.unwrap();
    }
    assert_eq!(world.notes().await, 12 * 15 * 2);
    let sessions = "select count(*) from pg_stat_activity
                     where datname = current_database() and usename = 'wealth_test'";
    assert!(world.number(sessions).await <= 2, "everything went over two server connections");
    nothing_stays_behind(&config.name, pooler.port()).await;
    // Sessions are left as they were found: their last statement is never a setting.
    let settings = "select count(*) from pg_stat_activity
                     where datname = current_database() and usename = 'wealth_test'
                       and query ~* '^\\s*(set|reset|discard|prepare|deallocate|listen)\\M'";
    assert_eq!(world.number(settings).await, 0);
}

/// A stranger who gets one of the server connections next finds no tenant, statement or lock.
async fn nothing_stays_behind(database: &str, port: u16) {
    let url = format!("postgres://wealth_test@127.0.0.1:{port}/{database}");
    let mut strangers = Vec::new();
    for _ in 0..2 {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("begin").await.unwrap();
        strangers.push(client); // held open, so that the next one gets the other connection
    }
    for client in &strangers {
        let rows = client
            .query_typed(
                "select coalesce(current_setting('app.current_tenant_id', true), ''),
                        (select count(*) from pg_prepared_statements),
                        (select count(*) from pg_locks
                          where locktype = 'advisory' and pid = pg_backend_pid()),
                        (select count(*) from probe.notes)",
                &[],
            )
            .await
            .unwrap();
        let row = &rows[0];
        let found: (&str, i64, i64, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
        assert_eq!(found, ("", 0, 0, 0));
    }
}
