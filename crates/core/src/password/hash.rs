//! Hashes of passwords that another system made: which are taken over.

use std::fmt;

use crate::parse::{Parse, ParseError};

/// Costs of bcrypt that are taken over: below, a hash is guessed at too fast (OWASP); above, a single
/// sign-in keeps a processor busy for many seconds. S4-20 has 12.
const COST: std::ops::RangeInclusive<u32> = 10..=14;
/// Memory of argon2id in KiB: from OWASP's least to what two checks at once leave room for.
const MEMORY: std::ops::RangeInclusive<u32> = 7_168..=65_536;
const PASSES: std::ops::RangeInclusive<u32> = 1..=10;
const LANES: std::ops::RangeInclusive<u32> = 1..=8;
/// The least memory times passes (OWASP).
const LEAST_WORK: u32 = 7_168 * 5;

/// A hash by bcrypt (`$2a$`, `$2b$`, `$2y$`) or argon2id in its text form. Shows nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The text, for the database and nobody else.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Parse for PasswordHash {
    fn parse(text: &str) -> Result<Self, ParseError> {
        let scheme = text.strip_prefix('$').and_then(|rest| rest.split('$').next());
        let checked = match scheme {
            Some("2a" | "2b" | "2y") => bcrypt(text),
            Some("argon2id") => argon2id(text),
            _ => Err("must be a hash by bcrypt ($2a$, $2b$, $2y$) or argon2id"),
        };
        match checked {
            Ok(()) => Ok(Self(text.to_owned())),
            Err(why) => Err(ParseError::new("hash_invalid", why)),
        }
    }
}

/// `$2b$12$` and 53 characters: 22 of the salt, 31 of the hash.
fn bcrypt(text: &str) -> Result<(), &'static str> {
    let mut parts = text.split('$').skip(2);
    let (Some(cost), Some(rest), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err("is no complete hash by bcrypt");
    };
    let of_alphabet = |b: u8| b.is_ascii_alphanumeric() || b == b'.' || b == b'/';
    if rest.len() != 53 || !rest.bytes().all(of_alphabet) || cost.len() != 2 {
        return Err("is no complete hash by bcrypt");
    }
    match number(cost) {
        Some(cost) if COST.contains(&cost) => Ok(()),
        _ => Err("must have a cost from 10 to 14"),
    }
}

/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
fn argon2id(text: &str) -> Result<(), &'static str> {
    const BROKEN: &str = "is no complete hash by argon2id, version 19";
    let parts: Vec<&str> = text.split('$').collect();
    let ["", "argon2id", "v=19", parameters, salt, hash] = parts.as_slice() else {
        return Err(BROKEN);
    };
    let base64 = |b: u8| b.is_ascii_alphanumeric() || b == b'+' || b == b'/';
    let fits = |part: &str, least: usize, most: usize| {
        (least..=most).contains(&part.len()) && part.len() % 4 != 1 && part.bytes().all(base64)
    };
    if !fits(salt, 11, 64) || !fits(hash, 22, 86) {
        return Err(BROKEN);
    }
    let values: Vec<&str> = parameters.split(',').collect();
    let [memory, passes, lanes] = values.as_slice() else { return Err(BROKEN) };
    let value = |part: &str, name: &str| part.strip_prefix(name).and_then(number);
    let (Some(memory), Some(passes), Some(lanes)) =
        (value(memory, "m="), value(passes, "t="), value(lanes, "p="))
    else {
        return Err(BROKEN);
    };
    let sane = MEMORY.contains(&memory)
        && PASSES.contains(&passes)
        && LANES.contains(&lanes)
        && memory.saturating_mul(passes) >= LEAST_WORK;
    if sane {
        Ok(())
    } else {
        Err("must have m from 7168 to 65536, t to 10, p to 8, and m times t from 35840")
    }
}

fn number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm";
    const ARGON2: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5c3NhbHQhIQ$bm9ib2R5c3Bhc3N3b3JkaGFzaG5vYm9keXNwYXNzd28";

    #[test]
    fn what_can_be_checked_is_taken_and_shows_nothing_of_itself() {
        for scheme in ["2a", "2b", "2y"] {
            for cost in ["10", "12", "14"] {
                let text = format!("${scheme}${cost}${REST}");
                assert_eq!(PasswordHash::parse(&text).expect("a hash").as_str(), text);
            }
        }
        let hash = PasswordHash::parse(ARGON2).expect("a hash");
        assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
        PasswordHash::parse(&ARGON2.replace("m=19456,t=2,p=1", "m=65536,t=3,p=4")).expect("a hash");
    }

    #[test]
    fn what_cannot_or_would_cost_too_little_or_too_much_is_not() {
        let mut bad = vec![
            String::new(),
            "password".to_owned(),
            format!("$2x$12${REST}"),
            format!("$2$12${REST}"),
            format!("$2b$12${REST}$"),
            format!("$2b$12${}", &REST[1..]),
            format!("$2b$12${}!", &REST[1..]),
            format!("$2b$12${REST} "),
            format!("x$2b$12${REST}"),
            "5f4dcc3b5aa765d61d8327deb882cf99".to_owned(),
        ];
        bad.extend(
            ["4", "04", "09", "15", "31", "+12", "1２"].map(|cost| format!("$2b${cost}${REST}")),
        );
        for (from, to) in [
            ("argon2id", "argon2i"),
            ("v=19", "v=16"),
            ("m=19456", "m=1024"),
            ("m=19456", "m=65537"),
            ("m=19456", "m=99999999999"),
            ("t=2", "t=1"),
            ("t=2", "t=11"),
            ("p=1", "p=0"),
            ("p=1", "p=9"),
            ("m=19456,", ""),
            (",p=1", ",p=1,x=1"),
            ("bm9ib2R5c3NhbHQhIQ$", "c2FsdA$"),
            ("bm9ib2R5c3NhbHQhIQ$", "bm9ib2R5c3NhbHQhIQ==$"),
        ] {
            bad.push(ARGON2.replace(from, to));
        }
        for text in bad {
            assert_eq!(
                PasswordHash::parse(&text).err().map(|e| e.code),
                Some("hash_invalid"),
                "{text}"
            );
        }
    }
}
