//! A key as it is shown, and the answer that shows its secret.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::Row;
use wealth_http::{App, Problem, Reply, Result};

use super::secret::NewKey;
use crate::services::Services;

/// What can be told of a key; the key itself is not among it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApiKeyView {
    /// Its id.
    pub(super) api_key_id: Uuid,
    /// The member in whose name it acts.
    user_id: Uuid,
    /// What people call it.
    name: String,
    /// What the key begins with.
    #[schema(example = "wk_1f0c9a7e")]
    prefix: String,
    /// What it may do, as far as the member's roles allow it.
    scopes: Vec<String>,
    /// `active`, `expired` or `revoked`.
    status: &'static str,
    /// Who made it.
    created_by: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    last_used_at: Option<DateTime<Utc>>,
    last_used_ip: Option<String>,
    /// The key that took its place.
    replaced_by: Option<Uuid>,
    revoked_at: Option<DateTime<Utc>>,
    /// Why it was revoked.
    revoke_reason: Option<String>,
}

impl ApiKeyView {
    pub(super) fn read(row: &Row) -> Self {
        let (now, expires_at): (DateTime<Utc>, Option<DateTime<Utc>>) =
            (row.get("now"), row.get("expires_at"));
        let revoked_at: Option<DateTime<Utc>> = row.get("revoked_at");
        let status = match (revoked_at, expires_at) {
            (Some(_), _) => "revoked",
            (None, Some(end)) if end <= now => "expired",
            _ => "active",
        };
        Self {
            api_key_id: row.get("api_key_id"),
            user_id: row.get("user_id"),
            name: row.get("name"),
            prefix: row.get("prefix"),
            scopes: row.get("scopes"),
            status,
            created_by: row.get("created_by"),
            created_at: row.get("created_at"),
            expires_at,
            last_used_at: row.get("last_used_at"),
            last_used_ip: row.get("last_used_ip"),
            replaced_by: row.get("replaced_by"),
            revoked_at,
            revoke_reason: row.get("revoke_reason"),
        }
    }
}

/// A key that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewApiKey {
    #[serde(flatten)]
    view: ApiKeyView,
    /// The key, to be sent as `Authorization: Bearer …`. It is not shown again.
    #[schema(example = "wk_1f0c9a7e_AAAAAAAAcACAAAAAAAAACgGTq…")]
    key: String,
}

/// The first answer or its repetition, with the key put in: it is stored without.
pub(super) async fn reveal(
    app: &App,
    services: &Services,
    tenant_id: Uuid,
    stored: Result<Reply>,
) -> Result<Response> {
    let reply = match stored {
        Ok(reply) => reply,
        Err(problem) => app.replayed(problem).await?,
    };
    let id = reply.member("api_key_id").and_then(|id| Uuid::try_parse(&id).ok());
    let id = id.ok_or_else(|| Problem::internal("the stored answer names no key"))?;
    let keys = services.keys.get(app).await?;
    let key = NewKey::derive(keys.refresh_key(), tenant_id, id);
    if reply.member("prefix").as_deref() != Some(&key.prefix) {
        let text = "The platform's own keys were changed since: this key cannot be shown again.";
        return Err(Problem::new(&problem::STATE_CONFLICT, text));
    }
    let reply = reply.with("key", &key.text)?.header(header::CACHE_CONTROL, "no-store");
    Ok(reply.into_response())
}
