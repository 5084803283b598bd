//! Sessions and the tokens that belong to them. A session is the family of its refresh tokens.

pub(crate) mod access;
mod open;
mod refresh_token;

pub use access::TokenAnswer;
pub use open::{NewSession, open};
pub(crate) use open::{Opened, Prepared};
pub use refresh_token::RefreshToken;
