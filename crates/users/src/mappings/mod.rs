//! Which groups of a directory give which roles (S0-52): the one source for groups that SCIM
//! provisions and for groups that tokens name.

mod create;
mod delete;
mod list;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::{Routes, routes};

/// The routes of this part.
pub(crate) fn router<R: Routes>() -> R {
    R::empty().routes(routes!(list::handler, create::handler)).routes(routes!(delete::handler))
}

/// Who names the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Provider {
    /// Tokens of the firm's Okta.
    Okta,
    /// Tokens of the firm's Cognito user pool.
    Cognito,
    /// Tokens of any other issuer that the firm trusts.
    Oidc,
    /// A directory that provisions groups by SCIM.
    Scim,
}

impl Provider {
    const fn name(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Cognito => "cognito",
            Self::Oidc => "oidc",
            Self::Scim => "scim",
        }
    }
}

/// A group that gives a role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mapping {
    /// The mapping.
    mapping_id: Uuid,
    /// `okta`, `cognito`, `oidc` or `scim`.
    #[schema(example = "okta")]
    provider: String,
    /// The group. Tokens must name it letter by letter, SCIM in any letter case.
    group_name: String,
    /// The role that it gives.
    #[schema(example = "SalesManager")]
    role_name: String,
    created_at: DateTime<Utc>,
    created_by: Option<String>,
    /// The ETag.
    version: i64,
}

impl Mapping {
    fn read(row: &Row) -> Self {
        Self {
            mapping_id: row.get("mapping_id"),
            provider: row.get("provider"),
            group_name: row.get("group_name"),
            role_name: row.get("role_name"),
            created_at: row.get("created_at"),
            created_by: row.get("created_by"),
            version: row.get("version"),
        }
    }
}
