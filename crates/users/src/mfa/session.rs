//! The access token of a session whose person has just been recognised anew.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::{App, Principal, Problem, Result};

use crate::services::Services;
use crate::tokens::AccessClaims;

/// An access token of the same session with a stronger and fresher sign-in behind it. The refresh
/// token stays as it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct RaisedSession {
    /// Sent as `Authorization: Bearer …` from now on.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds that the access token lasts.
    #[schema(example = 900)]
    expires_in: i64,
    /// Authentication assurance level, as `acr` in the token.
    #[schema(example = "aal2")]
    acr: String,
    /// As `auth_time` in the token.
    authenticated_at: DateTime<Utc>,
    /// The session.
    session_id: Uuid,
}

/// Signs the token for what `users.raise_session` gave.
pub(crate) async fn raised(
    app: &App,
    services: &Services,
    principal: &Principal,
    row: &Row,
) -> Result<RaisedSession> {
    let context = principal.context();
    let (Some(user_id), Some(session_id)) = (context.user_id, context.session_id) else {
        return Err(Problem::internal("a session of ours without user or session"));
    };
    let keys = services.keys.get(app).await?;
    let roles: Vec<String> = row.get("roles");
    let methods: Vec<String> = row.get("methods");
    let assurance: i16 = row.get("assurance");
    let authenticated_at: DateTime<Utc> = row.get("authenticated_at");
    let lifetime = TimeDelta::minutes(i64::from(row.get::<_, i32>("access_token_minutes")));
    let claims = AccessClaims {
        tenant_id: context.tenant_id,
        user_id,
        session_id,
        token_id: app.ids.next(),
        roles: &roles,
        assurance,
        methods: &methods,
        authenticated_at,
        impersonator_id: None,
        issued_at: context.now,
        lifetime,
    };
    Ok(RaisedSession {
        access_token: claims.sign(&services.settings, keys.signer()),
        token_type: "Bearer",
        expires_in: lifetime.num_seconds(),
        acr: format!("aal{assurance}"),
        authenticated_at,
        session_id,
    })
}
