//! The whole check of a token.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::binding::{self, Binding};
use super::claims::Claims;
use super::compact::{Compact, TOKEN_LENGTH_MAX};
use super::error::{AuthError, Refusal};
use super::fetch::JwksFetcher;
use super::issuer::IssuerSource;
use super::issuers::Issuers;
use super::jwks::KeySets;
use super::keys::VerificationKey;
use super::memory::{Memory, sha256};
use super::verified::{Named, Proof, VerifiedToken};

/// Verifies bearer tokens of every configured issuer. One per process, shared by all requests.
pub struct Verifier {
    issuers: Issuers,
    key_sets: KeySets,
    verified: Memory<Proof>,
}

impl Verifier {
    /// A verifier that reads its issuers from `source` and their keys through `fetcher`. Nothing
    /// is read before the first token.
    pub fn new(source: Arc<dyn IssuerSource>, fetcher: Arc<dyn JwksFetcher>) -> Self {
        Self {
            issuers: Issuers::new(source),
            key_sets: KeySets::new(fetcher),
            verified: Memory::new(),
        }
    }

    /// What the token proves at the time `now`.
    ///
    /// Cheap checks come first and the signature last, so that junk costs little; nothing that was
    /// read before the signature leaves this function unless the signature holds.
    ///
    /// # Errors
    /// [`AuthError::Refused`] for any token that is not good; [`AuthError::Unavailable`] when the
    /// issuer's configuration or keys cannot be had.
    pub async fn verify(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<VerifiedToken>, AuthError> {
        if token.len() > TOKEN_LENGTH_MAX {
            return Err(Refusal::TooLong.into());
        }
        let digest = sha256(token);
        if let Some(proof) = self.verified.get(&digest, now) {
            if self.is_in_force(&proof, now).await {
                return Ok(proof.token);
            }
            self.verified.forget(&digest);
        }
        let proof = self.prove(token, now).await?;
        let verified = Arc::clone(&proof.token);
        self.verified.remember(digest, proof, verified.expires_at, now);
        Ok(verified)
    }

    /// Whose log is to tell of a token that was refused: the tenant that it names, of those that trust
    /// the issuer that it names. None where it names none. Nothing of it is proven.
    pub(crate) async fn named(&self, token: &str, now: DateTime<Utc>) -> Option<Named> {
        if token.len() > TOKEN_LENGTH_MAX {
            return None;
        }
        let jws = Compact::parse(token).ok()?;
        let claims = Claims::parse(&jws.payload).ok()?;
        let bindings = self.issuers.find(claims.issuer().ok()?, now).await.ok()?;
        let binding = binding::choose(&bindings, &claims).ok()?;
        let tenant_id = binding.tenant(&claims).ok()?;
        Some(Named { tenant_id, issuer: binding.config.issuer.clone() })
    }

    /// What a remembered verification rested on must still be there, the same objects: a renewal
    /// that brings the same content keeps them, any change replaces them.
    async fn is_in_force(&self, proof: &Proof, now: DateTime<Utc>) -> bool {
        self.issuers.holds(&proof.binding, now).await
            && self.key_sets.holds(&proof.binding, &proof.key, now).await
    }

    async fn prove(&self, token: &str, now: DateTime<Utc>) -> Result<Proof, AuthError> {
        let jws = Compact::parse(token)?;
        let claims = Claims::parse(&jws.payload)?;
        let expires_at = claims.check_times(now)?;
        let bindings = self.issuers.find(claims.issuer()?, now).await?;
        let (binding, key) = match self.find_key(&bindings, &jws, &claims, now).await {
            // The platform's own keys stand in its configuration, which is five minutes old.
            Err(AuthError::Refused(missing))
                if matches!(missing, Refusal::UnknownKey | Refusal::BrokenConfiguration)
                    && bindings.iter().any(|binding| binding.is_platform()) =>
            {
                let renewed = self.issuers.find_anew(claims.issuer()?, now).await;
                self.find_key(&renewed.ok_or(missing)?, &jws, &claims, now).await?
            }
            found => found?,
        };
        let verified = content(&binding, &claims, expires_at, now)?;
        key.verify(jws.header.algorithm, jws.signing_input, &jws.signature)?;
        Ok(Proof { token: Arc::new(verified), binding, key })
    }

    async fn find_key(
        &self,
        bindings: &[Arc<Binding>],
        jws: &Compact<'_>,
        claims: &Claims,
        now: DateTime<Utc>,
    ) -> Result<(Arc<Binding>, Arc<VerificationKey>), AuthError> {
        let binding = Arc::clone(binding::choose(bindings, claims)?);
        binding.accepts(&jws.header, claims)?;
        let key = self.key_sets.find(&binding, jws.header.key_id.as_deref(), now).await?;
        Ok((binding, key))
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.verified.len()
    }
}

fn content(
    binding: &Binding,
    claims: &Claims,
    expires_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<VerifiedToken, Refusal> {
    let platform = binding.is_platform();
    let user_id = if platform { Some(claims.user("sub")?) } else { None };
    Ok(VerifiedToken {
        issuer: binding.config.issuer.clone(),
        subject: claims.subject()?.to_owned(),
        tenant_id: binding.tenant(claims)?,
        user_id,
        impersonator_id: if platform { claims.impersonator()? } else { None },
        authentication: claims.authentication()?,
        roles: claims.roles(&binding.config)?,
        check_grants: binding.config.role_source == super::RoleSource::Grants,
        session_id: claims.session_id()?,
        expires_at,
        token_id: claims.token_id()?,
        told: claims.told(&binding.config, now),
    })
}
