//! Keys, tokens, issuers and a key server for the tests.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::*;

pub(super) const ISSUER: &str = "https://idp.example.com/oauth2/default";
pub(super) const JWKS: &str = "https://idp.example.com/keys";
pub(super) const TENANT: Uuid = Uuid::from_u128(0xA);
pub(super) const OTHER_TENANT: Uuid = Uuid::from_u128(0xB);

pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(super) fn after(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

pub(super) enum Signer {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

pub(super) static RSA: LazyLock<Signer> = LazyLock::new(new_rsa);
pub(super) static OTHER_RSA: LazyLock<Signer> = LazyLock::new(new_rsa);
pub(super) static P256: LazyLock<Signer> = LazyLock::new(|| {
    Signer::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
});
pub(super) static ED: LazyLock<Signer> =
    LazyLock::new(|| Signer::Ed25519(Ed25519KeyPair::generate().unwrap()));
pub(super) static OTHER_ED: LazyLock<Signer> =
    LazyLock::new(|| Signer::Ed25519(Ed25519KeyPair::generate().unwrap()));

fn new_rsa() -> Signer {
    Signer::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
}

impl Signer {
    pub(super) fn alg(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::P256(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
            Self::P256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
        }
    }

    pub(super) fn jwk(&self, kid: &str) -> Value {
        let mut jwk = match self {
            Self::Rsa(key) => {
                let key = key.public_key();
                let n = key.modulus().big_endian_without_leading_zero().to_vec();
                let e = key.exponent().big_endian_without_leading_zero().to_vec();
                json!({"kty": "RSA", "n": b64(n), "e": b64(e)})
            }
            Self::P256(key) => {
                let point = key.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "x": b64(&point[1..33]), "y": b64(&point[33..])})
            }
            Self::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key())})
            }
        };
        jwk["kid"] = json!(kid);
        jwk["use"] = json!("sig");
        jwk["alg"] = json!(self.alg());
        jwk
    }

    /// A token with this header and payload text, signed as they stand.
    pub(super) fn raw(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", b64(header), b64(payload));
        let signature = b64(self.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    pub(super) fn token(&self, header: &Value, claims: &Value) -> String {
        self.raw(&header.to_string(), &claims.to_string())
    }
}

pub(super) fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn header(signer: &Signer, kid: &str) -> Value {
    json!({"alg": signer.alg(), "typ": "at+jwt", "kid": kid})
}

pub(super) fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "wealth", "sub": "user-1", "jti": "token-1",
        "iat": now().timestamp() - 10, "nbf": now().timestamp() - 10,
        "exp": now().timestamp() + 3600,
        "groups": ["Sales", "Everyone"], "sid": Uuid::from_u128(5),
    })
}

/// The claims with some of them set to another value.
pub(super) fn claims_with(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

pub(super) fn claims_without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().shift_remove(name).unwrap();
    claims
}

pub(super) fn config() -> IssuerConfig {
    IssuerConfig {
        issuer: ISSUER.to_owned(),
        provider: "oidc".to_owned(),
        tenant_id: Some(TENANT),
        audiences: vec!["wealth".to_owned()],
        audience_claim: AudienceClaim::Aud,
        keys: KeyLocation::Uri(JWKS.to_owned()),
        algorithms: vec![Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa],
        token_types: vec!["at+jwt".to_owned()],
        token_use: None,
        tenant_claim: None,
        role_claim: Some("groups".to_owned()),
        role_source: RoleSource::Claims,
        group_roles: Some([("Sales".to_owned(), vec!["SalesRepresentative".to_owned()])].into()),
        directory_claim: None,
    }
}

/// An issuer table that counts its questions and can be away.
#[derive(Default)]
pub(super) struct Table {
    pub(super) rows: Mutex<Vec<IssuerConfig>>,
    pub(super) asked: AtomicUsize,
    pub(super) away: AtomicBool,
}

impl IssuerSource for Table {
    fn find<'a>(
        &'a self,
        issuer: &'a str,
    ) -> BoxFuture<'a, Result<Vec<IssuerConfig>, SourceError>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            if self.away.load(Ordering::SeqCst) {
                return Err(SourceError("away".to_owned()));
            }
            let rows = self.rows.lock().unwrap();
            Ok(rows.iter().filter(|row| row.issuer == issuer).cloned().collect())
        })
    }
}

/// A key server that counts its questions and can be away.
#[derive(Default)]
pub(super) struct KeyServer {
    pub(super) sets: Mutex<HashMap<String, Value>>,
    pub(super) asked: AtomicUsize,
    pub(super) away: AtomicBool,
}

impl JwksFetcher for KeyServer {
    fn fetch<'a>(&'a self, uri: &'a str) -> BoxFuture<'a, Result<Bytes, FetchError>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            if self.away.load(Ordering::SeqCst) {
                return Err(FetchError::Timeout);
            }
            let set = self.sets.lock().unwrap().get(uri).map(ToString::to_string);
            set.map(Bytes::from).ok_or(FetchError::Status(404))
        })
    }
}

/// One verifier with everything around it.
pub(super) struct World {
    pub(super) table: Arc<Table>,
    pub(super) server: Arc<KeyServer>,
    pub(super) verifier: Verifier,
}

impl World {
    pub(super) fn empty() -> Self {
        let (table, server) = (Arc::<Table>::default(), Arc::<KeyServer>::default());
        let verifier = Verifier::new(Arc::clone(&table) as _, Arc::clone(&server) as _);
        Self { table, server, verifier }
    }

    /// The usual issuer with three keys, one per algorithm.
    pub(super) fn new() -> Self {
        Self::with(config())
    }

    pub(super) fn with(config: IssuerConfig) -> Self {
        let world = Self::empty();
        world.configure(vec![config]);
        world.publish(JWKS, &[RSA.jwk("rsa"), P256.jwk("p256"), ED.jwk("ed")]);
        world
    }

    pub(super) fn configure(&self, rows: Vec<IssuerConfig>) {
        *self.table.rows.lock().unwrap() = rows;
    }

    pub(super) fn publish(&self, uri: &str, keys: &[Value]) {
        self.server.sets.lock().unwrap().insert(uri.to_owned(), json!({"keys": keys}));
    }

    pub(super) fn fetches(&self) -> usize {
        self.server.asked.load(Ordering::SeqCst)
    }

    pub(super) fn lookups(&self) -> usize {
        self.table.asked.load(Ordering::SeqCst)
    }

    pub(super) async fn verify(&self, token: &str) -> Result<Arc<VerifiedToken>, AuthError> {
        self.verifier.verify(token, now()).await
    }

    #[track_caller]
    pub(super) fn refusal(&self, token: &str) -> Refusal {
        self.refusal_at(token, now())
    }

    /// The reason of a refusal; anything else fails the test.
    #[track_caller]
    pub(super) fn refusal_at(&self, token: &str, at: DateTime<Utc>) -> Refusal {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(self.verifier.verify(token, at)) {
            Err(AuthError::Refused(reason)) => reason,
            other => panic!("not refused but {other:?}"),
        }
    }

    #[track_caller]
    pub(super) fn accepted(&self, token: &str) -> Arc<VerifiedToken> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(self.verifier.verify(token, now())).unwrap()
    }
}

/// A good token of the usual issuer.
pub(super) fn good() -> String {
    ED.token(&header(&ED, "ed"), &claims())
}
