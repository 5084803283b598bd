//! Key sets are fetched seldom, renewed in time and survive an outage.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::world::*;
use crate::auth::{AuthError, KeyLocation, Refusal, Unavailable};

fn with_kid(kid: &str) -> String {
    OTHER_ED.token(&header(&OTHER_ED, kid), &claims())
}

#[tokio::test]
async fn one_fetch_serves_many_callers_at_once() {
    let world = World::new();
    let tokens: Vec<String> = (0..50)
        .map(|n| ED.token(&header(&ED, "ed"), &claims_with(json!({"jti": n.to_string()}))))
        .collect();
    let all = tokens.iter().map(|token| world.verify(token));
    let all = futures_util::future::join_all(all).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!((world.fetches(), world.lookups()), (1, 1));
}

#[tokio::test]
async fn a_flood_of_unknown_ids_is_one_fetch_a_minute() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    for second in 0..180 {
        for n in 0..5 {
            let token = with_kid(&format!("invented-{second}-{n}"));
            let error = world.verifier.verify(&token, after(second)).await.unwrap_err();
            assert_eq!(error, AuthError::Refused(Refusal::UnknownKey));
        }
    }
    // At 0 s for the first token, then at 60 s and 120 s for unknown ids.
    assert_eq!(world.fetches(), 3);
}

#[tokio::test]
async fn a_concurrent_flood_is_one_fetch_too() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    let tokens: Vec<String> = (0..50).map(|n| with_kid(&format!("x{n}"))).collect();
    let all = tokens.iter().map(|token| world.verifier.verify(token, after(61)));
    let all = futures_util::future::join_all(all).await;
    assert!(all.iter().all(Result::is_err));
    assert_eq!(world.fetches(), 2);
}

#[tokio::test]
async fn a_rotation_is_picked_up_at_once() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    world.publish(JWKS, &[ED.jwk("ed"), OTHER_ED.jwk("new")]);
    let tokens = [with_kid("new"), good()];
    assert!(world.verifier.verify(&tokens[0], after(59)).await.is_err());
    for token in tokens {
        world.verifier.verify(&token, after(61)).await.unwrap();
    }
    assert_eq!(world.fetches(), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_after_the_lifetime() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    world.publish(JWKS, &[OTHER_ED.jwk("new")]);
    world.verifier.verify(&good(), after(599)).await.unwrap();
    let error = world.verifier.verify(&good(), after(600)).await.unwrap_err();
    assert_eq!(error, AuthError::Refused(Refusal::UnknownKey));
}

#[tokio::test]
async fn a_key_replaced_under_its_id_is_refused() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    world.publish(JWKS, &[OTHER_ED.jwk("ed"), RSA.jwk("rsa")]);
    let error = world.verifier.verify(&good(), after(601)).await.unwrap_err();
    assert_eq!(error, AuthError::Refused(Refusal::Signature));
}

#[tokio::test]
async fn the_last_set_serves_while_the_server_is_away() {
    let world = World::new();
    let day = |seconds: i64| {
        ED.token(&header(&ED, "ed"), &claims_with(json!({"exp": after(seconds + 60).timestamp()})))
    };
    world.verify(&good()).await.unwrap();
    world.server.away.store(true, Ordering::SeqCst);
    world.verifier.verify(&day(3000), after(3000)).await.unwrap();
    world.verifier.verify(&day(86_399), after(86_399)).await.unwrap();
    let error = world.verifier.verify(&day(86_400), after(86_400)).await.unwrap_err();
    assert_eq!(error, AuthError::Unavailable(Unavailable::KeySet));
    assert_eq!(error.status().as_u16(), 503);
    world.server.away.store(false, Ordering::SeqCst);
    world.verifier.verify(&day(86_410), after(86_410)).await.unwrap();
}

#[tokio::test]
async fn an_outage_keeps_one_caller_a_minute_waiting() {
    let world = World::new();
    world.verify(&good()).await.unwrap();
    world.server.away.store(true, Ordering::SeqCst);
    for second in 600..780 {
        world.verifier.verify(&good(), after(second)).await.unwrap();
    }
    assert_eq!(world.fetches(), 1 + 3);
}

#[tokio::test]
async fn an_absent_server_is_not_asked_by_everyone() {
    let world = World::new();
    world.server.away.store(true, Ordering::SeqCst);
    for second in 0..10 {
        for _ in 0..20 {
            let error = world.verifier.verify(&good(), after(second)).await.unwrap_err();
            assert_eq!(error, AuthError::Unavailable(Unavailable::KeySet));
        }
    }
    assert_eq!(world.fetches(), 2);
}

#[tokio::test]
async fn a_broken_answer_does_not_replace_a_good_set() {
    let broken = [
        json!({}),
        json!({"keys": []}),
        json!({"keys": {}}),
        json!([]),
        json!("x"),
        json!({"keys": [{"kty": "oct", "k": "AAAA", "kid": "ed"}]}),
        json!({"keys": vec![ED.jwk("ed"); 65]}),
        json!({"keys": [OTHER_ED.jwk("ed"), ED.jwk("ed")]}),
    ];
    for answer in broken {
        let world = World::new();
        world.verify(&good()).await.unwrap();
        world.server.sets.lock().unwrap().insert(JWKS.to_owned(), answer.clone());
        let result = world.verifier.verify(&good(), after(700)).await;
        assert!(result.is_ok(), "{answer}: {result:?}");
    }
}

#[test]
fn keys_that_are_not_for_us_are_left_out() {
    let changed = |mut jwk: Value, name: &str, value: Value| {
        jwk[name] = value;
        jwk
    };
    let short = json!({"kty": "RSA", "n": b64([0xc1; 128]), "e": "AQAB", "kid": "x"});
    let nearly = json!({"kty": "RSA", "n": b64([0x7f; 256]), "e": "AQAB", "kid": "x"});
    let padded =
        b64([&[0; 1], super::headers::decode(RSA.jwk("")["n"].as_str().unwrap()).as_slice()]
            .concat());
    let off_curve =
        json!({"kty": "EC", "crv": "P-256", "x": b64([1; 32]), "y": b64([1; 32]), "kid": "x"});
    let keys = [
        short,
        nearly,
        off_curve,
        changed(RSA.jwk("x"), "e", json!("Aw")),
        changed(RSA.jwk("x"), "n", json!(padded)),
        changed(RSA.jwk("x"), "alg", json!("RS512")),
        changed(RSA.jwk("x"), "alg", json!("PS256")),
        changed(RSA.jwk("x"), "alg", json!("HS256")),
        changed(RSA.jwk("x"), "d", json!("AQAB")),
        changed(RSA.jwk("x"), "use", json!("enc")),
        changed(RSA.jwk("x"), "kty", json!("oct")),
        changed(RSA.jwk("x"), "key_ops", json!(["sign"])),
        changed(RSA.jwk("x"), "kid", json!(1)),
        changed(P256.jwk("x"), "crv", json!("P-384")),
        changed(P256.jwk("x"), "crv", json!("secp256k1")),
        changed(P256.jwk("x"), "x", json!(b64([0; 31]))),
        changed(P256.jwk("x"), "alg", json!("ES384")),
        changed(ED.jwk("x"), "crv", json!("X25519")),
        changed(ED.jwk("x"), "x", json!(b64([1; 31]))),
        changed(ED.jwk("x"), "alg", json!("ES256")),
        json!({}),
        json!(null),
        json!("key"),
    ];
    for key in keys {
        let mut row = config();
        row.keys = KeyLocation::Static(json!({"keys": [key]}));
        for signer in [&*RSA, &*P256, &*ED] {
            let token = signer.token(&header(signer, "x"), &claims());
            let reason = World::with(row.clone()).refusal(&token);
            assert_eq!(reason, Refusal::BrokenConfiguration, "{key}");
        }
    }
}

#[test]
fn a_static_set_needs_no_fetch() {
    let mut row = config();
    row.keys = KeyLocation::Static(json!({"keys": [ED.jwk("ed"), RSA.jwk("rsa")]}));
    let world = World::with(row);
    world.accepted(&good());
    assert_eq!(world.refusal(&with_kid("unknown")), Refusal::UnknownKey);
    assert_eq!(world.fetches(), 0);
}
