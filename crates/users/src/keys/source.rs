//! Where the keys are.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;

use super::secret::{KeyError, Keys};

/// How long Secrets Manager may take to answer, the SDK's own retries included.
const FETCH: Duration = Duration::from_secs(3);

/// Gives the current keys.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// Reads the keys.
    ///
    /// # Errors
    /// [`KeyError`].
    async fn load(&self) -> Result<Keys, KeyError>;
}

/// Keys that are given as text: this machine's own, or a test's.
pub struct StaticKeys(pub String);

#[async_trait]
impl KeySource for StaticKeys {
    async fn load(&self) -> Result<Keys, KeyError> {
        Keys::from_json(&self.0)
    }
}

/// A secret of AWS Secrets Manager.
pub struct SecretsManagerKeys {
    client: Client,
    secret: String,
}

impl SecretsManagerKeys {
    /// Reads `secret` (ARN or name) with `client`.
    pub fn new(client: Client, secret: String) -> Self {
        Self { client, secret }
    }

    /// With the SDK's ordinary configuration: region and credentials of the function's role,
    /// `AWS_ENDPOINT_URL` for an emulator.
    pub async fn from_env(secret: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        Self::new(Client::new(&config), secret)
    }
}

#[async_trait]
impl KeySource for SecretsManagerKeys {
    async fn load(&self) -> Result<Keys, KeyError> {
        let asked = self.client.get_secret_value().secret_id(&self.secret).send();
        let answer = tokio::time::timeout(FETCH, asked)
            .await
            .map_err(|_| KeyError::Unreachable("no answer in time".to_owned()))?
            .map_err(|error| {
                KeyError::Unreachable(format!("{:?}", error.raw_response().map(|r| r.status())))
            })?;
        let text = answer.secret_string().ok_or(KeyError::Malformed("it has no text"))?;
        Keys::from_json(text)
    }
}
