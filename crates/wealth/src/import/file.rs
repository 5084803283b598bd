//! The file of a run.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use products::imports::{Kind, Reader};
use sha2::{Digest as _, Sha256};
use wealth_core::import::Format;

use super::Form;

/// A file that is there, with what identifies its content.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) format: Format,
    /// SHA-256 of its bytes: what finds an unfinished run again.
    pub(super) sha256: Vec<u8>,
    pub(super) size: u64,
}

impl Input {
    /// Reads it once through, so that its digest is known before the first row is loaded.
    pub(super) fn open(path: PathBuf, form: Option<Form>) -> Result<Self> {
        let format = match form {
            Some(Form::Csv) => Format::Csv,
            Some(Form::Ndjson) => Format::Ndjson,
            None => by_ending(&path)?,
        };
        let mut file = File::open(&path).with_context(|| format!("{}", path.display()))?;
        let (mut digest, mut size) = (Sha256::new(), 0);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut buffer).with_context(|| format!("{}", path.display()))?;
            if read == 0 {
                break;
            }
            digest.update(&buffer[..read]);
            size += read as u64;
        }
        Ok(Self { path, format, sha256: digest.finalize().to_vec(), size })
    }

    /// The name in the database.
    pub(super) const fn format_name(&self) -> &'static str {
        match self.format {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }

    /// Its rows from `next_line` on.
    pub(super) fn reader(&self, kind: Kind, batch: u16, next_line: u64) -> Result<Reader<File>> {
        let path = self.path.display();
        let file = File::open(&self.path).with_context(|| format!("{path}"))?;
        let reader = Reader::open(kind, file, self.format, batch.into(), next_line);
        reader.with_context(|| format!("{path}"))
    }
}

fn by_ending(path: &std::path::Path) -> Result<Format> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match ending.as_deref() {
        Some("csv") => Ok(Format::Csv),
        Some("ndjson" | "jsonl") => Ok(Format::Ndjson),
        _ => bail!("{}: say --format csv or --format ndjson", path.display()),
    }
}
