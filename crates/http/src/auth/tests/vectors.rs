//! Vectors of others: Wycheproof's JSON web signatures and the JOSE cookbook (RFC 7520 §4).
//!
//! They live outside the repository; the tests do nothing when `WEALTH_DATA_DIR` is not set.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::auth::compact::Compact;
use crate::auth::keys::KeySet;

fn vectors(name: &str) -> Option<Value> {
    let folder = PathBuf::from(std::env::var_os("WEALTH_DATA_DIR")?);
    let text = std::fs::read_to_string(folder.join("jose").join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// The signature layer alone: these payloads are no claims.
fn holds(jwk: &Value, token: &str) -> bool {
    let Ok(set) = KeySet::from_value(&json!({"keys": [jwk]})) else { return false };
    let Ok(jws) = Compact::parse(token) else { return false };
    let Some(key) = set.get(jws.header.key_id.as_deref()) else { return false };
    key.verify(jws.header.algorithm, jws.signing_input, &jws.signature).is_ok()
}

#[test]
fn wycheproof() {
    let Some(vectors) = vectors("wycheproof_json_web_signature_quarter.json") else { return };
    let (mut good, mut bad) = (0, 0);
    for group in vectors["testGroups"].as_array().unwrap() {
        let key = group.get("public").unwrap_or(&group["private"]);
        for test in group["tests"].as_array().unwrap() {
            let ours = ["RS256", "ES256", "EdDSA"].map(Value::from).contains(&key["alg"]);
            let token = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned);
            // An empty payload is a detached one to us, and no token.
            let valid = ours && test["result"] == "valid" && !token.contains("..");
            assert_eq!(holds(key, &token), valid, "{}: {}", test["tcId"], test["comment"]);
            if valid { good += 1 } else { bad += 1 }
        }
    }
    assert!(good >= 1 && bad >= 90, "{good} good, {bad} bad");
}

#[test]
fn cookbook() {
    for (name, ours) in [
        ("jws/4_1.rsa_v15_signature.json", true),
        ("jws/4_2.rsa-pss_signature.json", false),
        ("jws/4_3.ecdsa_signature.json", false),
        ("jws/4_4.hmac-sha2_integrity_protection.json", false),
    ] {
        let Some(vector) = vectors(name) else { return };
        let mut key = vector["input"]["key"].clone();
        let token = vector["output"]["compact"].as_str().unwrap();
        assert!(!holds(&key, token), "{name}: a key with private members");
        for member in ["d", "p", "q", "dp", "dq", "qi"] {
            key.as_object_mut().unwrap().shift_remove(member);
        }
        assert_eq!(holds(&key, token), ours, "{name}");
    }
}
