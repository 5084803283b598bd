//! Guessing at passwords is slowed down, for guessers only.

use testkit::{Firm, TestApp};

use super::local::{EMAIL, PASSWORD, ada, events, sign_in};

#[tokio::test]
async fn guessing_is_slowed_down_and_the_victim_gets_in_all_the_same() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    let attacker = app.anonymous().from("198.51.100.66");
    for email in [EMAIL, "nobody@people.test"] {
        for _ in 0..10 {
            sign_in(&attacker, email, "wrong").await.expect(401);
        }
        let refused = sign_in(&attacker, email, PASSWORD).await.expect(429);
        assert_eq!(
            (refused.code(), refused.header("retry-after").as_str()),
            ("rate_limited", "900")
        );
    }
    sign_in(&app.anonymous(), EMAIL, PASSWORD).await.expect(200);
    // Waiting helps, and hammering meanwhile does not make the wait longer.
    for _ in 0..5 {
        sign_in(&attacker, EMAIL, "wrong").await.expect(429);
    }
    app.clock.advance(chrono::TimeDelta::minutes(31));
    sign_in(&attacker, EMAIL, "wrong").await.expect(401);
    let denied = events(&app).await;
    assert_eq!(
        denied.iter().filter(|line| *line == "LOGIN denied rate_limited (platform)").count(),
        7
    );
}

#[tokio::test]
async fn a_network_that_tries_many_accounts_is_slowed_down() {
    let app = TestApp::new().await;
    // IPv6: one customer has a network of 64 bits.
    for number in 0..100 {
        app.execute(&format!(
            "select * from users.begin_sign_in('a{number}@people.test', null,
                '{{\"now\": \"2026-11-21T12:00:00Z\", \"ip\": \"2001:db8::{number}\"}}')"
        ))
        .await;
    }
    sign_in(&app.anonymous().from("2001:db8::ffff"), EMAIL, "wrong").await.expect(429);
    sign_in(&app.anonymous().from("2001:db8:0:1::1"), EMAIL, "wrong").await.expect(401);
}

#[tokio::test]
async fn of_guesses_at_once_no_more_pass_than_one_after_the_other() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    let anyone = app.anonymous();
    let guesses = (0..16).map(|_| sign_in(&anyone, EMAIL, "wrong"));
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 10);
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 6);
}
