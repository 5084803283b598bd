//! The pool: one connection per Lambda environment, checked after a freeze.

use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use tokio::sync::OnceCell;
use tokio_postgres::Row;
use tokio_postgres::config::SslMode;

use crate::boot;
use crate::config::{CredentialSource, DbConfig};
use crate::connect::Connector;
use crate::context::{Meter, RequestContext};
use crate::credentials::{Credentials, CredentialsProvider, StaticCredentials};
use crate::error::{DbError, chain};
use crate::param::{Param, Sql, p};
use crate::secrets::SecretsManagerCredentials;
use crate::tls::{self, TlsError, TlsMode};
use crate::tx::Tx;

/// How long a connection that has rested may take to show that it lives.
const LIVENESS: Duration = Duration::from_millis(500);
/// How long opening a connection may take, TLS and authentication included.
const CREATE: Duration = Duration::from_secs(5);
/// How much longer than a long statement's limit its answer is waited for.
const ANSWER: Duration = Duration::from_secs(1);

/// A handle on the database; clones share the pool.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    pool: Pool,
    credentials: Arc<dyn CredentialsProvider>,
    statement_timeout: Duration,
    allow_below_floor: bool,
    fit: OnceCell<()>,
}

impl Db {
    /// A pool for `config`. Nothing is opened yet: [`warm_up`](Self::warm_up) does that in the
    /// init phase, and a request opens what is missing.
    pub async fn new(config: DbConfig) -> Result<Self, TlsError> {
        let credentials: Arc<dyn CredentialsProvider> = match &config.credentials {
            CredentialSource::Url { user, password } => {
                Arc::new(StaticCredentials(Arc::new(Credentials {
                    username: user.clone(),
                    password: password.clone(),
                })))
            }
            CredentialSource::Secret { arn } => {
                Arc::new(SecretsManagerCredentials::from_env(arn.clone()).await)
            }
        };
        Self::with_credentials(config, credentials)
    }

    /// [`new`](Self::new) with another source of credentials.
    pub fn with_credentials(
        config: DbConfig,
        credentials: Arc<dyn CredentialsProvider>,
    ) -> Result<Self, TlsError> {
        let tls = match config.tls {
            TlsMode::Disable => None,
            TlsMode::VerifyFull => Some(tls::connector(config.ca_bundle.as_deref())?),
        };
        let connector = Connector { credentials: Arc::clone(&credentials), tls };
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_connect(driver_config(&config), connector, recycling);
        let pool = Pool::builder(manager)
            .max_size(config.pool_size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(config.pool_timeout))
            .create_timeout(Some(CREATE))
            .recycle_timeout(Some(LIVENESS))
            .pre_recycle(liveness_check(config.rest))
            .build()
            .map_err(|error| TlsError::Bundle(error.to_string()))?;
        Ok(Self(Arc::new(Inner {
            pool,
            credentials,
            statement_timeout: config.statement_timeout,
            allow_below_floor: config.allow_below_floor,
            fit: OnceCell::new(),
        })))
    }

    /// Opens a connection and examines server and login role. Called in the init phase, where CPU
    /// is plentiful; a failure is not final, the next request tries again.
    pub async fn warm_up(&self) -> Result<(), DbError> {
        self.connection().await.map(drop)
    }

    /// A named transaction for `context`. Nothing is sent before its first statement.
    pub fn begin(&self, name: &'static str, context: &RequestContext) -> Tx {
        Tx::new(self.clone(), name, context.clone(), false)
    }

    /// Like [`begin`](Self::begin), for statements that only read: they may be sent again when a
    /// connection breaks.
    pub fn read(&self, name: &'static str, context: &RequestContext) -> Tx {
        Tx::new(self.clone(), name, context.clone(), true)
    }

    /// One statement outside any tenant: issuer configuration, readiness. Only functions granted
    /// for it answer; row level security hides every tenant's rows.
    pub async fn system_query(
        &self,
        sql: Sql,
        params: &[Param<'_>],
        meter: &Meter,
    ) -> Result<Vec<Row>, DbError> {
        let connection = self.connection().await?;
        let started = Instant::now();
        let query = async {
            let result = connection.query_typed(sql.text, params).await;
            result.map_err(|error| DbError::from_driver(sql.name, error))
        };
        let rows = self.limited(query).await.and_then(|result| result);
        meter.add(rows.as_ref().map_or(0, Vec::len), started.elapsed());
        self.give_back(connection, rows.as_ref().err());
        rows
    }

    /// Like [`system_query`](Self::system_query), with a limit of its own in place of the login's
    /// and the configuration's: an index over a month of events takes longer than a request may.
    /// It is a transaction, so that the limit ends with it; COMMIT is sent right behind, so
    /// what the server has done stands although nobody waits for the answer any more.
    pub async fn long_query(
        &self,
        limit: Duration,
        sql: Sql,
        params: &[Param<'_>],
        meter: &Meter,
    ) -> Result<Vec<Row>, DbError> {
        let connection = self.connection().await?;
        let started = Instant::now();
        let milliseconds = i32::try_from(limit.as_millis()).unwrap_or(i32::MAX);
        let limited = [p::int4(&milliseconds)];
        let set = "select platform.limit_statement($1)";
        let flight = async {
            let (begun, set, rows, committed) = futures_util::join!(
                connection.batch_execute("begin"),
                connection.query_typed(set, &limited),
                connection.query_typed(sql.text, params),
                connection.batch_execute("commit"),
            );
            begun.and(set).and(rows).and_then(|rows| committed.map(|()| rows))
        };
        let answer = tokio::time::timeout(limit + ANSWER, flight).await;
        let rows = match answer {
            Ok(rows) => rows.map_err(|error| DbError::from_driver(sql.name, error)),
            Err(_) => Err(DbError::Timeout(None)),
        };
        meter.add(rows.as_ref().map_or(0, Vec::len), started.elapsed());
        self.give_back(connection, rows.as_ref().err());
        rows
    }

    /// Takes a connection, having made sure once that server and role are fit to serve.
    pub(crate) async fn connection(&self) -> Result<Object, DbError> {
        let inner = &self.0;
        if inner.pool.status().available == 0 {
            // A connection may have to be opened: a store that fails says so better than the
            // server's refusal of an empty password would.
            let current = inner.credentials.current().await;
            current.map_err(|error| DbError::Unavailable(error.to_string()))?;
        }
        let connection = inner.pool.get().await.map_err(pool_error)?;
        let examine = || self.limited(boot::examine(&connection, inner.allow_below_floor));
        let examined = inner.fit.get_or_try_init(|| async { examine().await? }).await.map(drop);
        if let Err(error) = examined {
            if error.breaks_connection() {
                drop(Object::take(connection));
            }
            return Err(error);
        }
        Ok(connection)
    }

    fn give_back(&self, connection: Object, error: Option<&DbError>) {
        if error.is_some_and(DbError::breaks_connection) {
            drop(Object::take(connection));
            self.forget_idle_connections();
        }
    }

    /// After one connection broke, those that rest are as old and as doubtful: after a failover
    /// each of them would cost a request.
    pub(crate) fn forget_idle_connections(&self) {
        self.0.pool.retain(|_, _| false);
    }

    /// Bounds one batch: a half-open connection must not hold a request until Lambda ends it.
    pub(crate) async fn limited<F: Future>(&self, work: F) -> Result<F::Output, DbError> {
        let limit = self.0.statement_timeout;
        tokio::time::timeout(limit, work).await.map_err(|_| DbError::Timeout(None))
    }
}

pub(crate) fn driver_config(config: &DbConfig) -> tokio_postgres::Config {
    let mut driver = tokio_postgres::Config::new();
    driver
        .host(&config.host)
        .port(config.port)
        .dbname(&config.name)
        .ssl_mode(match config.tls {
            TlsMode::Disable => SslMode::Disable,
            TlsMode::VerifyFull => SslMode::Require,
        })
        .connect_timeout(CREATE)
        .keepalives(true)
        .keepalives_idle(Duration::from_secs(30))
        .tcp_user_timeout(Duration::from_secs(10))
        .application_name("wealth");
    driver
}

/// Asks a connection that has rested longer than `rest` whether it lives: while an environment is
/// frozen its sockets die without a word (rules.md 2.4).
fn liveness_check(rest: Duration) -> Hook {
    Hook::async_fn(move |client, metrics| {
        Box::pin(async move {
            if metrics.last_used() < rest {
                return Ok(());
            }
            match tokio::time::timeout(LIVENESS, client.batch_execute("")).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(HookError::Backend(error)),
                Err(_) => Err(HookError::message("no answer from a connection that has rested")),
            }
        })
    })
}

fn pool_error(error: PoolError) -> DbError {
    match error {
        PoolError::Backend(error) => match DbError::from_driver("connect", error) {
            DbError::Bug { source, .. } => DbError::Unavailable(chain(&source)),
            other => other,
        },
        other => DbError::Unavailable(other.to_string()),
    }
}
