//! An identity provider as an answer shows it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::{Problem, Result};

/// An issuer that the firm trusts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityProvider {
    identity_provider_id: Uuid,
    /// `iss` of its tokens.
    issuer: String,
    /// `okta`, `cognito`, `oidc` or, on a developer's machine, `local`.
    provider: String,
    audience: Vec<String>,
    /// Where its keys are; null where they are fixed.
    jwks_uri: Option<String>,
    algorithms: Vec<String>,
    token_types: Vec<String>,
    tenant_claim: Option<String>,
    role_claim: Option<String>,
    /// Holds the directory's id of the person.
    directory_claim: Option<String>,
    /// `claims`: the token's groups give the roles. `grants`: they must also be granted here.
    role_source: String,
    group_roles: BTreeMap<String, String>,
    updated_at: DateTime<Utc>,
    /// Its entity tag, without the quotes.
    version: i64,
}

impl IdentityProvider {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let group_roles = serde_json::from_value(row.get("group_roles"))
            .map_err(|error| Problem::internal(format!("stored group_roles: {error}")))?;
        Ok(Self {
            identity_provider_id: row.get("identity_provider_id"),
            issuer: row.get("issuer"),
            provider: row.get("provider"),
            audience: row.get("audience"),
            jwks_uri: row.get("jwks_uri"),
            algorithms: row.get("algorithms"),
            token_types: row.get("token_types"),
            tenant_claim: row.get("tenant_claim"),
            role_claim: row.get("role_claim"),
            directory_claim: row.get("directory_claim"),
            role_source: row.get("role_source"),
            group_roles,
            updated_at: row.get("updated_at"),
            version: row.get("version"),
        })
    }
}
