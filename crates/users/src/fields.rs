//! Fields that several requests of this context share.

use serde_json::{Map, Value};
use wealth_core::email::Email;
use wealth_core::parse::Parse;
use wealth_core::patch::Patch;
use wealth_core::problem;
use wealth_core::text::{self, Rule};
use wealth_core::violations::Violations;
use wealth_http::{Problem, Result};

/// A first or last name (S0-42).
pub(crate) const PERSON_NAME: Rule = Rule { min: 1, max: 100, multiline: false };
/// A short or legacy id (S4-77).
pub(crate) const CODE: Rule = Rule { min: 1, max: 64, multiline: false };
/// What a directory calls somebody.
pub(crate) const EXTERNAL: Rule = Rule { min: 1, max: 255, multiline: false };
/// An e-mail address in its canonical form. Whether it is anybody's only a message can tell.
pub(crate) fn email(value: &str, at: &str, v: &mut Violations) -> Option<String> {
    match Email::parse(value) {
        Ok(email) => Some(email.as_str().to_owned()),
        Err(error) => {
            v.add(at, error.code, error.message);
            None
        }
    }
}

/// Adds a field of a new thing to `into`, if it is there.
pub(crate) fn put(
    into: &mut Map<String, Value>,
    name: &str,
    value: Option<&str>,
    rule: Rule,
    v: &mut Violations,
) {
    if let Some(value) = value.and_then(|value| text::clean(value, rule, &format!("/{name}"), v)) {
        into.insert(name.to_owned(), value.into());
    }
}

/// Adds a field of a merge patch to `into`, if it is there; null clears it.
pub(crate) fn patch(
    into: &mut Map<String, Value>,
    name: &str,
    value: &Patch<String>,
    rule: Rule,
    v: &mut Violations,
) {
    match value {
        Patch::Keep => {}
        Patch::Clear => {
            into.insert(name.to_owned(), Value::Null);
        }
        Patch::Set(value) => put(into, name, Some(value), rule, v),
    }
}

/// The words of a search in lower case, none when it is blank. Eight are enough to find anybody
/// and bound the work for a row.
pub(crate) fn words(q: &str) -> Result<Option<Vec<String>>> {
    let refuse = |reason: &str| {
        Problem::new(&problem::MALFORMED_REQUEST, format!("The parameter q {reason}."))
    };
    let mut violations = Violations::new();
    let rule = Rule { min: 0, max: 200, multiline: false };
    let Some(text) = text::clean(q, rule, "/q", &mut violations) else {
        let reason = violations.0.first().map_or("cannot be read", |e| e.message.as_str());
        return Err(refuse(reason));
    };
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    if words.len() > 8 {
        return Err(refuse("may have at most 8 words"));
    }
    Ok((!words.is_empty()).then_some(words))
}

/// A value of a query that goes to the database as text.
pub(crate) fn plain(name: &str, value: Option<&String>) -> Result<()> {
    let bad = |value: &&String| value.len() > 1024 || value.contains(char::is_control);
    if value.filter(bad).is_some() {
        let text = format!("The parameter {name} cannot be read.");
        return Err(Problem::new(&problem::MALFORMED_REQUEST, text));
    }
    Ok(())
}
