//! What an event in the archive tells about people, closed with keys of these people (docs/adr/0019).
//!
//! A part is closed together with what the commitment to it is keyed with, so that whoever opens it
//! can prove it; the salt, by which every part could be tried out, with all keys of the event. The
//! commitment to the part stands in the event. Where a key was destroyed it stays, and names the
//! erasure, as if the part had been erased while it was in the database.

mod cipher;
mod parts;

use std::collections::BTreeMap;

use thiserror::Error;
use uuid::Uuid;
use wealth_core::audit::{CanonicalError, Ciphertext, Erased, Event, Hash, Part, Record, Sealed};

use self::cipher::{Place, open_bytes, seal_bytes};
use self::parts::{clear, fill, text_of};

/// Keys of people by their ids.
pub type Ring = BTreeMap<Uuid, [u8; 32]>;

const BOTH: [Part; 2] = [Part::Actor, Part::Content];

/// What became of a key.
#[derive(Clone, PartialEq, Eq)]
pub enum Key {
    /// It opens.
    Live([u8; 32]),
    /// This erasure destroyed it.
    Destroyed(Uuid),
}

/// The keys of an archived month.
#[derive(Clone, Default)]
pub struct Keys(BTreeMap<Uuid, Key>);

/// An event that cannot be closed or opened.
#[derive(Debug, Error)]
pub enum EnvelopeError {
    /// No such key is known.
    #[error("the key {0} is not known")]
    Key(Uuid),
    /// The keys do not open it, or what they open is no part of an event.
    #[error("what is sealed of event {0} does not open")]
    Shut(Uuid),
    /// It is no event that has a leaf.
    #[error("event {0}: {1}")]
    Event(Uuid, CanonicalError),
    /// There is no encryption.
    #[error("the cipher does not work")]
    Cipher,
}

impl FromIterator<(Uuid, Key)> for Keys {
    fn from_iter<I: IntoIterator<Item = (Uuid, Key)>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl Keys {
    /// The keys of a ciphertext; none if one of them was destroyed, whose erasures `gone` takes.
    fn ring(&self, text: &Ciphertext, gone: &mut Vec<Uuid>) -> Result<Option<Ring>, EnvelopeError> {
        let mut ring = Some(Ring::new());
        for id in &text.keys {
            match self.0.get(id).ok_or(EnvelopeError::Key(*id))? {
                Key::Live(key) => {
                    if let Some(ring) = &mut ring {
                        ring.insert(*id, *key);
                    }
                }
                Key::Destroyed(erasure) => {
                    ring = None;
                    if !gone.contains(erasure) {
                        gone.push(*erasure);
                    }
                }
            }
        }
        Ok(ring)
    }
}

/// Closes the parts of an event that tell about people, each with their keys, as far as they are
/// there; a ring without keys closes nothing.
///
/// # Errors
/// [`EnvelopeError::Event`], [`EnvelopeError::Cipher`].
pub fn seal(record: &mut Record, actor: &Ring, content: &Ring) -> Result<(), EnvelopeError> {
    let Some(event) = &mut record.event else { return Ok(()) };
    let closes = |event: &Event, part, ring: &Ring| {
        !ring.is_empty() && !event.is_erased(part) && !event.is_empty(part)
    };
    let rings = [(Part::Actor, actor), (Part::Content, content)];
    let rings = rings.map(|(part, ring)| (part, Some(ring).filter(|r| closes(event, part, r))));
    if rings.iter().all(|(_, ring)| ring.is_none()) {
        return Ok(());
    }
    let mut erased = Erased {
        actor: None,
        content: None,
        actor_key: None,
        content_key: None,
        erasures: event.erased.as_ref().map(|erased| erased.erasures.clone()).unwrap_or_default(),
    };
    let (mut sealed, mut all) = (Sealed::default(), Ring::new());
    for (part, ring) in rings {
        let fault = |error| EnvelopeError::Event(event.event_id, error);
        let goes = ring.is_some() || event.is_erased(part);
        let commitment = event.commitment(part).map_err(fault)?;
        let (kept, key) = if goes { (Some(commitment), None) } else { (None, event.key(part)) };
        let closed = match ring {
            None => None,
            Some(ring) => {
                all.extend(ring);
                Some(seal_bytes(ring, &Place::of(event, part), &text_of(event, part)?)?)
            }
        };
        match part {
            Part::Actor => (erased.actor, erased.actor_key, sealed.actor) = (kept, key, closed),
            Part::Content => {
                (erased.content, erased.content_key, sealed.content) = (kept, key, closed);
            }
        }
    }
    if let Some(salt) = event.salt.take() {
        sealed.salt = Some(seal_bytes(&all, &Place::of_salt(event), salt.as_bytes())?);
    }
    for (part, ring) in rings {
        if ring.is_some() {
            clear(event, part);
        }
    }
    event.erased = Some(erased);
    record.sealed = Some(sealed);
    Ok(())
}

/// Opens what is closed of an event, as far as its keys are there: what it was before, or what an
/// erasure would have left of it. Whether the parts are those that were committed to is for
/// [`Record::sound`] to say.
///
/// # Errors
/// [`EnvelopeError::Key`], [`EnvelopeError::Shut`].
pub fn open(record: &mut Record, keys: &Keys) -> Result<(), EnvelopeError> {
    let Some(sealed) = record.sealed.take() else { return Ok(()) };
    let shut = || EnvelopeError::Shut(record.event_id);
    let event = record.event.as_mut().ok_or_else(shut)?;
    let mut erased = event.erased.take().ok_or_else(shut)?;
    for part in BOTH {
        let Some(closed) = sealed.part(part) else { continue };
        let Some(ring) = keys.ring(closed, &mut erased.erasures)? else { continue };
        let text = open_bytes(&ring, &Place::of(event, part), closed).ok_or_else(shut)?;
        let key = fill(event, part, &text).ok_or_else(shut)?;
        match part {
            Part::Actor => (erased.actor, erased.actor_key) = (None, Some(key)),
            Part::Content => (erased.content, erased.content_key) = (None, Some(key)),
        }
    }
    if let Some(closed) = &sealed.salt
        && let Some(ring) = keys.ring(closed, &mut erased.erasures)?
    {
        let salt = open_bytes(&ring, &Place::of_salt(event), closed).ok_or_else(shut)?;
        event.salt = Some(Uuid::from_slice(&salt).map_err(|_| shut())?);
        let mine = |part| event.key(part);
        let theirs: [Option<Hash>; 2] = [erased.actor_key, erased.content_key];
        // A salt is closed only where nothing was erased before.
        return if theirs == BOTH.map(mine) { Ok(()) } else { Err(shut()) };
    }
    event.erased = Some(erased);
    Ok(())
}

#[cfg(test)]
mod tests;
