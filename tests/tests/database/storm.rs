//! Sessions are killed at random while many write: nothing that was acknowledged may be missing,
//! and nothing may have happened twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use testkit::Firm::{Harbour, Meridian};
use wealth_db::{Db, DbError};

use crate::world::{World, put_once};

const WRITERS: usize = 6;
/// Each writer goes on until this many sessions were killed: a fast machine writes more meanwhile.
const KILLS: i64 = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_killed_sessions_loses_and_doubles_nothing() {
    let world = World::new().await;
    let mut config = world.config().await;
    config.pool_size = 4;
    let db = Db::new(config).await.unwrap();
    let (over, retries) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let kills = Arc::new(AtomicI64::new(0));
    let superuser = world.database.superuser().await;
    let killer = tokio::spawn(kill(superuser, Arc::clone(&over), Arc::clone(&kills)));
    let writers = (0..WRITERS).map(|writer| {
        let (db, retries, kills) = (db.clone(), Arc::clone(&retries), Arc::clone(&kills));
        tokio::spawn(async move {
            let firm = if writer % 2 == 0 { Meridian } else { Harbour };
            let mut number = 0_i64;
            while kills.load(Ordering::SeqCst) < KILLS {
                acknowledged(&db, firm, &format!("{writer}-{number}"), &retries).await;
                number += 1;
            }
            number
        })
    });
    let mut acknowledged = 0;
    for written in futures_util::future::join_all(writers).await {
        acknowledged += written.unwrap();
    }
    over.store(true, Ordering::SeqCst);
    killer.await.unwrap();
    let once = world.number("select count(distinct body) from probe.notes").await;
    assert_eq!((once, world.notes().await), (acknowledged, acknowledged), "distinct and all");
    let kills = kills.load(Ordering::SeqCst);
    eprintln!("{acknowledged} writes, {kills} kills, {} retries", retries.load(Ordering::SeqCst));
}

/// Sends one write until it is acknowledged, as a client with an idempotency key does.
async fn acknowledged(db: &Db, firm: testkit::Firm, key: &str, retries: &AtomicUsize) {
    let mut errors = Vec::new();
    while errors.len() < 400 {
        match put_once(db, firm, key).await {
            Ok(()) | Err(DbError::Replay) => return,
            Err(DbError::Unavailable(why)) => errors.push(why),
            Err(DbError::Rejected(busy)) if busy.sqlstate == "WA409" => errors.push(busy.message),
            Err(error @ (DbError::UnknownOutcome | DbError::Timeout(_))) => {
                errors.push(error.to_string());
            }
            Err(other) => panic!("{other:?}"),
        }
        retries.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{key} was never acknowledged; at last: {:?}", &errors[errors.len() - 6..]);
}

async fn kill(superuser: tokio_postgres::Client, over: Arc<AtomicBool>, kills: Arc<AtomicI64>) {
    while !over.load(Ordering::SeqCst) {
        let rows = superuser
            .query_typed(
                "select count(pg_terminate_backend(pid)) from (
                   select pid from pg_stat_activity
                    where datname = current_database() and usename = 'wealth_test'
                    order by random() limit 1) victim",
                &[],
            )
            .await
            .unwrap();
        kills.fetch_add(rows[0].get(0), Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}
