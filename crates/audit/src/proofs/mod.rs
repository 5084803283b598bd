//! Proofs out of the stored tiles.

pub(crate) mod consistency;
pub(crate) mod inclusion;

use serde_json::{Value, json};
use wealth_core::audit::{ProofError, Range, Tile, Tiles};
use wealth_core::problem;
use wealth_db::Row;
use wealth_http::{Problem, Result};

use crate::seal::tile;

/// The tiles that the heads of these ranges are read from.
fn needed(ranges: &[Range]) -> Value {
    let all = Tiles::needed(ranges).into_iter();
    all.map(|id| json!({"level": id.level, "index": id.index})).collect()
}

/// The tiles of these rows.
fn tiles(rows: &[Row]) -> Result<Tiles> {
    let mut found = Tiles::default();
    for tile in rows.iter().map(tile).collect::<Result<Vec<Tile>>>()? {
        found.insert(tile);
    }
    Ok(found)
}

/// A tile is gone: there is nothing to prove with.
fn broken(error: ProofError) -> Problem {
    let text =
        "The log cannot prove this: a part of it is missing. Have it verified from the archive.";
    Problem::new(&problem::CHAIN_BROKEN, text).because(error.to_string())
}
