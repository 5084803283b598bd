//! The users context over HTTP.

mod me;
mod world;
