//! Which of our tokens a text is.

use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;
use wealth_http::auth::AuthError;
use wealth_http::auth::{KeyName, VerifiedToken};
use wealth_http::{App, Problem, Result};

use super::refresh_token::RefreshToken;
use crate::services::Services;

/// A token of ours, found genuine as far as that can be told without the database.
pub(super) enum Which {
    /// A refresh token, of any generation.
    Refresh(RefreshToken),
    /// An access token in force, with its session.
    Access(Arc<VerifiedToken>, Uuid),
    /// A text with the form of an API key.
    ApiKey(KeyName),
}

/// Reads a token; `None` for what is not ours, and for what another issuer made.
pub(super) async fn which(
    app: &App,
    services: &Services,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<Which>> {
    if let Some(name) = KeyName::read(token) {
        return Ok(Some(Which::ApiKey(name)));
    }
    let keys = services.keys.get(app).await?;
    if let Some(refresh) = RefreshToken::decode(token, keys.refresh_key()) {
        return Ok(Some(Which::Refresh(refresh)));
    }
    match app.verifier.verify(token, now).await {
        Ok(found) if found.issuer == services.settings.issuer => {
            Ok(found.session_id.map(|session| Which::Access(found, session)))
        }
        Ok(_) | Err(AuthError::Refused(_)) => Ok(None),
        Err(AuthError::Unavailable(what)) => Err(Problem::unavailable(what.to_string())),
    }
}
