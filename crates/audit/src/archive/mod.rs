//! Where heads and tiles are kept out of the database's reach: a bucket with Object Lock, or a
//! folder. The layout is that of C2SP tlog-tiles, a folder for each tenant; what stands there once is
//! never written again with another content.

mod lock;

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::TryStreamExt as _;
use http::HeaderMap;
use object_store::aws::{AmazonS3Builder, Checksum, S3ConditionalPut};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, PutMode, PutPayload};
use thiserror::Error;
use uuid::Uuid;
use wealth_core::audit::Tile;

pub use self::lock::LockMode;
use self::lock::Locking;

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
    /// It could be deleted before its time, or would be locked for longer than anybody means.
    #[error("the archive's lock: {0}")]
    Lock(String),
}

/// The archive of all logs; clones share everything.
#[derive(Debug, Clone)]
pub struct Archive {
    store: Arc<dyn ObjectStore>,
    /// The same, with what a bucket asks of whoever puts something.
    writer: Arc<dyn ObjectStore>,
    prefix: Path,
    locking: Option<Arc<Locking>>,
}

impl Archive {
    /// The archive at `s3://bucket/prefix`, or in a folder, which is made if it is missing.
    ///
    /// # Errors
    /// [`ArchiveError::Address`] or an unusable folder.
    pub fn open(place: &str) -> Result<Self, ArchiveError> {
        Self::open_locking(place, None)
    }

    /// The same; months that go to a bucket are locked in this mode, object by object, and read back
    /// for that. Without a mode the bucket's own default holds.
    ///
    /// # Errors
    /// [`ArchiveError::Address`] or an unusable folder.
    pub fn open_locking(place: &str, mode: Option<LockMode>) -> Result<Self, ArchiveError> {
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
        let builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_checksum_algorithm(Checksum::SHA256)
            .with_conditional_put(S3ConditionalPut::ETagMatch);
        let builder = lock::watched(builder);
        let locking = mode.map(|mode| Arc::new(Locking::new(builder.clone(), mode)));
        let writer = Arc::new(lock::writer(&builder, HeaderMap::new())?);
        let store = Arc::new(builder.build()?);
        Ok(Self { store, writer, prefix: Path::from(prefix), locking })
    }

    /// An archive in any store.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self { writer: Arc::clone(&store), store, prefix, locking: None }
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
        self.writer.put(&latest, PutPayload::from(note.to_owned())).await?;
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

    /// Puts what stays as it is until then, if it is not there yet.
    ///
    /// # Errors
    /// The archive does not answer, has something else there, or `until` is too far from `now`.
    pub async fn put_locked(
        &self,
        name: &str,
        bytes: Bytes,
        until: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), ArchiveError> {
        let path = self.named(name);
        match &self.locking {
            None => self.put_once(&path, bytes).await,
            Some(locking) => {
                let store = locking.store(until, now)?;
                self.put_once_to(&store, &path, bytes).await
            }
        }
    }

    /// What stands there, and that it is locked until then.
    ///
    /// # Errors
    /// The archive does not answer, has nothing there, or could delete it earlier.
    pub async fn locked(&self, name: &str, until: DateTime<Utc>) -> Result<Bytes, ArchiveError> {
        let found = self.store.get(&self.named(name)).await?;
        if let Some(locking) = &self.locking {
            locking.check(name, &found.extensions, until)?;
        }
        Ok(found.bytes().await?)
    }

    /// What stands there, if anything.
    ///
    /// # Errors
    /// The archive does not answer.
    pub async fn object(&self, name: &str) -> Result<Option<Bytes>, ArchiveError> {
        self.get(&self.named(name)).await
    }

    /// The names of the folders in a folder, in their order.
    ///
    /// # Errors
    /// The archive does not answer.
    pub async fn folders(&self, name: &str) -> Result<Vec<String>, ArchiveError> {
        let found = self.store.list_with_delimiter(Some(&self.named(name))).await?;
        let mut names: Vec<String> =
            found.common_prefixes.iter().filter_map(Path::filename).map(str::to_owned).collect();
        names.sort();
        Ok(names)
    }

    /// The names of the objects in a folder, in their order.
    ///
    /// # Errors
    /// The archive does not answer.
    pub async fn objects(&self, name: &str) -> Result<Vec<String>, ArchiveError> {
        let folder = self.named(name);
        let found: Vec<_> = self.store.list(Some(&folder)).try_collect().await?;
        let mut names: Vec<String> =
            found.iter().filter_map(|one| one.location.filename()).map(str::to_owned).collect();
        names.sort();
        Ok(names)
    }

    fn named(&self, name: &str) -> Path {
        Path::from(format!("{}/{name}", self.prefix).trim_matches('/'))
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
        self.put_once_to(&*self.writer, path, bytes).await
    }

    async fn put_once_to(
        &self,
        store: &dyn ObjectStore,
        path: &Path,
        bytes: Bytes,
    ) -> Result<(), ArchiveError> {
        let put = store.put_opts(path, bytes.clone().into(), PutMode::Create.into()).await;
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
