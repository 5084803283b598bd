//! Login and password, and where they come from.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use thiserror::Error;

/// A login role and its password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Login role.
    pub username: String,
    /// Password; shown by nothing.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credentials({}, …)", self.username)
    }
}

/// Why no credentials could be had.
#[derive(Debug, Error, Clone)]
pub enum CredentialError {
    /// The store could not be asked.
    #[error("the secret cannot be read: {0}")]
    Unreachable(String),
    /// The secret is there but is not `{"username": …, "password": …}`.
    #[error("the secret is not {{\"username\": …, \"password\": …}}")]
    Malformed,
}

/// A source of credentials that may change while we run.
#[async_trait]
pub trait CredentialsProvider: Send + Sync {
    /// The credentials to try first; from memory where they are fresh.
    async fn current(&self) -> Result<Arc<Credentials>, CredentialError>;

    /// Other credentials than `refused`, which the server has just turned away. Fetches at most
    /// once for any number of callers that were refused the same ones.
    async fn after_refusal(
        &self,
        refused: &Arc<Credentials>,
    ) -> Result<Arc<Credentials>, CredentialError>;
}

/// Credentials out of `DATABASE_URL`, which never change.
#[derive(Debug, Clone)]
pub struct StaticCredentials(pub Arc<Credentials>);

#[async_trait]
impl CredentialsProvider for StaticCredentials {
    async fn current(&self) -> Result<Arc<Credentials>, CredentialError> {
        Ok(Arc::clone(&self.0))
    }

    async fn after_refusal(
        &self,
        _refused: &Arc<Credentials>,
    ) -> Result<Arc<Credentials>, CredentialError> {
        Ok(Arc::clone(&self.0))
    }
}
