//! The way to each firm's Okta, in a secret of AWS Secrets Manager of the firm's own.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata as _;
use serde::Deserialize;
use uuid::Uuid;
use wealth_core::SystemClock;
use wealth_http::auth::HttpsFetcher;

use super::{Directories, Directory, DirectoryError, Okta};

/// How long Secrets Manager may take to answer, the SDK's own retries included.
const FETCH: Duration = Duration::from_secs(3);

/// Secrets whose names are a prefix and the firm's id, with `{"url": "https://firm.okta.com",
/// "scheme": "SSWS", "token": "…"}`; `scheme` is `SSWS` (an API token) or `Bearer` (OAuth).
pub struct SecretDirectories {
    client: Client,
    prefix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    url: String,
    scheme: Scheme,
    token: String,
}

#[derive(Deserialize, Clone, Copy)]
enum Scheme {
    #[serde(rename = "SSWS")]
    Ssws,
    Bearer,
}

impl SecretDirectories {
    /// Reads secrets whose names begin with `prefix`, with `client`.
    pub fn new(client: Client, prefix: String) -> Self {
        Self { client, prefix }
    }

    /// With the SDK's ordinary configuration.
    pub async fn from_env(prefix: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        Self::new(Client::new(&config), prefix)
    }
}

#[async_trait]
impl Directories for SecretDirectories {
    async fn of(&self, tenant: Uuid) -> Result<Option<Arc<dyn Directory>>, DirectoryError> {
        let name = format!("{}{tenant}", self.prefix);
        let asked = self.client.get_secret_value().secret_id(name).send();
        let late = |_| DirectoryError::Unavailable("Secrets Manager does not answer".to_owned());
        let answer = tokio::time::timeout(FETCH, asked).await.map_err(late)?;
        let answer = match answer.map_err(|error| error.into_service_error()) {
            Ok(answer) => answer,
            Err(error) if error.is_resource_not_found_exception() => return Ok(None),
            Err(error) => {
                // An error's name: its text could quote what was sent.
                let code = error.code().unwrap_or("no answer").to_owned();
                return Err(DirectoryError::Unavailable(format!("Secrets Manager: {code}")));
            }
        };
        let text = answer.secret_string().unwrap_or("");
        // The reader's error could quote the token.
        let secret: Secret = serde_json::from_str(text).map_err(|_| {
            DirectoryError::Refused("its secret does not say url, scheme and token".to_owned())
        })?;
        let scheme = match secret.scheme {
            Scheme::Ssws => "SSWS",
            Scheme::Bearer => "Bearer",
        };
        let authorization = format!("{scheme} {}", secret.token);
        let okta =
            Okta::new(&secret.url, authorization, HttpsFetcher::new(), Arc::new(SystemClock));
        Ok(Some(Arc::new(okta)))
    }
}
