//! Sessions are killed at random while many write: nothing that was acknowledged may be missing,
//! and nothing may have happened twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use testkit::Firm::{Harbour, Meridian};
use wealth_db::{Db, DbError};

use crate::world::{World, put_once};

const WRITERS: usize = 6;
const WRITES: usize = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_killed_sessions_loses_and_doubles_nothing() {
    let world = World::new().await;
    let mut config = world.config().await;
    config.pool_size = 4;
    let db = Db::new(config).await.unwrap();
    let (over, retries) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let killer = tokio::spawn(kill(world.database.superuser().await, Arc::clone(&over)));
    let writers = (0..WRITERS).map(|writer| {
        let (db, retries) = (db.clone(), Arc::clone(&retries));
        tokio::spawn(async move {
            let firm = if writer % 2 == 0 { Meridian } else { Harbour };
            for number in 0..WRITES {
                acknowledged(&db, firm, &format!("{writer}-{number}"), &retries).await;
            }
        })
    });
    for done in futures_util::future::join_all(writers).await {
        done.unwrap();
    }
    over.store(true, Ordering::SeqCst);
    let kills = killer.await.unwrap();
    let once = world.number("select count(distinct body) from probe.notes").await;
    let acknowledged = i64::try_from(WRITERS * WRITES).unwrap();
    assert_eq!((once, world.notes().await), (acknowledged, acknowledged), "distinct and all");
    assert!(kills > 20, "only {kills} sessions were killed");
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

async fn kill(superuser: tokio_postgres::Client, over: Arc<AtomicBool>) -> i64 {
    let mut kills = 0;
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
        kills += rows[0].get::<_, i64>(0);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    kills
}
