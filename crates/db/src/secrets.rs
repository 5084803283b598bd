//! Credentials out of AWS Secrets Manager, rotated while we run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::credentials::{CredentialError, Credentials, CredentialsProvider};
use crate::error::chain;

/// How long a secret is used without asking again (rules.md 2.3).
const FRESH_FOR: Duration = Duration::from_secs(300);

/// A secret's current version, kept in memory for five minutes. While Secrets Manager cannot be
/// asked, the last known version stays in use: it is right until the next rotation.
pub struct SecretsManagerCredentials {
    client: Client,
    secret: String,
    /// Held across the fetch, so that any number of callers make one call.
    cached: Mutex<Option<Cached>>,
}

struct Cached {
    credentials: Arc<Credentials>,
    fetched: Instant,
}

#[derive(Deserialize)]
struct Secret {
    username: String,
    password: String,
}

impl SecretsManagerCredentials {
    /// Reads `secret` (ARN or name) with `client`.
    pub fn new(client: Client, secret: String) -> Self {
        Self { client, secret, cached: Mutex::new(None) }
    }

    /// A provider with the SDK's ordinary configuration: region and credentials of the function's
    /// role, `AWS_ENDPOINT_URL` for an emulator.
    pub async fn from_env(secret: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        Self::new(Client::new(&config), secret)
    }

    async fn fetch(&self) -> Result<Arc<Credentials>, CredentialError> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(&self.secret)
            .send()
            .await
            .map_err(|error| CredentialError::Unreachable(chain(&error)))?;
        let text = answer.secret_string().ok_or(CredentialError::Malformed)?;
        let secret: Secret = serde_json::from_str(text).map_err(|_| CredentialError::Malformed)?;
        Ok(Arc::new(Credentials { username: secret.username, password: secret.password }))
    }
}

#[async_trait]
impl CredentialsProvider for SecretsManagerCredentials {
    async fn current(&self) -> Result<Arc<Credentials>, CredentialError> {
        let mut cached = self.cached.lock().await;
        if let Some(known) = cached.as_ref().filter(|c| c.fetched.elapsed() < FRESH_FOR) {
            return Ok(Arc::clone(&known.credentials));
        }
        match (self.fetch().await, cached.as_ref()) {
            (Ok(credentials), _) => {
                let fetched = Instant::now();
                *cached = Some(Cached { credentials: Arc::clone(&credentials), fetched });
                Ok(credentials)
            }
            (Err(error), Some(known)) => {
                tracing::warn!(%error, "keeping the database credentials that are in memory");
                Ok(Arc::clone(&known.credentials))
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn after_refusal(
        &self,
        refused: &Arc<Credentials>,
    ) -> Result<Arc<Credentials>, CredentialError> {
        let mut cached = self.cached.lock().await;
        if let Some(known) = cached.as_ref().filter(|c| c.credentials != *refused) {
            return Ok(Arc::clone(&known.credentials)); // another caller has fetched already
        }
        let credentials = self.fetch().await?;
        let fetched = Instant::now();
        *cached = Some(Cached { credentials: Arc::clone(&credentials), fetched });
        Ok(credentials)
    }
}
