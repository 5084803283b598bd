//! PostgreSQL is killed, and sessions are ended, under eight writers that go through the handlers:
//! nothing that was acknowledged is missing, nothing happened twice, and every event has one leaf
//! (X-19, S4-113).
//!
//! `CRASHES` and `TERMINATIONS` say how often; `make fuzz` takes 60 and 2,400.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

mod scene;

use std::time::Duration;

use tokio::sync::Mutex;
use wealth::postgres::Throwaway;

use self::scene::Scene;

/// One at a time: they share a server and bring it down.
static SERVER: Mutex<Option<Throwaway>> = Mutex::const_new(None);

/// As a server in production: what is acknowledged is in the log on the disk.
const DURABLE: [(&str, &str); 3] =
    [("synchronous_commit", "on"), ("full_page_writes", "on"), ("wal_level", "replica")];

async fn server(slot: &mut Option<Throwaway>) -> &mut Throwaway {
    if slot.is_none() {
        let server = Throwaway::start_with(&DURABLE).await.expect("a PostgreSQL server");
        testkit::database::serve_from(server.url());
        *slot = Some(server);
    }
    slot.as_mut().expect("a server")
}

fn times(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killing_the_server_loses_and_doubles_nothing() {
    let mut slot = SERVER.lock().await;
    let server = server(&mut slot).await;
    let scene = Scene::start().await;
    let crashes = times("CRASHES", 3);
    for _ in 0..crashes {
        scene.some_writes().await;
        server.crash().await.expect("the server back");
    }
    scene.some_writes().await;
    let written = scene.end().await;
    eprintln!("{crashes} crashes: {written}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ending_sessions_loses_and_doubles_nothing() {
    let mut slot = SERVER.lock().await;
    server(&mut slot).await;
    let scene = Scene::start().await;
    let superuser = scene.app.database.superuser().await;
    let (wanted, mut ended) = (times("TERMINATIONS", 50), 0);
    let one = "select count(pg_terminate_backend(pid)) from (
        select pid from pg_stat_activity
         where datname = current_database() and usename = 'wealth_test' order by random() limit 1) victim";
    while ended < wanted {
        let rows = superuser.query_typed(one, &[]).await.expect("the end of a session");
        ended += u64::try_from(rows[0].get::<_, i64>(0)).expect("a number");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let written = scene.end().await;
    eprintln!("{ended} sessions ended: {written}");
}
