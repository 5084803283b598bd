//! Threat 5 of rules.md: many parallel uses of one refresh token, lost answers, late replays.
//!
//! A thousand races with every run; `REFRESH_RACES` sets another number.

use chrono::TimeDelta;
use futures_util::future::join_all;
use testkit::{Firm, TestApp};
use users::tokens::renew;
use wealth_core::Clock;
use wealth_http::Visitor;

use super::forged::Dice;
use super::world::session;

fn races() -> usize {
    let given = std::env::var("REFRESH_RACES").ok();
    given.map_or(1_000, |text| text.parse().expect("REFRESH_RACES is a number"))
}

/// The leaf as the database knows it, and how many there are.
async fn leaves(app: &TestApp, session: uuid::Uuid) -> Vec<serde_json::Value> {
    app.sql(&format!(
        "select refresh_counter as counter, encode(refresh_token_hash, 'hex') as hash
           from users.user_sessions where session_id = '{session}' and is_active"
    ))
    .await
}

async fn refresh(app: &TestApp, token: &str) -> Result<String, &'static str> {
    let visitor = Visitor::for_tests(app.clock.now());
    match renew(&app.app, &app.services, &visitor, token).await {
        Ok(answer) => Ok(answer.refresh_token.expect("a refresh token")),
        Err(problem) => Err(problem.code().code),
    }
}

#[tokio::test]
async fn every_race_has_one_winner_and_the_honest_client_stays() {
    let app = TestApp::new().await;
    let mut dice = Dice(0xACE5);
    let mut opened = session(&app, Firm::Meridian, 4).await;
    let (mut leaf, mut generation, mut uses, mut replays) =
        (opened.refresh_token.clone().expect("a token"), 0i64, 0, 0);
    for race in 0..races() {
        let parallel = 2 + dice.below(15);
        let answers = join_all((0..parallel).map(|_| refresh(&app, &leaf))).await;
        uses += parallel;
        generation += 1;
        let child = answers[0].clone().expect("an honest client is not locked out");
        assert!(
            answers.iter().all(|answer| answer.as_ref() == Ok(&child)),
            "race {race}: {answers:?}"
        );
        let hash = users::tokens::RefreshToken::hash(&child);
        let expected = serde_json::json!({"counter": generation, "hash": hash});
        assert_eq!(leaves(&app, opened.session_id).await, [expected], "race {race}");
        // Every answer was lost: the client has the parent only, and comes again within the grace.
        app.clock
            .advance(TimeDelta::milliseconds(i64::try_from(dice.below(9_000)).expect("small")));
        assert_eq!(refresh(&app, &leaf).await, Ok(child.clone()), "race {race}");
        if dice.below(25) == 0 {
            // A thief comes later with the parent, several times at once: the family ends.
            app.clock.advance(TimeDelta::seconds(10));
            let thieves = join_all((0..parallel).map(|_| refresh(&app, &leaf))).await;
            let caught = thieves.iter().filter(|one| **one == Err("refresh_token_reused")).count();
            assert_eq!(caught, 1, "{thieves:?}");
            assert!(thieves.iter().all(Result::is_err), "{thieves:?}");
            assert_eq!(refresh(&app, &child).await, Err("session_expired"));
            assert!(leaves(&app, opened.session_id).await.is_empty());
            replays += 1;
            opened = session(&app, Firm::Meridian, 4).await;
            (leaf, generation) = (opened.refresh_token.clone().expect("a token"), 0);
        } else {
            leaf = child;
        }
    }
    println!("{} races, {uses} uses, {replays} late replays", races());
}

/// Use, revocation and deactivation at the same moment: whatever comes first, in the end the
/// session is over, and nobody waits for anybody for ever.
#[tokio::test]
async fn a_refresh_does_not_outlive_what_ends_the_session_meanwhile() {
    let app = TestApp::new().await;
    for round in 0..40 {
        let opened = session(&app, Firm::Meridian, 4).await;
        let token = opened.refresh_token.clone().expect("a token");
        let client = app.with_token(&opened.access_token);
        let root = app.system_admin();
        let path = format!("/v1/users/{}/sessions", opened.user_id);
        let end = async {
            if round % 2 == 0 {
                client.post("/v1/sessions/revoke-all", serde_json::json!({})).await.expect(200);
            } else {
                root.delete(&path, "").await.expect(200);
            }
        };
        let uses = join_all((0..4).map(|_| refresh(&app, &token)));
        let (_, answers) = tokio::join!(end, uses);
        for child in answers.into_iter().flatten() {
            assert_eq!(refresh(&app, &child).await, Err("session_expired"), "round {round}");
        }
        assert!(leaves(&app, opened.session_id).await.is_empty());
    }
}
