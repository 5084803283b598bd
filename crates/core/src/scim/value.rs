//! Values as the schema wants them: names canonical, types right, lengths bounded.

use serde_json::Value;

use super::Object;
use super::error::ScimError;
use super::filter::present;
use super::schema::{Attribute, Kind};
use crate::password::LONGEST;
use crate::text::{self, Rule};
use crate::violations::Violations;

/// Most elements of a list other than the members of a group.
pub const MAX_ELEMENTS: usize = 100;
/// Most members that one request can name; a group may have more.
pub const MAX_MEMBERS: usize = 10_000;

const LINE: Rule = Rule { min: 0, max: 1_024, multiline: false };
const LINES: Rule = Rule { min: 0, max: 4_096, multiline: true };
const URI: Rule = Rule { min: 0, max: 2_048, multiline: false };
const MAX_BINARY: usize = 32_768;

/// A boolean as Entra writes it: `"True"`, `"False"`.
pub fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// The value of an attribute, all elements of a list. None means unassigned: null, an empty list
/// and an empty text are that (RFC 7643 section 2.5). A single value for a list is a list of one.
///
/// # Errors
/// `invalidValue`, naming the attribute and never the value.
pub fn whole(attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    if !attribute.multi_valued {
        return single(attribute, value);
    }
    let elements = match value {
        Value::Array(list) => list.iter().collect(),
        other => vec![other],
    };
    let most = if attribute.is("members") { MAX_MEMBERS } else { MAX_ELEMENTS };
    if elements.len() > most {
        return Err(wrong(attribute, &format!("may have at most {most} elements")));
    }
    let mut list: Vec<Value> = Vec::with_capacity(elements.len());
    for element in elements {
        if let Some(element) = single(attribute, element)? {
            list.push(element);
        }
    }
    if list.iter().filter(|element| is_primary(element)).count() > 1 {
        return Err(wrong(attribute, "may have one primary value only"));
    }
    dedup(&mut list);
    Ok((!list.is_empty()).then_some(Value::Array(list)))
}

/// One value, or one element of a list.
///
/// # Errors
/// `invalidValue`.
pub fn single(attribute: &Attribute, value: &Value) -> Result<Option<Value>, ScimError> {
    if value.is_null() {
        return Ok(None);
    }
    let value = match attribute.kind {
        Kind::Complex => Value::Object(object(attribute, value)?),
        Kind::Boolean => match value {
            Value::Bool(_) => value.clone(),
            Value::String(text) if text.is_empty() => Value::Null,
            Value::String(text) => boolean(text)
                .map(Value::Bool)
                .ok_or_else(|| wrong(attribute, "must be true or false"))?,
            _ => return Err(wrong(attribute, "must be true or false")),
        },
        Kind::Integer => return Err(wrong(attribute, "cannot be set")),
        Kind::Binary => bytes(attribute, value)?,
        Kind::DateTime | Kind::Reference => line(attribute, value, URI)?,
        Kind::Text => line(attribute, value, LINES)?,
        Kind::String => line(attribute, value, LINE)?,
        Kind::Secret => secret(attribute, value)?,
    };
    Ok(Some(value).filter(present))
}

/// Whether an element of a list is the preferred one.
pub fn is_primary(element: &Value) -> bool {
    element.get("primary") == Some(&Value::Bool(true))
}

/// The parts of a complex value. A text alone is its `value`: so Entra writes a manager.
/// Parts that are read-only, or that nobody knows, are left out.
fn object(attribute: &Attribute, value: &Value) -> Result<Object, ScimError> {
    let mut parts = Object::new();
    match value {
        Value::Object(given) => {
            for (name, value) in given {
                let Some(sub) = attribute.sub(name).filter(|sub| sub.is_writable()) else {
                    continue;
                };
                if let Some(value) = whole(sub, value)? {
                    parts.insert(sub.name.to_owned(), value);
                }
            }
        }
        other => match attribute.sub("value") {
            Some(sub) => {
                if let Some(value) = single(sub, other)? {
                    parts.insert(sub.name.to_owned(), value);
                }
            }
            None => return Err(wrong(attribute, "must be an object")),
        },
    }
    Ok(parts)
}

fn line(attribute: &Attribute, value: &Value, rule: Rule) -> Result<Value, ScimError> {
    let Value::String(given) = value else { return Err(wrong(attribute, "must be a string")) };
    let mut violations = Violations::new();
    match text::clean(given, rule, "", &mut violations) {
        Some(text) => Ok(Value::String(text)),
        None => {
            let why = violations.0.first().map_or("is not valid", |found| &found.message);
            Err(wrong(attribute, why))
        }
    }
}

/// To the letter: blanks count in a password.
fn secret(attribute: &Attribute, value: &Value) -> Result<Value, ScimError> {
    let fits = value.as_str().is_some_and(|text| text.len() <= LONGEST);
    fits.then(|| value.clone())
        .ok_or_else(|| wrong(attribute, "must be a string of at most 1024 bytes"))
}

fn bytes(attribute: &Attribute, value: &Value) -> Result<Value, ScimError> {
    let fits = value.as_str().is_some_and(|text| {
        let body = text.trim_end_matches('=');
        text.len() <= MAX_BINARY
            && text.len().saturating_sub(body.len()) <= 2
            && body.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/-_".contains(&b))
    });
    fits.then(|| value.clone()).ok_or_else(|| wrong(attribute, "must be base64 of at most 24 KiB"))
}

fn wrong(attribute: &Attribute, why: &str) -> ScimError {
    ScimError::value(format!("{} {why}", attribute.name))
}

/// Leaves equal elements out, and members that are listed twice (RFC 7643 section 2.4).
fn dedup(list: &mut Vec<Value>) {
    let mut seen = std::collections::HashSet::with_capacity(list.len());
    list.retain(|element| seen.insert(element.to_string()));
}
