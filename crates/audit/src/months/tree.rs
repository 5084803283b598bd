//! The sealed hashes of leaves: read from tiles, and believed because the tiles lead to a head that
//! was signed.

use futures_util::future::try_join_all;
use thiserror::Error;
use uuid::Uuid;
use wealth_core::audit::{
    Checkpoint, Edge, Hash, ProofError, Range, TILE_WIDTH, Tile, TileId, Tiles, VerifierKey,
    consistency_ranges, verify_consistency,
};
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem};

use crate::archive::{Archive, ArchiveError};
use crate::row;
use crate::seal::tile;

/// Leaves whose tiles are read at once.
const PAGE: u64 = 16 * TILE_WIDTH;

/// A tree that gives no leaf.
#[derive(Debug, Error)]
pub enum TreeError {
    /// Its tiles do not lead to its head.
    #[error("the tiles of leaves {0} to {1} do not lead to the signed head")]
    Tiles(u64, u64),
    /// The archive has no head, or one that nobody signed.
    #[error("the archive's head is missing or carries no good signature")]
    Head,
    /// The archive does not answer.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The database does not answer.
    #[error("{}", .0.summary())]
    Database(Box<Problem>),
    /// The archive ends before the head that is trusted.
    #[error("the tail was cut: leaf {0} and what follows, up to the signed size {1}, is gone")]
    Cut(u64, u64),
    /// One head does not lead to the other.
    #[error("the archive's head of {0} leaves does not go on from the signed one of {1}: {2}")]
    Forked(u64, u64, ProofError),
}

/// Where the tiles are.
enum Source<'a> {
    Database(&'a App),
    Archive(&'a Archive),
}

/// A tree whose head is known to be signed.
pub struct Tree<'a> {
    source: Source<'a>,
    tenant: Uuid,
    edge: Edge,
    page: (u64, Vec<Hash>),
}

impl<'a> Tree<'a> {
    /// That of the database, with the edge of a head that was verified.
    pub(crate) fn of_database(app: &'a App, tenant: Uuid, edge: Edge) -> Self {
        Self { source: Source::Database(app), tenant, edge, page: (0, Vec::new()) }
    }

    /// That of an archive, under the last head that it has, which has to go on from `trusted`.
    ///
    /// # Errors
    /// [`TreeError`].
    pub async fn of_archive(
        archive: &'a Archive,
        tenant: Uuid,
        keys: &[VerifierKey],
        trusted: &Checkpoint,
    ) -> Result<(Self, Checkpoint), TreeError> {
        let note = archive.checkpoint(tenant).await?.ok_or(TreeError::Head)?;
        let head = Checkpoint::open(&note, keys).map_err(|_| TreeError::Head)?;
        let edge = read(archive, tenant, head.size, edge_of(head.size)).await?;
        let edge = Edge::new(head.size, &edge).map_err(|_| TreeError::Tiles(0, head.size))?;
        if edge.root() != head.root {
            return Err(TreeError::Tiles(0, head.size));
        }
        let source = Source::Archive(archive);
        let tree = Self { source, tenant, edge, page: (0, Vec::new()) };
        tree.goes_on_from(archive, trusted).await?;
        Ok((tree, head))
    }

    /// Makes sure that the archive's tree goes on from an earlier head.
    ///
    /// # Errors
    /// [`TreeError::Cut`], [`TreeError::Forked`].
    pub async fn goes_on_from(
        &self,
        archive: &Archive,
        earlier: &Checkpoint,
    ) -> Result<(), TreeError> {
        let (first, second) = (earlier.size, self.edge.size());
        let forked = |error| TreeError::Forked(second, first, error);
        if first == 0 {
            return Ok(());
        }
        if first > second {
            return Err(TreeError::Cut(second, first));
        }
        let ranges = consistency_ranges(first, second).map_err(forked)?;
        let mut tiles = Tiles::default();
        let needed = Tiles::needed(&ranges).into_iter().collect();
        for tile in read(archive, self.tenant, second, needed).await? {
            tiles.insert(tile);
        }
        let proof = tiles.heads(&ranges).map_err(forked)?;
        verify_consistency(first, second, &earlier.root, &self.edge.root(), &proof).map_err(forked)
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The hash that was sealed at a place.
    ///
    /// # Errors
    /// [`TreeError`].
    pub async fn leaf(&mut self, leaf: u64) -> Result<Hash, TreeError> {
        let (begin, hashes) = &self.page;
        let place = leaf.checked_sub(*begin).and_then(|place| usize::try_from(place).ok());
        if let Some(hash) = place.and_then(|place| hashes.get(place)) {
            return Ok(*hash);
        }
        let begin = leaf / PAGE * PAGE;
        let range = Range { begin, end: (begin + PAGE).min(self.edge.size()) };
        let lost = TreeError::Tiles(range.begin, range.end.saturating_sub(1));
        let tiles = self.tiles(range).await?;
        let Some(hashes) = self.edge.leaves(&tiles, range) else { return Err(lost) };
        let place = usize::try_from(leaf - begin).ok();
        let hash = place.and_then(|place| hashes.get(place)).copied().ok_or(lost)?;
        self.page = (begin, hashes);
        Ok(hash)
    }

    /// The tiles over a range, of every level.
    async fn tiles(&self, range: Range) -> Result<Vec<Tile>, TreeError> {
        match self.source {
            Source::Archive(archive) => {
                read(archive, self.tenant, self.edge.size(), over(range)).await
            }
            Source::Database(app) => {
                let problem = |problem: Problem| TreeError::Database(Box::new(problem));
                let from = row::signed(range.begin).map_err(problem)?;
                let to = row::signed(range.end).map_err(problem)?;
                let params = [p::uuid(&self.tenant), p::int8(&from), p::int8(&to)];
                let sql = sql!("audit", "job_archive_tiles");
                let rows = app.db.system_query(sql, &params, &Meter::default()).await;
                let rows = rows.map_err(|error| problem(error.into()))?;
                rows.iter().map(tile).collect::<Result<_, _>>().map_err(problem)
            }
        }
    }
}

fn edge_of(size: u64) -> Vec<TileId> {
    Edge::tiles_of(size).into_iter().map(|(id, _)| id).collect()
}

/// The tiles above a range of leaves.
fn over(range: Range) -> Vec<TileId> {
    let (mut first, mut last) = (range.begin, range.end.saturating_sub(1));
    let mut ids = Vec::new();
    for level in 0..8 {
        (first, last) = (first / TILE_WIDTH, last / TILE_WIDTH);
        ids.extend((first..=last).map(|index| TileId { level, index }));
    }
    ids
}

/// Tiles of an archive as they were when it had that many leaves; those that are not there are left
/// out, and what needs them says so.
async fn read(
    archive: &Archive,
    tenant: Uuid,
    size: u64,
    ids: Vec<TileId>,
) -> Result<Vec<Tile>, TreeError> {
    let one = |id: TileId| async move {
        let count = size.checked_shr(u32::from(id.level) * 8).unwrap_or(0);
        let width = count.saturating_sub(id.index * TILE_WIDTH).min(TILE_WIDTH);
        let Some(width) = usize::try_from(width).ok().filter(|width| *width > 0) else {
            return Ok::<_, TreeError>(None);
        };
        let Some(bytes) = archive.tile(tenant, &id.path(width)).await? else { return Ok(None) };
        let hashes = bytes.chunks(32).map(Hash::from_slice).collect::<Result<_, _>>();
        Ok(hashes.ok().map(|hashes| Tile { id, hashes }))
    };
    Ok(try_join_all(ids.into_iter().map(one)).await?.into_iter().flatten().collect())
}
