//! An administrator's connection: for migrations, the demo data and dumps, never for requests.

use std::sync::Arc;

use deadpool_postgres::Connect;
use tokio_postgres::Client;

use crate::config::{CredentialSource, DbConfig};
use crate::connect::Connector;
use crate::credentials::{Credentials, CredentialsProvider, StaticCredentials};
use crate::error::{DbError, chain};
use crate::pool::driver_config;
use crate::secrets::SecretsManagerCredentials;
use crate::tls::{self, TlsMode};

impl DbConfig {
    /// Opens one connection with this configuration's login, whatever rights it has. It is outside
    /// the pool and is not examined, so no request may be served on it.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the server cannot be reached or refuses the login.
    pub async fn connect_as_administrator(&self) -> Result<Client, DbError> {
        let unavailable =
            |error: &(dyn std::error::Error + 'static)| DbError::Unavailable(chain(error));
        let credentials: Arc<dyn CredentialsProvider> = match &self.credentials {
            CredentialSource::Url { user, password } => {
                let (username, password) = (user.clone(), password.clone());
                Arc::new(StaticCredentials(Arc::new(Credentials { username, password })))
            }
            CredentialSource::Secret { arn } => {
                Arc::new(SecretsManagerCredentials::from_env(arn.clone()).await)
            }
        };
        let tls = match self.tls {
            TlsMode::Disable => None,
            TlsMode::VerifyFull => {
                let connector = tls::connector(self.ca_bundle.as_deref());
                Some(connector.map_err(|error| unavailable(&error))?)
            }
        };
        let opened = Connector { credentials, tls }.connect(&driver_config(self)).await;
        // The driving task ends with the connection, which ends with the client.
        opened.map(|(client, _task)| client).map_err(|error| unavailable(&error))
    }
}
