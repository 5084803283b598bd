//! The proof behind the audit log, without input or output: how an event becomes a leaf, how leaves
//! become a Merkle tree (RFC 9162), and how its head is signed (C2SP signed note and
//! tlog-checkpoint). Whoever holds one checkpoint can hold every later answer against it
//! (docs/adr/0015).

mod canonical;
mod checkpoint;
mod diff;
mod edge;
mod event;
mod hash;
mod note;
mod proof;
mod record;
mod tile;
mod verify;

pub use canonical::{CanonicalError, canonical};
pub use checkpoint::Checkpoint;
pub use diff::{Change, changes};
pub use edge::{Edge, EdgeError};
pub use event::{Erased, Event, Leaf, Part};
pub use hash::{EMPTY_ROOT, Hash, HashError, leaf_hash, node_hash};
pub use note::{Note, NoteError, SignedNote, VerifierKey};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use record::{Ciphertext, Record, Sealed};
pub use tile::{Range, TILE_WIDTH, Tile, TileId, Tiles, consistency_ranges, inclusion_ranges};
pub use verify::{Fault, LogVerifier, Verdict};
