//! What the fields of a profile may hold.

use serde_json::{Map, Value};
use wealth_core::violations::Violations;

/// Largest text of a document, in bytes; the database measures what is stored.
const DOCUMENT_MAX: usize = 16 * 1024;

/// E.164: plus and 2 to 15 digits, the first of them not 0.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (2..=15).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0')
}

/// A relative path that leads neither up nor out.
pub(super) fn is_storage_key(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    (1..=1024).contains(&text.len())
        && text.split('/').all(|part| {
            part.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
                && part.bytes().all(plain)
        })
}

/// The form of an IANA name. The server also knows `posix/…`, `right/…`, `localtime` and the like,
/// which are no zones of the database; which of the rest exist it knows best.
pub(super) fn may_be_time_zone(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_+-/".contains(&b);
    (1..=64).contains(&text.len())
        && text.bytes().all(plain)
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text != "Factory"
}

/// The form of a language tag (RFC 5646 §2.1): subtags of 1 to 8 letters and digits, the first of
/// letters only.
pub(super) fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=35).contains(&text.len())
        && (2..=8).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// A document that a person's clients keep with us: bounded, and without NUL, which the database
/// cannot hold.
pub(super) fn check_document(document: &Map<String, Value>, pointer: &str, v: &mut Violations) {
    if serde_json::to_vec(document).map_or(true, |text| text.len() > DOCUMENT_MAX) {
        v.add(pointer, "too_long", "may have at most 16 KiB");
    }
    if document.iter().any(|(name, value)| name.contains('\0') || has_nul(value)) {
        v.add(pointer, "character_refused", "must not contain the character U+0000");
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => {
            members.iter().any(|(name, value)| name.contains('\0') || has_nul(value))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_one_form() {
        for good in ["+12125550123", "+49", "+123456789012345"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "+", "12125550123", "+0123", "+1 212", "+1234567890123456", "+4"] {
            assert!(!is_phone(bad), "{bad}");
        }
        for good in ["a.png", "avatars/0199-a_b.png"] {
            assert!(is_storage_key(good), "{good}");
        }
        for bad in ["", "/a", "a/", "a//b", "../a", "a/../b", "a b", "https://x", ".a"] {
            assert!(!is_storage_key(bad), "{bad}");
        }
        for good in ["UTC", "America/New_York", "Etc/GMT+5"] {
            assert!(may_be_time_zone(good), "{good}");
        }
        for bad in ["", "posix/UTC", "localtime", "Factory", "<+03>-3", "America/New York"] {
            assert!(!may_be_time_zone(bad), "{bad}");
        }
        for good in ["en", "de-AT", "zh-Hant-TW", "x-y-not"] {
            assert_eq!(is_language_tag(good), !good.starts_with('x'), "{good}");
        }
        for bad in ["", "e", "en_US", "en-", "1en", "abcdefghi", "en-123456789"] {
            assert!(!is_language_tag(bad), "{bad}");
        }
    }

    #[test]
    fn documents_are_bounded_and_hold_no_nul() {
        let found = |document: Value| {
            let mut v = Violations::new();
            check_document(document.as_object().unwrap(), "/p", &mut v);
            v.0.into_iter().map(|e| e.code.into_owned()).collect::<Vec<_>>()
        };
        assert!(found(serde_json::json!({"a": [{"b": null}], "c": 1})).is_empty());
        assert_eq!(found(serde_json::json!({"a": [{"b\0": 1}]})), ["character_refused"]);
        assert_eq!(found(serde_json::json!({"a": "x".repeat(16 * 1024)})), ["too_long"]);
    }
}
