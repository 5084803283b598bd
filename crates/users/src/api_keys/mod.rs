//! API keys: how programs come in. A key acts in the name of one member and does what its scopes
//! name, as far as that member's roles allow it at that moment.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod revoke;
pub(crate) mod rotate;
mod secret;
mod view;
