//! Verification keys: read once from a JWK set (RFC 7517), then only used.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::error::Refusal;
use super::issuer::Algorithm;
use super::strict_json;

/// Most keys that are read from one set.
const KEYS_MAX: usize = 64;

/// Members that only a private or a symmetric key has (RFC 7518 §6). A provider that publishes
/// them has lost the key.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key bound to the one algorithm that its type allows (RFC 8725 §3.1).
///
/// It is kept parsed. `jsonwebtoken` would copy and parse the key again at each verification and
/// has no form that is kept, so the signature goes to `aws-lc-rs` directly, which is what lies
/// under it; the tests use `jsonwebtoken` as the independent other side.
#[derive(Debug)]
pub(super) struct VerificationKey {
    id: Option<String>,
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

impl VerificationKey {
    /// Checks one signature. `algorithm` is what the token claims and must be this key's own.
    ///
    /// The psychic signature (r = s = 0) and every other value outside [1, n-1] is refused by the
    /// library; a test keeps watch over that.
    pub(super) fn verify(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        if algorithm != self.algorithm {
            return Err(Refusal::Algorithm);
        }
        self.key.verify_sig(message, signature).map_err(|_| Refusal::Signature)
    }

    fn is_same(&self, other: &Self) -> bool {
        self.id == other.id
            && self.algorithm == other.algorithm
            && self.key.as_ref() == other.key.as_ref()
    }

    /// `None` for a key that is not for us: another use, type, curve or size.
    fn parse(jwk: &Map<String, Value>) -> Option<Self> {
        if !is_for_verification(jwk) {
            return None;
        }
        let (algorithm, key) = match text(jwk, "kty")? {
            "RSA" => (Algorithm::Rs256, rsa(jwk)?),
            "EC" if text(jwk, "crv") == Some("P-256") => (Algorithm::Es256, p256(jwk)?),
            "OKP" if text(jwk, "crv") == Some("Ed25519") => (Algorithm::EdDsa, ed25519(jwk)?),
            _ => return None,
        };
        let named = jwk.get("alg").map(|alg| alg.as_str() == Some(algorithm.name()));
        if named == Some(false) {
            return None;
        }
        let id = match jwk.get("kid") {
            None => None,
            Some(id) => Some(id.as_str()?.to_owned()),
        };
        Some(Self { id, algorithm, key })
    }
}

/// `use` and `key_ops`, when given, must allow verification (RFC 7517 §4.2, §4.3).
fn is_for_verification(jwk: &Map<String, Value>) -> bool {
    let usage = jwk.get("use").is_none_or(|usage| usage.as_str() == Some("sig"));
    let operations = jwk.get("key_ops").is_none_or(|operations| {
        operations.as_array().is_some_and(|all| all.iter().any(|one| one == "verify"))
    });
    usage && operations && !PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name))
}

/// 2048 to 8192 bits (RFC 7518 §3.3); an exponent above 2^16 (FIPS 186-5 §A.1.1). Leading zeros
/// are refused by the library.
fn rsa(jwk: &Map<String, Value>) -> Option<ParsedPublicKey> {
    let (n, e) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
    let long_enough = n.len() > 256 || (n.len() == 256 && n[0] >= 0x80);
    if e.len() < 3 || !long_enough || n.len() > 1024 {
        return None;
    }
    RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()
}

/// Both coordinates have the full length of the field (RFC 7518 §6.2.1.2); the library refuses a
/// point off the curve.
fn p256(jwk: &Map<String, Value>) -> Option<ParsedPublicKey> {
    let (x, y) = (bytes(jwk, "x")?, bytes(jwk, "y")?);
    if x.len() != 32 || y.len() != 32 {
        return None;
    }
    let point = [&[0x04], x.as_slice(), y.as_slice()].concat();
    ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()
}

fn ed25519(jwk: &Map<String, Value>) -> Option<ParsedPublicKey> {
    let x = bytes(jwk, "x")?;
    // The library would also read other encodings of the key.
    if x.len() != 32 {
        return None;
    }
    ParsedPublicKey::new(&ED25519, x).ok()
}

fn text<'j>(jwk: &'j Map<String, Value>, name: &str) -> Option<&'j str> {
    jwk.get(name)?.as_str()
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text(jwk, name)?).ok()
}

/// The keys of one JWK set.
#[derive(Debug, Default)]
pub(super) struct KeySet {
    keys: Vec<Arc<VerificationKey>>,
    by_id: HashMap<String, Arc<VerificationKey>>,
}

/// A JWK set that cannot be read or holds no key for us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unusable key set: {0}")]
pub(super) struct KeySetError(&'static str);

impl KeySet {
    /// Reads a JWK set document.
    pub(super) fn from_bytes(
        document: &[u8],
        previous: Option<&Self>,
    ) -> Result<Self, KeySetError> {
        let members =
            strict_json::object(document).map_err(|_| KeySetError("not a JSON object"))?;
        Self::from_members(&members, previous)
    }

    /// Reads a JWK set that the configuration holds.
    pub(super) fn from_value(document: &Value) -> Result<Self, KeySetError> {
        let members = document.as_object().ok_or(KeySetError("not a JSON object"))?;
        Self::from_members(members, None)
    }

    /// Keys that are not for us are left out (RFC 7517 §5); a set without any key for us is an
    /// error, so that a broken answer of a provider does not replace a good set. A key that was
    /// in `previous` keeps its identity, which is what remembered verifications point to.
    fn from_members(
        members: &Map<String, Value>,
        previous: Option<&Self>,
    ) -> Result<Self, KeySetError> {
        let listed = members.get("keys").and_then(Value::as_array);
        let listed = listed.ok_or(KeySetError("no array `keys`"))?;
        if listed.len() > KEYS_MAX {
            return Err(KeySetError("too many keys"));
        }
        let mut set = Self::default();
        for jwk in listed {
            if let Some(key) = jwk.as_object().and_then(VerificationKey::parse) {
                set.add(previous.and_then(|set| set.same(&key)).unwrap_or_else(|| Arc::new(key)))?;
            }
        }
        if set.keys.is_empty() { Err(KeySetError("no usable key")) } else { Ok(set) }
    }

    /// Two keys of one id would leave the choice to chance: the set is refused.
    fn add(&mut self, key: Arc<VerificationKey>) -> Result<(), KeySetError> {
        if let Some(id) = &key.id
            && self.by_id.insert(id.clone(), Arc::clone(&key)).is_some()
        {
            return Err(KeySetError("two keys share a `kid`"));
        }
        self.keys.push(key);
        Ok(())
    }

    fn same(&self, key: &VerificationKey) -> Option<Arc<VerificationKey>> {
        self.keys.iter().find(|held| held.is_same(key)).cloned()
    }

    /// The key with this id; without an id the only key of the set.
    pub(super) fn get(&self, id: Option<&str>) -> Option<&Arc<VerificationKey>> {
        match (id, self.keys.as_slice()) {
            (Some(id), _) => self.by_id.get(id),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// Whether this very key (not an equal one) is still part of the set.
    pub(super) fn holds(&self, key: &Arc<VerificationKey>) -> bool {
        self.keys.iter().any(|held| Arc::ptr_eq(held, key))
    }
}
