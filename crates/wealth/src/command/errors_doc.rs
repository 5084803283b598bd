//! `wealth errors-doc`: the problem codes for people.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use wealth_core::{field_code, problem};

use crate::output::write_generated;

const HEAD: &str = "\
# Problem codes

Every error is an RFC 9457 problem document whose `code` is one of these. A code keeps its meaning
once it is published. *Retry* marks those where the same request may succeed later unchanged.

This file is generated from `problem.rs` and `field_code.rs` in `crates/core/src` by `make gen`.

| code | status | title | what it means and what to do | retry |
|---|---|---|---|---|
";

const FIELDS: &str = "
## Codes of fields

`errors[]` of a problem lists fields. The `code` of a field is one of these, or the problem code itself.

| code | title | what it means and what to do |
|---|---|---|
";

/// Writes the lists to `out`.
///
/// # Errors
/// The file cannot be written.
pub fn run(out: &Path) -> Result<()> {
    let mut text = HEAD.to_owned();
    for code in problem::ALL {
        let retry = if code.is_retryable() { "yes" } else { "" };
        writeln!(
            text,
            "| `{}` | {} | {} | {} | {retry} |",
            code.code, code.status, code.title, code.meaning
        )?;
    }
    text.push_str(FIELDS);
    for code in field_code::ALL {
        writeln!(text, "| `{}` | {} | {} |", code.code, code.title, code.meaning)?;
    }
    write_generated(out, &text)
}
