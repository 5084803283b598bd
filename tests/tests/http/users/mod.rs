//! The users context over HTTP.

mod impersonation;
mod me;
mod profile;
mod sign_in_policy;
mod step_up;
mod world;
