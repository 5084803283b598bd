//! An archive that fails when it is told to, before or after it did what was asked.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// A store with a fuse in front.
#[derive(Debug)]
pub(super) struct Fuse {
    store: Arc<dyn ObjectStore>,
    /// Calls until it blows; below zero it does not. Twice the number, one more if it is done first.
    left: AtomicI64,
}

impl fmt::Display for Fuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

impl Fuse {
    pub(super) fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, left: AtomicI64::new(-1) }
    }

    /// Lets the call with this number fail, after it was done if `after`.
    pub(super) fn blow_at(&self, call: i64, after: bool) {
        self.left.store(call * 2 + i64::from(after), Ordering::SeqCst);
    }

    /// Nothing fails any more.
    pub(super) fn mend(&self) {
        self.left.store(-1, Ordering::SeqCst);
    }

    async fn call<T>(&self, done: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let left = self.left.load(Ordering::SeqCst);
        let blown = || Error::Generic { store: "fuse", source: "blown".into() };
        match left {
            0 => Err(blown()),
            1 => done.await.and_then(|_| Err(blown())),
            left => {
                if left > 1 {
                    self.left.store(left - 2, Ordering::SeqCst);
                }
                done.await
            }
        }
    }
}

#[async_trait]
impl ObjectStore for Fuse {
    async fn put_opts(&self, at: &Path, put: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.call(self.store.put_opts(at, put, options)).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.store.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.call(self.store.get_opts(at, options)).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.store.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.store.copy_opts(from, to, options).await
    }
}
