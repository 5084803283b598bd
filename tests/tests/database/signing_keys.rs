//! The key that signs the platform's tokens, rotated in Secrets Manager under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chrono::TimeDelta;
use testkit::{Client, Firm, TestApp};
use users::Services;
use users::keys::{Keys, Rotation};
use uuid::Uuid;
use wealth_core::Clock;

use crate::moto::Moto;

const USER: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_9000_0000_0000_0a04);
const ROTATIONS: u128 = 4;

/// A function of the users context: its own memory, the same secret.
fn function(moto: &Moto) -> Services {
    testkit::services_of(Arc::new(moto.keys()), Arc::new(users::mail::NoMailer))
}

async fn token(app: &TestApp, services: &Services) -> String {
    let new = users::tokens::NewSession {
        tenant_id: Firm::Meridian.tenant_id(),
        user_id: USER,
        assurance: 1,
        methods: &["pwd"],
        device: None,
        impersonator: None,
    };
    let visitor = wealth_http::Visitor::for_tests(app.clock.now());
    let opened = users::tokens::open(&app.app, services, &visitor, "test", &new).await;
    opened.expect("a session").access_token
}

async fn status(app: &TestApp, token: &str) -> u16 {
    let client: Client = app.with_token(token);
    client.get("/v1/products").await.status
}

/// The next key has been known for long enough.
async fn wait(app: &TestApp) {
    app.execute("update users.signing_keys set created_at = created_at - interval '16 minutes'")
        .await;
    app.clock.advance(TimeDelta::minutes(16));
}

#[tokio::test]
async fn a_rotation_under_load_loses_no_request() {
    let app = Arc::new(TestApp::new().await);
    let moto = Moto::start(&Keys::generate().unwrap().to_json().unwrap()).await;
    let (jobs, slow) = (function(&moto), function(&moto));
    let first = token(&app, &slow).await;
    let (over, served) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    // One function that notices nothing for as long as it holds its keys, one that rotates.
    let workers: Vec<_> = [slow.clone(), jobs.clone(), slow.clone()]
        .into_iter()
        .map(|services| {
            let (app, over, served) = (Arc::clone(&app), Arc::clone(&over), Arc::clone(&served));
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let started = app.clock.now();
                    let token = token(&app, &services).await;
                    let status = status(&app, &token).await;
                    // A quarter of an hour may pass between the two in this test, and only there.
                    if app.clock.now() == started {
                        assert_eq!(status, 200);
                        served.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();
    for number in 1..=ROTATIONS {
        let early = jobs.keys.rotate(&app.app, Uuid::from_u128(number << 64)).await.unwrap();
        assert_eq!(early, Rotation::TooYoung, "the next key was made this minute");
        let before = served.load(Ordering::Relaxed);
        wait(&app).await;
        let rotation = jobs.keys.rotate(&app.app, Uuid::from_u128(number)).await.unwrap();
        assert_eq!(rotation, Rotation::Done, "rotation {number}");
        while served.load(Ordering::Relaxed) < before + 12 {
            assert!(
                !workers.iter().any(tokio::task::JoinHandle::is_finished),
                "a request was lost"
            );
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
    over.store(true, Ordering::Relaxed);
    for worker in workers {
        worker.await.expect("no request was lost");
    }
    let served = served.load(Ordering::Relaxed);
    assert_eq!(status(&app, &first).await, 401, "its own quarter of an hour is over");
    println!("{ROTATIONS} rotations, {served} sign-ins served");
}

#[tokio::test]
async fn a_rotation_happens_once_and_an_old_key_is_put_away() {
    let app = TestApp::new().await;
    let moto = Moto::start(&Keys::generate().unwrap().to_json().unwrap()).await;
    let (jobs, slow) = (function(&moto), function(&moto));
    assert_eq!(status(&app, &token(&app, &slow).await).await, 200);
    wait(&app).await;
    let kids = async || -> Vec<String> {
        jobs.keys.get(&app.app).await.unwrap().signers().map(|key| key.key_id()).collect()
    };
    let before = kids().await;
    assert_eq!(jobs.keys.rotate(&app.app, Uuid::from_u128(1)).await.unwrap(), Rotation::Done);
    let after = kids().await;
    assert_eq!(
        (after[0] == before[1], after[1] == before[0]),
        (true, false),
        "{before:?} {after:?}"
    );
    wait(&app).await;
    let again = jobs.keys.rotate(&app.app, Uuid::from_u128(1)).await.unwrap();
    assert_eq!((again, kids().await), (Rotation::Before, after));
    // Two hours on, what only a function of the past still signs with is refused.
    assert_eq!(jobs.keys.retire(&app.app).await.unwrap(), 0);
    app.clock.advance(TimeDelta::minutes(119));
    assert_eq!(jobs.keys.retire(&app.app).await.unwrap(), 0);
    assert_eq!(status(&app, &token(&app, &slow).await).await, 200);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(jobs.keys.retire(&app.app).await.unwrap(), 1);
    app.clock.advance(TimeDelta::minutes(5));
    assert_eq!(status(&app, &token(&app, &slow).await).await, 401);
    assert_eq!(status(&app, &token(&app, &jobs).await).await, 200);
}

/// A function that read the keys a minute ago meets one that was made since.
#[tokio::test]
async fn an_unknown_key_is_looked_for_once_a_minute() {
    let app = TestApp::new().await;
    let moto = Moto::start(&Keys::generate().unwrap().to_json().unwrap()).await;
    let old = function(&moto);
    assert_eq!(status(&app, &token(&app, &old).await).await, 200);
    moto.put(&Keys::generate().unwrap().to_json().unwrap()).await;
    let token = token(&app, &function(&moto)).await;
    app.clock.advance(TimeDelta::seconds(59));
    assert_eq!(status(&app, &token).await, 401, "the configuration is not a minute old");
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(status(&app, &token).await, 200);
}
