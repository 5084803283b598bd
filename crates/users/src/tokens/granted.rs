//! The answer that carries tokens, made from a session's row.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use wealth_core::IdGen;

use super::access::{AccessClaims, TokenAnswer};
use crate::keys::Keys;
use crate::services::Settings;

/// A session that gives tokens now.
pub(super) struct Granted<'a> {
    pub(super) tenant_id: Uuid,
    pub(super) user_id: Uuid,
    pub(super) session_id: Uuid,
    pub(super) roles: Vec<String>,
    pub(super) assurance: i16,
    pub(super) methods: &'a [String],
    pub(super) authenticated_at: DateTime<Utc>,
    pub(super) impersonator_id: Option<Uuid>,
    /// The longest that an access token may last.
    pub(super) access_token_minutes: i32,
    /// When the session ends unless it is renewed.
    pub(super) expires_at: DateTime<Utc>,
    pub(super) refresh_token: Option<String>,
}

impl Granted<'_> {
    /// Signs the access token. It never outlives the session: nothing could be renewed after that,
    /// and a limit that is passed is passed for every token.
    pub(super) fn answer(
        self,
        settings: &Settings,
        keys: &Keys,
        ids: &dyn IdGen,
        now: DateTime<Utc>,
    ) -> TokenAnswer {
        let lifetime = TimeDelta::minutes(i64::from(self.access_token_minutes));
        let lifetime = lifetime.min(self.expires_at - now);
        let claims = AccessClaims {
            tenant_id: self.tenant_id,
            user_id: self.user_id,
            session_id: self.session_id,
            token_id: ids.next(),
            roles: &self.roles,
            assurance: self.assurance,
            methods: self.methods,
            authenticated_at: self.authenticated_at,
            impersonator_id: self.impersonator_id,
            issued_at: now,
            lifetime,
        };
        TokenAnswer {
            access_token: claims.sign(settings, keys.signer()),
            token_type: "Bearer",
            expires_in: lifetime.num_seconds(),
            refresh_token: self.refresh_token,
            refresh_expires_at: self.expires_at,
            session_id: self.session_id,
            tenant_id: self.tenant_id,
            user_id: self.user_id,
            roles: self.roles,
        }
    }
}
