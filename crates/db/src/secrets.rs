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
/// How long Secrets Manager is left alone after it failed while a known version is in use.
const RETRY_AFTER: Duration = Duration::from_secs(30);
/// How long it may take to answer, the SDK's own retries included: less than opening a
/// connection may take.
const FETCH: Duration = Duration::from_secs(3);

/// A secret's current version, kept in memory for five minutes. While Secrets Manager cannot be
/// asked, the last known version stays in use: it is right until the next rotation.
pub struct SecretsManagerCredentials {
    client: Client,
    secret: String,
    fresh_for: Duration,
    /// Held across the fetch, so that any number of callers make one call.
    cached: Mutex<Option<Cached>>,
}

struct Cached {
    credentials: Arc<Credentials>,
    fetched: Instant,
    ask_again: Instant,
}

impl Cached {
    fn new(credentials: &Arc<Credentials>, fresh_for: Duration) -> Self {
        let fetched = Instant::now();
        let credentials = Arc::clone(credentials);
        Self { credentials, fetched, ask_again: fetched + fresh_for }
    }
}

#[derive(Deserialize)]
struct Secret {
    username: String,
    password: String,
}

impl SecretsManagerCredentials {
    /// Reads `secret` (ARN or name) with `client`.
    pub fn new(client: Client, secret: String) -> Self {
        Self { client, secret, fresh_for: FRESH_FOR, cached: Mutex::new(None) }
    }

    /// Asks again after `fresh_for` instead of five minutes.
    #[must_use]
    pub fn with_fresh_for(mut self, fresh_for: Duration) -> Self {
        self.fresh_for = fresh_for;
        self
    }

    /// A provider with the SDK's ordinary configuration: region and credentials of the function's
    /// role, `AWS_ENDPOINT_URL` for an emulator.
    pub async fn from_env(secret: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        Self::new(Client::new(&config), secret)
    }

    async fn fetch(&self) -> Result<Arc<Credentials>, CredentialError> {
        let asked = self.client.get_secret_value().secret_id(&self.secret).send();
        let answer = tokio::time::timeout(FETCH, asked)
            .await
            .map_err(|_| CredentialError::Unreachable("no answer in time".to_owned()))?
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
        if let Some(known) = cached.as_ref().filter(|c| Instant::now() < c.ask_again) {
            return Ok(Arc::clone(&known.credentials));
        }
        match (self.fetch().await, cached.as_mut()) {
            (Ok(credentials), _) => {
                *cached = Some(Cached::new(&credentials, self.fresh_for));
                Ok(credentials)
            }
            (Err(error), Some(known)) => {
                tracing::warn!(%error, "keeping the database credentials that are in memory");
                known.ask_again = Instant::now() + RETRY_AFTER;
                Ok(Arc::clone(&known.credentials))
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn after_refusal(
        &self,
        refused: &Arc<Credentials>,
    ) -> Result<Arc<Credentials>, CredentialError> {
        let refused_at = Instant::now();
        let mut cached = self.cached.lock().await;
        // Another caller has fetched: others already, or the same ones while this one waited.
        let newer = |c: &&Cached| c.credentials != *refused || c.fetched >= refused_at;
        if let Some(known) = cached.as_ref().filter(newer) {
            return Ok(Arc::clone(&known.credentials));
        }
        let credentials = self.fetch().await?;
        *cached = Some(Cached::new(&credentials, self.fresh_for));
        Ok(credentials)
    }
}
