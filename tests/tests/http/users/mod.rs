//! The users context over HTTP.

mod api_keys;
mod directory;
mod event_hooks;
mod events;
mod forged;
mod identities;
mod identity_providers;
mod impersonation;
mod local;
mod mail;
mod mappings;
mod me;
mod mfa;
mod password;
mod profile;
mod races;
mod recover;
mod register;
mod reviews;
mod roles;
mod sessions;
mod sign_in;
mod sign_in_policy;
mod step_up;
mod tokens;
mod world;
