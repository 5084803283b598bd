//! The key that signs the heads of the logs: in memory, or in AWS KMS, which never gives it away.

mod kms;
mod memory;
mod secret;

use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use memory::SigningKey;
pub use secret::SecretSigner;

use kms::KmsKey;

/// How long AWS may take to answer, the SDK's own retries included.
const PATIENCE: Duration = Duration::from_secs(3);

/// A key that cannot be had or read. Never says more of it than that it is malformed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The store did not answer, or refused.
    #[error("the audit key cannot be used: {0}")]
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

    /// Asks for the keys anew, where they may have changed: somebody has signed with one that is not
    /// known here.
    ///
    /// # Errors
    /// [`KeyError`].
    async fn renew(&self) -> Result<(), KeyError> {
        Ok(())
    }
}

/// The secret as it is stored: a key, or the name of one in KMS.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// PKCS #8 of the key that signs, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signing_key: Option<String>,
    /// ARN of the key of KMS that signs in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kms_key: Option<String>,
    /// Public keys that signed before, in base64, wherever they are kept.
    #[serde(default)]
    former_keys: Vec<String>,
}

impl Stored {
    fn parse(text: &str) -> Result<Self, KeyError> {
        serde_json::from_str(text).map_err(|_| KeyError::Malformed("not the expected JSON"))
    }

    fn former(&self) -> Result<Vec<[u8; 32]>, KeyError> {
        let wrong = |_| KeyError::Malformed("a former key is not 32 bytes");
        self.former_keys.iter().map(|text| decode(text)?.try_into().map_err(wrong)).collect()
    }
}

fn decode(text: &str) -> Result<Vec<u8>, KeyError> {
    STANDARD.decode(text).map_err(|_| KeyError::Malformed("not base64"))
}

/// An answer of AWS in time, or what it said instead: its code, which holds no secret.
async fn answered<T, E, R>(
    asked: impl Future<Output = Result<T, aws_sdk_kms::error::SdkError<E, R>>>,
) -> Result<T, KeyError>
where
    E: aws_sdk_kms::error::ProvideErrorMetadata,
{
    let answer = tokio::time::timeout(PATIENCE, asked).await;
    let answer = answer.map_err(|_| KeyError::Unreachable("no answer in time".to_owned()))?;
    answer.map_err(|error| {
        let code = error.as_service_error().and_then(|error| error.code());
        KeyError::Unreachable(code.unwrap_or("no answer").to_owned())
    })
}
