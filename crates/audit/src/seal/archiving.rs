//! What leaves the database: the tiles and the head, once they are committed.

use wealth_core::audit::{Range, Tiles};
use wealth_db::{Meter, p, sql};
use wealth_http::{Problem, Result};

use super::broken;
use super::log::{Log, tile};
use crate::archive::ArchiveError;
use crate::row;

impl Log<'_> {
    /// Makes sure that the log goes on from the head that the archive has. A database that was set
    /// back, emptied or made anew does not.
    pub(super) async fn hold_against_archive(&mut self) -> Result<()> {
        let Some(note) = self.services.archive.checkpoint(self.tenant).await.map_err(problem)?
        else {
            // What was said to be archived is gone.
            let lost = self.archived_size > 0;
            return if lost { Err(broken("the archive has lost its head")) } else { Ok(()) };
        };
        let head = self.verified(&note)?;
        let size = self.edge.size();
        if head.size > size {
            let text = format!("the archive has {} leaves and the database {size}", head.size);
            return Err(broken(text));
        }
        let root = if head.size == size {
            self.edge.root()
        } else {
            let tiles = self.tiles_since(head.size).await?;
            tiles.head(Range { begin: 0, end: head.size }).map_err(broken)?
        };
        if root != head.root {
            return Err(broken(format!("the archive has another head of {} leaves", head.size)));
        }
        self.archived_size = head.size;
        Ok(())
    }

    /// Puts the tiles that have grown since the archive's head, then the head, and notes it.
    pub(super) async fn archive(&mut self) -> Result<()> {
        let size = self.edge.size();
        let Some(note) = self.note.clone().filter(|_| size > self.archived_size) else {
            return self.note_archived().await;
        };
        let archive = &self.services.archive;
        for row in self.rows_since(self.archived_size).await? {
            archive.put_tile(self.tenant, &tile(&row)?).await.map_err(problem)?;
        }
        archive.put_checkpoint(self.tenant, size, &note).await.map_err(problem)?;
        self.archived_size = size;
        self.note_archived().await
    }

    async fn note_archived(&self) -> Result<()> {
        let size = row::signed(self.archived_size)?;
        let params = [p::uuid(&self.tenant), p::int8(&size)];
        let noted = sql!("audit", "job_archived");
        self.app.db.system_query(noted, &params, &Meter::default()).await?;
        Ok(())
    }

    async fn tiles_since(&self, size: u64) -> Result<Tiles> {
        let mut tiles = Tiles::default();
        for row in self.rows_since(size).await? {
            tiles.insert(tile(&row)?);
        }
        Ok(tiles)
    }

    async fn rows_since(&self, from: u64) -> Result<Vec<wealth_db::Row>> {
        let (from, to) = (row::signed(from)?, row::signed(self.edge.size())?);
        let params = [p::uuid(&self.tenant), p::int8(&from), p::int8(&to)];
        let sql = sql!("audit", "job_archive_tiles");
        Ok(self.app.db.system_query(sql, &params, &Meter::default()).await?)
    }
}

pub(crate) fn problem(error: ArchiveError) -> Problem {
    match error {
        ArchiveError::Differs(_) | ArchiveError::Damaged(_) | ArchiveError::Lock(_) => {
            broken(error)
        }
        ArchiveError::Unreachable(_) | ArchiveError::Address(_) => {
            Problem::unavailable(error.to_string())
        }
    }
}
