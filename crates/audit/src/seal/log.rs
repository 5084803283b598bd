//! One log while it is sealed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::audit::{Checkpoint, Edge, Hash, Note, Tile, TileId, VerifierKey};
use wealth_core::problem;
use wealth_db::{Meter, Row, p, sql};
use wealth_http::{App, Problem, Result, Row404};

use super::broken;
use crate::row;
use crate::services::{Services, origin};
use crate::signer::KeyError;

/// A log, as the database has it, with its right edge in memory.
pub(crate) struct Log<'a> {
    pub(super) app: &'a App,
    pub(super) services: &'a Services,
    pub(crate) tenant: Uuid,
    pub(crate) edge: Edge,
    pub(super) archived_size: u64,
    /// The head of the present size; none of an empty log.
    pub(super) note: Option<String>,
    /// The keys that its heads may be signed with, the present one first.
    keys: Vec<VerifierKey>,
}

impl<'a> Log<'a> {
    /// Reads its state and holds its edge against its last head.
    pub(crate) async fn open(app: &'a App, services: &'a Services, tenant: Uuid) -> Result<Self> {
        let state = sql!("audit", "job_seal_state");
        let rows = app.db.system_query(state, &[p::uuid(&tenant)], &Meter::default()).await?;
        let row = rows.one_or(&problem::NOT_FOUND)?;
        let size = row::natural(row.get("size"))?;
        let tiles: Vec<Tile> = edge_tiles(&row.get("tiles"))?;
        let edge = Edge::new(size, &tiles).map_err(broken)?;
        let note: Option<String> = row.get("note");
        let mut keys = keys(services, tenant).await?;
        if note.as_deref().is_some_and(|note| Checkpoint::open(note, &keys).is_err()) {
            // Another environment knows a newer key already.
            services.signer.renew().await.map_err(unavailable)?;
            keys = self::keys(services, tenant).await?;
        }
        let archived_size = row::natural(row.get("archived_size"))?;
        let log = Self { app, services, tenant, edge, archived_size, note, keys };
        if size > 0 {
            let note = log.note.as_deref().ok_or_else(|| broken("the last head is missing"))?;
            let head = log.verified(note)?;
            if head.size != size || head.root != log.edge.root() {
                return Err(broken("the tiles do not lead to the last head"));
            }
        }
        Ok(log)
    }

    /// The head in a note of this log, whichever of its keys signed it.
    pub(crate) fn verified(&self, note: &str) -> Result<Checkpoint> {
        Checkpoint::open(note, &self.keys).map_err(|error| broken(format!("a head {error}")))
    }

    /// Gives the next events their leaves; how many.
    pub(super) async fn seal_chunk(&mut self, limit: i32) -> Result<u64> {
        let db = &self.app.db;
        let take = sql!("audit", "job_seal_take");
        let params = [p::uuid(&self.tenant), p::int4(&limit)];
        let rows = db.system_query(take, &params, &Meter::default()).await?;
        if rows.is_empty() {
            return Ok(0);
        }
        let mut edge = self.edge.clone();
        let (mut tiles, mut places) = (Vec::new(), Vec::with_capacity(rows.len()));
        for row in &rows {
            let event = row::event(row)?;
            let leaf =
                event.leaf().map_err(|error| broken(format!("{}: {error}", event.event_id)))?;
            tiles.extend(edge.append(leaf.hash()));
            let xact: Option<String> = row.get("xact");
            places.push(json!({"id": event.event_id, "at": event.occurred_at, "xact": xact}));
        }
        tiles.extend(edge.partial());
        let (head, key) = (self.head_of(&edge), self.key()?);
        let signature = self.services.signer.sign(head.text().as_bytes()).await;
        let note = key.signed(&head.text(), &signature.map_err(unavailable)?).map_err(broken)?.text;
        let checkpoint = json!({"root": head.root, "note": note, "verifier_key": key.to_string()});
        let (size, places, tiles) =
            (row::signed(self.edge.size())?, json!(places), written(&tiles));
        let params = [
            p::uuid(&self.tenant),
            p::int8(&size),
            p::json(&places),
            p::json(&tiles),
            p::json(&checkpoint),
        ];
        db.system_query(sql!("audit", "job_seal_put"), &params, &Meter::default()).await?;
        let sealed = edge.size() - self.edge.size();
        self.edge = edge;
        self.note = Some(note);
        Ok(sealed)
    }

    fn head_of(&self, edge: &Edge) -> Checkpoint {
        let origin = origin(&self.services.origin, self.tenant);
        Checkpoint { origin, size: edge.size(), root: edge.root() }
    }

    /// The signed note of a text about this log.
    pub(crate) async fn signed(&self, text: &str) -> Result<String> {
        let signature = self.services.signer.sign(text.as_bytes()).await.map_err(unavailable)?;
        Ok(self.key()?.signed(text, &signature).map_err(broken)?.text)
    }

    /// Whether a key of this log signed the note.
    pub(crate) fn signs(&self, note: &Note) -> bool {
        note.signed_by(&self.keys).is_ok()
    }

    fn key(&self) -> Result<&VerifierKey> {
        self.keys.first().ok_or_else(|| Problem::unavailable("no audit key"))
    }
}

/// The keys that the notes of a log may be signed with, the present one first.
async fn keys(services: &Services, tenant: Uuid) -> Result<Vec<VerifierKey>> {
    let name = origin(&services.origin, tenant);
    let public = services.signer.public_keys().await.map_err(unavailable)?;
    public.into_iter().map(|public| VerifierKey::new(&name, public).map_err(broken)).collect()
}

pub(super) fn unavailable(error: KeyError) -> Problem {
    Problem::unavailable(error.to_string())
}

/// Tiles as they are put.
fn written(tiles: &[Tile]) -> Value {
    let one = |tile: &Tile| {
        let hashes: Vec<u8> = tile.hashes.iter().flat_map(|hash| hash.0).collect();
        json!({"level": tile.id.level, "index": tile.id.index, "hashes": STANDARD.encode(hashes)})
    };
    tiles.iter().map(one).collect()
}

/// The last tiles of each level.
fn edge_tiles(found: &Value) -> Result<Vec<Tile>> {
    let one = |tile: &Value| {
        let level = u8::try_from(tile.get("level")?.as_u64()?).ok()?;
        let index = tile.get("index")?.as_u64()?;
        let bytes = STANDARD.decode(tile.get("hashes")?.as_str()?).ok()?;
        Some(Tile { id: TileId { level, index }, hashes: hashes(&bytes)? })
    };
    let tiles = found.as_array().into_iter().flatten().map(one).collect::<Option<_>>();
    tiles.ok_or_else(|| broken("a tile cannot be read"))
}

/// The hashes in a tile's bytes.
fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    bytes.chunks(32).map(|chunk| Hash::from_slice(chunk).ok()).collect()
}

/// A tile out of a row.
pub(crate) fn tile(row: &Row) -> Result<Tile> {
    let (level, index): (i16, i64) = (row.get("level"), row.get("tile_index"));
    let level = u8::try_from(level).map_err(|error| Problem::internal(error.to_string()))?;
    let bytes: &[u8] = row.get("hashes");
    let hashes = hashes(bytes).ok_or_else(|| Problem::internal("a tile of no whole hashes"))?;
    Ok(Tile { id: TileId { level, index: row::natural(index)? }, hashes })
}
