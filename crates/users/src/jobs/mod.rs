//! What happens to people, sessions and keys by the clock. The jobs function calls it; each does one
//! bounded piece of what is left to do, and is harmless to repeat.

mod compare;
mod purge;

pub use compare::{Compared, compare};
pub use purge::{Purged, purge};
