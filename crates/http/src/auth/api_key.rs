//! API keys as bearer tokens.
//!
//! `wk_<8 characters>_<base64url of tenant ‖ key id ‖ 32 secret bytes>`: the tenant is in the key, so
//! that no look-up crosses tenants, and a look-up is by primary key. The database holds the SHA-256
//! of the whole text; the characters in front are for people to recognise a key by and are no
//! secret.
//!
//! The first use asks the database and is remembered for 60 s at most. That the key still lives,
//! and its person and roles with it, every request's first statement checks anew.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;
use wealth_db::{Db, Meter, p, sql};

use super::error::{AuthError, Refusal, Unavailable};
use super::memory::{Digest, Memory, sha256};

/// In front of every key; for us, and for scanners of leaked secrets.
const PREFIX: &str = "wk_";
/// Characters that people recognise a key by.
const LABEL: usize = 8;
/// Tenant, key id, secret.
const BODY: usize = 16 + 16 + 32;

/// What a good key gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The tenant that it acts in.
    pub tenant_id: Uuid,
    /// The key itself.
    pub api_key_id: Uuid,
    /// The user in whose name it acts.
    pub user_id: Uuid,
    /// What it was made for: kebab-case names of actions.
    pub scopes: Vec<String>,
    /// The roles that the user held when it was looked up; each request checks them anew.
    pub roles: Vec<String>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What the text of a key names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyName {
    /// The tenant.
    pub tenant_id: Uuid,
    /// The key.
    pub api_key_id: Uuid,
}

impl KeyName {
    /// Whether a bearer token is meant to be an API key.
    pub fn is_meant(token: &str) -> bool {
        token.starts_with(PREFIX)
    }

    /// Reads a key's text; `None` when it has not the form of one.
    pub fn read(token: &str) -> Option<Self> {
        let (label, body) = token.strip_prefix(PREFIX)?.split_at_checked(LABEL)?;
        let plain = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let bytes = URL_SAFE_NO_PAD.decode(body.strip_prefix('_')?).ok()?;
        if !plain || bytes.len() != BODY {
            return None;
        }
        let tenant_id = Uuid::from_slice(&bytes[..16]).ok()?;
        Some(Self { tenant_id, api_key_id: Uuid::from_slice(&bytes[16..32]).ok()? })
    }

    /// The text of a key with this label (8 lower-case letters and digits) and secret.
    pub fn write(&self, label: &str, secret: &[u8; 32]) -> String {
        let body = [self.tenant_id.as_bytes(), self.api_key_id.as_bytes(), secret.as_slice()];
        format!("{PREFIX}{label}_{}", URL_SAFE_NO_PAD.encode(body.concat()))
    }
}

/// The keys that this process has met. One per process.
pub struct ApiKeys(Memory<Arc<ApiKey>>);

impl Default for ApiKeys {
    fn default() -> Self {
        Self(Memory::new())
    }
}

impl ApiKeys {
    /// Looks a key up, for a `caller` as the database's functions are told of one; and whether it was
    /// remembered, so that its roles may be a minute old.
    ///
    /// # Errors
    /// [`AuthError::Refused`] for a key that is none, not in force or of no tenant;
    /// [`AuthError::Unavailable`] when the database cannot be asked.
    pub async fn find(
        &self,
        db: &Db,
        token: &str,
        now: DateTime<Utc>,
        caller: &Value,
        meter: &Meter,
    ) -> Result<(Arc<ApiKey>, bool), AuthError> {
        let name = KeyName::read(token).ok_or(Refusal::ApiKey)?;
        let digest = sha256(token);
        if let Some(known) = self.0.get(&digest, now) {
            return Ok((known, true));
        }
        let found = look_up(db, name, &digest, now, caller, meter).await?.ok_or(Refusal::ApiKey)?;
        let (found, ends) = (Arc::new(found.0), found.1);
        self.0.remember(digest, Arc::clone(&found), ends, now);
        Ok((found, false))
    }

    /// Asks the database when the key is met again.
    pub(crate) fn forget(&self, token: &str) {
        self.0.forget(&sha256(token));
    }
}

async fn look_up(
    db: &Db,
    name: KeyName,
    digest: &Digest,
    now: DateTime<Utc>,
    caller: &Value,
    meter: &Meter,
) -> Result<Option<(ApiKey, DateTime<Utc>)>, AuthError> {
    let KeyName { tenant_id, api_key_id } = name;
    let hash = digest.as_slice();
    let params = [p::uuid(&tenant_id), p::uuid(&api_key_id), p::bytes(&hash), p::json(caller)];
    let rows = db.system_query(sql!("users", "find_api_key"), &params, meter).await;
    let rows = rows.map_err(|error| {
        tracing::warn!(%error, "API key not looked up");
        Unavailable::ApiKeys
    })?;
    Ok(rows.first().map(|row| {
        let expires_at: Option<DateTime<Utc>> = row.get("expires_at");
        let key = ApiKey {
            tenant_id,
            api_key_id,
            user_id: row.get("user_id"),
            scopes: row.get("scopes"),
            roles: row.get("roles"),
            expires_at,
        };
        (key, expires_at.unwrap_or(now + TimeDelta::days(1)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: KeyName =
        KeyName { tenant_id: Uuid::from_u128(10), api_key_id: Uuid::from_u128(11) };

    #[test]
    fn what_is_written_is_read_again() {
        let text = NAME.write("ab12cd34", &[9; 32]);
        assert!(text.starts_with("wk_ab12cd34_"), "{text}");
        assert_eq!(KeyName::read(&text), Some(NAME));
    }

    #[test]
    fn what_has_another_form_is_no_key() {
        let text = NAME.write("ab12cd34", &[9; 32]);
        let (front, body) = text.split_at(12);
        let all = [
            String::new(),
            "wk_".to_owned(),
            text[..text.len() - 1].to_owned(),
            format!("{text}A"),
            format!("{text}="),
            format!("wk_AB12cd34_{body}"),
            format!("wk_ab12cd3_{body}"),
            format!("wk_ab12cd3é{body}"),
            format!("{front}{}", body.replace(|c: char| c.is_ascii_digit(), "!")),
            format!("wk_{}", "é".repeat(60)),
        ];
        for bad in all {
            assert_eq!(KeyName::read(&bad).filter(|_| bad != text), None, "{bad}");
        }
    }
}
