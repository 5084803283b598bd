//! HTTP tests against a real PostgreSQL, one database per test.

mod imports;
mod kernel;
mod products;
mod rates;
