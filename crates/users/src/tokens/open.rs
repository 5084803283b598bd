//! Opening a session for somebody who has been recognised.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Result, Row404, Visitor};

use super::access::{AccessClaims, TokenAnswer};
use super::refresh_token::RefreshToken;
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
    let keys = services.keys.get(app).await?;
    let session_id = app.ids.next();
    let refresh = RefreshToken { tenant_id: new.tenant_id, session_id, counter: 0 };
    let refresh = new.impersonator.is_none().then(|| refresh.encode(keys.refresh_key()));
    let session = json!({
        "session_id": session_id,
        "refresh_token_hash": refresh.as_deref().map(RefreshToken::hash),
        "assurance": new.assurance,
        "methods": new.methods,
        "device": new.device,
        "impersonator_id": new.impersonator.map(|(id, _)| id),
        "impersonation_reason": new.impersonator.map(|(_, reason)| reason),
    });
    let caller = visitor.describe(transaction);
    let params =
        [p::uuid(&new.tenant_id), p::uuid(&new.user_id), p::json(&session), p::json(&caller)];
    let rows = visitor.query(app, sql!("users", "open_session"), &params).await?;
    let row = rows.one_or(&problem::UNKNOWN_IDENTITY)?;
    let roles: Vec<String> = row.get("roles");
    let lifetime = TimeDelta::minutes(i64::from(row.get::<_, i32>("access_token_minutes")));
    let methods: Vec<String> = new.methods.iter().map(|method| (*method).to_owned()).collect();
    let claims = AccessClaims {
        tenant_id: new.tenant_id,
        user_id: new.user_id,
        session_id,
        token_id: app.ids.next(),
        roles: &roles,
        assurance: new.assurance,
        methods: &methods,
        authenticated_at: visitor.now,
        impersonator_id: new.impersonator.map(|(id, _)| id),
        issued_at: visitor.now,
        lifetime,
    };
    let access_token = claims.sign(&services.settings, keys.signer());
    let refresh_expires_at: DateTime<Utc> = row.get("expires_at");
    Ok(TokenAnswer {
        access_token,
        token_type: "Bearer",
        expires_in: lifetime.num_seconds(),
        refresh_token: refresh,
        refresh_expires_at,
        session_id,
        tenant_id: new.tenant_id,
        user_id: new.user_id,
        roles,
    })
}
