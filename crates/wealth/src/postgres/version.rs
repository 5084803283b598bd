//! Which PostgreSQL servers are good enough.

use std::fmt;

/// The oldest major version that the schema runs on: `security_invoker` views need 15.
pub const OLDEST_MAJOR: u16 = 15;

/// The minor release of each major that closes the holes in row level security, `ON CONFLICT` and
/// partition pruning known on 2026-11-12. A server below it works, but the fence between tenants
/// has known gaps.
const FLOOR: [Version; 4] =
    [Version::new(15, 20), Version::new(16, 16), Version::new(17, 12), Version::new(18, 6)];

/// A server version: 15.20 is `major` 15, `minor` 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// The major release, which decides features and the format of the data directory.
    pub major: u16,
    /// The minor release, which decides the fixes in it.
    pub minor: u16,
}

impl Version {
    /// A version by its two numbers.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// Reads the first `major.minor` in `text`, such as `postgres (PostgreSQL) 15.20 (Debian …)`
    /// or Debian's `15.20-0+deb12u1`. `None` if there is no such number (`19beta1` has none).
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
            let (major, minor) = word.split_once('.')?;
            let minor = minor.split('.').next()?;
            Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()? })
        })
    }

    /// Reads the setting `server_version_num`: 150020 is 15.20.
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Some(Self {
            major: u16::try_from(number / 10_000).ok()?,
            minor: u16::try_from(number % 10_000).ok()?,
        })
    }

    /// Whether the schema runs on it at all.
    #[must_use]
    pub fn is_supported(self) -> bool {
        self.major >= OLDEST_MAJOR
    }

    /// Whether it carries the security fixes that the tenant fence relies on. Majors newer than
    /// the table were released after those fixes.
    #[must_use]
    pub fn is_at_floor(self) -> bool {
        match FLOOR.iter().find(|floor| floor.major == self.major) {
            Some(floor) => self >= *floor,
            None => self.major > OLDEST_MAJOR,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        for (text, want) in [
            ("postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", Some((15, 20))),
            ("postgres (PostgreSQL) 18.4", Some((18, 4))),
            ("17.12-1.pgdg12+1", Some((17, 12))),
            ("18.4.0-beta.17", Some((18, 4))),
            ("postgres (PostgreSQL) 19beta1", None),
            ("", None),
        ] {
            assert_eq!(Version::find(text), want.map(|(a, b)| Version::new(a, b)), "{text}");
        }
        assert_eq!(Version::from_number(150_020), Some(Version::new(15, 20)));
    }

    #[test]
    fn the_floor_is_per_major() {
        for (version, supported, floor) in [
            (Version::new(14, 25), false, false),
            (Version::new(15, 18), true, false),
            (Version::new(15, 20), true, true),
            (Version::new(16, 15), true, false),
            (Version::new(18, 4), true, false),
            (Version::new(18, 6), true, true),
            (Version::new(19, 0), true, true),
        ] {
            assert_eq!((version.is_supported(), version.is_at_floor()), (supported, floor));
        }
    }
}
