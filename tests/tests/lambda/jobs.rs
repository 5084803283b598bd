//! The jobs function with every event of its schedules, and killed in the middle of one.

use std::time::Duration;

use serde_json::json;
use testkit::lambda::{Function, Lambda};

use crate::answers::Session;
use crate::users::Place;
use crate::world::{LIMIT, World, answer, start};

/// Whose numbers follow from the time of day, the schema or the server.
const COUNTED_ELSEWHERE: [&str; 6] =
    ["seal-audit", "analyze-tables", "report-daily", "report-weekly", "report-monthly", "catch-up"];

/// With keys, outbox and directories of `place`.
pub(crate) async fn function(world: &World, place: &Place) -> Function {
    let function = world.function("jobs").await;
    function
        .env("USERS_KEYS_FILE", place.of("keys.json"))
        .env("MAIL_OUTBOX", place.of("outbox"))
        .env("DIRECTORY_FOLDER", place.of("directories"))
}

#[tokio::test]
async fn the_jobs_function_answers_every_schedule() {
    let world = World::new().await;
    world.annuity().await;
    let place = Place::new();
    let mut session =
        Session::of(&world, "jobs", start(function(&world, &place).await).await).await;
    for job in jobs::JOBS {
        if COUNTED_ELSEWHERE.contains(&job.name) {
            let report = session.ask(job.name).await;
            assert_eq!((&report["done"], &report["left"]), (&json!(1), &json!(0)), "{report}");
        } else {
            session.happen(job.name).await;
        }
    }
    for name in ["malformed", "foreign"] {
        session.refuse(name).await;
    }
    session.finish(&[]);
}

#[tokio::test]
async fn a_function_that_is_killed_in_a_chunk_leaves_the_run_to_the_next() {
    let world = World::new().await;
    let place = Place::new();
    let event = world.event("jobs/analyze-tables", &[]).await;
    // In the way of one of its tables.
    let lock = world.app.database.superuser().await;
    lock.batch_execute("begin; lock table products.products in access exclusive mode")
        .await
        .expect("a lock");
    let killed = start(function(&world, &place).await).await;
    tokio::select! {
        outcome = killed.invoke(&event, LIMIT) => panic!("it came past the lock: {outcome:?}"),
        () = blocked(&world) => killed.sigkill(),
    }
    lock.batch_execute("rollback").await.expect("the lock let go");
    let next: Lambda = start(function(&world, &place).await).await;
    // Nobody can tell yet that it is dead.
    assert_eq!(answer(&next, &event).await["busy"], 1);
    world.app.execute("update jobs.runs set lease_until = now() where state = 'running'").await;
    let done = answer(&next, &event).await;
    let tables = world
        .app
        .sql(
            "select count(*) as n from pg_class where relkind in ('r', 'p') and not relispartition
                and relowner = 'wealth_owner'::regrole",
        )
        .await;
    assert_eq!(done["counts"]["tables"], tables[0]["n"], "each table once: {done}");
    let run = world.app.sql("select state, epoch, failures from jobs.runs").await;
    assert_eq!(run, [json!({"state": "done", "epoch": 2, "failures": 1})]);
}

/// Waits until the function waits for the lock.
async fn blocked(world: &World) {
    let waits = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    for _ in 0..500 {
        if !world.app.sql(waits).await.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nobody waits for the lock");
}
