//! One key, one algorithm, and no other algorithm at all (RFC 8725 §2.1, §3.1, §3.2).

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{KeyPair, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::world::*;
use crate::auth::Refusal;

#[test]
fn each_algorithm_verifies_with_its_own_key() {
    for (signer, kid) in [(&*RSA, "rsa"), (&*P256, "p256"), (&*ED, "ed")] {
        let token = signer.token(&header(signer, kid), &claims());
        assert_eq!(World::new().accepted(&token).subject, "user-1", "{}", signer.alg());
    }
}

#[test]
fn unsigned_tokens_are_refused_however_none_is_spelt() {
    let world = World::new();
    for alg in ["none", "None", "NONE", "nOnE", "", " none", "none\u{0}", "n\u{f6}ne"] {
        let header = json!({"alg": alg, "typ": "at+jwt", "kid": "ed"}).to_string();
        let message = format!("{}.{}", b64(header), b64(claims().to_string()));
        assert_eq!(world.refusal(&format!("{message}.")), Refusal::NotThreeParts, "{alg}");
        assert_eq!(world.refusal(&format!("{message}.AAAA")), Refusal::Algorithm, "{alg}");
        assert_eq!(world.refusal(&message), Refusal::NotThreeParts, "{alg}");
    }
}

#[test]
fn algorithms_outside_the_list_are_refused() {
    let world = World::new();
    for alg in ["HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "ES384", "ES256K", "ES512"] {
        let token = RSA.token(&json!({"alg": alg, "typ": "at+jwt", "kid": "rsa"}), &claims());
        assert_eq!(world.refusal(&token), Refusal::Algorithm, "{alg}");
    }
    for alg in [json!(null), json!(1), json!(["RS256"]), json!({"RS256": 1})] {
        let token = RSA.token(&json!({"alg": alg, "typ": "at+jwt", "kid": "rsa"}), &claims());
        assert_eq!(world.refusal(&token), Refusal::BadHeader, "{alg}");
    }
    let token = RSA.token(&json!({"typ": "at+jwt", "kid": "rsa"}), &claims());
    assert_eq!(world.refusal(&token), Refusal::Algorithm);
}

#[test]
fn the_public_key_is_no_hmac_secret() {
    let jwk = RSA.jwk("rsa");
    let part = |name: &str| super::headers::decode(jwk[name].as_str().unwrap());
    let components = RsaPublicKeyComponents { n: part("n"), e: part("e") };
    let spki: Vec<u8> = components.as_der().unwrap().as_ref().to_vec();
    let pkcs1 = match &*RSA {
        super::world::Signer::Rsa(key) => key.public_key().as_ref().to_vec(),
        _ => unreachable!(),
    };
    let body = STANDARD.encode(&spki);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
    let secrets =
        [pem.trim_end().as_bytes(), pem.as_bytes(), &spki, &pkcs1, jwk.to_string().as_bytes()]
            .map(<[u8]>::to_vec);
    let world = World::new();
    for secret in secrets {
        for alg in ["HS256", "RS256", "ES256", "EdDSA"] {
            let header = json!({"alg": alg, "typ": "at+jwt", "kid": "rsa"}).to_string();
            let message = format!("{}.{}", b64(header), b64(claims().to_string()));
            let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
            let tag = b64(hmac::sign(&key, message.as_bytes()));
            let reason = world.refusal(&format!("{message}.{tag}"));
            let expected = if alg == "RS256" { Refusal::Signature } else { Refusal::Algorithm };
            assert_eq!(reason, expected, "{alg}");
        }
    }
}

#[test]
fn the_algorithm_must_be_the_keys_own() {
    let world = World::new();
    for (signer, kid) in [(&*RSA, "ed"), (&*RSA, "p256"), (&*P256, "rsa"), (&*ED, "p256")] {
        let token = signer.token(&header(signer, kid), &claims());
        assert_eq!(world.refusal(&token), Refusal::Algorithm, "{} with {kid}", signer.alg());
    }
}

#[test]
fn a_binding_may_accept_fewer_algorithms() {
    let mut config = config();
    config.algorithms = vec![crate::auth::Algorithm::Rs256];
    let world = World::with(config);
    assert_eq!(world.refusal(&good()), Refusal::Algorithm);
    world.accepted(&RSA.token(&header(&RSA, "rsa"), &claims()));
}

#[test]
fn psychic_and_out_of_range_signatures_are_refused() {
    let world = World::new();
    let header = header(&P256, "p256").to_string();
    let message = format!("{}.{}", b64(header), b64(claims().to_string()));
    // The order of P-256 (FIPS 186-5): r and s must be less than it and not zero.
    let n = super::headers::decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");
    let one = [vec![0; 31], vec![1]].concat();
    let zero = vec![0; 32];
    for (r, s) in [(&zero, &zero), (&zero, &one), (&one, &zero), (&n, &n), (&zero, &n), (&n, &one)]
    {
        let signature = b64([r.as_slice(), s.as_slice()].concat());
        assert_eq!(world.refusal(&format!("{message}.{signature}")), Refusal::Signature);
    }
    // The DER form and other lengths are not JWS signatures (RFC 7518 §3.4).
    for signature in [vec![0x30, 6, 2, 1, 0, 2, 1, 0], vec![0; 63], vec![0; 65], vec![0; 64]] {
        let token = format!("{message}.{}", b64(signature));
        assert_eq!(world.refusal(&token), Refusal::Signature);
    }
}

#[test]
fn the_neutral_element_is_no_ed25519_signature() {
    let world = World::new();
    let message = format!("{}.{}", b64(header(&ED, "ed").to_string()), b64(claims().to_string()));
    let neutral = [vec![1], vec![0; 31], vec![0; 32]].concat();
    for signature in [vec![0; 64], neutral, vec![0xff; 64], vec![0; 32]] {
        let token = format!("{message}.{}", b64(signature));
        assert_eq!(world.refusal(&token), Refusal::Signature);
    }
}

#[test]
fn a_foreign_key_under_the_same_id_is_refused() {
    let world = World::new();
    for (signer, kid) in [(&*OTHER_RSA, "rsa"), (&*OTHER_ED, "ed")] {
        let token = signer.token(&header(signer, kid), &claims());
        assert_eq!(world.refusal(&token), Refusal::Signature);
    }
}
