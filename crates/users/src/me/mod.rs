//! The caller's own account.

pub(crate) mod get;
pub(crate) mod password;
pub(crate) mod security_questions;
