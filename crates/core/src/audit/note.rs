//! Signed notes (C2SP signed-note): a text with lines of signatures under it. Keys are Ed25519, in
//! whatever place they sign: memory, or a service such as KMS.

use std::fmt;

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The kind of an Ed25519 key among those of signed notes.
const ED25519_KIND: u8 = 1;
/// Nobody signs a longer one.
const LONGEST: usize = 65_536;

/// Why a note or a key is not one, or proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It has not the form of a signed note.
    #[error("is not a signed note")]
    Malformed,
    /// The text is not a key.
    #[error("is not a verifier key: name+hash+base64")]
    Key,
    /// There is no signature of that key.
    #[error("carries no signature of the key")]
    Unsigned,
    /// There is one, and it is wrong.
    #[error("carries a signature of the key that is not good")]
    Forged,
}

/// A public key with the name it signs under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    public: [u8; 32],
}

/// A note whose signature was checked, or that was made a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    /// All of it, signatures included.
    pub text: String,
}

/// A note and its signatures, none of them checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What is signed; ends with a line feed.
    pub text: String,
    signatures: Vec<(String, [u8; 4], Vec<u8>)>,
}

impl VerifierKey {
    /// The key of that name.
    ///
    /// # Errors
    /// The name is empty or has a blank, a plus or a control character.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, NoteError> {
        let bad = |c: char| c == '+' || c.is_whitespace() || c.is_control();
        if name.is_empty() || name.chars().any(bad) {
            return Err(NoteError::Key);
        }
        Ok(Self { name: name.to_owned(), public })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first bytes of each of its signatures: the same key has another id under another name.
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', ED25519_KIND])
            .chain_update(self.public)
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// The note of a text with this key's signature under it.
    ///
    /// # Errors
    /// The text cannot be signed, or the signature is not this key's.
    pub fn signed(&self, text: &str, signature: &[u8]) -> Result<SignedNote, NoteError> {
        let line = [&self.id()[..], signature].concat();
        let text = format!("{text}\n— {} {}\n", self.name, STANDARD.encode(line));
        self.verify(&Note::parse(&text)?)?;
        Ok(SignedNote { text })
    }

    /// Checks that this key signed the note. Other signatures neither help nor harm.
    ///
    /// # Errors
    /// [`NoteError::Unsigned`] or [`NoteError::Forged`].
    pub fn verify(&self, note: &Note) -> Result<(), NoteError> {
        let id = self.id();
        let mut own =
            note.signatures.iter().filter(|(name, key, _)| *name == self.name && *key == id);
        let (_, _, signature) = own.next().ok_or(NoteError::Unsigned)?;
        let key = UnparsedPublicKey::new(&ED25519, &self.public);
        key.verify(note.text.as_bytes(), signature).map_err(|_| NoteError::Forged)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ED25519_KIND][..], &self.public].concat());
        write!(f, "{}+{:08x}+{key}", self.name, u32::from_be_bytes(self.id()))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        // Base64 has pluses of its own.
        let mut parts = text.trim_end_matches('\n').splitn(3, '+');
        let (name, id, key) = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(id), Some(key)) = (name, id, key) else { return Err(NoteError::Key) };
        let key = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let Some((&ED25519_KIND, public)) = key.split_first() else { return Err(NoteError::Key) };
        let found = Self::new(name, public.try_into().map_err(|_| NoteError::Key)?)?;
        let told = u32::from_str_radix(id, 16).map_err(|_| NoteError::Key)?;
        if id.len() == 8 && told == u32::from_be_bytes(found.id()) {
            Ok(found)
        } else {
            Err(NoteError::Key)
        }
    }
}

impl Note {
    /// Reads a note.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let control = |c: char| c < ' ' && c != '\n';
        if text.len() > LONGEST || text.chars().any(control) {
            return Err(NoteError::Malformed);
        }
        let (body, lines) = text.rsplit_once("\n\n").ok_or(NoteError::Malformed)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        let signatures = lines.split('\n').map(signature).collect::<Option<Vec<_>>>();
        let signatures = signatures.ok_or(NoteError::Malformed)?;
        Ok(Self { text: format!("{body}\n"), signatures })
    }

    /// Which of these keys signed it: those of a log, which change now and then.
    ///
    /// # Errors
    /// None of them did: [`NoteError::Forged`] if one is said to have, else [`NoteError::Unsigned`].
    pub fn signed_by<'k>(&self, keys: &'k [VerifierKey]) -> Result<&'k VerifierKey, NoteError> {
        let mut why = NoteError::Unsigned;
        for key in keys {
            match key.verify(self) {
                Ok(()) => return Ok(key),
                Err(NoteError::Forged) => why = NoteError::Forged,
                Err(_) => {}
            }
        }
        Err(why)
    }
}

fn signature(line: &str) -> Option<(String, [u8; 4], Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let decoded = STANDARD.decode(encoded).ok()?;
    let (id, signature) = decoded.split_first_chunk::<4>()?;
    let named = !name.is_empty() && !name.contains('+') && !signature.is_empty();
    named.then(|| (name.to_owned(), *id, signature.to_vec()))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

    use super::*;

    /// The example of the first implementation, golang.org/x/mod/sumdb/note.
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n— PeterNeumann \
        x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn own(name: &str) -> (Ed25519KeyPair, VerifierKey) {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        (pair, VerifierKey::new(name, public).unwrap())
    }

    #[test]
    fn a_key_is_written_as_it_is_read_and_its_id_is_checked() {
        let (_, key) = own("wealth.example/audit/1");
        let text = key.to_string();
        assert_eq!(text.parse(), Ok(key.clone()));
        assert_ne!(own("wealth.example/audit/2").1.id(), key.id());
        let (name, rest) = text.split_once('+').unwrap();
        for bad in [
            text.replace(name, "wealth.example/audit/2"),
            format!("{name}+00000000+{}", rest.split_once('+').unwrap().1),
            text.replace("+A", "+B"),
            name.to_owned(),
            format!("+{rest}"),
            text[..text.len() - 4].to_owned(),
        ] {
            assert_eq!(bad.parse::<VerifierKey>(), Err(NoteError::Key), "{bad}");
        }
    }

    #[test]
    fn a_note_of_another_program_verifies() {
        let key: VerifierKey = KEY.parse().unwrap();
        assert_eq!(key.to_string(), KEY);
        assert_eq!(key.verify(&Note::parse(NOTE).unwrap()), Ok(()));
    }

    #[test]
    fn only_what_was_signed_verifies() {
        let (pair, key) = own("wealth.example/audit/1");
        let text = "wealth.example/audit/1\n3\nroot\n";
        let note = key.signed(text, pair.sign(text.as_bytes()).as_ref()).unwrap().text;
        assert_eq!(key.verify(&Note::parse(&note).unwrap()), Ok(()));
        assert_eq!(own("other").1.verify(&Note::parse(&note).unwrap()), Err(NoteError::Unsigned));
        assert_eq!(key.signed(text, &[0; 64]), Err(NoteError::Forged));
        // By one of several keys, which is told.
        let keys = [own("other").1, key.clone()];
        assert_eq!(Note::parse(&note).unwrap().signed_by(&keys), Ok(&key));
        assert_eq!(Note::parse(&note).unwrap().signed_by(&keys[..1]), Err(NoteError::Unsigned));
        let forged = Note::parse(&note.replace("\n3\n", "\n4\n")).unwrap();
        assert_eq!(forged.signed_by(&keys), Err(NoteError::Forged));
        // Every bit of it.
        for bit in 0..note.len() * 8 {
            let mut bytes = note.clone().into_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let verified = Note::parse(&changed).and_then(|note| key.verify(&note));
            assert!(verified.is_err(), "bit {bit}");
        }
    }

    #[test]
    fn what_is_no_note_is_refused() {
        let (pair, key) = own("a");
        let note = key.signed("x\n", pair.sign(b"x\n").as_ref()).unwrap().text;
        let line = note.rsplit_once("\n\n").unwrap().1.to_owned();
        for bad in ["", "x\n", "x\n\n", "x\n\n— a\n", "x\n\n- a AAAAAAAA\n", "x\n\n— a AAAA\n"]
        {
            assert_eq!(Note::parse(bad), Err(NoteError::Malformed), "{bad:?}");
        }
        for bad in [format!("x\t\n\n{line}"), format!("x\n\n{}", line.trim_end())] {
            assert_eq!(Note::parse(&bad), Err(NoteError::Malformed), "{bad:?}");
        }
        // A line of somebody else is no matter.
        let more = format!("x\n\n— b AAAAAAAA\n{line}");
        assert_eq!(key.verify(&Note::parse(&more).unwrap()), Ok(()));
    }
}
