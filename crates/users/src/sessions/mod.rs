//! The sessions of a person: seen and ended by that person, or by whoever administers access.

pub(crate) mod list;
pub(crate) mod of_user;
pub(crate) mod revoke;
