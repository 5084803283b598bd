//! Opening a session for somebody who has been recognised.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Result, Row404, Visitor};

use super::access::TokenAnswer;
use super::granted::Granted;
use super::refresh_token::RefreshToken;
use crate::keys::Keys;
use crate::services::Services;

/// Who was recognised, and how.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    /// The tenant to act in.
    pub tenant_id: Uuid,
    /// The person.
    pub user_id: Uuid,
    /// 1, or 2 with a second factor.
    pub assurance: i16,
    /// Authentication methods (RFC 8176): `pwd`, `otp`, `mfa`, …
    pub methods: &'a [&'a str],
    /// What the person calls the device.
    pub device: Option<&'a str>,
    /// The person who acts in this one's place, and why.
    pub impersonator: Option<(Uuid, &'a str)>,
}

/// A session about to be opened: its id and refresh token are ours to make, the rest is for the
/// database to say.
pub(crate) struct Prepared {
    keys: Arc<Keys>,
    session_id: Uuid,
    refresh: Option<String>,
}

/// What the database says of a session that it has opened.
pub(crate) struct Opened {
    pub(crate) roles: Vec<String>,
    pub(crate) access_token_minutes: i32,
    pub(crate) expires_at: DateTime<Utc>,
}

impl Prepared {
    /// Makes what is ours to make.
    pub(crate) async fn new(app: &App, services: &Services, new: &NewSession<'_>) -> Result<Self> {
        let keys = services.keys.get(app).await?;
        let session_id = app.ids.next();
        let refresh = RefreshToken { tenant_id: new.tenant_id, session_id, counter: 0 };
        let refresh = new.impersonator.is_none().then(|| refresh.encode(keys.refresh_key()));
        Ok(Self { keys, session_id, refresh })
    }

    /// The parameter `p_session` of the functions that open a session.
    pub(crate) fn describe(&self, new: &NewSession<'_>) -> Value {
        json!({
            "session_id": self.session_id,
            "refresh_token_hash": self.refresh.as_deref().map(RefreshToken::hash),
            "tenant_id": new.tenant_id,
            "assurance": new.assurance,
            "methods": new.methods,
            "device": new.device,
            "impersonator_id": new.impersonator.map(|(id, _)| id),
            "impersonation_reason": new.impersonator.map(|(_, reason)| reason),
        })
    }

    /// The tokens of the session, which is open by now.
    pub(crate) fn answer(
        self,
        app: &App,
        services: &Services,
        now: DateTime<Utc>,
        new: &NewSession<'_>,
        opened: Opened,
    ) -> TokenAnswer {
        let methods: Vec<String> = new.methods.iter().map(|method| (*method).to_owned()).collect();
        let granted = Granted {
            tenant_id: new.tenant_id,
            user_id: new.user_id,
            session_id: self.session_id,
            roles: opened.roles,
            assurance: new.assurance,
            methods: &methods,
            authenticated_at: now,
            impersonator_id: new.impersonator.map(|(id, _)| id),
            access_token_minutes: opened.access_token_minutes,
            expires_at: opened.expires_at,
            refresh_token: self.refresh,
        };
        granted.answer(&services.settings, &self.keys, &*app.ids, now)
    }
}

/// Opens the session, records LOGIN and gives the tokens. One round trip.
///
/// # Errors
/// `account_inactive`, `tenant_inactive`, `unknown_identity`: somebody who may not sign in.
pub async fn open(
    app: &App,
    services: &Services,
    visitor: &Visitor,
    transaction: &str,
    new: &NewSession<'_>,
) -> Result<TokenAnswer> {
    let prepared = Prepared::new(app, services, new).await?;
    let (session, caller) = (prepared.describe(new), visitor.describe(transaction));
    let params =
        [p::uuid(&new.tenant_id), p::uuid(&new.user_id), p::json(&session), p::json(&caller)];
    let rows = visitor.query(app, sql!("users", "open_session"), &params).await?;
    let row = rows.one_or(&problem::UNKNOWN_IDENTITY)?;
    let opened = Opened {
        roles: row.get("roles"),
        access_token_minutes: row.get("access_token_minutes"),
        expires_at: row.get("expires_at"),
    };
    Ok(prepared.answer(app, services, visitor.now, new, opened))
}
