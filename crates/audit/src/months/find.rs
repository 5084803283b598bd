//! Finding events in an archive, with the filters of the API and nothing but the files.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wealth_core::audit::{Event, Record};

use super::manifest::{File, Manifest};
use crate::archive::{Archive, ArchiveError};
use crate::row::instant;

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only what this person did.
    pub actor_id: Option<Uuid>,
    /// Only this action, by either of its names.
    pub action: Option<String>,
    /// Only what was done to things of this kind.
    pub resource_type: Option<String>,
    /// Only what was done to this thing.
    pub resource_id: Option<String>,
    /// Only with this outcome.
    pub outcome: Option<String>,
    /// Only what one call did.
    pub request_id: Option<Uuid>,
    /// Only from this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Only before this instant.
    pub to: Option<DateTime<Utc>>,
}

impl Filter {
    /// Whether a file can have such events.
    pub fn may_be_in(&self, file: &File) -> bool {
        self.from.is_none_or(|from| file.last_at >= instant(from))
            && self.to.is_none_or(|to| file.first_at < instant(to))
    }

    /// Whether the event is one of them.
    pub fn takes(&self, record: &Record) -> bool {
        record.event.as_ref().is_some_and(|event| self.takes_event(event))
    }

    fn takes_event(&self, event: &Event) -> bool {
        let same = |wanted: &Option<String>, found: Option<&String>| {
            wanted.is_none() || wanted.as_ref() == found
        };
        self.actor_id.is_none_or(|id| event.actor_id == Some(id))
            && self.request_id.is_none_or(|id| event.request_id == Some(id))
            && (same(&self.action, Some(&event.action))
                || same(&self.action, event.legacy_action.as_ref()))
            && same(&self.resource_type, event.resource_type.as_ref())
            && same(&self.resource_id, event.resource_id.as_ref())
            && same(&self.outcome, Some(&event.outcome))
            && self.from.is_none_or(|from| event.occurred_at >= instant(from))
            && self.to.is_none_or(|to| event.occurred_at < instant(to))
    }
}

/// The months that an archive has of a log, in their order, each with its manifest's bytes as they
/// stand there; what they say is not proven by that.
///
/// # Errors
/// The archive does not answer.
pub async fn months_of(
    archive: &Archive,
    tenant: Uuid,
) -> Result<Vec<(String, Option<Manifest>, Vec<u8>)>, ArchiveError> {
    let mut months = Vec::new();
    for month in archive.folders(&format!("{tenant}/events")).await? {
        let folder = super::manifest::folder(tenant, &month);
        let bytes = archive.object(&format!("{folder}/manifest.json")).await?;
        // A month that is being written has files and no manifest yet.
        let Some(bytes) = bytes else { continue };
        months.push((month.clone(), Manifest::read(&month, &bytes).ok(), bytes.to_vec()));
    }
    Ok(months)
}
