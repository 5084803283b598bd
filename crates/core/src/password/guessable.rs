//! What is guessed first: a list of common passwords, patterns, and words about the person.

/// Sorted by bytes, one a line, in lower case. Where it comes from: `common.LICENSE`.
const COMMON: &str = include_str!("common.txt");
/// Neighbours on a keyboard.
const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// A person's word shorter than this proves nothing: it is in half of all sentences.
const SHORTEST_WORD: usize = 4;
/// Characters that must remain beside words about the person.
const REMAINDER: usize = 8;

/// Whether `lower` is in the list, alone or repeated.
pub fn is_common(lower: &str) -> bool {
    listed(lower) || unit(lower).is_some_and(|unit| unit.chars().count() < 8 || listed(unit))
}

/// Whether most steps from one character to the next can be foretold: the same again, the next of the
/// alphabet, the next key.
pub fn is_predictable(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    let foretold = chars.windows(2).filter(|pair| follows(pair[0], pair[1])).count();
    chars.len() > 3 && foretold * 4 >= (chars.len() - 1) * 3
}

/// Whether little is left of `lower` without the words.
pub(super) fn is_about(lower: &str, words: &[&str]) -> bool {
    let mut parts: Vec<String> = words
        .iter()
        .flat_map(|text| std::iter::once(*text).chain(text.split(|c: char| !c.is_alphanumeric())))
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() >= SHORTEST_WORD && lower.contains(word.as_str()))
        .collect();
    parts.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = parts.iter().fold(lower.to_owned(), |rest, word| rest.replace(word.as_str(), ""));
    !parts.is_empty() && rest.chars().filter(|c| !c.is_whitespace()).count() < REMAINDER
}

/// Halves the text between two line breaks until the line is found.
fn listed(wanted: &str) -> bool {
    let (mut low, mut high) = (0, COMMON.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = COMMON[low..middle].rfind('\n').map_or(low, |at| low + at + 1);
        let end = COMMON[middle..high].find('\n').map_or(high, |at| middle + at);
        match COMMON[start..end].cmp(wanted) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = (end + 1).min(high),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

/// The shortest part that the whole text is a repetition of.
fn unit(text: &str) -> Option<&str> {
    let bounds =
        text.char_indices().map(|(at, _)| at).filter(|at| (1..=text.len() / 2).contains(at));
    bounds
        .filter(|at| text.len().is_multiple_of(*at))
        .map(|at| &text[..at])
        .find(|unit| text.as_bytes().chunks(unit.len()).all(|chunk| chunk == unit.as_bytes()))
}

fn follows(a: char, b: char) -> bool {
    u32::from(a).abs_diff(u32::from(b)) <= 1
        || ROWS.iter().any(|row| match (row.find(a), row.find(b)) {
            (Some(a), Some(b)) => a.abs_diff(b) == 1 || (a == row.len() - 1 && b == 0),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_found_and_nothing_else() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() > 9_000 && lines.is_sorted(), "{}", lines.len());
        for line in &lines {
            assert!(listed(line), "{line}");
            assert_eq!(*line, line.to_lowercase());
        }
        for other in
            ["", "!", "\n", "~~~~~~~~~~~~~~", "correct horse", "password1x", "é", "passwor"]
        {
            assert!(!listed(other), "{other}");
        }
    }

    #[test]
    fn a_repetition_is_recognised() {
        assert_eq!(unit("abcabc"), Some("abc"));
        assert_eq!(unit("ääää"), Some("ä"));
        assert_eq!(unit("abcab"), None);
        assert_eq!(unit(""), None);
    }
}
