//! The key that signs the heads of the audit logs, where the secret names one of KMS.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use audit::{KeyError, SecretSigner, Signer as _, SigningKey};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use object_store::memory::InMemory;
use serde_json::{Value, json};
use testkit::TestApp;
use wealth_core::audit::{Checkpoint, VerifierKey};

use crate::moto::Moto;

const ARN: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/// KMS as far as it is used here, for the emulator has no keys of Ed25519.
struct Kms {
    /// The key that signs, and the one whose public half is given.
    keys: [Ed25519KeyPair; 2],
    /// Before the public half's bytes.
    kind: Vec<u8>,
    refuses: AtomicBool,
    asked: Mutex<Vec<Value>>,
}

impl Kms {
    /// One that is honest while the two seeds are the same.
    async fn start(seeds: [u8; 2], kind: &[u8]) -> (Arc<Self>, u16) {
        let kms = Arc::new(Self {
            keys: seeds.map(|seed| Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()),
            kind: kind.to_vec(),
            refuses: AtomicBool::new(false),
            asked: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&kms));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (kms, port)
    }
}

async fn answer(State(kms): State<Arc<Kms>>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let kind = [(header::CONTENT_TYPE, "application/x-amz-json-1.1")];
    if kms.refuses.load(Ordering::Relaxed) {
        let refusal = json!({"__type": "AccessDeniedException", "message": "hunter2"});
        return (StatusCode::BAD_REQUEST, kind, refusal.to_string());
    }
    let answer = match headers["x-amz-target"].to_str().unwrap() {
        "TrentService.GetPublicKey" => {
            let public = [&kms.kind[..], kms.keys[1].public_key().as_ref()].concat();
            json!({"KeyId": body["KeyId"], "PublicKey": STANDARD.encode(public)})
        }
        "TrentService.Sign" => {
            let message = STANDARD.decode(body["Message"].as_str().unwrap()).unwrap();
            let signature = STANDARD.encode(kms.keys[0].sign(&message));
            kms.asked.lock().unwrap().push(body.clone());
            json!({"KeyId": body["KeyId"], "Signature": signature})
        }
        other => panic!("{other}"),
    };
    (StatusCode::OK, kind, answer.to_string())
}

/// What stands before an Ed25519 key (RFC 8410 §4).
const ED25519: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What seals with the secret's key.
fn seals(app: &TestApp, signer: SecretSigner) -> audit::Services {
    audit::Services::new(audit::Parts {
        origin: app.seals.origin.clone(),
        signer: Arc::new(signer),
        archive: app.seals.archive.clone(),
    })
}

async fn head(app: &TestApp) -> (Value, VerifierKey) {
    let head = app.system_admin().get("/v1/audit/checkpoint").await.expect(200).body;
    let key = head["verifier_key"].as_str().unwrap().parse().unwrap();
    (head, key)
}

#[tokio::test]
async fn a_key_of_kms_takes_over_and_signs_every_head_from_then_on() {
    let mut app = TestApp::new().await;
    app.seals = testkit::seals_with(Arc::new(InMemory::new()));
    app.seal().await;
    let (_, old) = head(&app).await;
    let former = app.seals.signer.public_keys().await.unwrap()[0];
    let (kms, port) = Kms::start([7, 7], &ED25519).await;
    let secret = json!({"kms_key": ARN, "former_keys": [STANDARD.encode(former)]}).to_string();
    let moto = Moto::start(&secret).await;
    app.seals = seals(&app, moto.audit_key(port));
    app.admin().put("/v1/rate-feeds/acme", json!({}), "").await.expect(201);
    assert!(app.seal().await > 0);
    let (head, key) = head(&app).await;
    assert_ne!(key, old);
    let note = head["note"].as_str().unwrap();
    let opened = Checkpoint::open(note, std::slice::from_ref(&key)).unwrap();
    assert_eq!(json!(opened.size), head["size"]);
    let public: [u8; 32] = kms.keys[1].public_key().as_ref().try_into().unwrap();
    assert_eq!(key, VerifierKey::new(&opened.origin, public).unwrap());
    let asked = kms.asked.lock().unwrap();
    assert!(!asked.is_empty());
    for sign in &*asked {
        let mut sign = sign.clone();
        sign.as_object_mut().unwrap().remove("Message");
        let expected =
            json!({"KeyId": ARN, "MessageType": "RAW", "SigningAlgorithm": "ED25519_SHA_512"});
        assert_eq!(sign, expected);
    }
}

/// A rotation needs no new environment: one that is warm learns of the key by what it has signed.
#[tokio::test]
async fn a_warm_environment_learns_of_a_newer_key() {
    let mut app = TestApp::new().await;
    app.seals = testkit::seals_with(Arc::new(InMemory::new()));
    let key = || SigningKey::generate().unwrap().to_json().unwrap();
    let moto = Moto::start(&key()).await;
    let warm = seals(&app, moto.audit_key(1));
    app.seals = warm.clone();
    app.seal().await;
    let (_, old) = head(&app).await;
    let former = warm.signer.public_keys().await.unwrap()[0];
    let mut secret: Value = serde_json::from_str(&key()).unwrap();
    secret["former_keys"] = json!([STANDARD.encode(former)]);
    moto.put(&secret.to_string()).await;
    app.seals = seals(&app, moto.audit_key(1));
    app.admin().put("/v1/rate-feeds/acme", json!({}), "").await.expect(201);
    assert!(app.seal().await > 0);
    let (_, new) = head(&app).await;
    assert_ne!(new, old);
    app.seals = warm;
    app.admin().put("/v1/rate-feeds/bond", json!({}), "").await.expect(201);
    assert!(app.seal().await > 0);
    assert_eq!(head(&app).await.1, new);
}

#[tokio::test]
async fn while_kms_refuses_nothing_is_sealed_and_nothing_is_lost() {
    let mut app = TestApp::new().await;
    let (kms, port) = Kms::start([7, 7], &ED25519).await;
    let moto = Moto::start(&json!({"kms_key": ARN}).to_string()).await;
    app.seals = seals(&app, moto.audit_key(port));
    kms.refuses.store(true, Ordering::Relaxed);
    let refused = app.seal_refused().await;
    assert_eq!(refused.code().status, 503);
    let why = refused.summary();
    assert!(why.contains("the audit key cannot be used: AccessDeniedException"), "{why}");
    assert!(!why.contains("hunter2"), "{why}");
    let leaves = app.sql("select count(*) as n from audit.log_leaves").await;
    assert_eq!(leaves[0]["n"], 0);
    kms.refuses.store(false, Ordering::Relaxed);
    assert!(app.seal().await > 0);
}

#[tokio::test]
async fn a_key_of_kms_that_is_not_what_its_public_half_says_seals_nothing() {
    let mut app = TestApp::new().await;
    let moto = Moto::start(&json!({"kms_key": ARN}).to_string()).await;
    let (_other, port) = Kms::start([7, 8], &ED25519).await;
    app.seals = seals(&app, moto.audit_key(port));
    let why = app.seal_refused().await.summary();
    assert!(why.contains("signature"), "{why}");
    let (_curve, port) = Kms::start([7, 7], &[0x30; 27]).await;
    let found = moto.audit_key(port).public_keys().await;
    assert_eq!(found, Err(KeyError::Malformed("the key of KMS is not of Ed25519")));
    let leaves = app.sql("select count(*) as n from audit.log_leaves").await;
    assert_eq!(leaves[0]["n"], 0);
}
