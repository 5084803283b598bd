//! Renewing a session: a refresh token for its successor (RFC 6749 §6, RFC 9700 §4.14.2).

use uuid::Uuid;
use wealth_core::problem::{self, Code};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Problem, Result, Row404, Visitor};

use super::access::TokenAnswer;
use super::granted::Granted;
use super::refresh_token::RefreshToken;
use crate::services::Services;

/// Gives new tokens for `token`. One round trip: all that decides stands in one function, which
/// commits what has to outlast a refusal.
///
/// # Errors
/// `session_expired`, `refresh_token_reused`, `account_inactive`, `tenant_inactive`, each an
/// `invalid_grant` of OAuth.
pub async fn renew(
    app: &App,
    services: &Services,
    visitor: &Visitor,
    token: &str,
) -> Result<TokenAnswer> {
    let keys = services.keys.get(app).await?;
    let old = RefreshToken::decode(token, keys.refresh_key()).ok_or_else(|| refused("unknown"))?;
    let (hash, next) = (RefreshToken::hash(token), old.next().encode(keys.refresh_key()));
    let (next, caller) = (RefreshToken::hash(&next), visitor.describe("token_refresh"));
    let counter = i32::try_from(old.counter).map_err(|_| refused("unknown"))?;
    let params = [
        p::uuid(&old.tenant_id),
        p::uuid(&old.session_id),
        p::int4(&counter),
        p::text(&hash),
        p::text(&next),
        p::json(&caller),
    ];
    let rows = visitor.query(app, sql!("users", "rotate_refresh_token"), &params).await?;
    let row = rows.one_or(&problem::SESSION_EXPIRED)?;
    let outcome: &str = row.get("outcome");
    if !matches!(outcome, "rotated" | "repeated") {
        return Err(refused(outcome));
    }
    let leaf = u32::try_from(row.get::<_, i32>("counter")).unwrap_or_default();
    let leaf = RefreshToken { counter: leaf, ..old }.encode(keys.refresh_key());
    let methods: Vec<String> = row.get("methods");
    let granted = granted(&row, old.tenant_id, old.session_id, &methods, leaf);
    Ok(granted.answer(&services.settings, &keys, &*app.ids, visitor.now))
}

fn granted<'a>(
    row: &Row,
    tenant_id: Uuid,
    session_id: Uuid,
    methods: &'a [String],
    refresh_token: String,
) -> Granted<'a> {
    Granted {
        tenant_id,
        session_id,
        user_id: row.get("user_id"),
        roles: row.get("roles"),
        assurance: row.get("assurance"),
        methods,
        authenticated_at: row.get("authenticated_at"),
        impersonator_id: None,
        access_token_minutes: row.get("access_token_minutes"),
        expires_at: row.get("expires_at"),
        refresh_token: Some(refresh_token),
    }
}

fn refused(outcome: &str) -> Problem {
    let (code, detail): (&'static Code, _) = match outcome {
        "reused" => (
            &problem::REFRESH_TOKEN_REUSED,
            "This refresh token was used before. Its session has been ended.",
        ),
        "account_inactive" => (&problem::ACCOUNT_INACTIVE, "This account is not active."),
        "tenant_inactive" => (&problem::TENANT_INACTIVE, "This tenant is not active."),
        _ => (&problem::SESSION_EXPIRED, "This refresh token is not good, or its session is over."),
    };
    Problem::new(code, detail).because(format!("refresh token: {outcome}")).oauth("invalid_grant")
}
