//! The content of the secret.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use wealth_http::auth::TokenSigner;

/// Keys that cannot be had or read. Never says more of a secret than that it is malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The store did not answer.
    #[error("keys cannot be read: {0}")]
    Unreachable(String),
    /// The secret is not what it should be.
    #[error("the secret of the users function is malformed: {0}")]
    Malformed(&'static str),
    /// The machine gave no randomness.
    #[error("no key could be generated")]
    Generate,
}

/// The secret as it is stored: base64 inside JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// PKCS #8 of the key that signs.
    signing_key: String,
    /// PKCS #8 of the key that will sign next; published ahead of its first use.
    next_signing_key: Option<String>,
    /// 32 bytes that refresh tokens derive from.
    refresh_key: String,
    /// 32 bytes each, by version: what second factors are encrypted with. The highest encrypts.
    field_keys: BTreeMap<u32, String>,
}

/// All keys of the context.
pub struct Keys {
    signer: TokenSigner,
    next_signer: Option<TokenSigner>,
    refresh_key: [u8; 32],
    field_keys: BTreeMap<u32, [u8; 32]>,
}

impl Keys {
    /// New keys, for a new environment, this machine or a test.
    ///
    /// # Errors
    /// [`KeyError::Generate`].
    pub fn generate() -> Result<Self, KeyError> {
        let signer = TokenSigner::generate().map_err(|_| KeyError::Generate)?;
        let next_signer = Some(TokenSigner::generate().map_err(|_| KeyError::Generate)?);
        let field_keys = BTreeMap::from([(1, random()?)]);
        Ok(Self { signer, next_signer, refresh_key: random()?, field_keys })
    }

    /// Reads the secret's text.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn from_json(text: &str) -> Result<Self, KeyError> {
        let stored: Stored =
            serde_json::from_str(text).map_err(|_| KeyError::Malformed("not the expected JSON"))?;
        let field_keys: BTreeMap<u32, [u8; 32]> = stored
            .field_keys
            .iter()
            .map(|(version, key)| Ok((*version, bytes(key)?)))
            .collect::<Result<_, KeyError>>()?;
        if field_keys.is_empty() {
            return Err(KeyError::Malformed("no field key"));
        }
        Ok(Self {
            signer: signer(&stored.signing_key)?,
            next_signer: stored.next_signing_key.as_deref().map(signer).transpose()?,
            refresh_key: bytes(&stored.refresh_key)?,
            field_keys,
        })
    }

    /// The secret's text.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], which cannot happen to keys that were read or generated.
    pub fn to_json(&self) -> Result<String, KeyError> {
        let stored = Stored {
            signing_key: STANDARD.encode(self.signer.pkcs8()),
            next_signing_key: self.next_signer.as_ref().map(|key| STANDARD.encode(key.pkcs8())),
            refresh_key: STANDARD.encode(self.refresh_key),
            field_keys: self.field_keys.iter().map(|(v, key)| (*v, STANDARD.encode(key))).collect(),
        };
        serde_json::to_string(&stored).map_err(|_| KeyError::Malformed("cannot be written"))
    }

    /// Signs access tokens now.
    pub fn signer(&self) -> &TokenSigner {
        &self.signer
    }

    /// Will sign next.
    pub fn next_signer(&self) -> Option<&TokenSigner> {
        self.next_signer.as_ref()
    }

    /// The same keys a rotation later: the next one signs, and there is a new next one.
    ///
    /// # Errors
    /// [`KeyError::Generate`].
    pub fn rotated(self) -> Result<Self, KeyError> {
        let fresh = || TokenSigner::generate().map_err(|_| KeyError::Generate);
        let signer = self.next_signer.map_or_else(fresh, Ok)?;
        Ok(Self { signer, next_signer: Some(fresh()?), ..self })
    }

    /// Every key whose public half must be known.
    pub fn signers(&self) -> impl Iterator<Item = &TokenSigner> {
        std::iter::once(&self.signer).chain(&self.next_signer)
    }

    /// What refresh tokens derive from.
    pub fn refresh_key(&self) -> &[u8; 32] {
        &self.refresh_key
    }

    /// A field key by its version.
    pub fn field_key(&self, version: u32) -> Option<&[u8; 32]> {
        self.field_keys.get(&version)
    }

    /// The field key that encrypts, with its version.
    pub fn newest_field_key(&self) -> Option<(u32, &[u8; 32])> {
        self.field_keys.last_key_value().map(|(version, key)| (*version, key))
    }
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        let ids = |keys: &Self| keys.signers().map(TokenSigner::key_id).collect::<Vec<_>>();
        ids(self) == ids(other)
            && self.refresh_key == other.refresh_key
            && self.field_keys == other.field_keys
    }
}

impl fmt::Debug for Keys {
    /// Shows public ids only: keys are logged sooner or later.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.signers().map(TokenSigner::key_id)).finish()
    }
}

fn random() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| KeyError::Generate)?;
    Ok(bytes)
}

fn bytes(text: &str) -> Result<[u8; 32], KeyError> {
    let decoded = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    decoded.ok_or(KeyError::Malformed("a key is not 32 bytes of base64"))
}

fn signer(text: &str) -> Result<TokenSigner, KeyError> {
    let bytes = STANDARD.decode(text).map_err(|_| KeyError::Malformed("not base64"))?;
    TokenSigner::from_pkcs8(&bytes).map_err(|_| KeyError::Malformed("not an Ed25519 key"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let keys = Keys::generate().unwrap();
        assert_eq!(Keys::from_json(&keys.to_json().unwrap()).unwrap(), keys);
    }

    #[test]
    fn a_malformed_secret_is_not_quoted() {
        let text = Keys::generate().unwrap().to_json().unwrap();
        for bad in [text.replace("refresh_key", "hunter2"), text.replace('=', ""), "hunter2".into()]
        {
            let error = Keys::from_json(&bad).unwrap_err();
            assert!(matches!(error, KeyError::Malformed(_)));
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn keys_do_not_show_themselves() {
        let keys = Keys::generate().unwrap();
        let shown = format!("{keys:?}");
        assert!(!shown.contains(&STANDARD.encode(keys.refresh_key())), "{shown}");
    }
}
