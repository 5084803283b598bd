//! An event of the audit log, and the leaf that stands for it in the tree.
//!
//! The leaf holds the facts of the event and, of what tells about people, only commitments: a
//! keyed hash over who it came from (label, address, agent), and one over what it says (values, details,
//! reason). Both keys derive from a salt of the event's own, so that once salt and content are
//! destroyed the commitment says nothing, and the leaf, its place and every proof stay as they were.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::Sha256;
use utoipa::ToSchema;
use uuid::Uuid;

use super::canonical::{CanonicalError, canonical};
use super::hash::{Hash, leaf_hash};

/// One event as it is kept, exported and shown. Instants have six decimals and end in `Z`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuditEvent)]
pub struct Event {
    /// Its id.
    pub event_id: Uuid,
    /// Whose log it is in.
    pub tenant_id: Uuid,
    /// When it happened, by the database's clock.
    #[schema(value_type = DateTime<Utc>)]
    pub occurred_at: String,
    /// When it was written down.
    #[schema(value_type = DateTime<Utc>)]
    pub recorded_at: String,
    /// Who did it; null for a job or a database login.
    pub actor_id: Option<Uuid>,
    /// `user`, `service`, `system` or `database`.
    pub actor_type: String,
    /// The name of who did it, as it was then.
    pub actor_label: Option<String>,
    /// What was done: noun and verb in the past tense.
    pub action: String,
    /// The documented name of that, where it has one.
    pub legacy_action: Option<String>,
    /// The kind of thing it was done to.
    pub resource_type: Option<String>,
    /// Which one.
    pub resource_id: Option<String>,
    /// How it was before.
    #[schema(value_type = Option<Object>)]
    pub old_values: Option<Box<RawValue>>,
    /// How it was afterwards.
    #[schema(value_type = Option<Object>)]
    pub new_values: Option<Box<RawValue>>,
    /// What else is known.
    #[schema(value_type = Option<Object>)]
    pub details: Option<Box<RawValue>>,
    /// The address it came from.
    pub ip_address: Option<String>,
    /// The program it came from, by its own account.
    pub user_agent: Option<String>,
    /// The session.
    pub session_id: Option<Uuid>,
    /// A session's name in another system.
    pub session_ref: Option<String>,
    /// The request: the same for everything that one call did.
    pub request_id: Option<Uuid>,
    /// The transaction's name.
    pub transaction_name: Option<String>,
    /// `success`, `failure` or `denied`.
    pub outcome: String,
    /// Why, in words.
    pub reason: Option<String>,
    /// What for.
    pub purpose: Option<String>,
    /// What the commitments in its leaf are keyed with. Whoever has it can check the rest. Gone
    /// where a part was erased.
    pub salt: Option<Uuid>,
    /// What stands in the place of a part that was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Erased>,
}

/// What is left of an event after an erasure: of each part either the commitment to it, because it
/// was destroyed, or the key that its commitment is made with, because the salt was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// The commitment to label, address, agent and session elsewhere, which were destroyed.
    pub actor: Option<Hash>,
    /// The commitment to values, details and reason, which were destroyed.
    pub content: Option<Hash>,
    /// What the commitment to the former is keyed with, while they are there.
    pub actor_key: Option<Hash>,
    /// The same of the latter.
    pub content_key: Option<Hash>,
    /// The erasure requests that it happened under; in the archive none, where a part is closed.
    pub erasures: Vec<Uuid>,
}

/// A part of an event that can be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Who it came from: label, address, agent, session elsewhere.
    Actor,
    /// What it says: values, details, reason.
    Content,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Content => "content",
        }
    }
}

/// A leaf's content: canonical JSON, the members in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leaf<'a> {
    action: &'a str,
    /// Commitment to label, address, agent and session elsewhere.
    actor: Hash,
    actor_id: Option<Uuid>,
    actor_type: &'a str,
    /// Commitment to values, details and reason.
    content: Hash,
    event_id: Uuid,
    legacy_action: Option<&'a str>,
    occurred_at: &'a str,
    outcome: &'a str,
    purpose: Option<&'a str>,
    recorded_at: &'a str,
    request_id: Option<Uuid>,
    resource_id: Option<&'a str>,
    resource_type: Option<&'a str>,
    session_id: Option<Uuid>,
    tenant_id: Uuid,
    transaction_name: Option<&'a str>,
    /// Of this form.
    version: u8,
}

#[derive(Serialize)]
struct Actor<'a> {
    actor_label: Option<&'a str>,
    ip_address: Option<&'a str>,
    session_ref: Option<&'a str>,
    user_agent: Option<&'a str>,
}

#[derive(Serialize)]
struct Content<'a> {
    details: Option<&'a RawValue>,
    new_values: Option<&'a RawValue>,
    old_values: Option<&'a RawValue>,
    reason: Option<&'a str>,
}

impl Event {
    /// Its leaf.
    ///
    /// # Errors
    /// Its values are no JSON that means one thing only.
    pub fn leaf(&self) -> Result<Leaf<'_>, CanonicalError> {
        Ok(Leaf {
            action: &self.action,
            actor: self.commitment(Part::Actor)?,
            actor_id: self.actor_id,
            actor_type: &self.actor_type,
            content: self.commitment(Part::Content)?,
            event_id: self.event_id,
            legacy_action: self.legacy_action.as_deref(),
            occurred_at: &self.occurred_at,
            outcome: &self.outcome,
            purpose: self.purpose.as_deref(),
            recorded_at: &self.recorded_at,
            request_id: self.request_id,
            resource_id: self.resource_id.as_deref(),
            resource_type: self.resource_type.as_deref(),
            session_id: self.session_id,
            tenant_id: self.tenant_id,
            transaction_name: self.transaction_name.as_deref(),
            version: 1,
        })
    }

    /// The commitment to a part: keyed with what the salt gives for this part and no other, so that
    /// one can be forgotten while the other stays provable. Of an erased part it is what was kept.
    ///
    /// # Errors
    /// The part is no JSON that means one thing only, or there is neither it nor its commitment.
    pub fn commitment(&self, part: Part) -> Result<Hash, CanonicalError> {
        if let Some(kept) = self.erased.as_ref().and_then(|erased| erased.commitment(part)) {
            // What says to be erased and has content nevertheless would be content that nothing proves.
            return if self.is_empty(part) { Ok(kept) } else { Err(CanonicalError::NotJson) };
        }
        let key = self.key(part).ok_or(CanonicalError::NotJson)?;
        let text = match part {
            Part::Actor => serde_json::to_string(&Actor {
                actor_label: self.actor_label.as_deref(),
                ip_address: self.ip_address.as_deref(),
                session_ref: self.session_ref.as_deref(),
                user_agent: self.user_agent.as_deref(),
            }),
            Part::Content => serde_json::to_string(&Content {
                details: self.details.as_deref(),
                new_values: self.new_values.as_deref(),
                old_values: self.old_values.as_deref(),
                reason: self.reason.as_deref(),
            }),
        };
        let text = text.map_err(|_| CanonicalError::NotJson)?;
        Ok(keyed(&key.0, canonical(&text)?.as_bytes()))
    }

    /// What the commitment to a part is keyed with; none once the part was destroyed.
    pub fn key(&self, part: Part) -> Option<Hash> {
        match self.salt {
            Some(salt) => Some(keyed(salt.as_bytes(), part.name().as_bytes())),
            None => self.erased.as_ref()?.key(part),
        }
    }

    /// Whether a part was destroyed.
    pub fn is_erased(&self, part: Part) -> bool {
        self.erased.as_ref().is_some_and(|erased| erased.commitment(part).is_some())
    }

    /// Whether a part says nothing.
    pub fn is_empty(&self, part: Part) -> bool {
        match part {
            Part::Actor => {
                self.actor_label.is_none()
                    && self.ip_address.is_none()
                    && self.session_ref.is_none()
                    && self.user_agent.is_none()
            }
            Part::Content => {
                self.details.is_none()
                    && self.new_values.is_none()
                    && self.old_values.is_none()
                    && self.reason.is_none()
            }
        }
    }
}

impl Erased {
    const fn commitment(&self, part: Part) -> Option<Hash> {
        match part {
            Part::Actor => self.actor,
            Part::Content => self.content,
        }
    }

    const fn key(&self, part: Part) -> Option<Hash> {
        match part {
            Part::Actor => self.actor_key,
            Part::Content => self.content_key,
        }
    }
}

/// HMAC-SHA-256.
fn keyed(key: &[u8], message: &[u8]) -> Hash {
    // HMAC takes a key of any length.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return Hash([0; 32]) };
    Hash(mac.chain_update(message).finalize().into_bytes().into())
}

impl Leaf<'_> {
    /// Its text. The members stand in their canonical order and hold no numbers but the version.
    pub fn text(&self) -> String {
        // Strings, ids and null always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Its hash in the tree.
    pub fn hash(&self) -> Hash {
        leaf_hash(self.text().as_bytes())
    }
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
