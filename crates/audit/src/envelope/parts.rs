//! The parts of an event as they are closed: JSON, with what the commitment to it is keyed with.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wealth_core::audit::{CanonicalError, Event, Hash, Part};

use super::EnvelopeError;

/// What is closed is filled up with blanks to a multiple of this, so that its length says less.
const BLOCK: usize = 64;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Actor {
    key: Hash,
    actor_label: Option<String>,
    ip_address: Option<String>,
    session_ref: Option<String>,
    user_agent: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    key: Hash,
    details: Option<Box<RawValue>>,
    new_values: Option<Box<RawValue>>,
    old_values: Option<Box<RawValue>>,
    reason: Option<String>,
}

/// A part as it is closed.
pub(super) fn text_of(event: &Event, part: Part) -> Result<Vec<u8>, EnvelopeError> {
    let fault = || EnvelopeError::Event(event.event_id, CanonicalError::NotJson);
    let key = event.key(part).ok_or_else(fault)?;
    let text = match part {
        Part::Actor => serde_json::to_vec(&Actor {
            key,
            actor_label: event.actor_label.clone(),
            ip_address: event.ip_address.clone(),
            session_ref: event.session_ref.clone(),
            user_agent: event.user_agent.clone(),
        }),
        Part::Content => serde_json::to_vec(&Content {
            key,
            details: event.details.clone(),
            new_values: event.new_values.clone(),
            old_values: event.old_values.clone(),
            reason: event.reason.clone(),
        }),
    };
    let mut text = text.map_err(|_| fault())?;
    text.resize(text.len().next_multiple_of(BLOCK), b' ');
    Ok(text)
}

/// Puts a part back; what its commitment is keyed with.
pub(super) fn fill(event: &mut Event, part: Part, text: &[u8]) -> Option<Hash> {
    match part {
        Part::Actor => {
            let part: Actor = serde_json::from_slice(text).ok()?;
            event.actor_label = part.actor_label;
            event.ip_address = part.ip_address;
            event.session_ref = part.session_ref;
            event.user_agent = part.user_agent;
            Some(part.key)
        }
        Part::Content => {
            let part: Content = serde_json::from_slice(text).ok()?;
            event.details = part.details;
            event.new_values = part.new_values;
            event.old_values = part.old_values;
            event.reason = part.reason;
            Some(part.key)
        }
    }
}

/// Takes a part out.
pub(super) fn clear(event: &mut Event, part: Part) {
    match part {
        Part::Actor => {
            (event.actor_label, event.ip_address) = (None, None);
            (event.session_ref, event.user_agent) = (None, None);
        }
        Part::Content => {
            (event.details, event.new_values, event.old_values) = (None, None, None);
            event.reason = None;
        }
    }
}
