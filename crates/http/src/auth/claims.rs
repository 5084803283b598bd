//! The claims of a token (RFC 7519 §4), read strictly.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::Refusal;
use super::issuer::{IssuerConfig, RoleSource};
use super::strict_json;
use super::verified::{Authentication, Told};

/// Longest `sub`, `jti` and role name (OpenID Connect Core §2 for `sub`).
const TEXT_LENGTH_MAX: usize = 255;

/// Longest `iss`, as in `users.identity_providers`.
const ISSUER_LENGTH_MAX: usize = 512;

/// Most roles or groups that are looked at.
const ROLES_MAX: usize = 512;

/// How far the issuer's clock may be ahead of ours for `nbf` and `iat`.
///
/// `exp` has no leeway: it would only lengthen the life of a stolen token, our clock is kept by
/// the platform, and clients renew before the end.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// Farthest `exp`. Okta and Cognito give access tokens 24 hours at most, Entra ID 28; what claims
/// to live longer was not made for us.
const LIFETIME_MAX: TimeDelta = TimeDelta::hours(28);

/// Claims that mark another kind of token: an ID token (OpenID Connect Core §3.1.3.6, §3.3.2.11),
/// a security event or logout token (RFC 8417 §2.2), a sender-constrained token, which must not be
/// taken without the proof of possession (RFC 7800 §3.1).
const FOREIGN_MARKS: [&str; 4] = ["at_hash", "c_hash", "events", "cnf"];

/// All claims of a token.
#[derive(Debug)]
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, Refusal> {
        strict_json::object(payload).map(Self)
    }

    /// The value of a claim; a name that starts with `/` is a JSON pointer (RFC 6901).
    pub(super) fn at(&self, name: &str) -> Option<&Value> {
        let Some(path) = name.strip_prefix('/') else { return self.0.get(name) };
        let (first, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
        self.0.get(&first.replace("~1", "/").replace("~0", "~"))?.pointer(rest)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn issuer(&self) -> Result<&str, Refusal> {
        self.text("iss")
            .filter(|issuer| is_plain(issuer, ISSUER_LENGTH_MAX))
            .ok_or(Refusal::IssuerClaim)
    }

    pub(super) fn subject(&self) -> Result<&str, Refusal> {
        self.text("sub")
            .filter(|subject| is_plain(subject, TEXT_LENGTH_MAX))
            .ok_or(Refusal::Subject)
    }

    /// `exp` required; `nbf` and `iat` when present; all of them whole seconds. Gives `exp`.
    pub(super) fn check_times(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
        let expires_at = match self.0.get("exp") {
            None => return Err(Refusal::ExpiryClaim),
            Some(value) => instant(value).ok_or(Refusal::ExpiryClaim)?,
        };
        if expires_at > now + LIFETIME_MAX {
            return Err(Refusal::ExpiryClaim);
        }
        for name in ["nbf", "iat"] {
            let Some(value) = self.0.get(name) else { continue };
            let at = instant(value).ok_or(Refusal::TimeClaim)?;
            if at > now + LEEWAY {
                return Err(Refusal::NotYetValid);
            }
            if at > expires_at {
                return Err(Refusal::TimeClaim);
            }
        }
        if now >= expires_at { Err(Refusal::Expired) } else { Ok(expires_at) }
    }

    pub(super) fn check_is_access_token(&self) -> Result<(), Refusal> {
        let marked = FOREIGN_MARKS.iter().any(|name| self.0.contains_key(*name));
        if marked { Err(Refusal::TokenUse) } else { Ok(()) }
    }

    /// A string or an array of strings, one of which is ours.
    pub(super) fn check_audience(&self, name: &str, ours: &[String]) -> Result<(), Refusal> {
        let named = match self.0.get(name) {
            Some(value) => texts(value).ok_or(Refusal::Audience)?,
            None => return Err(Refusal::Audience),
        };
        let meets = named.iter().any(|one| ours.iter().any(|our| our == one));
        if meets { Ok(()) } else { Err(Refusal::Audience) }
    }

    /// Our roles, from the configured claim through the configured map.
    pub(super) fn roles(&self, config: &IssuerConfig) -> Result<Vec<String>, Refusal> {
        let claim = config.role_claim.as_deref().and_then(|name| self.at(name));
        let Some(value) = claim else { return Ok(Vec::new()) };
        let names = texts(value).filter(|names| names.len() <= ROLES_MAX);
        let mut roles: Vec<String> = Vec::new();
        for name in names.ok_or(Refusal::ClaimType)? {
            let given: Vec<&str> = match &config.group_roles {
                Some(map) => map.get(name).into_iter().flatten().map(String::as_str).collect(),
                None => {
                    Some(name).filter(|name| is_plain(name, TEXT_LENGTH_MAX)).into_iter().collect()
                }
            };
            for role in given {
                if !roles.iter().any(|held| held == role) {
                    roles.push(role.to_owned());
                }
            }
        }
        Ok(roles)
    }

    /// What is worth keeping of it. Called when [`Self::roles`] has found the groups well-formed.
    pub(super) fn told(&self, config: &IssuerConfig, now: DateTime<Utc>) -> Option<Told> {
        let named = config.directory_claim.as_deref().and_then(|name| self.at(name)?.as_str());
        let directory_id = named.filter(|id| is_plain(id, TEXT_LENGTH_MAX)).map(str::to_owned);
        let map = config.group_roles.as_ref().filter(|_| config.role_source == RoleSource::Claims);
        if map.is_none() && directory_id.is_none() {
            return None;
        }
        let groups = map.map(|map| {
            let value = config.role_claim.as_deref().and_then(|name| self.at(name));
            let names = value.and_then(texts).unwrap_or_default();
            let mut giving: Vec<String> = names
                .into_iter()
                .filter(|name| map.contains_key(*name))
                .map(str::to_owned)
                .collect();
            giving.sort_unstable();
            giving.dedup();
            giving
        });
        let issued_at = self.0.get("iat").and_then(instant).unwrap_or(now);
        Some(Told { groups, directory_id, issued_at })
    }

    /// `sid` when it is a UUID; other issuers may use other forms, which mean nothing to us.
    pub(super) fn session_id(&self) -> Result<Option<Uuid>, Refusal> {
        match self.0.get("sid") {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Uuid::try_parse(text).ok()),
            Some(_) => Err(Refusal::ClaimType),
        }
    }

    /// A claim that holds a user's id.
    pub(super) fn user(&self, name: &str) -> Result<Uuid, Refusal> {
        self.text(name).and_then(|text| Uuid::try_parse(text).ok()).ok_or(Refusal::Subject)
    }

    /// `act.sub` (RFC 8693 §4.1): who acts in the subject's place.
    pub(super) fn impersonator(&self) -> Result<Option<Uuid>, Refusal> {
        let Some(act) = self.0.get("act") else { return Ok(None) };
        let actor = act.get("sub").and_then(Value::as_str).and_then(|t| Uuid::try_parse(t).ok());
        actor.map(Some).ok_or(Refusal::ClaimType)
    }

    /// `acr`, `amr` and `auth_time` (OpenID Connect Core §2, RFC 8176): our own `acr` is `aal1` or
    /// `aal2`, and any issuer's `amr` may say that several factors were used.
    pub(super) fn authentication(&self) -> Result<Authentication, Refusal> {
        let methods = match self.0.get("amr") {
            Some(value) => texts(value).ok_or(Refusal::ClaimType)?,
            None => Vec::new(),
        };
        let second = self.text("acr") == Some("aal2") || methods.contains(&"mfa");
        let at = match self.0.get("auth_time") {
            Some(value) => Some(instant(value).ok_or(Refusal::TimeClaim)?),
            None => None,
        };
        Ok(Authentication { assurance: if second { 2 } else { 1 }, at })
    }

    pub(super) fn token_id(&self) -> Result<Option<String>, Refusal> {
        match self.0.get("jti") {
            None => Ok(None),
            Some(Value::String(text)) if is_plain(text, TEXT_LENGTH_MAX) => Ok(Some(text.clone())),
            Some(_) => Err(Refusal::ClaimType),
        }
    }
}

/// Not empty, not long and without control characters: NUL would be an error in PostgreSQL, a
/// line feed one in a log.
fn is_plain(text: &str, length_max: usize) -> bool {
    !text.is_empty() && text.len() <= length_max && !text.chars().any(char::is_control)
}

/// Whole, positive seconds since 1970. RFC 7519 §2 allows fractions; no provider sends them, and
/// floats bring 1e300, NaN and rounding.
fn instant(value: &Value) -> Option<DateTime<Utc>> {
    let seconds = value.as_i64().filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(seconds, 0)
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        _ => None,
    }
}
