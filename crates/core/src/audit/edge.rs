//! The right edge of a growing tree: the last tile of each level, which is all that appending needs.

use std::collections::BTreeMap;

use super::hash::{EMPTY_ROOT, Hash, node_hash};
use super::tile::{Range, TILE_WIDTH, Tile, TileId, perfect};

/// Tiles that are no edge of a tree of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tiles of level {level} do not fit a tree of {size} leaves")]
pub struct EdgeError {
    level: u8,
    size: u64,
}

/// A tree that is appended to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// The hashes of the last, not yet full tile of each level.
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// Where the edge of a tree of `size` leaves lies: its tiles that are not full, and how many
    /// hashes each has.
    pub fn tiles_of(size: u64) -> Vec<(TileId, u64)> {
        let (mut count, mut level, mut found) = (size, 0, Vec::new());
        while count > 0 {
            if !count.is_multiple_of(TILE_WIDTH) {
                found.push((TileId { level, index: count / TILE_WIDTH }, count % TILE_WIDTH));
            }
            count /= TILE_WIDTH;
            level += 1;
        }
        found
    }

    /// The edge of a tree of `size` leaves with these tiles; others are passed over.
    ///
    /// # Errors
    /// A tile is missing or of another width.
    pub fn new(size: u64, tiles: &[Tile]) -> Result<Self, EdgeError> {
        let mut levels = Vec::new();
        for (id, width) in Self::tiles_of(size) {
            let error = EdgeError { level: id.level, size };
            let tile = tiles.iter().find(|tile| tile.id == id).ok_or(error)?;
            if u64::try_from(tile.hashes.len()) != Ok(width) {
                return Err(error);
            }
            levels.resize(usize::from(id.level), Vec::new());
            levels.push(tile.hashes.clone());
        }
        Ok(Self { size, levels })
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf, and gives the tiles that it filled.
    pub fn append(&mut self, leaf: Hash) -> Vec<Tile> {
        let (mut hash, mut level, mut count, mut filled) = (leaf, 0u8, self.size, Vec::new());
        self.size += 1;
        loop {
            let place = usize::from(level);
            if self.levels.len() <= place {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(place) else { return filled };
            hashes.push(hash);
            if u64::try_from(hashes.len()).is_ok_and(|width| width < TILE_WIDTH) {
                return filled;
            }
            let hashes = std::mem::take(hashes);
            let Some(head) = perfect(&hashes) else { return filled };
            hash = head;
            filled.push(Tile { id: TileId { level, index: count / TILE_WIDTH }, hashes });
            count /= TILE_WIDTH;
            level += 1;
        }
    }

    /// The tiles that are not full.
    pub fn partial(&self) -> Vec<Tile> {
        let hashes = |id: TileId| self.levels.get(usize::from(id.level)).cloned();
        Self::tiles_of(self.size)
            .into_iter()
            .filter_map(|(id, _)| Some(Tile { id, hashes: hashes(id)? }))
            .collect()
    }

    /// The leaves of a range, read from tiles that lead to this tree's head; none if one is missing
    /// or is not this tree's. A tile may have grown since: what it has more is passed over.
    pub fn leaves(&self, tiles: &[Tile], range: Range) -> Option<Vec<Hash>> {
        let tiles = tiles.iter().map(|tile| (tile.id, tile.hashes.as_slice())).collect();
        let (mut known, mut leaves) = (BTreeMap::new(), Vec::new());
        let mut next = range.begin;
        while next < range.end {
            let index = next / TILE_WIDTH;
            let hashes = self.vouched(&tiles, &mut known, TileId { level: 0, index })?;
            let begin = index * TILE_WIDTH;
            let place = |leaf: u64| usize::try_from(leaf - begin).ok();
            let end = range.end.min(begin + TILE_WIDTH);
            leaves.extend_from_slice(hashes.get(place(next)?..place(end)?)?);
            next = end;
        }
        Some(leaves)
    }

    /// A tile as far as it is in this tree: the last of its level is known, any other one's head
    /// stands in the tile above it.
    fn vouched<'a>(
        &'a self,
        tiles: &BTreeMap<TileId, &'a [Hash]>,
        known: &mut BTreeMap<TileId, &'a [Hash]>,
        id: TileId,
    ) -> Option<&'a [Hash]> {
        if let Some(hashes) = known.get(&id) {
            return Some(hashes);
        }
        let count = self.size.checked_shr(u32::from(id.level) * 8)?;
        let width = count.checked_sub(id.index.checked_mul(TILE_WIDTH)?)?.min(TILE_WIDTH);
        let hashes = if width < TILE_WIDTH {
            self.levels.get(usize::from(id.level))?.as_slice()
        } else {
            let hashes = tiles.get(&id)?.get(..usize::try_from(width).ok()?)?;
            let above = TileId { level: id.level + 1, index: id.index / TILE_WIDTH };
            let above = self.vouched(tiles, known, above)?;
            let place = usize::try_from(id.index % TILE_WIDTH).ok()?;
            if perfect(hashes)? != *above.get(place)? {
                return None;
            }
            hashes
        };
        known.insert(id, hashes);
        Some(hashes)
    }

    /// The tree's head.
    pub fn root(&self) -> Hash {
        let mut heads = self.levels.iter().flat_map(|hashes| heads(hashes));
        let Some(first) = heads.next() else { return EMPTY_ROOT };
        heads.fold(first, |right, left| node_hash(&left, &right))
    }
}

/// The heads of the perfect subtrees over some hashes of one level, the rightmost first.
fn heads(hashes: &[Hash]) -> impl Iterator<Item = Hash> {
    let mut rest = hashes;
    std::iter::from_fn(move || {
        let width = 1usize.checked_shl(rest.len().trailing_zeros())?;
        let (left, right) = rest.split_at_checked(rest.len().checked_sub(width)?)?;
        rest = left;
        perfect(right)
    })
}

#[cfg(test)]
mod tests {
    use super::super::hash::leaf_hash;
    use super::*;

    fn tree(size: u64) -> (Edge, Vec<Tile>) {
        let (mut edge, mut tiles) = (Edge::default(), Vec::new());
        for leaf in 0..size {
            tiles.extend(edge.append(leaf_hash(&leaf.to_be_bytes())));
        }
        (edge, tiles)
    }

    #[test]
    fn leaves_are_read_from_tiles_that_lead_to_the_head() {
        let size = 66_000;
        let (edge, tiles) = tree(size);
        for (begin, end) in [(0, 1), (250, 260), (65_500, 66_000), (65_792, 65_793), (0, size)] {
            let wanted: Vec<Hash> =
                (begin..end).map(|leaf| leaf_hash(&u64::to_be_bytes(leaf))).collect();
            assert_eq!(edge.leaves(&tiles, Range { begin, end }), Some(wanted), "{begin}");
        }
        assert_eq!(edge.leaves(&tiles, Range { begin: 0, end: size + 1 }), None);
        // A tile that grew since holds more than this tree, and no less.
        let (later, _) = tree(size + 10);
        let grown: Vec<Tile> = tiles.iter().cloned().chain(later.partial()).collect();
        assert!(edge.leaves(&grown, Range { begin: 65_900, end: size }).is_some());
    }

    #[test]
    fn a_tile_that_is_another_tree_s_gives_nothing() {
        let (edge, tiles) = tree(66_000);
        let range = Range { begin: 300, end: 301 };
        for damaged in [TileId { level: 0, index: 1 }, TileId { level: 1, index: 0 }] {
            let mut other = tiles.clone();
            for tile in other.iter_mut().filter(|tile| tile.id == damaged) {
                tile.hashes[7] = leaf_hash(b"another");
            }
            assert_eq!(edge.leaves(&other, range), None, "{damaged:?}");
            other.retain(|tile| tile.id != damaged);
            assert_eq!(edge.leaves(&other, range), None, "{damaged:?}");
        }
    }
}
