//! Where heads and tiles are kept out of the database's reach: a bucket with Object Lock, or a
//! folder. The layout is that of C2SP tlog-tiles, a folder for each tenant; what stands there once is
//! never written again with another content.

use std::sync::Arc;

use bytes::Bytes;
use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutPayload};
use thiserror::Error;
use uuid::Uuid;
use wealth_core::audit::Tile;

/// An archive that cannot be used, or that holds something else.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// It does not answer.
    #[error("the archive cannot be reached: {0}")]
    Unreachable(#[from] object_store::Error),
    /// Another content stands there already: the log was made anew, or there are two of it.
    #[error("the archive holds another {0}")]
    Differs(String),
    /// It is no text.
    #[error("the archive's {0} is damaged")]
    Damaged(String),
    /// The address is none.
    #[error("takes s3://bucket/prefix or a folder: {0}")]
    Address(String),
}

/// The archive of all logs; clones share everything.
#[derive(Debug, Clone)]
pub struct Archive {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Archive {
    /// The archive at `s3://bucket/prefix`, or in a folder, which is made if it is missing.
    ///
    /// # Errors
    /// [`ArchiveError::Address`] or an unusable folder.
    pub fn open(place: &str) -> Result<Self, ArchiveError> {
        let Some(rest) = place.strip_prefix("s3://") else {
            std::fs::create_dir_all(place)
                .map_err(|error| ArchiveError::Address(error.to_string()))?;
            let store = LocalFileSystem::new_with_prefix(place)?;
            return Ok(Self::new(Arc::new(store), Path::default()));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(ArchiveError::Address("no bucket".to_owned()));
        }
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .build()?;
        Ok(Self::new(Arc::new(store), Path::from(prefix)))
    }

    /// An archive in any store.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self { store, prefix }
    }

    fn path(&self, tenant: Uuid, name: &str) -> Path {
        Path::from(format!("{}/{tenant}/{name}", self.prefix).trim_start_matches('/'))
    }

    /// The last head that was archived of a tenant's log.
    ///
    /// # Errors
    /// The archive does not answer or is damaged.
    pub async fn checkpoint(&self, tenant: Uuid) -> Result<Option<String>, ArchiveError> {
        let Some(bytes) = self.get(&self.path(tenant, "checkpoint")).await? else {
            return Ok(None);
        };
        let text = String::from_utf8(bytes.to_vec());
        text.map(Some).map_err(|_| ArchiveError::Damaged("checkpoint".to_owned()))
    }

    /// Puts the head of a log that has grown.
    ///
    /// # Errors
    /// The archive does not answer, or has another head of this size.
    pub async fn put_checkpoint(
        &self,
        tenant: Uuid,
        size: u64,
        note: &str,
    ) -> Result<(), ArchiveError> {
        self.put_once(&self.path(tenant, &format!("checkpoints/{size}")), note.to_owned().into())
            .await?;
        let latest = self.path(tenant, "checkpoint");
        self.store.put(&latest, PutPayload::from(note.to_owned())).await?;
        Ok(())
    }

    /// Puts a tile.
    ///
    /// # Errors
    /// The archive does not answer, or has another one there.
    pub async fn put_tile(&self, tenant: Uuid, tile: &Tile) -> Result<(), ArchiveError> {
        let bytes: Vec<u8> = tile.hashes.iter().flat_map(|hash| hash.0).collect();
        self.put_once(&self.path(tenant, &tile.id.path(tile.hashes.len())), bytes.into()).await
    }

    /// A tile with that many hashes, if it is there.
    ///
    /// # Errors
    /// The archive does not answer.
    pub async fn tile(&self, tenant: Uuid, path: &str) -> Result<Option<Bytes>, ArchiveError> {
        self.get(&self.path(tenant, path)).await
    }

    async fn get(&self, path: &Path) -> Result<Option<Bytes>, ArchiveError> {
        match self.store.get(path).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts what is never changed. A run that is repeated finds its own work.
    async fn put_once(&self, path: &Path, bytes: Bytes) -> Result<(), ArchiveError> {
        let put = self.store.put_opts(path, bytes.clone().into(), PutMode::Create.into()).await;
        match put {
            Ok(_) => Ok(()),
            Err(
                object_store::Error::AlreadyExists { .. }
                | object_store::Error::Precondition { .. },
            ) => match self.get(path).await? {
                Some(there) if there == bytes => Ok(()),
                _ => Err(ArchiveError::Differs(path.to_string())),
            },
            Err(error) => Err(error.into()),
        }
    }
}
