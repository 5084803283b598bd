//! One issuer bound to one tenant, ready for use, and the rules that a token must meet there.

use std::sync::Arc;

use uuid::Uuid;

use super::claims::Claims;
use super::compact::{Header, media_type};
use super::error::Refusal;
use super::issuer::{AudienceClaim, IssuerConfig, KeyLocation};
use super::keys::KeySet;

/// See the module.
#[derive(Debug)]
pub(super) struct Binding {
    pub(super) config: IssuerConfig,
    keys: Keys,
}

/// Where the keys of a binding are, parsed as far as possible.
#[derive(Debug)]
pub(super) enum Keys {
    Uri(String),
    Static(KeySet),
    /// The configured set cannot be read. The binding still counts when the tenant is chosen: a
    /// typing error in one row must not make another row the only one.
    Broken,
}

impl Binding {
    pub(super) fn new(config: IssuerConfig) -> Self {
        let keys = match &config.keys {
            KeyLocation::Uri(uri) => Keys::Uri(uri.clone()),
            KeyLocation::Static(document) => KeySet::from_value(document).map_or_else(
                |error| {
                    tracing::error!(issuer = config.issuer, tenant_id = ?config.tenant_id, %error, "static key set not read");
                    Keys::Broken
                },
                Keys::Static,
            ),
        };
        Self { config, keys }
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The rules that need no key (RFC 8725 §3.1, §3.9, §3.11, §3.12).
    pub(super) fn accepts(&self, header: &Header, claims: &Claims) -> Result<(), Refusal> {
        if !self.config.algorithms.contains(&header.algorithm) {
            return Err(Refusal::Algorithm);
        }
        if !self.config.token_types.iter().any(|typ| media_type(typ) == header.token_type) {
            return Err(Refusal::TokenType);
        }
        if let Some(token_use) = &self.config.token_use
            && claims.text("token_use") != Some(token_use)
        {
            return Err(Refusal::TokenUse);
        }
        claims.check_is_access_token()?;
        let claim = match self.config.audience_claim {
            AudienceClaim::Aud => "aud",
            AudienceClaim::ClientId => "client_id",
        };
        claims.check_audience(claim, &self.config.audiences)
    }

    /// Whether the token names this binding's tenant, or any tenant where the binding serves all.
    fn is_named_by(&self, claims: &Claims) -> bool {
        let named = self.named_tenant(claims);
        named.is_some() && (self.config.tenant_id.is_none() || named == self.config.tenant_id)
    }

    /// The tenant in the tenant claim.
    fn named_tenant(&self, claims: &Claims) -> Option<Uuid> {
        let claim = self.config.tenant_claim.as_deref()?;
        claims.at(claim).and_then(|value| value.as_str()).and_then(hyphenated_uuid)
    }

    /// The tenant that the token acts in.
    pub(super) fn tenant(&self, claims: &Claims) -> Result<Uuid, Refusal> {
        self.config.tenant_id.or_else(|| self.named_tenant(claims)).ok_or(Refusal::Tenant)
    }

    /// Whether the tokens are the platform's own, whose subjects are users.
    pub(super) fn is_platform(&self) -> bool {
        self.config.tenant_id.is_none()
    }
}

/// Chooses the one binding that the token is for.
///
/// With a tenant claim the token must name the binding's tenant. Without one the issuer must have
/// a single binding: a guess would put a caller into another tenant.
///
/// # Errors
/// [`Refusal::Tenant`] when none or more than one is left.
pub(super) fn choose<'b>(
    bindings: &'b [Arc<Binding>],
    claims: &Claims,
) -> Result<&'b Arc<Binding>, Refusal> {
    if let [only] = bindings
        && only.config.tenant_claim.is_none()
    {
        return Ok(only);
    }
    let mut named = bindings.iter().filter(|binding| binding.is_named_by(claims));
    match (named.next(), named.next()) {
        (Some(binding), None) => Ok(binding),
        _ => Err(Refusal::Tenant),
    }
}

/// The usual 36-character form only: one tenant, one spelling.
fn hyphenated_uuid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}
