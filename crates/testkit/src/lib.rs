//! What the tests are written with: a fresh database each, HTTP clients by role, and an emulated
//! Lambda. Never part of a Lambda.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failing test panics")]

mod app;
mod client;
mod counted;
pub mod database;
pub mod lambda;
pub mod local;
mod passkey;
pub mod pgbouncer;
mod phone;
pub mod proxy;
mod recommendation;
mod seals;
mod services;
pub mod statistics;
pub mod watched;

pub use app::{Firm, Mailbox, TestApp, issuer_keys, signed, token_at, verifier};
pub use client::{Answer, Client, Request};
pub use counted::Counted;
pub use passkey::SoftPasskey;
pub use phone::Phone;
pub use recommendation::recommendation;
pub use seals::{audit_key, seals_with};
pub use services::{ISSUER, services, services_comparing, services_of, services_with};

/// A valid CUSIP (ANSI X9.6) for every number: eight characters and their check digit.
pub fn cusip(number: u32) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let base: String = format!("{:08}", number % 100_000_000);
    let sum: u32 = base
        .bytes()
        .enumerate()
        .map(|(place, byte)| {
            let value = ALPHABET.iter().position(|c| *c == byte).unwrap_or(0);
            let value = u32::try_from(value).unwrap_or(0);
            let value = if place % 2 == 1 { value * 2 } else { value };
            value / 10 + value % 10
        })
        .sum();
    format!("{base}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    #[test]
    fn made_up_cusips_carry_the_right_check_digit() {
        assert_eq!(super::cusip(3_783_310), "037833100");
        assert_eq!(super::cusip(59_491_810), "594918104");
    }
}
