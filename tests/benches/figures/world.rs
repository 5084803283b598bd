//! A database with one firm, a trusted issuer and some products, and somebody who may ask.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use chrono::TimeDelta;
use testkit::Firm;
use testkit::database::{LOGIN, TestDatabase, server_url};
use uuid::Uuid;
use wealth_core::{Clock as _, IdGen as _, SystemClock, SystemIds};
use wealth_http::auth::{LocalClaims, LocalIssuer};

/// A login with a password, for what SCRAM costs.
pub(crate) const SCRAM_LOGIN: &str = "wealth_bench";
/// Its password.
pub(crate) const SCRAM_PASSWORD: &str = "bench";

/// See the module.
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) superuser: tokio_postgres::Client,
    pub(crate) port: u16,
    pub(crate) issuer: LocalIssuer,
    /// An annuity with terms and a window.
    pub(crate) product: Uuid,
}

impl World {
    /// A fresh one.
    pub(crate) async fn new() -> Result<Self> {
        let database = TestDatabase::new().await;
        let superuser = database.superuser().await;
        let issuer = LocalIssuer::generate()?;
        let product = SystemIds.next();
        let world = Self { database, superuser, port: server_port().await?, issuer, product };
        world.trust().await?;
        world.logins().await?;
        world.products().await?;
        Ok(world)
    }

    async fn trust(&self) -> Result<()> {
        let settings = serde_json::json!({
            "issuer": LocalIssuer::ISSUER, "provider": "local", "audience": [LocalIssuer::AUDIENCE],
            "jwks": self.issuer.jwks(), "algorithms": ["EdDSA"], "token_types": ["at+jwt"],
            "tenant_claim": "tenant_id", "role_claim": "roles", "role_source": "grants",
        });
        let tenant = Firm::Meridian.tenant_id();
        let params = [wealth_db::p::uuid(&tenant), wealth_db::p::json(&settings)];
        let text = "select users.put_identity_provider($1, $2)";
        self.superuser.query_typed(text, &params).await.context("the issuer")?;
        Ok(())
    }

    async fn logins(&self) -> Result<()> {
        let text = format!(
            "do $$ begin
               if not exists (select from pg_roles where rolname = 'password_login') then
                 create role password_login nologin;
               end if;
               if not exists (select from pg_roles where rolname = '{SCRAM_LOGIN}') then
                 create role {SCRAM_LOGIN} login password '{SCRAM_PASSWORD}';
               end if;
             end $$;
             grant password_login, products_service, rates_service, users_service to {SCRAM_LOGIN};"
        );
        self.superuser.batch_execute(&text).await.context("a login with a password")
    }

    async fn products(&self) -> Result<()> {
        let (tenant, id) = (Firm::Meridian.tenant_id(), self.product);
        let text = format!(
            "begin;
             select set_config('app.current_tenant_id', '{tenant}', true);
             select products.create_product('{}', 'Secure Five', 'Annuity', 'Five years guaranteed.', 10000, 1000000,
                 5.25, 1, false, null, 'Guaranteed for five years.', 'bench', jsonb_build_object('product_id', '{id}',
                 'effective_date', '2026-01-01', 'product_subtype', 'MYGA', 'issuer', 'Example Life'));
             select products.create_product('{}', 'Harbor CD ' || n, 'CD', null, 1000, null, 4, 0, false, null, null,
                 'bench', '{{\"effective_date\": \"2026-01-01\"}}') from generate_series(2, 2) n;
             insert into products.product_availability (tenant_id, product_id, start_date, end_date, created_by)
                 values ('{tenant}', '{id}', '2026-01-01', '2099-12-31', 'bench');
             commit; vacuum analyze;",
            testkit::cusip(1),
            testkit::cusip(2),
        );
        // VACUUM runs outside a transaction, so the statements go one by one.
        let (first, last) = text.split_once("vacuum").context("two parts")?;
        self.superuser.batch_execute(first).await.context("products")?;
        self.superuser.batch_execute(&format!("vacuum {last}")).await.context("statistics")
    }

    /// Where a server that needs no password finds the database.
    pub(crate) fn url(&self, port: u16) -> String {
        format!("postgres://{LOGIN}@127.0.0.1:{port}/{}", self.database.name())
    }

    /// The same with a password.
    pub(crate) fn scram_url(&self, port: u16) -> String {
        let name = self.database.name();
        format!("postgres://{SCRAM_LOGIN}:{SCRAM_PASSWORD}@127.0.0.1:{port}/{name}")
    }

    /// A token of a product administrator that lives through the run.
    pub(crate) fn token(&self) -> String {
        let now = SystemClock.now();
        self.issuer.issue(&LocalClaims {
            subject: "admin-a".to_owned(),
            tenant_id: Firm::Meridian.tenant_id(),
            roles: vec!["ProductAdministrator".to_owned()],
            session_id: SystemIds.next(),
            token_id: SystemIds.next(),
            issued_at: now,
            expires_at: now + TimeDelta::hours(4),
        })
    }

    /// The path of a read of the product.
    pub(crate) fn path(&self) -> String {
        format!("/v1/products/{}", self.product)
    }
}

/// The port of the run's server.
pub(crate) async fn server_port() -> Result<u16> {
    let url = server_url().await;
    let place = url.rsplit_once('@').map_or(url.as_str(), |(_, place)| place);
    let port = place.split(['/', ':']).nth(1).context("a port in the URL")?;
    Ok(port.parse()?)
}

/// A program of the release build that this benchmark belongs to.
pub(crate) fn release_binary(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let directory = own.ancestors().nth(2).context("a target directory")?;
    let path = directory.join(name);
    anyhow::ensure!(path.is_file(), "{name} is not built; run `cargo build --release --bins`");
    Ok(path)
}

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whoever measures waits a moment for things to settle.
pub(crate) async fn rest(millis: u64) {
    tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
}
