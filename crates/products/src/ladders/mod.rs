//! Ladders of maturities: computed and not stored.

pub(crate) mod build;
mod question;
