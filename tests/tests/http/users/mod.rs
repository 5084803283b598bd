//! The users context over HTTP.

mod me;
mod step_up;
mod world;
