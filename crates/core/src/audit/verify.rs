//! The audit of an audit log: every event hashed anew and the tree built from nothing, held against
//! signed heads. It names the first event that is not what it was.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::checkpoint::Checkpoint;
use super::edge::Edge;
use super::event::{Event, Record};
use super::hash::Hash;

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
#[derive(serde::Deserialize)]
struct Certificate {
    events_sha256: String,
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
        Ok(hash)
    }
}

/// A verification under way: events are given to it in their order.
#[derive(Debug, Clone)]
pub struct LogVerifier {
    tenant_id: Uuid,
    edge: Edge,
    heads: BTreeMap<u64, Hash>,
    proven: u64,
    erased: u64,
    /// Which events each erasure destroyed parts of, by what they say of themselves.
    erasures: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// What the certificates say of that: the SHA-256 of the ids, in hexadecimal.
    certified: BTreeMap<Uuid, String>,
}

impl LogVerifier {
    /// A verification of this tenant's log.
    pub fn new(tenant_id: Uuid) -> Self {
        Self {
            tenant_id,
            edge: Edge::default(),
            heads: BTreeMap::new(),
            proven: 0,
            erased: 0,
            erasures: BTreeMap::new(),
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
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn push(&mut self, record: &Record, archived: Option<Hash>) -> Result<(), Fault> {
        let (index, found) = (self.edge.size(), record.leaf_index);
        if found > index {
            return Err(Fault::Missing { index, found });
        }
        if found < index {
            return Err(Fault::Order { index, found });
        }
        self.edge.append(record.sound(self.tenant_id, archived)?);
        if let Some(event) = &record.event {
            self.note_erasures(event);
        }
        self.compare()
    }

    /// Remembers what was erased of an event, or what a certificate says of others.
    fn note_erasures(&mut self, event: &Event) {
        if let Some(erased) = &event.erased {
            self.erased += 1;
            for erasure in &erased.erasures {
                self.erasures.entry(*erasure).or_default().insert(event.event_id);
            }
        }
        if event.action == "erasure.certified"
            && let Some(erasure) = event.resource_id.as_deref().and_then(|id| id.parse().ok())
            && let Some(details) = event.details.as_deref()
            && let Ok(certificate) = serde_json::from_str::<Certificate>(details.get())
        {
            self.certified.insert(erasure, certificate.events_sha256);
        }
    }

    /// Every erasure has a certificate over just the events that name it.
    fn vouched(&self) -> Result<(), Fault> {
        for (erasure, events) in &self.erasures {
            let ids: Vec<String> = events.iter().map(Uuid::to_string).collect();
            let hash = Sha256::digest(ids.join("\n"));
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            if self.certified.get(erasure) != Some(&hash) {
                let first = events.first().copied().unwrap_or_default();
                return Err(Fault::Unvouched { erasure: *erasure, events: events.len(), first });
            }
        }
        Ok(())
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
                self.vouched()?;
                Ok(Verdict { size: found, root, proven: self.proven, erased: self.erased })
            }
        }
    }
}
