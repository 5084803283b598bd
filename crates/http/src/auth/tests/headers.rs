//! The header is a hint at most: it brings no key, no address and no new rule (RFC 8725 §3.10).

use std::net::TcpListener;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::world::*;
use crate::auth::{Algorithm, Refusal};

pub(super) fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn header_with(name: &str, value: Value) -> Value {
    let mut header = header(&ED, "ed");
    header[name] = value;
    header
}

#[test]
fn key_ids_are_looked_up_and_nothing_else() {
    let world = World::new();
    let ids = [
        "../../dev/null",
        "/dev/null",
        "ed' or '1'='1",
        "ed'; drop table users.users; --",
        "ED",
        "ed ",
        " ed",
        "ed\u{0}",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "*",
        "%",
        "\u{202e}de",
    ];
    for id in ids {
        let token = ED.token(&header_with("kid", json!(id)), &claims());
        assert_eq!(world.refusal(&token), Refusal::UnknownKey, "{id}");
    }
    for id in [json!(""), json!("k".repeat(257)), json!(7), json!(null), json!(["ed"])] {
        let token = ED.token(&header_with("kid", id.clone()), &claims());
        assert_eq!(world.refusal(&token), Refusal::BadHeader, "{id}");
    }
}

#[test]
fn a_key_id_is_required_when_there_is_a_choice() {
    let world = World::new();
    let token = ED.token(&json!({"alg": "EdDSA", "typ": "at+jwt"}), &claims());
    assert_eq!(world.refusal(&token), Refusal::UnknownKey);

    let world = World::new();
    world.publish(JWKS, &[ED.jwk("only")]);
    world.accepted(&token);
}

#[test]
fn members_that_bring_keys_or_rules_are_refused() {
    let world = World::new();
    let members = [
        ("jwk", OTHER_ED.jwk("ed")),
        ("jwk", json!(null)),
        ("x5c", json!(["MIIB"])),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert")),
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
    ];
    for (name, value) in members {
        for signer in [&ED, &OTHER_ED] {
            let token = signer.token(&header_with(name, value.clone()), &claims());
            assert_eq!(world.refusal(&token), Refusal::ForbiddenHeader, "{name}");
        }
    }
}

#[tokio::test]
async fn no_address_of_a_token_is_ever_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    // The real fetcher, in its most permissive form.
    let table = std::sync::Arc::<Table>::default();
    let mut row = config();
    row.keys = crate::auth::KeyLocation::Static(json!({"keys": [ED.jwk("ed"), RSA.jwk("rsa")]}));
    table.rows.lock().unwrap().push(row);
    let fetcher = std::sync::Arc::new(crate::auth::HttpsFetcher::with_loopback());
    let verifier = crate::auth::Verifier::new(table, fetcher);
    for name in ["jku", "x5u", "kid", "typ", "x5t", "url"] {
        let token = OTHER_ED.token(&header_with(name, json!(address)), &claims());
        assert!(verifier.verify(&token, now()).await.is_err());
    }
    for name in ["iss", "jwks_uri", "jku", "aud", "sub"] {
        let token = OTHER_ED.token(&header(&ED, "ed"), &claims_with(json!({name: address})));
        assert!(verifier.verify(&token, now()).await.is_err());
    }
    let connection = listener.accept();
    assert_eq!(connection.unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn only_the_configured_types_pass() {
    let world = World::new();
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        world.accepted(&ED.token(&header_with("typ", json!(typ)), &claims()));
    }
    for typ in ["JWT", "jwt", "id+jwt", "logout+jwt", "secevent+jwt", "dpop+jwt", "at+jwt "] {
        let token = ED.token(&header_with("typ", json!(typ)), &claims());
        assert_eq!(world.refusal(&token), Refusal::TokenType, "{typ}");
    }
    for typ in [json!(""), json!("application/"), json!(1), json!(null), json!(["at+jwt"])] {
        let token = ED.token(&header_with("typ", typ.clone()), &claims());
        assert_eq!(world.refusal(&token), Refusal::BadHeader, "{typ}");
    }
    let untyped = ED.token(&json!({"alg": "EdDSA", "kid": "ed"}), &claims());
    assert_eq!(world.refusal(&untyped), Refusal::TokenType);
}

#[test]
fn an_absent_type_passes_only_where_configured() {
    let mut row = config();
    row.token_types = vec![String::new()];
    let world = World::with(row);
    world.accepted(&ED.token(&json!({"alg": "EdDSA", "kid": "ed"}), &claims()));
    assert_eq!(world.refusal(&good()), Refusal::TokenType);
}

#[test]
fn harmless_members_are_ignored() {
    World::new().accepted(&ED.token(&header_with("x5t", json!("abc")), &claims()));
}

#[test]
fn names_of_algorithms_read_back() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
    }
}
