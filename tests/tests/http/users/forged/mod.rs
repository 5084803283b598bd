//! Threat 4 of rules.md over HTTP: forged tokens of the platform's own issuer, 250 of each of 40 kinds.

mod kinds;

use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::world::{session, user};
use kinds::KINDS;

/// Of each kind.
const EACH: usize = 250;

/// A small generator (xorshift64*), so that a failure can be repeated from its number.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll()).expect("48 bits") % end
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// What a forger has: the issuer's public key and good tokens; and, for tokens that are genuine but
/// must not pass, the private key as well.
struct Forge {
    dice: Dice,
    genuine: Ed25519KeyPair,
    own: Ed25519KeyPair,
    public: Vec<u8>,
    key_id: String,
    next_key_id: String,
    good: String,
    now: i64,
    session: uuid::Uuid,
}

impl Forge {
    /// The header of a good token.
    fn head(&self) -> Value {
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.key_id})
    }

    /// The claims of a good token, each time another one.
    fn claims(&mut self) -> Value {
        json!({
            "iss": testkit::ISSUER, "aud": "wealth", "sub": user(Firm::Meridian, 1),
            "client_id": "wealth", "tenant_id": Firm::Meridian.tenant_id(),
            "roles": ["ProductAdministrator"], "sid": self.session, "jti": self.dice.roll().to_string(),
            "iat": self.now, "exp": self.now + 900, "acr": "aal2", "amr": ["pwd", "otp"],
            "auth_time": self.now,
        })
    }

    /// Signed by the issuer's own key.
    fn genuine(&self, head: &Value, claims: &Value) -> String {
        let text = join(&head.to_string(), &claims.to_string());
        let signature = self.genuine.sign(text.as_bytes());
        format!("{text}.{}", encode(signature.as_ref()))
    }

    /// Signed by the forger's key.
    fn forged(&self, head: &Value, claims: &Value) -> String {
        let text = join(&head.to_string(), &claims.to_string());
        let signature = self.own.sign(text.as_bytes());
        format!("{text}.{}", encode(signature.as_ref()))
    }

    /// Genuine but for one claim.
    fn with(&mut self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[name] = value;
        self.genuine(&self.head(), &claims)
    }

    /// Genuine but for one member of the header.
    fn headed(&mut self, name: &str, value: Value) -> String {
        let (mut head, claims) = (self.head(), self.claims());
        head[name] = value;
        self.genuine(&head, &claims)
    }

    fn part(&self, at: usize) -> String {
        self.good.split('.').nth(at).expect("three parts").to_owned()
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn join(head: &str, claims: &str) -> String {
    format!("{}.{}", encode(head.as_bytes()), encode(claims.as_bytes()))
}

async fn forge(app: &TestApp) -> Forge {
    let opened = session(app, Firm::Meridian, 1).await;
    let keys = app.services.keys.get(&app.app).await.expect("keys");
    let genuine = Ed25519KeyPair::from_pkcs8(keys.signer().pkcs8()).expect("a key");
    let public = URL_SAFE_NO_PAD.decode(keys.signer().jwk()["x"].as_str().expect("x"));
    Forge {
        dice: Dice(0x5EED),
        public: public.expect("base64"),
        genuine,
        own: Ed25519KeyPair::generate().expect("a key"),
        key_id: keys.signer().key_id(),
        next_key_id: keys.signers().nth(1).expect("the next").key_id(),
        good: opened.access_token.clone(),
        now: wealth_core::Clock::now(&*app.clock).timestamp(),
        session: opened.session_id,
    }
}

#[tokio::test]
async fn no_forged_token_is_accepted() {
    let app = TestApp::new().await;
    let mut forge = forge(&app).await;
    let (head, claims) = (forge.head(), forge.claims());
    let control = forge.genuine(&head, &claims);
    for good in [forge.good.clone(), control.clone()] {
        app.with_token(&good).get("/v1/users/me").await.expect(200);
    }
    assert_eq!(KINDS.len(), 40);
    let mut sent = 0;
    for (kind, make) in KINDS {
        for number in 0..EACH {
            let token = make(&mut forge);
            assert!(token != forge.good && token != control, "{kind} {number} is a good token");
            if !token.bytes().all(|b| (32..127).contains(&b)) {
                panic!("{kind} {number} does not fit into a header");
            }
            let answer = app.with_token(&token).get("/v1/users/me").await;
            assert_eq!(
                (answer.status, answer.code()),
                (401, "unauthenticated"),
                "{kind} {number}: {token} {}",
                answer.body
            );
            assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
            sent += 1;
        }
    }
    app.with_token(&control).get("/v1/users/me").await.expect(200);
    println!("{sent} forged tokens of {} kinds", KINDS.len());
}

/// Genuine by their signature, but of a person, tenant or session that is no match: these are for
/// the database to refuse, in the request's own round trip.
#[tokio::test]
async fn a_genuine_token_of_another_person_tenant_or_session_is_refused() {
    let app = TestApp::new().await;
    let mut forge = forge(&app).await;
    let foreign = session(&app, Firm::Harbour, 4).await;
    let cases = [
        ("tenant_id", json!(Firm::Harbour.tenant_id()), "unknown_identity"),
        ("sub", json!(user(Firm::Harbour, 4)), "unknown_identity"),
        ("sub", json!(uuid::Uuid::from_u128(7)), "unknown_identity"),
        ("sub", json!(user(Firm::Meridian, 2)), "session_expired"),
        ("act", json!({"sub": user(Firm::Meridian, 3)}), "session_expired"),
        ("roles", json!(["SystemAdministrator"]), "role_revoked"),
    ];
    for (name, value, code) in cases {
        let token = forge.with(name, value.clone());
        let answer = app.with_token(&token).get("/v1/users/me").await;
        assert_eq!(answer.code(), code, "{name} {value}: {}", answer.body);
    }
    // A session id of another firm is no session of this one: it says nothing here.
    let token = forge.with("sid", json!(foreign.session_id));
    app.with_token(&token).get("/v1/users/me").await.expect(200);
    app.with_token(&foreign.access_token).get("/v1/users/me").await.expect(200);
}
