//! One flight of statements: what it costs on the network, and what an error in it leaves behind.

use std::time::Duration;

use testkit::Firm::{Harbour, Meridian};
use tokio_postgres::types::Type;
use wealth_db::{DbError, Meter, Param, Sql, p};

use crate::world::{LIST, PUT, PUT_SLOT, World, flight, id, list, put, put_once, request};

/// Both sides of the network are this far from the proxy, so that statements that were sent
/// together are counted together.
const DELAY: Duration = Duration::from_millis(10);

#[tokio::test]
async fn a_read_is_one_round_trip_and_a_write_one_or_two() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    db.warm_up().await.unwrap();
    proxy.delay(DELAY);
    proxy.take_round_trips();

    let read = request(Meridian);
    db.read("probe_list", &read).query_and_commit(LIST, &[]).await.unwrap();
    assert_eq!((proxy.take_round_trips(), read.meter.usage().round_trips), (1, 1), "a read");

    put(&db, Meridian, "no key").await.unwrap();
    assert_eq!(proxy.take_round_trips(), 1, "a write without a key");

    put_once(&db, Meridian, "key").await.unwrap();
    assert_eq!(proxy.take_round_trips(), 2, "a write with a key");

    assert!(matches!(put_once(&db, Meridian, "key").await, Err(DbError::Replay)));
    assert_eq!(proxy.take_round_trips(), 1, "a replay ends in the first flight");

    db.system_query(Sql { name: "one", text: "select 1" }, &[], &Meter::default()).await.unwrap();
    // The ROLLBACK of the refused claim was not waited for and travels with what comes next.
    assert_eq!(proxy.take_round_trips(), 1, "a statement outside any tenant");
    assert_eq!((proxy.connections(), world.notes().await), (1, 2));
}

#[tokio::test]
async fn an_error_in_any_position_rolls_everything_back() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    for position in 0..3 {
        let ids = [id(), id(), id()];
        let bodies: Vec<&str> =
            (0..3).map(|place| if place == position { "" } else { "good" }).collect();
        let queries: Vec<(Sql, Vec<Param<'_>>)> = (0..3)
            .map(|place| (PUT, vec![p::uuid(&ids[place]), p::text(&bodies[place])]))
            .collect();
        let tx = db.begin("probe_put", &request(Meridian));
        match tx.batch_and_commit(&flight(&queries)).await {
            Err(DbError::Constraint(c)) => assert_eq!(c.name, "notes_body_check"),
            other => panic!("position {position}: {other:?}"),
        }
        // The same, with the COMMIT in a later flight that is never sent.
        let mut tx = db.begin("probe_put", &request(Meridian));
        assert!(tx.batch(&flight(&queries)).await.is_err());
        assert!(tx.commit().await.is_err(), "a failed transaction cannot be committed");
        assert_eq!(world.notes().await, 0, "position {position}");
    }
    put(&db, Meridian, "after").await.unwrap();
    assert_eq!((world.notes().await, proxy.connections()), (1, 1), "the connection serves on");
}

#[tokio::test]
async fn a_long_flight_keeps_its_order() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    let ids: Vec<_> = (0..100).map(|_| id()).collect();
    let mut queries: Vec<(Sql, Vec<Param<'_>>)> =
        ids.iter().map(|id| (PUT, vec![p::uuid(id), p::text(&"good")])).collect();
    queries[60].1[1] = p::text(&"");
    queries[70].1[0] = p::uuid(&ids[0]);
    match db.begin("probe_put", &request(Meridian)).batch_and_commit(&flight(&queries)).await {
        Err(DbError::Constraint(c)) => assert_eq!(c.name, "notes_body_check", "the first error"),
        other => panic!("{other:?}"),
    }
    assert_eq!(world.notes().await, 0);
    queries[60].1[1] = p::text(&"good");
    queries[70].1[0] = p::uuid(&ids[70]);
    db.begin("probe_put", &request(Meridian)).batch_and_commit(&flight(&queries)).await.unwrap();
    assert_eq!((world.notes().await, proxy.connections()), (100, 1));
}

#[tokio::test]
async fn a_parameter_that_cannot_be_sent_dooms_the_statements_beside_it() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    for position in 0..2 {
        let (first, second) = (id(), id());
        let mut queries = vec![
            (PUT, vec![p::uuid(&first), p::text(&"good")]),
            (PUT, vec![p::uuid(&second), p::text(&"good")]),
        ];
        // A text where an integer is promised: the driver refuses it before anything is sent.
        queries[position].1[1] = (&"good", Type::INT4);
        let tx = db.begin("probe_put", &request(Meridian));
        let error = tx.batch_and_commit(&flight(&queries)).await.unwrap_err();
        assert!(matches!(error, DbError::Bug { statement: "probe.put", .. }), "{error:?}");
        assert_eq!(world.notes().await, 0, "position {position}");
    }
    put(&db, Meridian, "after").await.unwrap();
    assert_eq!((world.notes().await, proxy.connections()), (1, 1));
}

#[tokio::test]
async fn an_error_at_commit_is_an_error() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    let (first, second) = (id(), id());
    let queries = [
        (PUT_SLOT, vec![p::uuid(&first), p::text(&"one"), p::int4(&7)]),
        (PUT_SLOT, vec![p::uuid(&second), p::text(&"two"), p::int4(&7)]),
    ];
    let tx = db.begin("probe_put", &request(Meridian));
    match tx.batch_and_commit(&flight(&queries)).await {
        Err(DbError::Constraint(c)) => assert_eq!(c.name, "notes_slot_key"),
        other => panic!("{other:?}"),
    }
    put(&db, Meridian, "after").await.unwrap();
    assert_eq!((world.notes().await, proxy.connections()), (1, 1));
}

#[tokio::test]
async fn a_refused_person_is_the_cause_and_not_what_stands_behind() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    let mut stranger = request(Meridian);
    stranger.subject = "nobody".to_owned();
    let mut demoted = request(Meridian);
    demoted.roles = vec!["SystemAdministrator".to_owned()];
    for (context, sqlstate, code) in
        [(stranger, "WA401", "unknown_identity"), (demoted, "WA403", "role_revoked")]
    {
        let note = id();
        // The statement behind is wrong too, and a claim stands between the two.
        let mut tx = db.begin("probe_put", &context);
        tx.claim("key", "probe_put", b"fingerprint");
        match tx.query_and_commit(PUT, &[p::uuid(&note), p::text(&"")]).await {
            Err(DbError::Rejected(r)) => {
                assert_eq!((r.sqlstate.as_str(), r.code.as_deref()), (sqlstate, Some(code)));
            }
            other => panic!("{other:?}"),
        }
    }
    let keys = world.number("select count(*) from platform.idempotency_keys").await;
    assert_eq!((world.notes().await, keys), (0, 0));
    put(&db, Meridian, "after").await.unwrap();
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn a_read_cannot_write() {
    let world = World::new().await;
    let (_proxy, db) = world.behind_proxy().await;
    let note = id();
    let tx = db.read("probe_list", &request(Meridian));
    let error = tx.query_and_commit(PUT, &[p::uuid(&note), p::text(&"note")]).await.unwrap_err();
    // 25006: what a failover looks like, too.
    assert!(matches!(error, DbError::Unavailable(_)), "{error:?}");
    assert_eq!(world.notes().await, 0);
}

#[tokio::test]
async fn a_dropped_transaction_rolls_back_and_its_connection_serves_on() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    let note = id();
    let mut tx = db.begin("probe_put", &request(Meridian));
    tx.query(PUT, &[p::uuid(&note), p::text(&"dropped")]).await.unwrap();
    drop(tx);
    assert!(list(&db, Meridian).await.unwrap().is_empty());
    put(&db, Meridian, "kept").await.unwrap();
    assert_eq!((world.notes().await, proxy.connections()), (1, 1));
}

#[tokio::test]
async fn a_request_cancelled_in_mid_flight_leaves_nothing_for_the_next_to_commit() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    db.warm_up().await.unwrap();
    proxy.delay(Duration::from_millis(50));
    let note = id();
    let mut tx = db.begin("probe_put", &request(Harbour));
    let params = [p::uuid(&note), p::text(&"cancelled")];
    let cancelled = tokio::time::timeout(Duration::from_millis(20), tx.query(PUT, &params)).await;
    assert!(cancelled.is_err(), "the answer cannot have been here yet");
    drop(tx);
    put(&db, Meridian, "kept").await.unwrap();
    let rows = world.superuser.query_typed("select body from probe.notes", &[]).await.unwrap();
    let bodies: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!((bodies, proxy.connections()), (vec!["kept"], 1));
}

#[tokio::test]
async fn a_transaction_whose_flight_was_cancelled_cannot_go_on() {
    let world = World::new().await;
    let (proxy, db) = world.behind_proxy().await;
    db.warm_up().await.unwrap();
    proxy.delay(Duration::from_millis(50));
    let note = id();
    let mut tx = db.begin("probe_put", &request(Meridian));
    let params = [p::uuid(&note), p::text(&"cancelled")];
    assert!(tokio::time::timeout(Duration::from_millis(20), tx.query(PUT, &params)).await.is_err());
    assert!(tx.commit().await.is_err());
    assert!(list(&db, Meridian).await.unwrap().is_empty());
    assert_eq!(world.notes().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_tenants_at_once_see_their_own_notes_only() {
    let world = World::new().await;
    let (_proxy, db) = world.behind_proxy_with(|config| config.pool_size = 3).await;
    let work = (0..24).map(|number| {
        let db = db.clone();
        tokio::spawn(async move {
            let firm = if number % 2 == 0 { Meridian } else { Harbour };
            for _ in 0..10 {
                put(&db, firm, "note").await.unwrap();
                let rows = list(&db, firm).await.unwrap();
                assert!(!rows.is_empty());
                assert!(rows.iter().all(|r| r.get::<_, uuid::Uuid>(0) == firm.tenant_id()));
            }
        })
    });
    for done in futures_util::future::join_all(work).await {
        done.unwrap();
    }
    assert_eq!(world.notes().await, 240);
}

#[tokio::test]
async fn a_long_statement_has_a_limit_of_its_own_and_takes_it_along() {
    let world = World::new().await;
    let (proxy, db) = world
        .behind_proxy_with(|config| config.statement_timeout = Duration::from_millis(300))
        .await;
    let meter = Meter::default();
    let limit = Sql { name: "limit", text: "select current_setting('statement_timeout')" };
    let sleep = Sql { name: "sleep", text: "select pg_sleep(0.6)::text" };
    let hour = Duration::from_secs(3600);
    let said = |rows: Vec<wealth_db::Row>| rows[0].get::<_, String>(0);

    assert_eq!(said(db.long_query(hour, limit, &[], &meter).await.unwrap()), "1h");
    db.long_query(hour, sleep, &[], &meter).await.expect("longer than a request's statement may");
    assert_eq!(said(db.system_query(limit, &[], &meter).await.unwrap()), "10s", "the login's");

    let ended = db.long_query(Duration::from_millis(100), sleep, &[], &meter).await;
    assert!(matches!(ended, Err(DbError::Timeout(Some(_)))), "{ended:?}");
    assert_eq!(said(db.system_query(limit, &[], &meter).await.unwrap()), "10s");
    assert_eq!(proxy.connections(), 1, "the server ended the statement, not the connection");
    let ended = db.system_query(sleep, &[], &meter).await;
    assert!(matches!(ended, Err(DbError::Timeout(None))), "{ended:?}");
}
