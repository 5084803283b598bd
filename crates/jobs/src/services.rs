//! What jobs need beside the database. Nothing of it is made before a job asks for it: a start waits
//! for none of it, and a job that needs no key runs where there is none.

use std::sync::Arc;

use tokio::sync::OnceCell;
use wealth_http::{Problem, Result};

use crate::callers::FeedCaller;
use crate::feeds::Feeds;

/// What jobs share; clones share everything.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

#[derive(Default)]
struct Parts {
    users: OnceCell<users::Services>,
    audit: OnceCell<audit::Services>,
    feeds: OnceCell<Option<Feeds>>,
    caller: OnceCell<FeedCaller>,
}

impl Services {
    /// Made from the environment when they are needed: what `users` and `audit` read,
    /// `RATE_FEED_FOLDER` and `RATE_FEED_SECRET_PREFIX`. What is missing is said by the run that
    /// misses it.
    pub fn from_env() -> Self {
        Self(Arc::default())
    }

    /// These.
    pub fn new(
        users: users::Services,
        audit: audit::Services,
        feeds: Option<Feeds>,
        caller: FeedCaller,
    ) -> Self {
        Self(Arc::new(Parts {
            users: OnceCell::new_with(Some(users)),
            audit: OnceCell::new_with(Some(audit)),
            feeds: OnceCell::new_with(Some(feeds)),
            caller: OnceCell::new_with(Some(caller)),
        }))
    }

    /// Keys, mail and directories.
    pub(crate) async fn users(&self) -> Result<&users::Services> {
        self.0.users.get_or_try_init(users::Services::from_env).await.map_err(missing)
    }

    /// The audit log's key and archive.
    pub(crate) async fn audit(&self) -> Result<&audit::Services> {
        self.0.audit.get_or_try_init(audit::Services::from_env).await.map_err(missing)
    }

    /// Where batches of rates lie; none if nowhere.
    pub(crate) async fn feeds(&self) -> Result<Option<&Feeds>> {
        let made = self.0.feeds.get_or_try_init(|| async { Feeds::from_env() }).await;
        made.map(Option::as_ref).map_err(missing)
    }

    /// Calls feeds.
    pub(crate) async fn caller(&self) -> &FeedCaller {
        self.0.caller.get_or_init(FeedCaller::from_env).await
    }
}

fn missing(error: impl std::fmt::Display) -> Problem {
    Problem::unavailable(error.to_string())
}
