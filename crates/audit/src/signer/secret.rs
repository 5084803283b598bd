//! The key that a secret holds or names.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;

use super::{KeyError, KmsKey, Signer, SigningKey, Stored, answered};

/// The key out of AWS Secrets Manager, or the one of KMS that the secret names; asked for when
/// something is to be signed and kept as long as the environment lives, or until something turns up
/// that a newer key has signed. Until then the old key signs on there, and is among the former ones of
/// the new.
pub struct SecretSigner {
    secrets: aws_sdk_secretsmanager::Client,
    kms: aws_sdk_kms::Client,
    secret: String,
    key: Mutex<Option<Arc<dyn Signer>>>,
}

impl SecretSigner {
    /// Reads `secret` (ARN or name).
    pub fn new(
        secrets: aws_sdk_secretsmanager::Client,
        kms: aws_sdk_kms::Client,
        secret: String,
    ) -> Self {
        Self { secrets, kms, secret, key: Mutex::default() }
    }

    /// With the SDK's ordinary configuration: region and credentials of the function's role,
    /// `AWS_ENDPOINT_URL` for an emulator.
    pub async fn from_env(secret: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        let secrets = aws_sdk_secretsmanager::Client::new(&config);
        Self::new(secrets, aws_sdk_kms::Client::new(&config), secret)
    }

    async fn key(&self) -> Result<Arc<dyn Signer>, KeyError> {
        let mut known = self.key.lock().await;
        if let Some(key) = &*known {
            return Ok(Arc::clone(key));
        }
        Ok(Arc::clone(known.insert(self.fetch().await?)))
    }

    async fn fetch(&self) -> Result<Arc<dyn Signer>, KeyError> {
        let asked = self.secrets.get_secret_value().secret_id(&self.secret).send();
        let answer = answered(asked).await?;
        let text = answer.secret_string().ok_or(KeyError::Malformed("it has no text"))?;
        let stored = Stored::parse(text)?;
        Ok(match stored.kms_key {
            Some(_) => Arc::new(KmsKey::of(self.kms.clone(), &stored)?),
            None => Arc::new(SigningKey::of(&stored)?),
        })
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

    async fn renew(&self) -> Result<(), KeyError> {
        let key = self.fetch().await?;
        *self.key.lock().await = Some(key);
        Ok(())
    }
}
