//! Where outside systems put batches of rates: a bucket, or a folder of this machine. A batch lies in
//! `inbox/<tenant_id>/<source>/<name>.json`, as the body of `POST /v1/rate-feeds/{source}/batches`;
//! when it was looked at it moves to `taken/` or `refused/`, with what came of it beside it.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use serde_json::Value;
use thiserror::Error;
use uuid::Uuid;
use wealth_core::json::{self as strict, JsonError};
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_http::Problem;

/// Largest batch, in bytes: as large as one over HTTP.
const LARGEST: u64 = 6 * 1024 * 1024;
/// How many batches of a firm are looked at to find the first ones.
const LISTED: usize = 1_000;

/// A folder that cannot be used. One line.
#[derive(Debug, Error)]
pub enum FeedError {
    /// It does not answer.
    #[error("RATE_FEED_FOLDER cannot be reached: {0}")]
    Unreachable(#[from] object_store::Error),
    /// The address is none.
    #[error("RATE_FEED_FOLDER takes s3://bucket/prefix or a folder: {0}")]
    Address(String),
}

/// The folder of all firms; clones share everything.
#[derive(Debug, Clone)]
pub struct Feeds {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

/// A batch that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Batch {
    pub(crate) tenant: Uuid,
    pub(crate) source: String,
    pub(crate) path: Path,
    size: u64,
}

/// What waits.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// In the order of their names.
    pub(crate) batches: Vec<Batch>,
    /// Whether a firm has more than were looked at.
    pub(crate) more: bool,
    /// The folders of firms that cannot be listed to their end, and why.
    pub(crate) unread: Vec<String>,
}

impl Feeds {
    /// That of `RATE_FEED_FOLDER`; none if it is not set.
    ///
    /// # Errors
    /// [`FeedError`].
    pub fn from_env() -> Result<Option<Self>, FeedError> {
        let place = std::env::var("RATE_FEED_FOLDER").ok().filter(|place| !place.is_empty());
        place.map(|place| Self::open(&place)).transpose()
    }

    /// The one at `s3://bucket/prefix`, or a folder, which is made if it is missing.
    ///
    /// # Errors
    /// [`FeedError`].
    pub fn open(place: &str) -> Result<Self, FeedError> {
        let Some(rest) = place.strip_prefix("s3://") else {
            let made = std::fs::create_dir_all(place);
            made.map_err(|error| FeedError::Address(error.to_string()))?;
            let store = LocalFileSystem::new_with_prefix(place)?;
            return Ok(Self::new(Arc::new(store), Path::default()));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err(FeedError::Address("no bucket".to_owned()));
        }
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
        Ok(Self::new(Arc::new(store), Path::from(prefix)))
    }

    /// The one in `store` under `prefix`.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self { store, prefix }
    }

    /// The batches that wait. What lies elsewhere is left alone. Each firm's folder is listed by
    /// itself: one name in it that the store's client cannot read ends the list of that folder only.
    pub(crate) async fn waiting(&self) -> Result<Waiting, FeedError> {
        let inbox = self.place("inbox");
        let firms = self.store.list_with_delimiter(Some(&inbox)).await?.common_prefixes;
        let mut waiting = Waiting::default();
        for folder in firms {
            if let Err(error) = self.list(&inbox, &folder, &mut waiting).await {
                waiting.unread.push(format!("{folder} cannot be listed: {error}"));
            }
        }
        waiting.batches.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(waiting)
    }

    async fn list(
        &self,
        inbox: &Path,
        folder: &Path,
        waiting: &mut Waiting,
    ) -> Result<(), object_store::Error> {
        let before = waiting.batches.len();
        let mut listed = self.store.list(Some(folder));
        while let Some(object) = listed.try_next().await? {
            waiting.batches.extend(batch(inbox, object.location, object.size));
            if waiting.batches.len() - before == LISTED {
                waiting.more = true;
                break;
            }
        }
        Ok(())
    }

    /// A batch's JSON, or why it is none.
    pub(crate) async fn read(&self, batch: &Batch) -> Result<Result<Value, Problem>, FeedError> {
        if batch.size > LARGEST {
            let text = "a batch has at most 6 MiB";
            return Ok(Err(Violations::one("", "too_long", text).into()));
        }
        let bytes = self.store.get(&batch.path).await?.bytes().await?;
        Ok(strict::from_slice(&bytes).map_err(|error| match error {
            JsonError::Shape(violations) => violations.into(),
            JsonError::Malformed(text) => Problem::new(&problem::MALFORMED_JSON, text),
        }))
    }

    /// Puts a batch aside, with what came of it beside it.
    pub(crate) async fn keep(
        &self,
        batch: &Batch,
        place: &str,
        report: &Value,
    ) -> Result<(), FeedError> {
        let name = batch.path.filename().unwrap_or_default();
        let folder = self.place(place).join(batch.tenant.to_string()).join(batch.source.as_str());
        let beside = folder.clone().join(format!("{name}.report"));
        self.store.put(&beside, report.to_string().into()).await?;
        Ok(self.store.rename(&batch.path, &folder.join(name)).await?)
    }

    fn place(&self, name: &str) -> Path {
        self.prefix.clone().join(name)
    }
}

/// `<tenant_id>/<source>/<name>.json` below the inbox.
fn batch(inbox: &Path, path: Path, size: u64) -> Option<Batch> {
    let parts: Vec<String> =
        path.prefix_match(inbox)?.map(|part| part.as_ref().to_owned()).collect();
    let [tenant, source, name] = parts.as_slice() else { return None };
    let tenant = tenant.parse().ok().filter(|_| name.ends_with(".json"))?;
    Some(Batch { tenant, source: source.clone(), path, size })
}
