//! The local issuer, and agreement with `jsonwebtoken`, which nobody here wrote.

use std::collections::HashSet;

use chrono::TimeDelta;
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::*;
use crate::auth::{LocalClaims, LocalIssuer, Refusal, SignerError};

fn local_claims() -> LocalClaims {
    LocalClaims {
        subject: "demo-administrator".to_owned(),
        tenant_id: TENANT,
        roles: vec!["ProductAdministrator".to_owned()],
        session_id: Uuid::from_u128(1),
        token_id: Uuid::from_u128(2),
        issued_at: now(),
        expires_at: now() + TimeDelta::hours(12),
    }
}

#[test]
fn its_tokens_are_accepted_with_its_configuration_only() {
    let local = LocalIssuer::generate().unwrap();
    let token = local.issue(&local_claims());
    let accepted = World::with(local.config(TENANT)).accepted(&token);
    assert_eq!(accepted.roles, ["ProductAdministrator"]);
    assert_eq!(accepted.session_id, Some(Uuid::from_u128(1)));
    assert!(accepted.check_grants);
    assert_eq!(World::new().refusal(&token), Refusal::UnknownIssuer);
    assert_eq!(World::with(local.config(OTHER_TENANT)).refusal(&token), Refusal::Tenant);
    let other = LocalIssuer::generate().unwrap();
    assert_eq!(World::with(other.config(TENANT)).refusal(&token), Refusal::UnknownKey);
}

#[test]
fn a_saved_key_makes_the_same_tokens() {
    let local = LocalIssuer::generate().unwrap();
    let again = LocalIssuer::from_pkcs8(local.pkcs8()).unwrap();
    assert_eq!(local.jwks(), again.jwks());
    assert_eq!(local.issue(&local_claims()), again.issue(&local_claims()));
    assert_eq!(LocalIssuer::from_pkcs8(b"junk").err(), Some(SignerError::Read));
}

#[test]
fn jsonwebtoken_reads_its_tokens() {
    let local = LocalIssuer::generate().unwrap();
    let jwks: jsonwebtoken::jwk::JwkSet = serde_json::from_value(local.jwks()).unwrap();
    let mut validation = Validation::new(jsonwebtoken::Algorithm::EdDSA);
    validation.set_audience(&[LocalIssuer::AUDIENCE]);
    validation.set_issuer(&[LocalIssuer::ISSUER]);
    validation.required_spec_claims =
        HashSet::from(["exp", "aud", "iss", "sub"].map(str::to_owned));
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(&jwks.keys[0]).unwrap();
    let read = decode::<Value>(local.issue(&local_claims()), &key, &validation).unwrap();
    assert_eq!(read.claims["tenant_id"], json!(TENANT));
    assert_eq!(read.header.kid, jwks.keys[0].common.key_id);
}

#[test]
fn tokens_made_by_jsonwebtoken_are_read() {
    let local = LocalIssuer::generate().unwrap();
    let mut header = Header::new(jsonwebtoken::Algorithm::EdDSA);
    header.typ = Some("at+jwt".to_owned());
    header.kid = local.jwks()["keys"][0]["kid"].as_str().map(str::to_owned);
    let claims = json!({
        "iss": LocalIssuer::ISSUER, "aud": ["wealth"], "sub": "someone", "tenant_id": TENANT,
        "exp": now().timestamp() + 60,
    });
    let token = encode(&header, &claims, &EncodingKey::from_ed_der(local.pkcs8())).unwrap();
    assert_eq!(World::with(local.config(TENANT)).accepted(&token).subject, "someone");
}
