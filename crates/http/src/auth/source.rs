//! The issuer configuration in our own database.

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use serde_json::Value;
use wealth_db::{Db, Meter, Row, p, sql};

use super::issuer::{
    Algorithm, AudienceClaim, IssuerConfig, IssuerSource, KeyLocation, RoleSource, SourceError,
};

/// Reads `users.identity_providers` through the function `users.find_issuer`, the one question
/// that may be asked before the tenant is known.
pub struct DbIssuers {
    db: Db,
    platform: Option<String>,
}

impl DbIssuers {
    /// A source that asks this database. `platform` is the address of the platform's own issuer,
    /// `None` where there is none.
    pub fn new(db: Db, platform: Option<String>) -> Self {
        Self { db, platform }
    }
}

impl IssuerSource for DbIssuers {
    fn find<'a>(
        &'a self,
        issuer: &'a str,
    ) -> BoxFuture<'a, Result<Vec<IssuerConfig>, SourceError>> {
        Box::pin(async move {
            // Not on the request's meter: it happens once in five minutes, not once per request.
            let meter = Meter::default();
            let query = sql!("users", "find_issuer");
            let rows = self
                .db
                .system_query(query, &[p::text(&issuer), p::text(&self.platform)], &meter)
                .await;
            let rows = rows.map_err(|error| SourceError(error.to_string()))?;
            rows.iter()
                .map(|row| read(row).map_err(|error| SourceError(error.to_string())))
                .collect()
        })
    }
}

/// One row of `users.find_issuer`.
fn read(row: &Row) -> Result<IssuerConfig, Box<dyn std::error::Error + Send + Sync>> {
    let settings = Settings {
        provider: row.try_get("provider")?,
        jwks_uri: row.try_get("jwks_uri")?,
        jwks: row.try_get("jwks")?,
        algorithms: row.try_get("algorithms")?,
        token_types: row.try_get("token_types")?,
        role_source: row.try_get("role_source")?,
        group_roles: row.try_get("group_roles")?,
    };
    Ok(IssuerConfig {
        issuer: row.try_get("issuer")?,
        tenant_id: row.try_get("tenant_id")?,
        audiences: row.try_get("audience")?,
        tenant_claim: row.try_get("tenant_claim")?,
        role_claim: row.try_get("role_claim")?,
        directory_claim: row.try_get("directory_claim")?,
        audience_claim: settings.audience_claim(),
        keys: settings.keys(),
        algorithms: settings.algorithms(),
        token_use: settings.token_use(),
        role_source: settings.role_source(),
        group_roles: settings.group_roles()?,
        token_types: settings.token_types(),
        provider: settings.provider,
    })
}

/// The columns that need interpretation.
pub(super) struct Settings {
    pub(super) provider: String,
    pub(super) jwks_uri: Option<String>,
    pub(super) jwks: Option<Value>,
    pub(super) algorithms: Vec<String>,
    pub(super) token_types: Vec<String>,
    pub(super) role_source: String,
    pub(super) group_roles: Value,
}

impl Settings {
    fn is_cognito(&self) -> bool {
        self.provider == "cognito"
    }

    /// Access tokens of Cognito user pools carry `client_id` and no `aud`.
    pub(super) fn audience_claim(&self) -> AudienceClaim {
        if self.is_cognito() { AudienceClaim::ClientId } else { AudienceClaim::Aud }
    }

    /// Cognito marks ID and access tokens by this claim only.
    pub(super) fn token_use(&self) -> Option<String> {
        self.is_cognito().then(|| "access".to_owned())
    }

    /// Cognito sends no `typ`, which the table's default would refuse; `token_use` and `client_id`
    /// tell its tokens apart.
    pub(super) fn token_types(&self) -> Vec<String> {
        let mut types = self.token_types.clone();
        if self.is_cognito() {
            types.push(String::new());
        }
        types
    }

    /// A set in the row wins over an address: whoever pins keys means it.
    pub(super) fn keys(&self) -> KeyLocation {
        match (&self.jwks, &self.jwks_uri) {
            (Some(jwks), _) => KeyLocation::Static(jwks.clone()),
            (None, Some(uri)) => KeyLocation::Uri(uri.clone()),
            // The table forbids it; an empty set accepts nothing.
            (None, None) => KeyLocation::Static(Value::Null),
        }
    }

    /// Names that the verifier does not know accept nothing.
    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        self.algorithms.iter().filter_map(|name| Algorithm::from_name(name)).collect()
    }

    /// Only the plain word leaves the decision to the issuer.
    pub(super) fn role_source(&self) -> RoleSource {
        if self.role_source == "claims" { RoleSource::Claims } else { RoleSource::Grants }
    }

    /// The local issuer names our own roles; every other one names groups of its own.
    pub(super) fn group_roles(
        &self,
    ) -> Result<Option<BTreeMap<String, Vec<String>>>, serde_json::Error> {
        if matches!(self.provider.as_str(), "local" | "platform") {
            return Ok(None);
        }
        serde_json::from_value(self.group_roles.clone()).map(Some)
    }
}
