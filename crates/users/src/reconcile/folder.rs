//! Directories in a folder, one JSON file for each firm: for a developer's machine and tests.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use uuid::Uuid;

use super::{Directories, Directory, DirectoryError, Entry, Page, Place};

/// A folder with files `<tenant_id>.json`.
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

#[async_trait]
impl Directories for Folder {
    async fn of(&self, tenant: Uuid) -> Result<Option<Arc<dyn Directory>>, DirectoryError> {
        let text = match std::fs::read_to_string(self.0.join(format!("{tenant}.json"))) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(DirectoryError::Unavailable(error.to_string())),
        };
        let file: File = serde_json::from_str(&text)
            .map_err(|error| DirectoryError::Unavailable(error.to_string()))?;
        Ok(Some(Arc::new(file)))
    }
}

/// A directory as a file tells of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    people: Vec<Person>,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: String,
    login: Option<String>,
    active: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    id: String,
    name: String,
    members: Vec<String>,
}

#[async_trait]
impl Directory for File {
    async fn page(&self, place: &Place) -> Result<Page, DirectoryError> {
        let entries = match place {
            Place::People { .. } => self.people.iter().map(Person::entry).collect(),
            Place::Groups { .. } => self.groups.iter().map(Group::entry).collect(),
            Place::Members { group, .. } => {
                let found = self.groups.iter().find(|one| Some(&one.id) == group.as_ref());
                found.into_iter().flat_map(Group::places).collect()
            }
        };
        Ok(Page { entries, next: None })
    }
}

impl Person {
    fn entry(&self) -> Entry {
        Entry::Person { id: self.id.clone(), login: self.login.clone(), active: self.active }
    }
}

impl Group {
    fn entry(&self) -> Entry {
        Entry::Group { id: self.id.clone(), name: Some(self.name.clone()) }
    }

    fn places(&self) -> impl Iterator<Item = Entry> {
        let place = |id: &String| Entry::Member { id: id.clone(), group_id: self.id.clone() };
        self.members.iter().map(place)
    }
}
