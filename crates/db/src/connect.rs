//! Opening one connection, with credentials that may be rotated at this very moment.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::Connect;
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::credentials::{Credentials, CredentialsProvider};
use crate::error::is_authentication_failure;

/// Pauses before the further tries after a refusal. The first asks for newer credentials at once:
/// after a rotation they are there. The others bridge the short window of single-user rotation in
/// which server and secret disagree, whichever of them is changed first.
const PAUSES: [Duration; 3] =
    [Duration::ZERO, Duration::from_millis(150), Duration::from_millis(600)];
/// At most this is added to a pause, so that many environments do not come back together.
const JITTER_MILLIS: u64 = 100;

/// Connects with the provider's credentials; on a refusal asks for newer ones and tries again.
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
                    self.try_newer(&config, first, error).await
                }
                other => other,
            }
        })
    }
}

impl Connector {
    async fn try_newer(
        &self,
        config: &Config,
        mut refused: Arc<Credentials>,
        mut error: tokio_postgres::Error,
    ) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        for pause in PAUSES {
            if !pause.is_zero() {
                tokio::time::sleep(pause + jitter()).await;
            }
            let newer = match self.credentials.after_refusal(&refused).await {
                Ok(newer) => newer,
                Err(reason) => {
                    tracing::error!(%reason, "credentials refused and no newer ones to be had");
                    return Err(error);
                }
            };
            if pause.is_zero() && newer == refused {
                continue; // the same ones, a moment later: no use
            }
            match self.open(config, &newer).await {
                Err(again) if is_authentication_failure(&again) => {
                    (refused, error) = (newer, again);
                }
                other => return other,
            }
        }
        Err(error)
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

/// A random part of a pause, from the seed that the standard library draws for its maps.
fn jitter() -> Duration {
    Duration::from_millis(RandomState::new().build_hasher().finish() % JITTER_MILLIS)
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
