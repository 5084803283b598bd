//! The database that a command works on: the server of `DATABASE_URL`, else our own.

use anyhow::{Context as _, Result, bail};
use tokio_postgres::Client;
use wealth_db::{CredentialSource, DbConfig, Migrated};

use crate::postgres::{Durable, OLDEST_MAJOR, Version};
use crate::{demo, postgres};

/// The database's name on our own server.
const NAME: &str = "wealth";
/// The login that serves requests on a developer's machine: a member of every function's role.
const SERVICE_LOGIN: &str = "wealth_local";

/// An administrator's connection, and the server under it if it is ours.
pub(crate) struct Administrator {
    pub(crate) client: Client,
    pub(crate) config: DbConfig,
    pub(crate) version: Version,
    pub(crate) server: Option<Durable>,
}

impl Administrator {
    /// Connects to `DATABASE_URL`, or starts our own server and connects to that.
    pub(crate) async fn connect() -> Result<Self> {
        let url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        if let Some(url) = url {
            return Self::open(DbConfig::from_url(&url)?, None).await;
        }
        let server = Durable::start().await?;
        let postgres = Self::open(DbConfig::from_url(&server.url("postgres"))?, None).await?;
        let exists = format!("select from pg_catalog.pg_database where datname = '{NAME}'");
        if postgres.client.query_typed(&exists, &[]).await?.is_empty() {
            postgres.client.batch_execute(&format!("create database {NAME}")).await?;
        }
        Self::open(DbConfig::from_url(&server.url(NAME))?, Some(server)).await
    }

    /// Connects with `config`.
    pub(crate) async fn open(config: DbConfig, server: Option<Durable>) -> Result<Self> {
        let place = format!("{}:{}", config.host, config.port);
        let client = config.connect_as_administrator().await;
        let client = client.with_context(|| format!("PostgreSQL at {place}"))?;
        let number =
            client.query_typed("select current_setting('server_version_num')", &[]).await?;
        let number = number.first().map(|row| row.get::<_, String>(0)).unwrap_or_default();
        let version = number.parse().ok().and_then(Version::from_number);
        let version = version.with_context(|| format!("{place} is no PostgreSQL server"))?;
        if !version.is_supported() {
            bail!("PostgreSQL at {place} is {version}; {OLDEST_MAJOR} or later is needed");
        }
        Ok(Self { client, config, version, server })
    }
}

/// Brings the schema up to date.
pub(crate) async fn migrate(administrator: &Administrator) -> Result<Migrated> {
    wealth_db::migrate(&administrator.client).await.context("the migration failed")
}

/// A database that is migrated and ready to be served from.
pub(crate) struct Database {
    /// How the functions connect: as a login that owns nothing.
    pub(crate) config: DbConfig,
    /// The same as a URL.
    pub(crate) service_url: String,
    /// Whether the demo firms are in it; not if it holds somebody's data.
    pub(crate) is_demo: bool,
    pub(crate) server: Option<Durable>,
}

impl Database {
    /// Starts or reaches the server, migrates and loads the demo data.
    pub(crate) async fn prepare() -> Result<Self> {
        let administrator = Administrator::connect().await?;
        if administrator.server.is_none() && !administrator.version.is_at_floor() {
            eprintln!(
                "wealth: warning: PostgreSQL {} lacks security fixes that the fence between \
                 tenants relies on; /ready will say so",
                administrator.version
            );
        }
        migrate(&administrator).await?;
        let (mut config, service_url) = service_login(&administrator, SERVICE_LOGIN).await?;
        config.allow_below_floor = !administrator.version.is_at_floor();
        config.pool_size = 8;
        let is_demo = demo::may_load(&administrator.client).await?;
        if is_demo {
            demo::load(&administrator.client).await?;
        } else {
            eprintln!("wealth: this database holds other firms, so no demo data was loaded");
        }
        Ok(Self { config, service_url, is_demo, server: administrator.server })
    }

    pub(crate) async fn stop(self) {
        if let Some(server) = self.server {
            server.stop().await;
        }
    }
}

/// Makes a login that serves, with a new password each time, and returns how to use it.
pub(crate) async fn service_login(
    administrator: &Administrator,
    login: &str,
) -> Result<(DbConfig, String)> {
    let password = postgres::random_hex()?;
    let roles = "products_service, rates_service, users_service, audit_service, jobs_service";
    let statements = format!(
        "do $$ begin
           if not exists (select from pg_catalog.pg_roles where rolname = '{login}') then
             create role {login} login;
           end if;
         end $$;
         alter role {login} password '{password}';
         grant {roles} to {login};
         alter role {login} set timezone = 'UTC';
         alter role {login} set statement_timeout = '25s';
         alter role {login} set lock_timeout = '2s';
         alter role {login} set idle_in_transaction_session_timeout = '15s';"
    );
    administrator
        .client
        .batch_execute(&statements)
        .await
        .with_context(|| format!("cannot make the login {login}"))?;
    let mut config = administrator.config.clone();
    let (host, port, name) = (&config.host, config.port, &config.name);
    let url = format!("postgres://{login}:{password}@{host}:{port}/{name}");
    config.credentials = CredentialSource::Url { user: login.to_owned(), password };
    Ok((config, url))
}
