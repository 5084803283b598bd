//! What is signed of a log: its name, its size and its head (C2SP tlog-checkpoint).

use super::hash::Hash;
use super::note::{Note, NoteError, VerifierKey};

/// The state of a log at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, the same as that of its key.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The head of their tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// The checkpoint that one of `keys` signed in this note.
    ///
    /// # Errors
    /// The note is none, its signature is none of the keys', or it is not about the key's log.
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Self, NoteError> {
        let note = Note::parse(note)?;
        let key = note.signed_by(keys)?;
        let found = Self::parse(&note.text)?;
        if found.origin == key.name() { Ok(found) } else { Err(NoteError::Malformed) }
    }

    /// Reads the text of a note. Lines after the third are extensions, which mean nothing here.
    fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next(), lines.next(), lines.next());
        let (Some(origin), Some(size), Some(root)) = (origin, size, root) else {
            return Err(NoteError::Malformed);
        };
        let digits =
            size.bytes().all(|b| b.is_ascii_digit()) && !(size.len() > 1 && size.starts_with('0'));
        let size = size.parse().ok().filter(|_| digits).ok_or(NoteError::Malformed)?;
        let root = root.parse().map_err(|_| NoteError::Malformed)?;
        if origin.is_empty() {
            return Err(NoteError::Malformed);
        }
        Ok(Self { origin: origin.to_owned(), size, root })
    }
}

#[cfg(test)]
mod tests {
    use super::super::hash::leaf_hash;
    use super::*;

    #[test]
    fn a_checkpoint_reads_as_it_is_written() {
        let made = Checkpoint {
            origin: "a.example/x".to_owned(),
            size: 20_852_163,
            root: leaf_hash(b"x"),
        };
        assert_eq!(Checkpoint::parse(&made.text()), Ok(made.clone()));
        assert_eq!(Checkpoint::parse(&format!("{}extension\n", made.text())), Ok(made.clone()));
        let text = made.text();
        for bad in [
            text.replace("20852163", "+20852163"),
            text.replace("20852163", "020852163"),
            text.replace("20852163", ""),
            text.replace("20852163", "99999999999999999999"),
            text.replace('=', ""),
            text.replace("a.example/x", ""),
            "a\n1\n".to_owned(),
        ] {
            assert_eq!(Checkpoint::parse(&bad), Err(NoteError::Malformed), "{bad}");
        }
    }
}
