//! `wealth keys`: new keys for the users function of a new environment.

use anyhow::Result;
use users::keys::Keys;

use crate::output::say;

/// Prints the text of the secret. It goes into Secrets Manager and nowhere else.
///
/// # Errors
/// The machine gives no randomness.
pub fn run() -> Result<()> {
    say(&Keys::generate()?.to_json()?);
    Ok(())
}
