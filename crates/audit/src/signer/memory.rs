//! A key in memory.

use std::fmt;

use async_trait::async_trait;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{KeyError, Signer, Stored, decode};

/// A key that the function holds itself.
pub struct SigningKey {
    pkcs8: Vec<u8>,
    pair: Ed25519KeyPair,
    former: Vec<[u8; 32]>,
}

impl SigningKey {
    /// A new one.
    ///
    /// # Errors
    /// [`KeyError::Generate`].
    pub fn generate() -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Generate)?;
        let pkcs8 = pair.to_pkcs8().map_err(|_| KeyError::Generate)?.as_ref().to_vec();
        Ok(Self { pkcs8, pair, former: Vec::new() })
    }

    /// Reads the secret's text.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn from_json(text: &str) -> Result<Self, KeyError> {
        Self::of(&Stored::parse(text)?)
    }

    pub(super) fn of(stored: &Stored) -> Result<Self, KeyError> {
        let Stored { signing_key: Some(key), kms_key: None, .. } = stored else {
            return Err(KeyError::Malformed("it takes one key that signs"));
        };
        let pkcs8 = decode(key)?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8);
        let pair = pair.map_err(|_| KeyError::Malformed("not an Ed25519 key"))?;
        Ok(Self { pkcs8, pair, former: stored.former()? })
    }

    /// The secret's text.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], which cannot happen to a key that was read or generated.
    pub fn to_json(&self) -> Result<String, KeyError> {
        let stored = Stored {
            signing_key: Some(STANDARD.encode(&self.pkcs8)),
            kms_key: None,
            former_keys: self.former.iter().map(|key| STANDARD.encode(key)).collect(),
        };
        serde_json::to_string(&stored).map_err(|_| KeyError::Malformed("cannot be written"))
    }
}

impl fmt::Debug for SigningKey {
    /// Shows the public half only: keys are logged sooner or later.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&STANDARD.encode(self.pair.public_key())).finish()
    }
}

#[async_trait]
impl Signer for SigningKey {
    async fn public_keys(&self) -> Result<Vec<[u8; 32]>, KeyError> {
        let own = self.pair.public_key().as_ref().try_into();
        let own = own.map_err(|_| KeyError::Malformed("its public half is not 32 bytes"))?;
        Ok(std::iter::once(own).chain(self.former.iter().copied()).collect())
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        Ok(self.pair.sign(message).as_ref().to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut key = SigningKey::generate().unwrap();
        key.former.push([7; 32]);
        let again = SigningKey::from_json(&key.to_json().unwrap()).unwrap();
        assert_eq!((&again.pkcs8, &again.former), (&key.pkcs8, &key.former));
    }

    #[test]
    fn a_malformed_secret_is_not_quoted() {
        let text = SigningKey::generate().unwrap().to_json().unwrap();
        for bad in [
            text.replace("signing_key", "hunter2"),
            text.replace("\"M", "\"N"),
            "hunter2".into(),
            text.replace('{', r#"{"kms_key": "hunter2", "#),
            "{}".into(),
        ] {
            let error = SigningKey::from_json(&bad).unwrap_err();
            assert!(matches!(error, KeyError::Malformed(_)));
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}
