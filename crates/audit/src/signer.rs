//! The key that signs the heads of the logs. It signs in memory here; whatever else keeps Ed25519
//! keys, such as KMS, implements [`Signer`].

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use aws_sdk_secretsmanager::Client;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::OnceCell;

/// How long Secrets Manager may take to answer, the SDK's own retries included.
const FETCH: Duration = Duration::from_secs(3);

/// A key that cannot be had or read. Never says more of it than that it is malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The store did not answer.
    #[error("the audit key cannot be read: {0}")]
    Unreachable(String),
    /// The secret is not what it should be.
    #[error("the secret of the audit function is malformed: {0}")]
    Malformed(&'static str),
    /// The machine gave no randomness.
    #[error("no key could be generated")]
    Generate,
}

/// Signs the heads.
#[async_trait]
pub trait Signer: Send + Sync {
    /// The public keys that heads of these logs are signed with: the present one first, then those
    /// before it.
    ///
    /// # Errors
    /// [`KeyError`].
    async fn public_keys(&self) -> Result<Vec<[u8; 32]>, KeyError>;

    /// The present key's Ed25519 signature of `message`.
    ///
    /// # Errors
    /// [`KeyError`].
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// A key in memory.
pub struct SigningKey {
    pkcs8: Vec<u8>,
    pair: Ed25519KeyPair,
    former: Vec<[u8; 32]>,
}

/// The secret as it is stored: base64 inside JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// PKCS #8 of the key that signs.
    signing_key: String,
    /// Public keys that signed before.
    #[serde(default)]
    former_keys: Vec<String>,
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
        let stored: Stored =
            serde_json::from_str(text).map_err(|_| KeyError::Malformed("not the expected JSON"))?;
        let pkcs8 = decode(&stored.signing_key)?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8)
            .map_err(|_| KeyError::Malformed("not an Ed25519 key"))?;
        let public = |text: &String| {
            decode(text)?
                .try_into()
                .map_err(|_| KeyError::Malformed("a former key is not 32 bytes"))
        };
        let former = stored.former_keys.iter().map(public).collect::<Result<_, _>>()?;
        Ok(Self { pkcs8, pair, former })
    }

    /// The secret's text.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], which cannot happen to a key that was read or generated.
    pub fn to_json(&self) -> Result<String, KeyError> {
        let stored = Stored {
            signing_key: STANDARD.encode(&self.pkcs8),
            former_keys: self.former.iter().map(|key| STANDARD.encode(key)).collect(),
        };
        serde_json::to_string(&stored).map_err(|_| KeyError::Malformed("cannot be written"))
    }
}

fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    STANDARD.decode(text).map_err(|_| KeyError::Malformed("not base64"))
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

/// The key out of AWS Secrets Manager, asked for when something is to be signed and kept as long as
/// the environment lives. After a rotation the old key signs on there, and is among the former ones
/// of the new.
pub struct SecretSigner {
    client: Client,
    secret: String,
    key: OnceCell<SigningKey>,
}

impl SecretSigner {
    /// Reads `secret` (ARN or name) with `client`.
    pub fn new(client: Client, secret: String) -> Self {
        Self { client, secret, key: OnceCell::new() }
    }

    /// With the SDK's ordinary configuration: region and credentials of the function's role,
    /// `AWS_ENDPOINT_URL` for an emulator.
    pub async fn from_env(secret: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        Self::new(Client::new(&config), secret)
    }

    async fn key(&self) -> Result<&SigningKey, KeyError> {
        self.key.get_or_try_init(|| self.fetch()).await
    }

    async fn fetch(&self) -> Result<SigningKey, KeyError> {
        let asked = self.client.get_secret_value().secret_id(&self.secret).send();
        let late = |_| KeyError::Unreachable("no answer in time".to_owned());
        let answer = tokio::time::timeout(FETCH, asked).await.map_err(late)?;
        let answer = answer.map_err(|error| {
            KeyError::Unreachable(format!("{:?}", error.raw_response().map(|r| r.status())))
        })?;
        SigningKey::from_json(answer.secret_string().ok_or(KeyError::Malformed("it has no text"))?)
    }
}

#[async_trait]
impl Signer for SecretSigner {
    async fn public_keys(&self) -> Result<Vec<[u8; 32]>, KeyError> {
        self.key().await?.public_keys().await
    }

    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.key().await?.sign(message).await
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
        for bad in
            [text.replace("signing_key", "hunter2"), text.replace("\"M", "\"N"), "hunter2".into()]
        {
            let error = SigningKey::from_json(&bad).unwrap_err();
            assert!(matches!(error, KeyError::Malformed(_)));
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
}
