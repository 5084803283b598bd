//! The database of a run: that of `DATABASE_URL`, else the local one, running or not.

use anyhow::{Context as _, Result};
use wealth_db::{Db, DbConfig};
use wealth_http::auth::LocalIssuer;

use crate::command::token::Who;
use crate::database::{Administrator, Database, service_login};
use crate::demo;
use crate::postgres::running_url;

/// The login of imports on the local server. Not the one that serves requests: that gets a new
/// password here, which would lock out a server that runs.
const LOGIN: &str = "wealth_import";

/// A database, and the server under it if this run started it.
pub(crate) struct Target {
    pub(crate) db: Db,
    /// Where the local server is, if it is that: keys and folders of this machine go with it.
    pub(crate) local: Option<DbConfig>,
    started: Option<Database>,
}

impl Target {
    /// Reaches it with a login that owns nothing; one that could step over the fence is refused.
    pub(crate) async fn open() -> Result<Self> {
        let url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        if let Some(url) = url {
            let config = DbConfig::from_lookup(|name| match name {
                "DATABASE_URL" => Some(url.clone()),
                name => std::env::var(name).ok().filter(|value| !value.is_empty()),
            })?;
            return Self::reach(config, None, None).await;
        }
        if let Some(url) = running_url("wealth")? {
            let administrator = Administrator::open(DbConfig::from_url(&url)?, None).await?;
            let (mut config, _) = service_login(&administrator, LOGIN).await?;
            config.allow_below_floor = !administrator.version.is_at_floor();
            return Self::reach(config.clone(), Some(config), None).await;
        }
        let database = Database::prepare().await?;
        let config = database.config.clone();
        Self::reach(config.clone(), Some(config), Some(database)).await
    }

    async fn reach(
        mut config: DbConfig,
        local: Option<DbConfig>,
        started: Option<Database>,
    ) -> Result<Self> {
        config.pool_size = 1;
        let db = Db::new(config).await?;
        db.warm_up().await.context("the database")?;
        Ok(Self { db, local, started })
    }

    /// Tenant and person: as told, else this one of the demo on the local server.
    pub(crate) fn who(
        &self,
        tenant: Option<String>,
        person: Option<String>,
        demo: Who,
    ) -> Result<(String, String)> {
        let demo = demo::person(demo);
        let demo_tenant = || uuid::Uuid::from_u128(demo.tenant_id).to_string();
        let demo_person = || format!("{}#{}", LocalIssuer::ISSUER, demo.subject);
        let tenant = tenant.or_else(|| self.local.as_ref().map(|_| demo_tenant()));
        let person = person.or_else(|| self.local.as_ref().map(|_| demo_person()));
        Ok((
            tenant.context("say which firm: --tenant with its id or public code")?,
            person.context("say in whose name: --as with an e-mail or issuer#subject")?,
        ))
    }

    /// Stops what this run started.
    pub(crate) async fn stop(self) {
        if let Some(database) = self.started {
            database.stop().await;
        }
    }
}
