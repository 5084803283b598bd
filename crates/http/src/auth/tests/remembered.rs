//! A remembered verification ends with everything that it rested on.

use chrono::TimeDelta;
use serde_json::json;

use super::world::*;
use crate::auth::{AuthError, Refusal, RoleSource};

fn numbered(n: usize) -> String {
    ED.token(&header(&ED, "ed"), &claims_with(json!({"jti": n.to_string()})))
}

#[tokio::test]
async fn the_same_token_is_verified_once_a_minute() {
    let world = World::new();
    let token = good();
    let first = world.verify(&token).await.unwrap();
    let second = world.verifier.verify(&token, after(59)).await.unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &second));
    let third = world.verifier.verify(&token, after(60)).await.unwrap();
    assert!(!std::sync::Arc::ptr_eq(&first, &third));
    assert_eq!(first, third);
}

#[tokio::test]
async fn expiry_ends_it() {
    let world = World::new();
    let token = ED.token(&header(&ED, "ed"), &claims_with(json!({"exp": after(5).timestamp()})));
    world.verify(&token).await.unwrap();
    let error = world.verifier.verify(&token, after(5)).await.unwrap_err();
    assert_eq!(error, AuthError::Refused(Refusal::Expired));
}

#[tokio::test]
async fn a_clock_that_went_backwards_ends_it() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    let past = now() - TimeDelta::seconds(3600);
    let error = world.verifier.verify(&good(), past).await.unwrap_err();
    assert_eq!(error, AuthError::Refused(Refusal::NotYetValid));
}

#[tokio::test]
async fn a_withdrawn_key_ends_it() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    world.verifier.verify(&good(), after(590)).await.unwrap();
    world.publish(JWKS, &[OTHER_ED.jwk("other"), RSA.jwk("rsa")]);
    // Remembered at 590 s, so only the key set can end it at 601 s.
    let error = world.verifier.verify(&good(), after(601)).await.unwrap_err();
    assert_eq!(error, AuthError::Refused(Refusal::UnknownKey));
}

#[tokio::test]
async fn an_issuer_that_is_switched_off_ends_it() {
    let world = World::new();
    world.verifier.verify(&good(), after(0)).await.unwrap();
    world.verifier.verify(&good(), after(290)).await.unwrap();
    world.configure(Vec::new());
    let error = world.verifier.verify(&good(), after(301)).await.unwrap_err();
    assert_eq!(error, AuthError::Refused(Refusal::UnknownIssuer));
}

#[tokio::test]
async fn a_changed_binding_ends_it() {
    let world = World::new();
    world.verifier.verify(&good(), after(0)).await.unwrap();
    let before = world.verifier.verify(&good(), after(290)).await.unwrap();
    let mut row = config();
    row.role_source = RoleSource::Grants;
    world.configure(vec![row]);
    let later = world.verifier.verify(&good(), after(301)).await.unwrap();
    assert_eq!((before.check_grants, later.check_grants), (false, true));
}

#[tokio::test]
async fn a_renewal_without_change_keeps_it() {
    let world = World::new();
    world.verifier.verify(&good(), after(0)).await.unwrap();
    let before = world.verifier.verify(&good(), after(590)).await.unwrap();
    let after = world.verifier.verify(&good(), after(610)).await.unwrap();
    assert_eq!((world.fetches(), world.lookups()), (2, 2));
    assert!(std::sync::Arc::ptr_eq(&before, &after));
}

#[tokio::test]
async fn the_memory_is_bounded_and_holds_only_good_tokens() {
    let world = World::new();
    let first = numbered(0);
    for n in 0..300 {
        world.verify(&numbered(n)).await.unwrap();
        world.verify(&first).await.unwrap();
        let forged = numbered(n).replace('.', "..");
        assert!(world.verify(&forged).await.is_err());
    }
    assert_eq!(world.verifier.remembered(), 256);
}

#[tokio::test]
async fn another_signature_is_another_token() {
    let world = World::new();
    let token = good();
    world.verify(&token).await.unwrap();
    let (message, _) = token.rsplit_once('.').unwrap();
    let forged = format!("{message}.{}", b64(OTHER_ED.sign(message.as_bytes())));
    let error = world.verify(&forged).await.unwrap_err();
    assert_eq!(error, AuthError::Refused(Refusal::Signature));
}
