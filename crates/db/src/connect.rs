//! Opening one connection, with credentials that may be rotated at this very moment.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Connect;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::credentials::{Credentials, CredentialsProvider};
use crate::error::is_authentication_failure;

/// Pause before the second try with credentials that did not change: single-user rotation has a
/// short window in which the server already refuses the password the secret still holds.
const ROTATION_PAUSE: Duration = Duration::from_millis(150);

/// Connects with the provider's credentials; on a refusal asks for newer ones and tries once more.
pub(crate) struct Connector {
    pub(crate) credentials: Arc<dyn CredentialsProvider>,
    pub(crate) tls: Option<MakeRustlsConnect>,
}

impl Connect for Connector {
    fn connect(
        &self,
        config: &Config,
    ) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), tokio_postgres::Error>> {
        let config = config.clone();
        Box::pin(async move {
            // The pool asks the provider before it comes here, so a failure now means that the
            // store broke in between; an empty login is then refused by the server.
            let first = match self.credentials.current().await {
                Ok(credentials) => credentials,
                Err(error) => {
                    tracing::error!(%error, "no database credentials");
                    Arc::new(Credentials { username: String::new(), password: String::new() })
                }
            };
            match self.open(&config, &first).await {
                Err(error) if is_authentication_failure(&error) => {
                    self.second_try(&config, &first, error).await
                }
                other => other,
            }
        })
    }
}

impl Connector {
    async fn second_try(
        &self,
        config: &Config,
        refused: &Arc<Credentials>,
        error: tokio_postgres::Error,
    ) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let newer = match self.credentials.after_refusal(refused).await {
            Ok(newer) => newer,
            Err(reason) => {
                tracing::error!(%reason, "credentials refused and no newer ones to be had");
                return Err(error);
            }
        };
        if newer == *refused {
            tokio::time::sleep(ROTATION_PAUSE).await;
        }
        self.open(config, &newer).await
    }

    async fn open(
        &self,
        config: &Config,
        credentials: &Credentials,
    ) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let mut config = config.clone();
        config.user(&credentials.username).password(&credentials.password);
        match &self.tls {
            Some(tls) => {
                let (client, connection) = config.connect(tls.clone()).await?;
                Ok((client, tokio::spawn(drive(connection))))
            }
            None => {
                let (client, connection) = config.connect(NoTls).await?;
                Ok((client, tokio::spawn(drive(connection))))
            }
        }
    }
}

/// Runs the connection until it ends; the requests on it learn of an error themselves.
async fn drive<F>(connection: F)
where
    F: Future<Output = Result<(), tokio_postgres::Error>>,
{
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a database connection ended");
    }
}
