//! Text that people write: normalised, bounded, and free of what breaks screens and databases.

use unicode_normalization::UnicodeNormalization;

use crate::violations::Violations;

/// How a text field is checked.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Fewest characters after trimming.
    pub min: usize,
    /// Most characters (Unicode scalar values, as PostgreSQL counts them) after normalisation.
    pub max: usize,
    /// Whether line breaks and tabs may appear.
    pub multiline: bool,
}

/// A name: one line, 1 to 255 characters (S0-09).
pub const NAME: Rule = Rule { min: 1, max: 255, multiline: false };
/// A description: up to 10,000 characters.
pub const DESCRIPTION: Rule = Rule { min: 0, max: 10_000, multiline: true };
/// Terms and conditions: up to 200,000 characters.
pub const TERMS: Rule = Rule { min: 0, max: 200_000, multiline: true };
/// A reason or note: 1 to 1,000 characters.
pub const REASON: Rule = Rule { min: 1, max: 1_000, multiline: true };
/// An id or source name given by an outside system: one line, 1 to 200 characters.
pub const EXTERNAL_ID: Rule = Rule { min: 1, max: 200, multiline: false };

/// The text trimmed and in Unicode normal form C, after noting at `pointer` what is wrong with it.
///
/// Control characters are refused: NUL because PostgreSQL's text cannot hold it, the others because
/// they forge log lines and terminals. So are the bidirectional overrides U+202A-202E and
/// U+2066-2069, which make a name read as another one.
pub fn clean(text: &str, rule: Rule, pointer: &str, violations: &mut Violations) -> Option<String> {
    // Cheap bound first: normalising must not be a way to burn time on a huge text.
    if text.len() > rule.max.saturating_mul(4).saturating_add(64) {
        violations.add(pointer, "too_long", too_long(rule));
        return None;
    }
    let normal: String = text.trim().nfc().collect();
    if let Some(bad) = normal.chars().find(|c| is_refused(*c, rule.multiline)) {
        let message = format!("must not contain the character U+{:04X}", u32::from(bad));
        violations.add(pointer, "character_refused", message);
        return None;
    }
    let length = normal.chars().count();
    if length < rule.min {
        violations.add(pointer, "required", "must not be empty");
        return None;
    }
    if length > rule.max {
        violations.add(pointer, "too_long", too_long(rule));
        return None;
    }
    Some(normal)
}

fn too_long(rule: Rule) -> String {
    format!("may have at most {} characters", rule.max)
}

fn is_refused(c: char, multiline: bool) -> bool {
    let breaks = matches!(c, '\n' | '\r' | '\t');
    (c.is_control() && !(multiline && breaks))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, rule: Rule) -> Result<String, String> {
        let mut violations = Violations::new();
        clean(text, rule, "/name", &mut violations).ok_or_else(|| violations.0[0].code.to_string())
    }

    #[test]
    fn names_are_trimmed_and_normalised() {
        assert_eq!(check("  Cafe\u{301} ", NAME).unwrap(), "Caf\u{e9}");
        assert_eq!(check("   ", NAME).unwrap_err(), "required");
        assert_eq!(check(&"é".repeat(255), NAME).unwrap().chars().count(), 255);
        assert_eq!(check(&"é".repeat(256), NAME).unwrap_err(), "too_long");
        assert_eq!(check(&"x".repeat(1_000_000), NAME).unwrap_err(), "too_long");
    }

    #[test]
    fn dangerous_characters_are_refused() {
        for bad in ["a\0b", "a\u{7}b", "a\nb", "a\u{202e}b", "a\u{85}b", "a\u{2066}b"] {
            assert_eq!(check(bad, NAME).unwrap_err(), "character_refused", "{bad:?}");
        }
        assert_eq!(check("one\r\n\ttwo", DESCRIPTION).unwrap(), "one\r\n\ttwo");
        assert_eq!(check("one\0", DESCRIPTION).unwrap_err(), "character_refused");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in ".{0,300}") {
            if let Ok(once) = check(&text, DESCRIPTION) {
                prop_assert_eq!(check(&once, DESCRIPTION).unwrap(), once);
            }
        }
    }
}
