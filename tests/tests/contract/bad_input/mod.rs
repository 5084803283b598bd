//! Bad input: every field of every body, every parameter and header, filled with what breaks
//! programs. Nothing of it may be a 5xx, every refusal is a problem document, and what was refused
//! has changed nothing (rules.md §5, threat 11).
//!
//! What is sent follows from the OpenAPI document and the good requests of `good`. `BAD_INPUTS`
//! says how many requests are made (`make fuzz`: 100,000); the run is the same each time.

mod cases;
mod crawl;
mod good;
mod nasty;
mod scim;
mod served;

/// Requests without `BAD_INPUTS`.
const ORDINARY: usize = 4_000;

fn wanted() -> usize {
    let number = std::env::var("BAD_INPUTS").ok().map(|text| text.parse().expect("BAD_INPUTS"));
    number.unwrap_or(ORDINARY)
}
