//! The users context over HTTP.

mod impersonation;
mod local;
mod mail;
mod me;
mod password;
mod profile;
mod recover;
mod register;
mod sign_in;
mod sign_in_policy;
mod step_up;
mod world;
