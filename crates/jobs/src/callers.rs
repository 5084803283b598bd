//! Calls to the feeds that are asked for their batches. A firm enters the address, an operator what
//! it asks for to let us in: a secret of AWS Secrets Manager, bound to the host it was made for, so
//! that whoever may change the address cannot have it sent elsewhere.

use std::time::Duration;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata as _;
use rates::DueFeed;
use serde::Deserialize;
use serde_json::Value;
use wealth_core::json as strict;
use wealth_http::auth::{FetchError, HttpsFetcher};

/// How long Secrets Manager may take to answer, the SDK's own retries included.
const PATIENCE: Duration = Duration::from_secs(3);

/// Calls feeds.
pub struct FeedCaller {
    fetcher: HttpsFetcher,
    secrets: Option<FeedSecrets>,
}

/// Secrets whose names are a prefix, the firm's id, a slash and the feed's name, with `{"host":
/// "rates.example.com", "authorization": "Bearer …"}`. A feed without one is called without.
pub struct FeedSecrets {
    client: Client,
    prefix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    host: String,
    authorization: String,
}

/// What a feed answered. Texts are for the firm: they tell nothing about our network.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// A batch, as far as it is JSON.
    Batch(Value),
    /// Nothing new.
    Nothing,
    /// It is no JSON.
    Malformed(String),
    /// None, or not one that a feed gives.
    Unreachable(String),
}

impl FeedCaller {
    /// Calls with `fetcher`, and with what `secrets` have.
    pub fn new(fetcher: HttpsFetcher, secrets: Option<FeedSecrets>) -> Self {
        Self { fetcher, secrets }
    }

    /// With the secrets of `RATE_FEED_SECRET_PREFIX`; without any where it is not set.
    pub async fn from_env() -> Self {
        let prefix = std::env::var("RATE_FEED_SECRET_PREFIX").ok();
        let secrets = match prefix.filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => Some(FeedSecrets::from_env(prefix).await),
            None => None,
        };
        Self::new(HttpsFetcher::new(), secrets)
    }

    pub(crate) async fn call(&self, feed: &DueFeed) -> Answer {
        let authorization = match &self.secrets {
            Some(secrets) => secrets.of(feed).await,
            None => Ok(None),
        };
        let authorization = match authorization {
            Ok(authorization) => authorization,
            Err(why) => return Answer::Unreachable(why),
        };
        let answer = match self.fetcher.ask(&feed.url, authorization.as_deref()).await {
            Ok(answer) => answer,
            Err(error) => return Answer::Unreachable(unreachable(feed, &error)),
        };
        match answer.status().as_u16() {
            200 => match strict::from_slice(answer.body()) {
                Ok(batch) => Answer::Batch(batch),
                Err(error) => Answer::Malformed(error.to_string()),
            },
            204 | 304 => Answer::Nothing,
            status => Answer::Unreachable(format!("It answers with status {status}")),
        }
    }
}

/// Which of the reasons it was is ours to know: a firm could find out with them what is in our
/// network.
fn unreachable(feed: &DueFeed, error: &FetchError) -> String {
    tracing::warn!(tenant = %feed.tenant, feed = feed.source, cause = %error, "no answer of a feed");
    match error {
        FetchError::Address(_) => "Its address is not one that is called",
        FetchError::TooLarge => "Its answer is larger than a batch may be",
        _ => "It gives no answer in time, or has no certificate that is trusted",
    }
    .to_owned()
}

impl FeedSecrets {
    /// Reads secrets whose names begin with `prefix`, with `client`.
    pub fn new(client: Client, prefix: String) -> Self {
        Self { client, prefix }
    }

    /// With the SDK's ordinary configuration.
    pub async fn from_env(prefix: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        Self::new(Client::new(&config), prefix)
    }

    async fn of(&self, feed: &DueFeed) -> Result<Option<String>, String> {
        let name = format!("{}{}/{}", self.prefix, feed.tenant, feed.source);
        let asked = self.client.get_secret_value().secret_id(name).send();
        let late = |_| "Our own store of secrets does not answer".to_owned();
        let answer = tokio::time::timeout(PATIENCE, asked).await.map_err(late)?;
        let answer = match answer.map_err(|error| error.into_service_error()) {
            Ok(answer) => answer,
            Err(error) if error.is_resource_not_found_exception() => return Ok(None),
            Err(error) => {
                // An error's name: its text could quote what was sent.
                let code = error.code().unwrap_or("no answer");
                return Err(format!("Our own store of secrets does not answer: {code}"));
            }
        };
        // The reader's error could quote the secret.
        let secret: Secret = serde_json::from_str(answer.secret_string().unwrap_or(""))
            .map_err(|_| "Its secret does not say host and authorization".to_owned())?;
        let host = feed.url.parse::<http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
        if host.is_none_or(|host| !host.eq_ignore_ascii_case(&secret.host)) {
            return Err("Its secret was made for another host".to_owned());
        }
        Ok(Some(secret.authorization))
    }
}
