//! Sessions and the tokens that belong to them. A session is the family of its refresh tokens.

pub(crate) mod access;
pub(crate) mod endpoint;
mod granted;
pub(crate) mod introspect;
mod open;
mod refresh_token;
mod renew;
pub(crate) mod revoke;
mod which;

pub(crate) use access::AccessClaims;
pub use access::TokenAnswer;
pub use open::{NewSession, open};
pub(crate) use open::{Opened, Prepared};
pub use refresh_token::RefreshToken;
pub use renew::renew;
