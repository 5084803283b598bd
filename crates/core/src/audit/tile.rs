//! The tree cut into tiles of 256 hashes (C2SP tlog-tiles), and which of its nodes a proof is made
//! of. A tile of level 0 holds leaf hashes, one of level 1 the heads of full tiles of level 0, and
//! so on: whatever a proof needs lies in a few tiles.

use std::collections::{BTreeMap, BTreeSet};

use super::hash::{Hash, node_hash};
use super::proof::ProofError;

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 256;

/// Where a tile stands: its level, and its place among those of the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for leaf hashes.
    pub level: u8,
    /// From the left.
    pub index: u64,
}

/// A tile, full or the last of its level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where it stands.
    pub id: TileId,
    /// Up to 256 of them.
    pub hashes: Vec<Hash>,
}

impl TileId {
    /// The path that tlog-tiles gives it, for a tile with `width` hashes.
    pub fn path(self, width: usize) -> String {
        let mut groups = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups = format!("x{:03}/{groups}", rest % 1000);
            rest /= 1000;
        }
        let full = u64::try_from(width).is_ok_and(|width| width >= TILE_WIDTH);
        let partial = if full { String::new() } else { format!(".p/{width}") };
        format!("tile/{}/{groups}{partial}", self.level)
    }
}

/// Leaves `begin` up to `end`, that one not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub begin: u64,
    /// The one after the last.
    pub end: u64,
}

impl Range {
    fn new(begin: u64, end: u64) -> Self {
        Self { begin, end }
    }

    fn len(self) -> u64 {
        self.end - self.begin
    }

    /// The largest power of two that is smaller than the number of leaves.
    fn split(self) -> Option<u64> {
        (self.len() > 1).then(|| self.begin + (1 << (self.len() - 1).ilog2()))
    }

    /// The perfect subtrees it falls into, left to right: binary level and place.
    fn nodes(self) -> Vec<(u8, u64)> {
        let (mut begin, mut nodes) = (self.begin, Vec::new());
        while begin < self.end {
            let room = (self.end - begin).ilog2();
            let aligned = if begin == 0 { room } else { begin.trailing_zeros() };
            let level = room.min(aligned);
            nodes.push((u8::try_from(level).unwrap_or(63), begin >> level));
            begin += 1 << level;
        }
        nodes
    }
}

/// Whose heads prove that leaf `index` is in the tree of `size` (RFC 9162 §2.1.3.1), from the leaf
/// up.
///
/// # Errors
/// The leaf is not in the tree.
pub fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range>, ProofError> {
    if index >= size {
        return Err(ProofError::OutOfTree);
    }
    let (mut here, mut path) = (Range::new(0, size), Vec::new());
    while let Some(middle) = here.split() {
        let (left, right) = (Range::new(here.begin, middle), Range::new(middle, here.end));
        let (inside, beside) = if index < middle { (left, right) } else { (right, left) };
        path.push(beside);
        here = inside;
    }
    path.reverse();
    Ok(path)
}

/// Whose heads prove that the tree of `second` leaves begins with that of `first` (RFC 9162
/// §2.1.4.1).
///
/// # Errors
/// The first is empty or the larger one.
pub fn consistency_ranges(first: u64, second: u64) -> Result<Vec<Range>, ProofError> {
    if first == 0 || first > second {
        return Err(ProofError::OutOfTree);
    }
    let (mut here, mut path) = (Range::new(0, second), Vec::new());
    while here.end != first {
        // `first` lies inside, so there is more than one leaf.
        let Some(middle) = here.split() else { break };
        let (left, right) = (Range::new(here.begin, middle), Range::new(middle, here.end));
        let (inside, beside) = if first <= middle { (left, right) } else { (right, left) };
        path.push(beside);
        here = inside;
    }
    // The head of the first tree itself is what the verifier has.
    if here.begin > 0 {
        path.push(here);
    }
    path.reverse();
    Ok(path)
}

/// Tiles at hand, to read nodes from.
#[derive(Debug, Clone, Default)]
pub struct Tiles(BTreeMap<TileId, Vec<Hash>>);

impl Tiles {
    /// The tiles that the heads of these ranges are read from.
    pub fn needed(ranges: &[Range]) -> BTreeSet<TileId> {
        let nodes = ranges.iter().flat_map(|range| range.nodes());
        nodes.map(|(level, index)| place(level, index).0).collect()
    }

    /// Adds a tile.
    pub fn insert(&mut self, tile: Tile) {
        self.0.insert(tile.id, tile.hashes);
    }

    /// The head of a range that was asked for.
    ///
    /// # Errors
    /// A tile is missing or too short.
    pub fn head(&self, range: Range) -> Result<Hash, ProofError> {
        let mut nodes = range.nodes().into_iter().rev();
        let (level, index) = nodes.next().ok_or(ProofError::OutOfTree)?;
        let mut head = self.node(level, index)?;
        for (level, index) in nodes {
            head = node_hash(&self.node(level, index)?, &head);
        }
        Ok(head)
    }

    /// The heads of all of them.
    ///
    /// # Errors
    /// A tile is missing or too short.
    pub fn heads(&self, ranges: &[Range]) -> Result<Vec<Hash>, ProofError> {
        ranges.iter().map(|range| self.head(*range)).collect()
    }

    fn node(&self, level: u8, index: u64) -> Result<Hash, ProofError> {
        let (id, offset, width) = place(level, index);
        let hashes = self.0.get(&id).and_then(|hashes| hashes.get(offset..offset + width));
        perfect(hashes.ok_or(ProofError::MissingTile(id.level, id.index))?)
            .ok_or(ProofError::OutOfTree)
    }
}

/// The tile a node is read from, and which of its hashes.
fn place(level: u8, index: u64) -> (TileId, usize, usize) {
    let inside = level % 8;
    let first = index << inside;
    let id = TileId { level: level / 8, index: first / TILE_WIDTH };
    (id, usize::try_from(first % TILE_WIDTH).unwrap_or(0), 1 << inside)
}

/// The head of a perfect subtree over these: a power of two of them.
pub(super) fn perfect(hashes: &[Hash]) -> Option<Hash> {
    match hashes {
        [] => None,
        [only] => Some(*only),
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            Some(node_hash(&perfect(left)?, &perfect(right)?))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What `sql/audit/queries/tiles_of_leaf.sql` reads is enough.
        #[test]
        fn a_leaf_is_proven_from_its_own_tiles_and_those_that_are_not_full(
            size in 1u64..(1 << 40), at in any::<u64>(),
        ) {
            let index = at % size;
            let mut ranges = inclusion_ranges(index, size).unwrap();
            ranges.push(Range { begin: index, end: index + 1 });
            for id in Tiles::needed(&ranges) {
                let above = 8 * (u32::from(id.level) + 1);
                prop_assert!(id.level <= 6 && [index >> above, size >> above].contains(&id.index));
            }
        }
    }

    #[test]
    fn a_tile_has_the_path_of_tlog_tiles() {
        let path = |level, index, width| TileId { level, index }.path(width);
        assert_eq!(path(0, 0, 256), "tile/0/000");
        assert_eq!(path(1, 5, 17), "tile/1/005.p/17");
        assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    }

    #[test]
    fn a_node_is_read_from_the_tile_that_holds_its_leaves() {
        assert_eq!(place(0, 255), (TileId { level: 0, index: 0 }, 255, 1));
        assert_eq!(place(8, 256), (TileId { level: 1, index: 1 }, 0, 1));
        assert_eq!(place(7, 3), (TileId { level: 0, index: 1 }, 128, 128));
    }
}
