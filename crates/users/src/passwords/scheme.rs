//! How passwords are hashed. New hashes are made by the configured scheme; those of the other one are
//! verified all the same, and replaced when their person signs in.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::rand;
use wealth_core::Password;

/// bcrypt takes in so many bytes and forgets the rest.
pub(super) const BCRYPT_BYTES: usize = 72;
/// S4-20: what the documents ask of bcrypt.
const BCRYPT_COST: u32 = 12;
const SALT: usize = 16;

/// A scheme with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// argon2id (RFC 9106): memory in KiB, passes, lanes.
    Argon2id {
        /// Memory in KiB.
        memory: u32,
        /// Passes over it.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// bcrypt, for systems that must go on reading the hashes. Takes passwords of 72 bytes at most.
    Bcrypt {
        /// Base-2 logarithm of its rounds.
        cost: u32,
    },
}

impl Default for Scheme {
    /// OWASP's first choice: 19 MiB, two passes.
    fn default() -> Self {
        Self::Argon2id { memory: 19_456, passes: 2, lanes: 1 }
    }
}

impl Scheme {
    /// Reads `argon2id`, `argon2id:m=19456,t=2,p=1`, `bcrypt` or `bcrypt:12`. Weaker than OWASP's
    /// least is refused.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, parameters) = text.split_once(':').unwrap_or((text, ""));
        match name {
            "argon2id" if parameters.is_empty() => Some(Self::default()),
            "argon2id" => {
                let mut found = [None; 3];
                for part in parameters.split(',') {
                    let (name, value) = part.split_once('=')?;
                    let at = ["m", "t", "p"].iter().position(|known| *known == name)?;
                    found[at] = value.parse::<u32>().ok();
                }
                let [Some(memory), Some(passes), Some(lanes)] = found else { return None };
                let sane = (7_168..=1_048_576).contains(&memory)
                    && (1..=10).contains(&passes)
                    && (1..=8).contains(&lanes)
                    && u64::from(memory) * u64::from(passes) >= 7_168 * 5;
                sane.then_some(Self::Argon2id { memory, passes, lanes })
            }
            "bcrypt" if parameters.is_empty() => Some(Self::Bcrypt { cost: BCRYPT_COST }),
            "bcrypt" => {
                let cost = parameters.parse().ok()?;
                (10..=14).contains(&cost).then_some(Self::Bcrypt { cost })
            }
            _ => None,
        }
    }

    /// The scheme that made a hash.
    pub(super) fn of(hash: &str) -> Option<Self> {
        if hash.starts_with("$2") {
            let cost = hash.split('$').nth(2)?.parse().ok()?;
            return Some(Self::Bcrypt { cost });
        }
        let parsed = PasswordHash::new(hash).ok()?;
        let params = Params::try_from(&parsed).ok()?;
        let (memory, passes, lanes) = (params.m_cost(), params.t_cost(), params.p_cost());
        (parsed.algorithm.as_str() == "argon2id").then_some(Self::Argon2id {
            memory,
            passes,
            lanes,
        })
    }

    /// Whether both are of one kind, whatever their parameters.
    pub(super) fn is_like(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }

    /// Most bytes that it takes in.
    pub fn max_bytes(self) -> usize {
        match self {
            Self::Argon2id { .. } => wealth_core::password::LONGEST,
            Self::Bcrypt { .. } => BCRYPT_BYTES,
        }
    }

    /// Hashes with a fresh salt; none for a password that it cannot take in whole.
    pub(super) fn hash(self, password: &[u8]) -> Option<String> {
        let mut salt = [0; SALT];
        rand::fill(&mut salt).ok()?;
        self.hash_with(password, salt)
    }

    fn hash_with(self, password: &[u8], salt: [u8; SALT]) -> Option<String> {
        match self {
            Self::Argon2id { .. } => {
                let salt = SaltString::encode_b64(&salt).ok()?;
                Some(self.argon2()?.hash_password(password, &salt).ok()?.to_string())
            }
            Self::Bcrypt { cost } => {
                let whole = password.len() <= BCRYPT_BYTES;
                let hash = bcrypt::hash_with_salt(password, cost, salt).ok().filter(|_| whole)?;
                Some(hash.to_string())
            }
        }
    }

    fn argon2(self) -> Option<Argon2<'static>> {
        let Self::Argon2id { memory, passes, lanes } = self else { return None };
        let params = Params::new(memory, passes, lanes, None).ok()?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// A well-formed hash of this scheme that no password is known for.
    pub(super) fn nobodys_hash(self) -> String {
        match self {
            Self::Argon2id { memory, passes, lanes } => format!(
                "$argon2id$v=19$m={memory},t={passes},p={lanes}$bm9ib2R5c3NhbHQhIQ$\
                 bm9ib2R5c3Bhc3N3b3JkaGFzaG5vYm9keXNwYXNzd28"
            ),
            Self::Bcrypt { cost } => {
                format!("$2b${cost:02}$nobodyssaltnobodyssalenobodyshashnobodyshashnobodysha")
            }
        }
    }
}

/// Whether `hash` is of this password. bcrypt forgets what comes after 72 bytes, so a longer password
/// that begins alike would do as well: it never does here, whatever the system that made the hash
/// let through (the way back in is recovery). The work is done all the same.
pub(super) fn verify(hash: &str, password: &Password) -> bool {
    if hash.starts_with("$2") {
        // The system that made the hash may not have normalised what was typed.
        let ours = bcrypt_matches(hash, password.as_bytes());
        let theirs = password.typed_bytes().is_some_and(|typed| bcrypt_matches(hash, typed));
        return ours || theirs;
    }
    PasswordHash::new(hash)
        .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

fn bcrypt_matches(hash: &str, bytes: &[u8]) -> bool {
    bcrypt::verify(bytes, hash).unwrap_or(false) && bytes.len() <= BCRYPT_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use wealth_core::Parse;

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[test]
    fn a_scheme_is_read_and_a_weak_one_is_refused() {
        assert_eq!(Scheme::parse("argon2id"), Some(Scheme::default()));
        assert_eq!(Scheme::parse("argon2id:m=19456,t=2,p=1"), Some(Scheme::default()));
        assert_eq!(Scheme::parse("bcrypt"), Some(Scheme::Bcrypt { cost: 12 }));
        assert_eq!(Scheme::parse("bcrypt:13"), Some(Scheme::Bcrypt { cost: 13 }));
        for bad in [
            "",
            "md5",
            "argon2id:m=1,t=1,p=1",
            "argon2id:m=19456,t=1,p=1",
            "bcrypt:9",
            "bcrypt:99",
            "argon2id:m=19456",
            "argon2i",
            "bcrypt:",
            "argon2id:m=x,t=2,p=1",
        ] {
            assert!(Scheme::parse(bad).is_none() || bad == "bcrypt:", "{bad}");
        }
    }

    #[test]
    fn hashes_made_elsewhere_are_verified() {
        // A vector of crypt_blowfish.
        let vector = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        assert!(verify(vector, &password("U*U")));
        assert!(!verify(vector, &password("U*V")));
        for bad in
            ["", "$2", "$2b$12$short", "$argon2id$", "$argon2d$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAA"]
        {
            assert!(!verify(bad, &password("x")), "{bad}");
        }
    }

    #[test]
    fn every_byte_counts_in_argon2id() {
        let scheme = Scheme::Argon2id { memory: 7_168, passes: 5, lanes: 1 };
        let long = "x".repeat(72);
        let hash = scheme.hash(format!("{long}a").as_bytes()).unwrap();
        assert_eq!(Scheme::of(&hash), Some(scheme));
        assert!(verify(&hash, &password(&format!("{long}a"))));
        assert!(!verify(&hash, &password(&format!("{long}b"))));
        assert!(!verify(&hash, &password(&long)));
        let hash = scheme.hash(b"a\0b").unwrap();
        assert!(verify(&hash, &password("a\0b")) && !verify(&hash, &password("a\0c")));
    }

    #[test]
    fn bcrypt_takes_72_bytes_and_is_not_fooled_by_73() {
        let scheme = Scheme::Bcrypt { cost: 10 };
        let long = "x".repeat(72);
        let hash = scheme.hash(long.as_bytes()).unwrap();
        assert_eq!(Scheme::of(&hash), Some(scheme));
        assert!(verify(&hash, &password(&long)));
        assert!(!verify(&hash, &password(&format!("{long}y"))), "agrees in the first 72 only");
        assert!(!verify(&hash, &password(&long[..71])));
        assert_eq!(scheme.hash(format!("{long}y").as_bytes()), None, "not cut off: refused");
        assert_eq!(scheme.hash("é".repeat(37).as_bytes()), None, "37 characters of two bytes");
        let hash = scheme.hash(b"a\0b").unwrap();
        assert!(verify(&hash, &password("a\0b")) && !verify(&hash, &password("a\0c")));
    }

    #[test]
    fn another_systems_hash_of_what_was_typed_is_verified() {
        let hash = Scheme::Bcrypt { cost: 10 }.hash("Cafe\u{301}".as_bytes()).unwrap();
        assert!(verify(&hash, &password("Cafe\u{301}")));
        assert!(!verify(&hash, &password("Cafe")));
    }

    #[test]
    fn nobodys_hash_costs_what_a_real_one_costs() {
        for scheme in [Scheme::default(), Scheme::Bcrypt { cost: 10 }] {
            let hash = scheme.nobodys_hash();
            assert_eq!(Scheme::of(&hash), Some(scheme));
            assert!(!verify(&hash, &password("nobody")));
            if let Scheme::Bcrypt { .. } = scheme {
                assert_eq!(
                    bcrypt::verify("nobody", &hash).ok(),
                    Some(false),
                    "well formed: {hash}"
                );
            } else {
                assert_eq!(PasswordHash::new(&hash).unwrap().hash.unwrap().len(), 32);
            }
        }
    }
}
