//! The only crate that sees PostgreSQL.
//!
//! Credentials come from Secrets Manager or `DATABASE_URL`, connections are TLS with full
//! verification and live in a pool sized for Lambda, and every statement of a request runs inside
//! one named, tenant-fenced transaction whose BEGIN, context and first statement travel together
//! ([`Tx`]). Behind RDS Proxy only unnamed statements keep a session unpinned, so nothing here
//! prepares (docs/adr/0001).

mod admin;
mod boot;
mod config;
mod connect;
mod context;
mod credentials;
mod error;
mod migrate;
mod param;
mod pool;
mod secrets;
mod tls;
mod tx;

pub use boot::{Readiness, ServerVersion};
pub use config::{ConfigError, CredentialSource, DbConfig};
pub use context::{Demanded, Meter, RequestContext, Scope, StepUp, Usage};
pub use credentials::{CredentialError, Credentials, CredentialsProvider, StaticCredentials};
pub use error::{Constraint, DbError, Rejection};
pub use migrate::{MIGRATIONS, MigrateError, Migrated, REPEATABLE, migrate};
pub use param::{Param, Sql, p};
pub use pool::Db;
pub use secrets::SecretsManagerCredentials;
pub use tls::{TlsError, TlsMode};
pub use tokio_postgres::Row;
pub use tx::{Query, Tx};
