//! The error report: a CSV file with line, column, code and message, made with its first error.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use wealth_core::import::RowError;

/// A report that may come into being.
pub(super) struct Report {
    path: PathBuf,
    writer: Option<csv::Writer<File>>,
}

impl Report {
    /// At `path`, else beside `input`.
    pub(super) fn new(path: Option<PathBuf>, input: &Path) -> Self {
        let beside = || {
            let mut name = input.as_os_str().to_owned();
            name.push(".errors.csv");
            PathBuf::from(name)
        };
        Self { path: path.unwrap_or_else(beside), writer: None }
    }

    /// Adds errors.
    pub(super) fn add(&mut self, errors: &[RowError]) -> Result<()> {
        for error in errors {
            let line = error.line.to_string();
            let column = error.column.as_deref().unwrap_or_default();
            self.write(&[&line, column, &error.code, &error.message])
                .with_context(|| format!("cannot write {}", self.path.display()))?;
        }
        Ok(())
    }

    fn write(&mut self, record: &[&str]) -> csv::Result<()> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let mut writer = csv::Writer::from_path(&self.path)?;
                writer.write_record(["line", "column", "code", "message"])?;
                self.writer.insert(writer)
            }
        };
        writer.write_record(record)
    }

    /// Completes the file.
    pub(super) fn close(&mut self) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.flush().with_context(|| format!("cannot write {}", self.path.display()))?;
        }
        Ok(())
    }

    /// Where it is, if there was anything to report.
    pub(super) fn written(&self) -> Option<&Path> {
        self.writer.as_ref().map(|_| self.path.as_path())
    }
}
