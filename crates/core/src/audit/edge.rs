//! The right edge of a growing tree: the last tile of each level, which is all that appending needs.

use super::hash::{EMPTY_ROOT, Hash, node_hash};
use super::tile::{TILE_WIDTH, Tile, TileId, perfect};

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
