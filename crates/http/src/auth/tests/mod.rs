//! The rules of this module, each shown by a token that breaks it: the traps of RFC 8725 and of the JWT libraries.

mod algorithms;
mod claims;
mod fetcher;
mod forged;
mod headers;
mod issuers;
mod key_sets;
mod local;
mod remembered;
mod shape;
mod source;
mod tenancy;
mod vectors;
mod world;
