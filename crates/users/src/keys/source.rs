//! Where the keys are.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;

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

    /// Whether there was a version of this name.
    ///
    /// # Errors
    /// [`KeyError`].
    async fn has(&self, version: &str) -> Result<bool, KeyError>;

    /// Whether nothing can replace them: keys of one machine.
    fn is_fixed(&self) -> bool {
        false
    }

    /// Puts `keys` in place of those that are there, once for each `version`.
    ///
    /// # Errors
    /// [`KeyError`].
    async fn replace(&self, keys: &Keys, version: &str) -> Result<Replaced, KeyError>;
}

/// What became of a replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// Done.
    Now,
    /// There was a version of this name before; nothing was changed.
    Before,
}

/// Keys that are given as text: this machine's own, or a test's.
pub struct StaticKeys(pub String);

#[async_trait]
impl KeySource for StaticKeys {
    async fn load(&self) -> Result<Keys, KeyError> {
        Keys::from_json(&self.0)
    }

    async fn has(&self, _: &str) -> Result<bool, KeyError> {
        Ok(false)
    }

    fn is_fixed(&self) -> bool {
        true
    }

    async fn replace(&self, _: &Keys, _: &str) -> Result<Replaced, KeyError> {
        Err(KeyError::Unreachable("these keys are fixed".to_owned()))
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
        let answer =
            tokio::time::timeout(FETCH, asked).await.map_err(|_| late())?.map_err(|error| {
                KeyError::Unreachable(format!("{:?}", error.raw_response().map(|r| r.status())))
            })?;
        let text = answer.secret_string().ok_or(KeyError::Malformed("it has no text"))?;
        Keys::from_json(text)
    }

    async fn has(&self, version: &str) -> Result<bool, KeyError> {
        let asked = self.client.get_secret_value().secret_id(&self.secret).version_id(version);
        let answer = tokio::time::timeout(FETCH, asked.send()).await.map_err(|_| late())?;
        match answer.map_err(|error| error.into_service_error()) {
            Ok(_) => Ok(true),
            Err(error) if error.is_resource_not_found_exception() => Ok(false),
            Err(error) => Err(KeyError::Unreachable(format!("not looked up: {}", name(&error)))),
        }
    }

    /// The request's token is the version's id, and Secrets Manager keeps the two one: the same
    /// token with another text is refused.
    async fn replace(&self, keys: &Keys, version: &str) -> Result<Replaced, KeyError> {
        let put = self.client.put_secret_value().secret_id(&self.secret);
        let put = put.client_request_token(version).secret_string(keys.to_json()?).send();
        let put = tokio::time::timeout(FETCH, put).await.map_err(|_| late())?;
        match put.map_err(|error| error.into_service_error()) {
            Ok(_) => Ok(Replaced::Now),
            Err(error) if error.is_resource_exists_exception() => Ok(Replaced::Before),
            Err(error) => Err(KeyError::Unreachable(format!("not written: {}", name(&error)))),
        }
    }
}

fn late() -> KeyError {
    KeyError::Unreachable("no answer in time".to_owned())
}

/// An error's name: its text could quote what was sent.
fn name(error: &impl ProvideErrorMetadata) -> String {
    error.code().unwrap_or("no answer").to_owned()
}
