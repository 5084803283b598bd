//! E-mail addresses: a subset of RFC 5321 and 5322 that every mail system delivers to, in one
//! canonical form, so that an address cannot have two accounts (S4-78).

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::parse::{Parse, ParseError, text_value};

/// Longest address that fits into the path of an SMTP envelope (RFC 5321 §4.5.3.1.3).
const LONGEST: usize = 254;
/// Longest local part (RFC 5321 §4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;
/// Longest label of a domain name (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

/// An address, trimmed and in lower case. Addresses that differ in case only are held to be the
/// same, as all large mail systems do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl Parse for Email {
    fn parse(text: &str) -> Result<Self, ParseError> {
        let wrong = |message: &'static str| Err(ParseError::new("email_invalid", message));
        // Cheap bound first: normalising must not be a way to burn time on a huge text.
        if text.len() > 4 * LONGEST {
            return wrong("may have at most 254 characters");
        }
        let normal: String = text.trim().nfc().collect();
        let Some((local, domain)) = normal.split_once('@') else {
            return wrong("must be an e-mail address, such as name@firm.example");
        };
        if normal.len() > LONGEST || local.len() > LONGEST_LOCAL {
            return wrong("may have at most 254 characters, 64 of them before the @");
        }
        if !normal.is_ascii() {
            return wrong("must be in ASCII; write a domain of another script in its xn-- form");
        }
        if !is_dot_atom(local) {
            return wrong("has a character before the @ that mail systems do not agree on");
        }
        if !is_domain(domain) {
            return wrong("must have a domain name behind the @, such as firm.example");
        }
        Ok(Self(normal.to_ascii_lowercase()))
    }
}

/// RFC 5322 §3.2.3. Quoted local parts exist on paper only.
fn is_dot_atom(local: &str) -> bool {
    local.split('.').all(|atom| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    })
}

/// Two labels at least, of letters, digits and inner hyphens, the last one no number: an address
/// literal is no address of a person.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let mut labels = domain.rsplit('.');
    let top = labels.next().unwrap_or_default();
    domain.contains('.')
        && label(top)
        && !top.bytes().all(|b| b.is_ascii_digit())
        && labels.all(label)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(Email, pattern: None, example: "ada@firm.example",
    about: "An e-mail address in ASCII, at most 254 characters; case does not matter");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        Email::parse(text).ok().map(|email| email.to_string())
    }

    #[test]
    fn one_address_has_one_form() {
        assert_eq!(read(" Ada.Lovelace+x@Firm.EXAMPLE\n").unwrap(), "ada.lovelace+x@firm.example");
        let email = Email::parse("a@b.test").unwrap();
        assert_eq!((email.local_part(), email.domain()), ("a", "b.test"));
    }

    #[test]
    fn what_mail_systems_do_not_agree_on_is_refused() {
        let long_local = format!("{}@b.test", "a".repeat(65));
        let long = format!("a@{}.test", ["b".repeat(60).as_str(); 5].join("."));
        for bad in [
            "",
            "a",
            "@b.test",
            "a@",
            "a@b",
            "a b@c.test",
            "a@b..test",
            ".a@b.test",
            "a.@b.test",
            "a..b@c.test",
            "\"a\"@b.test",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "a@-b.test",
            "a@b-.test",
            "a@b.test\r\nBcc: x@y.test",
            "a@b@c.test",
            "ä@b.test",
            "a@bü.test",
            "a@b.test\0",
            &long_local,
            &long,
            &"a".repeat(1_000_000),
        ] {
            assert_eq!(read(bad), None, "{bad:.80}");
        }
    }

    proptest! {
        #[test]
        fn reading_twice_changes_nothing(text in "[ -~]{0,30}@[ -~]{0,30}") {
            if let Some(once) = read(&text) {
                prop_assert_eq!(read(&once), Some(once));
            }
        }
    }
}
