//! An event at its place in the log: as it is exported, and as the archive keeps it.
//!
//! In the archive what an event tells about people is closed with keys of these people, because a
//! file under Object Lock can lose nothing but its key (docs/adr/0019). The commitment to a closed
//! part stands where that of an erased one would, so that the leaf is hashed without any key.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::{Event, Part};
use super::hash::Hash;
use super::verify::Fault;

/// An event with its place in the log, as it is exported: one line each.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its place.
    pub leaf_index: u64,
    /// The hash that the log keeps for this place.
    pub leaf_hash: Hash,
    /// The id that stands at this place.
    pub event_id: Uuid,
    /// The event; null where the log has a leaf and no event any more.
    pub event: Option<Event>,
    /// What of it is closed: in the archive alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
}

/// The parts of an event that are closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Who it came from, and what the commitment to that is keyed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Ciphertext>,
    /// What it says, and what the commitment to that is keyed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Ciphertext>,
    /// The salt, closed with the keys of all closed parts: by it each of them could be tried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<Ciphertext>,
}

/// Something that all of its keys together open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ciphertext {
    /// The ids of the keys, in their order.
    pub keys: Vec<Uuid>,
    /// AES-256-GCM-SIV in base64, the tag behind it.
    pub text: String,
}

impl Sealed {
    /// A part, if it is closed.
    pub const fn part(&self, part: Part) -> Option<&Ciphertext> {
        match part {
            Part::Actor => self.actor.as_ref(),
            Part::Content => self.content.as_ref(),
        }
    }

    /// The ids of all keys that close something of it.
    pub fn keys(&self) -> BTreeSet<Uuid> {
        let all = [&self.actor, &self.content, &self.salt];
        all.into_iter().flatten().flat_map(|text| &text.keys).copied().collect()
    }
}

impl Record {
    /// Its hash, if it has its event, that event is of this log, and it is what was sealed: by the
    /// record's own account and, where it is known, by that of the tree.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn sound(&self, tenant_id: Uuid, sealed: Option<Hash>) -> Result<Hash, Fault> {
        let (index, event_id) = (self.leaf_index, self.event_id);
        let Some(event) = &self.event else { return Err(Fault::Deleted { index, event_id }) };
        if event.event_id != event_id || event.tenant_id != tenant_id {
            return Err(Fault::Foreign { index, event_id });
        }
        let changed = Fault::Changed { index, event_id };
        let hash = event.leaf().map_err(|_| changed.clone())?.hash();
        if hash != self.leaf_hash || sealed.is_some_and(|sealed| sealed != hash) {
            return Err(changed);
        }
        if !self.accounts_for(event) {
            return Err(Fault::Unaccounted { index, event_id });
        }
        Ok(hash)
    }

    /// Whether each part that is missing is closed, or names who erased it; and nothing is closed
    /// that stands there, or could be tried out by what does.
    fn accounts_for(&self, event: &Event) -> bool {
        let closed = |part| self.sealed.as_ref().is_some_and(|sealed| sealed.part(part).is_some());
        let named = event.erased.as_ref().is_some_and(|erased| !erased.erasures.is_empty());
        (self.sealed.is_none() || event.salt.is_none())
            && [Part::Actor, Part::Content].into_iter().all(|part| {
                if event.is_erased(part) { closed(part) || named } else { !closed(part) }
            })
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
