//! The command line of the platform, and the local PostgreSQL server that it and the tests use.

pub mod audit;
pub mod command;
mod database;
mod demo;
mod identity;
pub mod import;
pub mod jobs;
mod member;
mod output;
pub mod postgres;
mod samples;
mod server;
mod signals;
