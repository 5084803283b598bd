//! Where the database is and how to log in, from the environment.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::tls::TlsMode;

/// A setting that is missing or makes no sense: one clear line, never a panic.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// Neither way to find the database is configured.
    #[error("set DATABASE_URL, or DB_SECRET_ARN and DB_HOST")]
    Missing,
    /// `DB_SECRET_ARN` without a host and none in the secret's place.
    #[error("DB_SECRET_ARN is set but DB_HOST is not")]
    MissingHost,
    /// A variable with a value that cannot be used.
    #[error("{name}: {reason}")]
    Bad {
        /// The variable.
        name: &'static str,
        /// What is wrong with it; never the value, which may hold a password.
        reason: String,
    },
}

/// How the login and password are come by.
#[derive(Clone)]
pub enum CredentialSource {
    /// In `DATABASE_URL`.
    Url {
        /// Login role.
        user: String,
        /// Its password; empty for a server that trusts.
        password: String,
    },
    /// In a Secrets Manager secret (`{"username": …, "password": …}`).
    Secret {
        /// ARN or name.
        arn: String,
    },
}

impl fmt::Debug for CredentialSource {
    /// Shows no password: a configuration is logged sooner or later.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { user, .. } => write!(f, "Url({user}, …)"),
            Self::Secret { arn } => write!(f, "Secret({arn})"),
        }
    }
}

/// Everything needed to open connections.
#[derive(Debug, Clone)]
pub struct DbConfig {
    /// Host name; certificates are checked against it.
    pub host: String,
    /// Port, 5432 unless told.
    pub port: u16,
    /// Database name.
    pub name: String,
    /// Where login and password come from.
    pub credentials: CredentialSource,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// Extra root certificates in PEM (the RDS bundle, for connections past the proxy).
    pub ca_bundle: Option<String>,
    /// Connections an environment may hold: 1 in Lambda, which serves one request at a time.
    pub pool_size: usize,
    /// How long a request waits for a free connection.
    pub pool_timeout: Duration,
    /// How long one batch of statements may take before its connection is given up.
    pub statement_timeout: Duration,
    /// How long a connection may rest before it is asked whether it lives: 30 s. While a Lambda
    /// environment is frozen its sockets die without a word (rules.md 2.4).
    pub rest: Duration,
    /// Serve although the server is below the security floor (rules.md 4.1); `/ready` stays red.
    pub allow_below_floor: bool,
}

impl DbConfig {
    /// Reads `DATABASE_URL`, else `DB_SECRET_ARN`, `DB_HOST`, `DB_PORT`, `DB_NAME` (checklist
    /// `DATABASE_URL` wins), and `DATABASE_POOL_SIZE`, `DATABASE_POOL_TIMEOUT` (ms),
    /// `DATABASE_STATEMENT_TIMEOUT` (ms), `DB_CA_BUNDLE` (a file), `DB_TLS`,
    /// `DB_ALLOW_BELOW_FLOOR`.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// [`from_env`](Self::from_env) over any source of variables.
    pub fn from_lookup(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut config = match (get("DATABASE_URL"), get("DB_SECRET_ARN")) {
            (Some(url), _) => Self::from_url(&url)?,
            (None, Some(arn)) => {
                let host = get("DB_HOST").ok_or(ConfigError::MissingHost)?;
                Self::base(host, CredentialSource::Secret { arn }, TlsMode::VerifyFull)
            }
            (None, None) => return Err(ConfigError::Missing),
        };
        if let Some(port) = number(&get, "DB_PORT")? {
            config.port = u16::try_from(port)
                .map_err(|_| bad("DB_PORT", "not a port number (1 to 65535)".into()))?;
        }
        if let Some(name) = get("DB_NAME") {
            config.name = name;
        }
        if let Some(mode) = get("DB_TLS") {
            config.tls = mode.parse().map_err(|reason| bad("DB_TLS", reason))?;
        }
        if let Some(path) = get("DB_CA_BUNDLE") {
            let pem = std::fs::read_to_string(&path)
                .map_err(|error| bad("DB_CA_BUNDLE", format!("cannot read {path}: {error}")))?;
            config.ca_bundle = Some(pem);
        }
        if let Some(size) = number(&get, "DATABASE_POOL_SIZE")? {
            config.pool_size = usize::try_from(size.clamp(1, 1000)).unwrap_or(1);
        }
        if let Some(ms) = number(&get, "DATABASE_POOL_TIMEOUT")? {
            config.pool_timeout = Duration::from_millis(ms);
        }
        if let Some(ms) = number(&get, "DATABASE_STATEMENT_TIMEOUT")? {
            config.statement_timeout = Duration::from_millis(ms);
        }
        config.allow_below_floor =
            get("DB_ALLOW_BELOW_FLOOR").is_some_and(|v| v == "1" || v == "true");
        Ok(config)
    }

    /// A configuration from a `postgres://` URL. `sslmode` there decides on TLS: `disable` for a
    /// server on this machine, anything else is verified in full.
    pub fn from_url(url: &str) -> Result<Self, ConfigError> {
        let parsed: tokio_postgres::Config = url
            .parse()
            .map_err(|error| bad("DATABASE_URL", format!("not a PostgreSQL URL: {error}")))?;
        let host = match parsed.get_hosts().first() {
            Some(tokio_postgres::config::Host::Tcp(host)) => host.clone(),
            _ => return Err(bad("DATABASE_URL", "names no host".into())),
        };
        let user = parsed.get_user().unwrap_or("postgres").to_owned();
        let password = parsed.get_password().map(|p| String::from_utf8_lossy(p).into_owned());
        let credentials = CredentialSource::Url { user, password: password.unwrap_or_default() };
        let local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1");
        let explicit = url.contains("sslmode=require") || url.contains("sslmode=verify-full");
        let tls = match parsed.get_ssl_mode() {
            tokio_postgres::config::SslMode::Disable => TlsMode::Disable,
            _ if local && !explicit => TlsMode::Disable,
            _ => TlsMode::VerifyFull,
        };
        let mut config = Self::base(host, credentials, tls);
        config.port = parsed.get_ports().first().copied().unwrap_or(5432);
        if let Some(name) = parsed.get_dbname() {
            config.name = name.to_owned();
        }
        Ok(config)
    }

    fn base(host: String, credentials: CredentialSource, tls: TlsMode) -> Self {
        Self {
            host,
            port: 5432,
            name: "wealth".to_owned(),
            credentials,
            tls,
            ca_bundle: None,
            pool_size: 1,
            pool_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(26),
            rest: Duration::from_secs(30),
            allow_below_floor: false,
        }
    }
}

fn bad(name: &'static str, reason: String) -> ConfigError {
    ConfigError::Bad { name, reason }
}

fn number(
    get: impl Fn(&str) -> Option<String>,
    name: &'static str,
) -> Result<Option<u64>, ConfigError> {
    get(name)
        .map(|value| value.parse().map_err(|_| bad(name, "not a whole number".into())))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<DbConfig, ConfigError> {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        DbConfig::from_lookup(|name| pairs.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone()))
    }

    #[test]
    fn nothing_set_is_one_clear_line() {
        let error = from(&[]).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "set DATABASE_URL, or DB_SECRET_ARN and DB_HOST");
        let error = from(&[("DB_SECRET_ARN", "x")]).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "DB_SECRET_ARN is set but DB_HOST is not");
    }

    #[test]
    fn a_secret_is_always_verified_in_full() {
        let config = from(&[("DB_SECRET_ARN", "x"), ("DB_HOST", "proxy.example")]).unwrap();
        assert_eq!(config.tls, TlsMode::VerifyFull);
        assert_eq!((config.pool_size, config.port), (1, 5432));
    }

    #[test]
    fn a_remote_url_is_verified_even_when_it_only_prefers() {
        let remote = from(&[("DATABASE_URL", "postgres://u:p@db.example/w")]).unwrap();
        assert_eq!(remote.tls, TlsMode::VerifyFull);
        let local = from(&[("DATABASE_URL", "postgres://u:p@127.0.0.1:5433/w")]).unwrap();
        assert_eq!((local.tls, local.port), (TlsMode::Disable, 5433));
    }

    #[test]
    fn a_bad_value_names_the_variable_and_not_the_secret() {
        let url = "postgres://u:hunter2@127.0.0.1:abc/w";
        let error = from(&[("DATABASE_URL", url)]).map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("DATABASE_URL: ") && !error.contains("hunter2"), "{error}");
        let error = from(&[("DATABASE_URL", "postgres://u@h/w"), ("DATABASE_POOL_SIZE", "many")])
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.to_string(), "DATABASE_POOL_SIZE: not a whole number");
    }

    #[test]
    fn a_configuration_can_be_logged() {
        let config = from(&[("DATABASE_URL", "postgres://u:hunter2@127.0.0.1/w")]).unwrap();
        let shown = format!("{config:?}");
        assert!(shown.contains("Url(u, …)") && !shown.contains("hunter2"), "{shown}");
    }
}
