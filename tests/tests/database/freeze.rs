//! Connections that died while nobody looked: after a freeze, in a failover, around a COMMIT.

use std::time::Duration;

use testkit::Firm::Meridian;
use testkit::proxy::{CommitFault, Proxy};
use testkit::{TestApp, database};
use wealth_db::{Db, DbConfig, DbError};

use crate::world::{World, list, put, put_once};

/// A bound on what must not hang; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Every connection counts as rested, as after half a minute in a frozen environment.
fn rested(config: &mut DbConfig) {
    config.rest = Duration::ZERO;
}

#[tokio::test]
async fn a_connection_that_died_at_rest_is_replaced_unseen() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy_with(rested).await;
    let ends: [fn(&Proxy); 3] = [Proxy::cut, Proxy::reset, Proxy::swallow];
    for (number, end) in ends.into_iter().enumerate() {
        for write in [false, true] {
            put(&db, Meridian, "before").await.unwrap();
            let before = proxy.connections();
            end(&proxy);
            let after = async {
                if write {
                    put(&db, Meridian, "after").await.map(drop)
                } else {
                    list(&db, Meridian).await.map(drop)
                }
            };
            tokio::time::timeout(PATIENCE, after).await.expect("no hang").unwrap();
            assert_eq!(proxy.connections(), before + 1, "way {number}: one new connection");
        }
    }
    assert_eq!(world.notes().await, 9, "no write was lost or doubled");
}

#[tokio::test]
async fn a_connection_that_dies_before_anything_can_be_committed_is_replaced_unseen() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    db.warm_up().await.unwrap();
    proxy.reset();
    list(&db, Meridian).await.unwrap();
    proxy.cut();
    put_once(&db, Meridian, "key").await.unwrap();
    assert_eq!(world.notes().await, 1);
}

#[tokio::test]
async fn a_half_open_connection_costs_one_request_and_not_the_next() {
    let world = World::new().await;
    let (proxy, db) = world
        .behind_proxy_with(|config| config.statement_timeout = Duration::from_millis(300))
        .await;
    db.warm_up().await.unwrap();
    proxy.swallow();
    let lost = tokio::time::timeout(PATIENCE, list(&db, Meridian)).await.expect("no hang");
    assert!(matches!(lost, Err(DbError::Timeout(None))), "{lost:?}");
    list(&db, Meridian).await.unwrap();
    proxy.swallow();
    let lost = tokio::time::timeout(PATIENCE, put(&db, Meridian, "?")).await.expect("no hang");
    assert!(matches!(lost, Err(DbError::UnknownOutcome)), "{lost:?}");
    put(&db, Meridian, "kept").await.unwrap();
    assert_eq!(world.notes().await, 1);
}

#[tokio::test]
async fn nobody_claims_to_know_what_became_of_a_lost_commit() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    for (fault, written) in [(CommitFault::CutBefore, 0), (CommitFault::CutAfter, 1)] {
        let before = world.notes().await;
        proxy.at_next_commit(fault);
        let lost = put(&db, Meridian, "?").await;
        assert!(matches!(lost, Err(DbError::UnknownOutcome)), "{fault:?}: {lost:?}");
        assert_eq!(world.notes().await - before, written, "{fault:?}");
        put(&db, Meridian, "next").await.unwrap();
    }
}

#[tokio::test]
async fn a_key_settles_what_became_of_a_lost_commit() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    proxy.at_next_commit(CommitFault::CutBefore);
    let lost = put_once(&db, Meridian, "before").await;
    assert!(matches!(lost, Err(DbError::UnknownOutcome)), "{lost:?}");
    retried(&db, "before").await.expect("it was not done, and is done now");
    proxy.at_next_commit(CommitFault::CutAfter);
    let lost = put_once(&db, Meridian, "after").await;
    assert!(matches!(lost, Err(DbError::UnknownOutcome)), "{lost:?}");
    let again = retried(&db, "after").await;
    assert!(matches!(again, Err(DbError::Replay)), "it was done: {again:?}");
    assert_eq!(world.notes().await, 2);
}

/// Sends it again until the server has noticed that the first connection is gone.
async fn retried(db: &Db, key: &str) -> Result<(), DbError> {
    for _ in 0..200 {
        match put_once(db, Meridian, key).await {
            Err(DbError::Rejected(busy)) if busy.sqlstate == "WA409" => {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            other => return other,
        }
    }
    panic!("the key stays claimed");
}

#[tokio::test]
async fn a_database_that_goes_away_gives_a_503_problem_until_it_is_back() {
    let server = DbConfig::from_url(&database::server_url().await).unwrap();
    let proxy = Proxy::start(server.port).await;
    let port = proxy.port();
    let app = TestApp::with_config(|config| config.port = port).await;
    let path = "/v1/products?limit=1";
    let answer = app.admin().get(path).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    proxy.away(true);
    for _ in 0..3 {
        let answer = app.admin().get(path).await;
        assert_eq!(answer.status, 503, "{:?}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json");
    }
    proxy.away(false);
    assert_eq!(app.admin().get(path).await.status, 200);
}

#[tokio::test]
async fn a_writer_that_became_a_reader_is_left_at_once() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    let name = world.database.name();
    let reader = format!("alter database {name} set default_transaction_read_only = on");
    let writer = format!("alter database {name} reset default_transaction_read_only");

    // The old connection leads to a reader, the new one to a writer: nobody notices.
    world.superuser.batch_execute(&reader).await.unwrap();
    db.warm_up().await.unwrap();
    world.superuser.batch_execute(&writer).await.unwrap();
    put(&db, Meridian, "one").await.unwrap();
    assert_eq!((world.notes().await, proxy.connections()), (1, 2));

    // There is no writer yet: the request fails, and the next one asks a new connection.
    world.superuser.batch_execute(&reader).await.unwrap();
    proxy.cut();
    let failed = loop {
        // The first attempt may still meet the connection that is being cut.
        match put_once(&db, Meridian, "two").await {
            Err(DbError::UnknownOutcome) => {}
            other => break other,
        }
    };
    assert!(matches!(failed, Err(DbError::Unavailable(_))), "{failed:?}");
    world.superuser.batch_execute(&writer).await.unwrap();
    put_once(&db, Meridian, "two").await.unwrap();
    assert_eq!(world.notes().await, 2);
}
