//! Object Lock on what is archived: asked for with each object, and read back with it.
//!
//! `object_store` knows nothing of Object Lock. Headers that a client is given for all its requests
//! it does sign and send, so that there is one client for each day that something is kept until; and
//! what a bucket says of a lock comes back through the HTTP response's extensions.

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use http::{Extensions, HeaderMap, HeaderValue};
use object_store::ClientOptions;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector,
};

use super::ArchiveError;

const MODE: &str = "x-amz-object-lock-mode";
const UNTIL: &str = "x-amz-object-lock-retain-until-date";

/// In COMPLIANCE mode nobody can take back a slip of the hand: nothing is locked for longer, as the
/// bucket's policy has it, too.
const LONGEST: TimeDelta = TimeDelta::days(3_700);

/// How hard a lock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// Who has a permission of its own may lift it: for trials.
    Governance,
    /// Nobody may, the account's root included.
    Compliance,
}

impl LockMode {
    const fn name(self) -> &'static str {
        match self {
            Self::Governance => "GOVERNANCE",
            Self::Compliance => "COMPLIANCE",
        }
    }
}

impl std::str::FromStr for LockMode {
    type Err = ArchiveError;

    fn from_str(text: &str) -> Result<Self, ArchiveError> {
        let known = [Self::Governance, Self::Compliance].into_iter().find(|m| m.name() == text);
        known.ok_or_else(|| {
            ArchiveError::Lock(format!("takes GOVERNANCE or COMPLIANCE, not {text}"))
        })
    }
}

/// A lock as a bucket tells of it.
#[derive(Debug, Clone, Copy)]
struct Lock {
    mode: LockMode,
    until: DateTime<Utc>,
}

impl Lock {
    fn read(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name)?.to_str().ok();
        let until = DateTime::parse_from_rfc3339(text(UNTIL)?).ok()?;
        Some(Self { mode: text(MODE)?.parse().ok()?, until: until.to_utc() })
    }
}

/// Locks objects of a bucket.
#[derive(Debug)]
pub(super) struct Locking {
    builder: AmazonS3Builder,
    mode: LockMode,
}

impl Locking {
    /// In this mode, in the bucket of `builder`.
    pub(super) fn new(builder: AmazonS3Builder, mode: LockMode) -> Self {
        Self { builder, mode }
    }

    /// A client whose objects are locked until then.
    pub(super) fn store(
        &self,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<AmazonS3, ArchiveError> {
        if until <= now || until - now > LONGEST {
            return Err(ArchiveError::Lock(format!("it would last until {until}")));
        }
        let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
        let until = HeaderValue::try_from(until);
        let until = until.map_err(|error| ArchiveError::Lock(error.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(MODE, HeaderValue::from_static(self.mode.name()));
        headers.insert(UNTIL, until);
        writer(&self.builder, headers)
    }

    /// Whether what came with these extensions is locked as it should be.
    pub(super) fn check(
        &self,
        name: &str,
        extensions: &Extensions,
        until: DateTime<Utc>,
    ) -> Result<(), ArchiveError> {
        match extensions.get::<Lock>() {
            Some(lock) if lock.mode >= self.mode && lock.until >= until => Ok(()),
            Some(lock) => {
                let text = format!("{name} is {} until {}", lock.mode.name(), lock.until);
                Err(ArchiveError::Lock(text))
            }
            None => Err(ArchiveError::Lock(format!("{name} has none"))),
        }
    }
}

/// A client that puts objects into a bucket with Object Lock, which takes none without a checksum
/// that is announced.
pub(super) fn writer(
    builder: &AmazonS3Builder,
    mut headers: HeaderMap,
) -> Result<AmazonS3, ArchiveError> {
    headers.insert("x-amz-sdk-checksum-algorithm", HeaderValue::from_static("SHA256"));
    let options = ClientOptions::new().with_default_headers(headers);
    Ok(from_environment(builder.clone().with_client_options(options)).build()?)
}

/// Options of the client that the environment names, which new options have just replaced.
fn from_environment(builder: AmazonS3Builder) -> AmazonS3Builder {
    let named = std::env::vars().filter_map(|(name, value)| {
        let key = name.strip_prefix("AWS_").map(|_| name.to_ascii_lowercase())?;
        Some((key.parse().ok()?, value))
    });
    named.fold(builder, |builder, (key, value)| match key {
        AmazonS3ConfigKey::Client(_) => builder.with_config(key, value),
        _ => builder,
    })
}

/// A builder whose clients notice locks.
pub(super) fn watched(builder: AmazonS3Builder) -> AmazonS3Builder {
    builder.with_http_connector(Watch)
}

#[derive(Debug)]
struct Watch;

impl HttpConnector for Watch {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Watching(ReqwestConnector::default().connect(options)?)))
    }
}

#[derive(Debug)]
struct Watching(HttpClient);

#[async_trait]
impl HttpService for Watching {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut response = self.0.execute(request).await?;
        if let Some(lock) = Lock::read(response.headers()) {
            response.extensions_mut().insert(lock);
        }
        Ok(response)
    }
}
