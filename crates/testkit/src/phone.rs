//! An authenticator app that shares no code with the platform: RFC 4226 by hand.

use aws_lc_rs::hmac;
use serde_json::{Value, json};

use crate::{Client, TestApp};

/// A phone with an app.
pub struct Phone {
    /// Its id.
    pub factor_id: String,
    /// The codes that the confirmation gave.
    pub recovery_codes: Vec<String>,
    /// The access token that the confirmation gave.
    pub access_token: String,
    secret: Vec<u8>,
}

impl Phone {
    /// Reads what `POST …/totp` answered.
    pub fn scan(answer: &Value) -> Self {
        let text = |name: &str| answer[name].as_str().expect(name).to_owned();
        Self {
            factor_id: text("factor_id"),
            recovery_codes: Vec::new(),
            access_token: String::new(),
            secret: base32(&text("secret")),
        }
    }

    /// Enrols a phone.
    pub async fn enrol(app: &TestApp, client: &Client) -> Self {
        let started =
            client.post("/v1/users/me/mfa/totp", json!({"label": "Phone"})).await.expect(201);
        let mut phone = Self::scan(&started.body);
        let path = format!("/v1/users/me/mfa/totp/{}/confirm", phone.factor_id);
        let confirmed = client.post(&path, json!({"code": phone.code(app, 0)})).await.expect(200);
        let codes = confirmed.body["recovery_codes"].as_array().cloned().unwrap_or_default();
        phone.recovery_codes =
            codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect();
        phone.access_token =
            confirmed.body["session"]["access_token"].as_str().expect("a token").to_owned();
        phone
    }

    /// The code that the app shows, `steps` from now.
    pub fn code(&self, app: &TestApp, steps: i64) -> String {
        let step = wealth_core::Clock::now(&*app.clock).timestamp() / 30 + steps;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let mac = hmac::sign(&key, &step.to_be_bytes());
        let mac = mac.as_ref();
        let at = usize::from(mac[19] & 15);
        let word =
            u32::from_be_bytes(mac[at..at + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
        format!("{:06}", word % 1_000_000)
    }

    /// A code that is right at no step near now.
    pub fn wrong_code(&self, app: &TestApp, salt: u32) -> String {
        let right: Vec<String> = (-2..=2).map(|steps| self.code(app, steps)).collect();
        let mut candidates = (0..).map(|n| format!("{:06}", (salt + n) % 1_000_000));
        candidates.find(|code| !right.contains(code)).expect("a wrong code")
    }
}

fn base32(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes() {
        let value =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|l| *l == letter).expect("base32");
        held = (held << 5) | u32::try_from(value).expect("five bits");
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 255).expect("a byte"));
        }
    }
    bytes
}
