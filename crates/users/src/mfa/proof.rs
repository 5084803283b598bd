//! The proof of a second factor: what a person sends, and what is made of it for the database to
//! spend (`users.spend_proof`).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Parse, ParseError};
use wealth_db::Row;
use wealth_http::Result;

use super::recovery::RecoveryCode;
use super::totp;
use super::webauthn::{Assertion, Ceremonies};
use crate::field::Sealed;
use crate::keys::Keys;
use crate::one_time::hex;

/// A way to show a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(as = FactorMethod, rename_all = "snake_case")]
pub(crate) enum Method {
    /// The code of an authenticator app.
    Totp,
    /// One of the codes for when it is gone.
    RecoveryCode,
    /// A passkey.
    Webauthn,
}

impl Method {
    /// As the database knows it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
            Self::Webauthn => "webauthn",
        }
    }

    /// What a session's methods (RFC 8176) gain by it.
    pub(crate) const fn references(self) -> &'static [&'static str] {
        match self {
            Self::Totp | Self::RecoveryCode => &["otp", "mfa"],
            Self::Webauthn => &["pop", "user", "mfa"],
        }
    }
}

impl Parse for Method {
    fn parse(text: &str) -> std::result::Result<Self, ParseError> {
        [Self::Totp, Self::RecoveryCode, Self::Webauthn]
            .into_iter()
            .find(|method| method.name() == text)
            .ok_or_else(|| {
                ParseError::new("unknown_value", "must be totp, recovery_code or webauthn")
            })
    }
}

/// A code of an authenticator app: six digits, with blanks as people read them out.
#[derive(Clone)]
pub(crate) struct TotpCode(pub(crate) String);

impl Parse for TotpCode {
    fn parse(text: &str) -> std::result::Result<Self, ParseError> {
        let plain: String = text.chars().take(16).filter(|c| *c != ' ').collect();
        let right =
            plain.len() == 6 && plain.bytes().all(|b| b.is_ascii_digit()) && text.len() < 16;
        if right {
            Ok(Self(plain))
        } else {
            Err(ParseError::new("wrong_format", "must be six digits"))
        }
    }
}

/// The fields of a request that show a factor; which are needed depends on `method`.
pub(crate) struct Given {
    pub(crate) method: Checked<Method>,
    pub(crate) code: Option<String>,
    pub(crate) challenge: Option<Checked<crate::one_time::OneTimeToken>>,
    pub(crate) credential: Option<Value>,
}

/// A factor that is shown, right by type.
pub(crate) enum Shown {
    /// A code of an authenticator app.
    Totp(TotpCode),
    /// A recovery code.
    Recovery(RecoveryCode),
    /// A passkey's answer to a challenge.
    Passkey(Box<Assertion>),
}

impl Given {
    /// The factor, after noting what is wrong with it.
    pub(crate) fn shown(self, v: &mut Violations) -> Option<Shown> {
        let method = self.method.required("/method", v)?;
        let absent = |present: bool, pointer: &str, v: &mut Violations| {
            if present {
                v.add(pointer, "not_applicable", "does not go with this method");
            }
        };
        if method == Method::Webauthn {
            absent(self.code.is_some(), "/code", v);
            return Assertion::read(self.challenge, self.credential, v)
                .map(|assertion| Shown::Passkey(Box::new(assertion)));
        }
        absent(self.challenge.is_some(), "/challenge", v);
        absent(self.credential.is_some(), "/credential", v);
        let Some(code) = self.code else {
            v.add("/code", "required", "is required");
            return None;
        };
        match method {
            Method::Totp => {
                Checked::<TotpCode>::from_text(&code).optional("/code", v).map(Shown::Totp)
            }
            _ => {
                Checked::<RecoveryCode>::from_text(&code).optional("/code", v).map(Shown::Recovery)
            }
        }
    }
}

impl Shown {
    pub(crate) fn method(&self) -> Method {
        match self {
            Self::Totp(_) => Method::Totp,
            Self::Recovery(_) => Method::RecoveryCode,
            Self::Passkey(_) => Method::Webauthn,
        }
    }

    /// Hash of the challenge and id of the credential, for passkeys.
    pub(crate) fn keys(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        match self {
            Self::Passkey(assertion) => {
                (Some(assertion.challenge.hash()), Some(assertion.credential_id()))
            }
            _ => (None, None),
        }
    }

    /// The proof for the database, made with what it gave (`secrets`, `passkey`).
    ///
    /// # Errors
    /// `internal_error`.
    pub(crate) fn prove(
        &self,
        row: &Row,
        user_id: Uuid,
        keys: &Keys,
        ceremonies: &Ceremonies,
        now: DateTime<Utc>,
    ) -> Result<Value> {
        Ok(match self {
            Self::Totp(code) => {
                let secrets: Option<Value> = row.get("secrets");
                prove_code(&secrets.unwrap_or_default(), code, user_id, keys, now)?
            }
            Self::Recovery(code) => {
                json!({"method": "recovery_code", "code_hash": code.hash_hex()})
            }
            Self::Passkey(assertion) => {
                let found: Option<Value> = row.get("passkey");
                match found.and_then(|found| ceremonies.verify(assertion, &found)) {
                    Some(proof) => proof,
                    None => json!({"method": "webauthn", "refused": "passkey_refused"}),
                }
            }
        })
    }
}

/// The factor and step whose code this is. A secret under an old key is put under the newest one.
fn prove_code(
    secrets: &Value,
    code: &TotpCode,
    user_id: Uuid,
    keys: &Keys,
    now: DateTime<Utc>,
) -> Result<Value> {
    for factor in secrets.as_array().into_iter().flatten() {
        let Some((factor_id, sealed)) = stored(factor) else { continue };
        let field = totp::field(user_id, factor_id);
        let Some(secret) = field.open(keys, &sealed) else {
            tracing::error!(%factor_id, key_version = sealed.key_version, "a factor's secret does not open");
            continue;
        };
        let Some(step) = totp::matching_step(&secret, &code.0, now) else { continue };
        let mut proof = json!({"method": "totp", "factor_id": factor_id, "step": step});
        if keys.newest_field_key().is_some_and(|(newest, _)| newest != sealed.key_version) {
            let renewed = field.seal(keys, &secret)?;
            proof["secret"] = json!(hex(&renewed.bytes));
            proof["key_version"] = json!(renewed.key_version);
        }
        return Ok(proof);
    }
    Ok(json!({"method": "totp", "refused": "wrong_code"}))
}

fn stored(factor: &Value) -> Option<(Uuid, Sealed)> {
    let factor_id = factor["factor_id"].as_str()?.parse().ok()?;
    let key_version = u32::try_from(factor["key_version"].as_u64()?).ok()?;
    Some((factor_id, Sealed { key_version, bytes: unhex(factor["secret"].as_str()?)? }))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()).collect()
}
