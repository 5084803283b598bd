//! The issuer table is asked seldom, and never in proportion to what strangers send.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::world::*;
use crate::auth::{AuthError, IssuerConfig, Refusal, Unavailable};

fn from_issuer(issuer: &str) -> String {
    ED.token(&header(&ED, "ed"), &claims_with(json!({"iss": issuer})))
}

#[tokio::test]
async fn a_flood_of_unknown_issuers_is_bounded() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    for n in 0..1000 {
        let token = from_issuer(&format!("https://{n}.example"));
        let error = world.verify(&token).await.unwrap_err();
        let expected = if n < 60 { Refusal::UnknownIssuer } else { Refusal::IssuerLookupBudget };
        assert_eq!(error, AuthError::Refused(expected));
    }
    assert_eq!(world.lookups(), 61);
    // Whoever is known is not touched, and the budget returns.
    world.verify(&good()).await.unwrap();
    let late = world.verifier.verify(&from_issuer("https://late.example"), after(60)).await;
    assert_eq!(late, Err(AuthError::Refused(Refusal::UnknownIssuer)));
    assert_eq!(world.lookups(), 62);
}

#[tokio::test]
async fn an_unknown_issuer_is_remembered_for_a_minute() {
    let world = World::new();
    let token = from_issuer("https://new.example");
    for second in 0..60 {
        assert!(world.verifier.verify(&token, after(second)).await.is_err());
    }
    assert_eq!(world.lookups(), 1);
    world.configure(vec![IssuerConfig { issuer: "https://new.example".to_owned(), ..config() }]);
    world.verifier.verify(&token, after(60)).await.unwrap();
}

#[tokio::test]
async fn strangers_at_the_same_time_are_one_lookup() {
    let world = World::new();
    let token = from_issuer("https://new.example");
    let all = futures_util::future::join_all((0..50).map(|_| world.verify(&token))).await;
    assert!(all.iter().all(|one| one == &Err(AuthError::Refused(Refusal::UnknownIssuer))));
    assert_eq!(world.lookups(), 1);
}

#[tokio::test]
async fn an_issuer_is_asked_for_every_five_minutes() {
    let world = World::new();
    for second in [0, 100, 299, 300, 599] {
        world.verifier.verify(&good(), after(second)).await.unwrap();
    }
    assert_eq!(world.lookups(), 2);
}

#[tokio::test]
async fn an_issuer_that_is_switched_off_is_refused() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    world.configure(Vec::new());
    world.verifier.verify(&good(), after(299)).await.unwrap();
    for second in [300, 301, 359] {
        let error = world.verifier.verify(&good(), after(second)).await.unwrap_err();
        assert_eq!(error, AuthError::Refused(Refusal::UnknownIssuer));
    }
    world.configure(vec![config()]);
    world.verifier.verify(&good(), after(360)).await.unwrap();
}

#[tokio::test]
async fn the_last_configuration_serves_while_the_table_is_away() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    world.table.away.store(true, Ordering::SeqCst);
    world.verifier.verify(&good(), after(3599)).await.unwrap();
    let late = ED.token(&header(&ED, "ed"), &claims_with(json!({"exp": after(9000).timestamp()})));
    let error = world.verifier.verify(&late, after(3600)).await.unwrap_err();
    assert_eq!(error, AuthError::Unavailable(Unavailable::IssuerSource));
}

#[tokio::test]
async fn without_a_configuration_the_answer_is_try_again() {
    let world = World::new();
    world.table.away.store(true, Ordering::SeqCst);
    let all =
        futures_util::future::join_all((0..50).map(|_| world.verifier.verify("x", now()))).await;
    assert!(all.iter().all(|one| one == &Err(AuthError::Refused(Refusal::NotThreeParts))));
    let token = good();
    let all = futures_util::future::join_all((0..50).map(|_| world.verify(&token))).await;
    let away = Err(AuthError::Unavailable(Unavailable::IssuerSource));
    assert!(all.iter().all(|one| one == &away));
    assert_eq!(world.lookups(), 1);
    world.table.away.store(false, Ordering::SeqCst);
    world.verifier.verify(&good(), after(1)).await.unwrap();
}

#[tokio::test]
async fn expired_junk_asks_nobody() {
    let world = World::new();
    let old = ED.token(&header(&ED, "ed"), &claims_with(json!({"exp": 1_700_000_000})));
    assert!(world.verify(&old).await.is_err());
    assert!(world.verify("a.b.c").await.is_err());
    assert_eq!((world.lookups(), world.fetches()), (0, 0));
}
