//! `wealth token`: a token for the server of `make run`.

use anyhow::Result;
use clap::ValueEnum;

use crate::output::say;
use crate::samples;

/// The people of the demo firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Who {
    /// Keeps products, rates and users
    Admin,
    /// Presents products and compares them
    Sales,
    /// A second administrator, who can approve what the first proposes
    Second,
    /// The administrator of the second firm, which sees nothing of the first
    Other,
}

/// Prints a token.
///
/// # Errors
/// `make run` was never started here, so there is no key to sign with.
pub fn run(who: Who) -> Result<()> {
    let issuer = crate::database::saved_issuer()?;
    say(&samples::token(&issuer, who));
    Ok(())
}
