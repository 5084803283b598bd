//! What the command line says to its user.

use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Prints a line. A reader that has gone away (`wealth … | head`) is no error.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a generated file, making its directory, only if its content changes: a file that stays
/// as it is keeps its time, so that nothing is rebuilt for it.
pub(crate) fn write_generated(file: &Path, text: &str) -> Result<()> {
    if std::fs::read_to_string(file).is_ok_and(|before| before == text) {
        return Ok(());
    }
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make {}", parent.display()))?;
    }
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
    say(&format!("wrote {}", file.display()));
    Ok(())
}
