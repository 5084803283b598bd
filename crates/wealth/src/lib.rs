//! The command line of the platform, and the local PostgreSQL server that it and the tests use.

pub mod postgres;
