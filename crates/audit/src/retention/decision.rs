//! What goes with a second person's word.

use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::shape::Note;
use wealth_core::text;
use wealth_core::violations::Violations;

/// A yes or a no, in words; the operation says which.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionDecision {
    /// In words.
    #[schema(value_type = Option<Note>)]
    note: Option<String>,
}

impl RetentionDecision {
    /// The note.
    ///
    /// # Errors
    /// It is no text that can be kept.
    pub(crate) fn validate(self) -> Result<Option<String>, Violations> {
        let mut v = Violations::new();
        let note = self.note.and_then(|note| text::clean(&note, text::REASON, "/note", &mut v));
        v.into_result(note)
    }
}
