//! One module per subcommand.

mod child;
pub mod dev;
pub mod errors_doc;
pub mod keys;
pub mod migrate;
pub mod openapi;
pub mod schema;
pub mod token;
pub mod with_database;
pub mod with_postgres;
