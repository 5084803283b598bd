//! The nightly comparison with the directories of the firms (S0-140): what SCIM and event hooks have
//! lost is found and repaired.

mod folder;
mod okta;
mod secrets;
mod turn;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use folder::Folder;
pub use okta::Okta;
pub use secrets::SecretDirectories;
pub(crate) use turn::Turn;

/// A firm's directory, asked page by page.
#[async_trait]
pub trait Directory: Send + Sync {
    /// The page at which a reading stands.
    ///
    /// # Errors
    /// [`DirectoryError`].
    async fn page(&self, place: &Place) -> Result<Page, DirectoryError>;
}

/// Where the directories of the firms are.
#[async_trait]
pub trait Directories: Send + Sync {
    /// The directory of a firm; `None` where none is configured.
    ///
    /// # Errors
    /// [`DirectoryError`].
    async fn of(&self, tenant: Uuid) -> Result<Option<Arc<dyn Directory>>, DirectoryError>;
}

/// No directory is compared with.
pub struct NoDirectories;

#[async_trait]
impl Directories for NoDirectories {
    async fn of(&self, _: Uuid) -> Result<Option<Arc<dyn Directory>>, DirectoryError> {
        Ok(None)
    }
}

/// How far a directory has been read. `next` is the directory's own word for the next page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "lowercase")]
pub enum Place {
    /// Its people.
    People {
        /// The next page.
        #[serde(default)]
        next: Option<String>,
    },
    /// Its groups.
    Groups {
        /// The next page.
        #[serde(default)]
        next: Option<String>,
    },
    /// The members of its groups, in the order of their ids.
    Members {
        /// The last group that was read to its end.
        after: Option<String>,
        /// The group that is being read; `None` between two.
        #[serde(default)]
        group: Option<String>,
        /// The next page.
        #[serde(default)]
        next: Option<String>,
    },
}

/// A page of a directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// What stands on it.
    pub entries: Vec<Entry>,
    /// The directory's word for the next page; `None` at the end.
    pub next: Option<String>,
}

/// Somebody or something in a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Entry {
    /// A person.
    Person {
        /// The directory's id.
        id: String,
        /// What the person signs in as.
        login: Option<String>,
        /// Whether the person may sign in there.
        active: bool,
    },
    /// A group.
    Group {
        /// The directory's id.
        id: String,
        /// Its name.
        name: Option<String>,
    },
    /// A person in a group.
    Member {
        /// The directory's id of the person.
        id: String,
        /// The directory's id of the group.
        group_id: String,
    },
}

/// Why a directory gave no page. One line each, without anything that opens a door.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// It asks to be left alone for so long.
    #[error("the directory takes no more calls for {} s", .0.as_secs())]
    Wait(Duration),
    /// It cannot be reached, or answered what is no page. The next turn tries again.
    #[error("the directory does not answer: {0}")]
    Unavailable(String),
    /// It refuses us, or is configured wrongly.
    #[error("the directory refuses: {0}")]
    Refused(String),
}
