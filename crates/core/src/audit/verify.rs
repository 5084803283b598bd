//! The audit of an audit log: every event hashed anew and the tree built from nothing, held against
//! signed heads. It names the first event that is not what it was.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::checkpoint::Checkpoint;
use super::edge::Edge;
use super::event::Event;
use super::hash::Hash;
use super::record::{Record, Sealed};

/// The first thing that is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A place is passed over.
    #[error("leaf {index} is missing: what follows is leaf {found}")]
    Missing {
        /// The place.
        index: u64,
        /// What stands there.
        found: u64,
    },
    /// A place comes twice or late.
    #[error("leaf {found} stands where leaf {index} should: the log is out of order")]
    Order {
        /// The place.
        index: u64,
        /// What stands there.
        found: u64,
    },
    /// The log has a leaf and no event.
    #[error("leaf {index}: event {event_id} was deleted")]
    Deleted {
        /// The place.
        index: u64,
        /// The event.
        event_id: Uuid,
    },
    /// The event is not what was sealed.
    #[error("leaf {index}: event {event_id} is not what was sealed")]
    Changed {
        /// The place.
        index: u64,
        /// The event.
        event_id: Uuid,
    },
    /// A part of the event is missing, and nothing says why.
    #[error(
        "leaf {index}: a part of event {event_id} is missing, which is neither closed with a key \
         nor erased under a request that it names"
    )]
    Unaccounted {
        /// The place.
        index: u64,
        /// The event.
        event_id: Uuid,
    },
    /// The event is of another log or has another id than its leaf.
    #[error("leaf {index}: event {event_id} does not belong there")]
    Foreign {
        /// The place.
        index: u64,
        /// The event.
        event_id: Uuid,
    },
    /// Events and leaves agree with each other, but not with a signed head: both were made anew.
    #[error(
        "an event of leaves {from} to {last} was rewritten together with its leaf: \
         they do not lead to the signed head of {size} leaves"
    )]
    Rewritten {
        /// The first leaf that may be meant.
        from: u64,
        /// The last one.
        last: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// The log ends before a signed head.
    #[error(
        "the tail was cut: leaf {found} and what follows, up to the signed size {size}, is gone"
    )]
    Cut {
        /// How many leaves there are.
        found: u64,
        /// How many there were.
        size: u64,
    },
    /// Parts of events were erased, and the log holds no certificate over just these events.
    #[error(
        "erasure {erasure} destroyed parts of {events} events, the first of them {first}, and no \
         certificate in the log agrees"
    )]
    Unvouched {
        /// The erasure that the events name.
        erasure: Uuid,
        /// How many name it.
        events: usize,
        /// The one with the lowest id.
        first: Uuid,
    },
    /// Two signed heads of one size.
    #[error("the log was forked: two different heads of {size} leaves are signed")]
    Forked {
        /// The size.
        size: u64,
    },
}

/// What was found to be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// How many events.
    pub size: u64,
    /// The head of all of them.
    pub root: Hash,
    /// How many events lie under a signed head; those behind are not proven yet.
    pub proven: u64,
    /// Of how many a part was erased, as a certificate in the log says.
    pub erased: u64,
}

/// The part of an erasure's certificate that the events are held against.
#[derive(Debug, Clone, serde::Deserialize)]
struct Certificate {
    /// The SHA-256 of the ids, in hexadecimal.
    events_sha256: String,
    /// The keys that were destroyed, and with them what the archive had closed with them.
    #[serde(default)]
    keys: Vec<Uuid>,
}

/// A verification under way: events are given to it in their order.
#[derive(Debug, Clone)]
pub struct LogVerifier {
    tenant_id: Uuid,
    edge: Edge,
    heads: BTreeMap<u64, Hash>,
    proven: u64,
    /// Which events each erasure destroyed parts of, by what they say of themselves.
    erasures: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// Which events have parts that each key closes.
    closed: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// What the certificates say of either, and at which place each of them stands.
    certified: BTreeMap<Uuid, (u64, Certificate)>,
}

impl LogVerifier {
    /// A verification of this tenant's log.
    pub fn new(tenant_id: Uuid) -> Self {
        Self {
            tenant_id,
            edge: Edge::default(),
            heads: BTreeMap::new(),
            proven: 0,
            erasures: BTreeMap::new(),
            closed: BTreeMap::new(),
            certified: BTreeMap::new(),
        }
    }

    /// Adds a head whose signature was verified. Those that come before their last event does are
    /// all held against the events.
    ///
    /// # Errors
    /// [`Fault::Forked`].
    pub fn expect(&mut self, checkpoint: &Checkpoint) -> Result<(), Fault> {
        let known = *self.heads.entry(checkpoint.size).or_insert(checkpoint.root);
        if known == checkpoint.root { Ok(()) } else { Err(Fault::Forked { size: checkpoint.size }) }
    }

    /// How many events were taken.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Takes the next event, with the hash that an archive keeps for its place, if there is one.
    /// Nothing of it may be closed: whoever gave it could have closed it with any key.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn push(&mut self, record: &Record, archived: Option<Hash>) -> Result<(), Fault> {
        if record.sealed.is_some() {
            let (index, event_id) = (record.leaf_index, record.event_id);
            return Err(Fault::Unaccounted { index, event_id });
        }
        self.push_archived(record, archived)
    }

    /// Takes the next event out of a file whose hash stands in a signed manifest.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn push_archived(&mut self, record: &Record, archived: Option<Hash>) -> Result<(), Fault> {
        let (index, found) = (self.edge.size(), record.leaf_index);
        if found > index {
            return Err(Fault::Missing { index, found });
        }
        if found < index {
            return Err(Fault::Order { index, found });
        }
        self.edge.append(record.sound(self.tenant_id, archived)?);
        if let Some(event) = &record.event {
            self.note_erasures(index, event);
        }
        for key in record.sealed.iter().flat_map(Sealed::keys) {
            self.closed.entry(key).or_default().insert(record.event_id);
        }
        self.compare()
    }

    /// Remembers what was erased of an event, or what a certificate says of others.
    fn note_erasures(&mut self, index: u64, event: &Event) {
        for erasure in event.erased.iter().flat_map(|erased| &erased.erasures) {
            self.erasures.entry(*erasure).or_default().insert(event.event_id);
        }
        if event.action == "erasure.certified"
            && let Some(erasure) = event.resource_id.as_deref().and_then(|id| id.parse().ok())
            && let Some(details) = event.details.as_deref()
            && let Ok(certificate) = serde_json::from_str::<Certificate>(details.get())
        {
            // An erasure has one; who adds another cannot replace it.
            self.certified.entry(erasure).or_insert((index, certificate));
        }
    }

    /// Every erasure has a certificate over just the events that name it, or that lie in the archive
    /// closed with a key that it destroyed; how many events these are. A certificate behind the last
    /// signed head is nobody's word.
    fn vouched(mut self) -> Result<u64, Fault> {
        self.certified.retain(|_, (index, _)| *index < self.proven);
        for (erasure, (_, certificate)) in &self.certified {
            for events in certificate.keys.iter().filter_map(|key| self.closed.get(key)) {
                self.erasures.entry(*erasure).or_default().extend(events);
            }
        }
        for (erasure, events) in &self.erasures {
            let ids: Vec<String> = events.iter().map(Uuid::to_string).collect();
            let hash = Sha256::digest(ids.join("\n"));
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            if self.certified.get(erasure).map(|(_, known)| &known.events_sha256) != Some(&hash) {
                let first = events.first().copied().unwrap_or_default();
                return Err(Fault::Unvouched { erasure: *erasure, events: events.len(), first });
            }
        }
        let all: BTreeSet<&Uuid> = self.erasures.values().flatten().collect();
        Ok(all.len() as u64)
    }

    /// Holds the tree as far as it is against the head of its size, if one is known.
    fn compare(&mut self) -> Result<(), Fault> {
        let size = self.edge.size();
        match self.heads.get(&size) {
            Some(head) if *head != self.edge.root() => {
                Err(Fault::Rewritten { from: self.proven, last: size.saturating_sub(1), size })
            }
            Some(_) => {
                self.proven = size;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The verdict once every event was given.
    ///
    /// # Errors
    /// [`Fault::Cut`], [`Fault::Unvouched`].
    pub fn finish(self) -> Result<Verdict, Fault> {
        let (found, root) = (self.edge.size(), self.edge.root());
        match self.heads.last_key_value() {
            Some((&size, _)) if size > found => Err(Fault::Cut { found, size }),
            _ => {
                let proven = self.proven;
                Ok(Verdict { size: found, root, proven, erased: self.vouched()? })
            }
        }
    }
}
