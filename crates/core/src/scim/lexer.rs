//! The words of filters and paths (RFC 7644 figure 1 and section 3.5.2).

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// An attribute path or an operator; which of the two, its place says.
    Word(String),
    /// A JSON string.
    Text(String),
    /// A JSON number, as it is written.
    Number(String),
    /// `(`, `)`, `[` or `]`.
    Mark(char),
}

/// Splits a text into words.
///
/// # Errors
/// Says what could not be read, and where.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let at = text.len().saturating_sub(rest.len()).saturating_add(1);
        let (token, after) = match first {
            '(' | ')' | '[' | ']' => (Token::Mark(first), &rest[1..]),
            '"' => quoted(rest)
                .ok_or_else(|| format!("the string at {at} is not closed or not JSON"))?,
            '-' | '0'..='9' => split(rest, is_number, |word| Token::Number(word.to_owned())),
            _ if is_word(first) => split(rest, is_word, |word| Token::Word(word.to_owned())),
            _ => return Err(format!("the character at {at} is not expected")),
        };
        found.push(token);
        rest = after.trim_start();
    }
    Ok(found)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$' | ':' | '.')
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')
}

fn split(text: &str, belongs: fn(char) -> bool, token: impl Fn(&str) -> Token) -> (Token, &str) {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (token(word), rest)
}

/// A JSON string at the start of `text`, and what follows it.
fn quoted(text: &str) -> Option<(Token, &str)> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })?;
    let (literal, rest) = text.split_at(end.checked_add(1)?);
    Some((Token::Text(serde_json::from_str(literal).ok()?), rest))
}
