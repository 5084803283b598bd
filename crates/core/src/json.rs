//! Reading JSON into request types, with the place of what does not fit.

mod strict;

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use self::strict::{DUPLICATE, Strict};
use crate::violations::{Violations, pointer_token};

/// Why a body could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON at all; the caller answers `malformed_json`. Holds line, column and reason.
    #[error("{0}")]
    Malformed(String),
    /// JSON of another shape; the caller answers `validation_failed`.
    #[error("{0}")]
    Shape(Violations),
}

/// Reads a whole document; nothing but white space may follow it. An array is no struct, and no
/// object has two members of one name.
///
/// # Errors
/// [`JsonError`], which tells bad JSON from JSON of another shape.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(Strict(&mut reader), &mut track);
    let value = T::deserialize(tracked);
    match value {
        Ok(value) => {
            reader.end().map_err(|e| JsonError::Malformed(e.to_string()))?;
            Ok(value)
        }
        Err(error) if error.is_data() => Err(shape(&pointer_of(&track.path()), &error)),
        Err(error) => Err(JsonError::Malformed(error.to_string())),
    }
}

/// Reads an already parsed document, in which an array is no struct either.
///
/// # Errors
/// What does not fit, by JSON pointer.
pub fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Violations> {
    serde_path_to_error::deserialize(Strict(value)).map_err(|error| {
        match shape(&pointer_of(error.path()), error.inner()) {
            JsonError::Shape(violations) => violations,
            JsonError::Malformed(message) => Violations::one("", "wrong_type", message),
        }
    })
}

/// The JSON pointer (RFC 6901) of a serde path.
pub fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", pointer_token(key)),
            Segment::Enum { variant } => format!("/{}", pointer_token(variant)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

fn shape(pointer: &str, error: &serde_json::Error) -> JsonError {
    let text = error.to_string();
    // serde_json appends the place in the text, which the pointer says better.
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let one = |code, message: &str| JsonError::Shape(Violations::one(pointer, code, message));
    if text.starts_with("unknown field") {
        one("unknown_field", text)
    } else if text.starts_with("unknown variant") {
        one("unknown_value", text)
    } else if text.starts_with(DUPLICATE) {
        one("duplicate_field", "appears in its object more than once")
    } else if let Some(name) = text.strip_prefix("missing field `") {
        let pointer = format!("{pointer}/{}", pointer_token(name.trim_end_matches('`')));
        JsonError::Shape(Violations::one(pointer, "required", "is required"))
    } else {
        one("wrong_type", &wanted(text))
    }
}

/// What serde wanted, in the words of JSON and without what it found, which may be a secret.
fn wanted(message: &str) -> Cow<'_, str> {
    let invalid = message.starts_with("invalid type") || message.starts_with("invalid value");
    let Some((_, wanted)) = message.rsplit_once(", expected ").filter(|_| invalid) else {
        return message.into();
    };
    let wanted = match wanted {
        "a sequence" => "a JSON array",
        "a boolean" => "true or false",
        "i8" | "i16" | "i32" | "i64" => "a whole number within its limits",
        "u8" | "u16" | "u32" | "u64" => "a whole number within its limits, not negative",
        other => other,
    };
    format!("must be {wanted}").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Body {
        items: Vec<u8>,
        #[serde(default)]
        inner: Option<Inner>,
        #[serde(default)]
        free: Vec<serde_json::Value>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Inner {
        year: u8,
    }

    fn finding(text: &str) -> (String, String) {
        match from_slice::<Body>(text.as_bytes()).unwrap_err() {
            JsonError::Shape(found) => (found.0[0].pointer.clone(), found.0[0].code.to_string()),
            JsonError::Malformed(message) => panic!("{message}"),
        }
    }

    #[test]
    fn what_does_not_fit_is_named_by_pointer() {
        assert_eq!(finding(r#"{"items":[1,"x"]}"#), ("/items/1".into(), "wrong_type".into()));
        assert_eq!(finding(r#"{"item":[]}"#), ("/item".into(), "unknown_field".into()));
        assert_eq!(finding("{}"), ("/items".into(), "required".into()));
    }

    #[test]
    fn what_is_no_json_is_told_apart() {
        for bad in ["", "{", "{\"items\":[]} x", "\u{feff}{}", "{\"items\":[1,]}"] {
            let error = from_slice::<Body>(bad.as_bytes()).unwrap_err();
            assert!(matches!(error, JsonError::Malformed(_)), "{bad}");
        }
        assert_eq!(from_slice::<Body>(b" {\"items\":[7]} ").unwrap(), body(7));
    }

    fn body(item: u8) -> Body {
        Body { items: vec![item], inner: None, free: Vec::new() }
    }

    #[test]
    fn the_message_says_what_is_wanted_and_not_what_was_found() {
        for (text, message) in [
            (
                r#"{"items":["secret"]}"#,
                "/items/0: must be a whole number within its limits, not negative",
            ),
            (
                r#"{"items":[300]}"#,
                "/items/0: must be a whole number within its limits, not negative",
            ),
            (r#"{"items":"secret"}"#, "/items: must be a JSON array"),
            (r#""secret""#, ": must be a JSON object"),
        ] {
            assert_eq!(from_slice::<Body>(text.as_bytes()).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn an_array_is_no_object_at_any_depth() {
        let wrong = |pointer: &str| (pointer.to_owned(), "wrong_type".to_owned());
        assert_eq!(finding("[[7]]"), wrong(""));
        assert_eq!(finding(r#"{"items":[7],"inner":[2026]}"#), wrong("/inner"));
        let parsed = serde_json::json!({"items": [7], "inner": [26]});
        let found = from_value::<Body>(parsed).unwrap_err();
        assert_eq!(found.to_string(), "/inner: must be a JSON object");
        let good = r#"{"items":[7],"inner":{"year":26},"free":[[1],{"a":[]}]}"#;
        assert_eq!(from_slice::<Body>(good.as_bytes()).unwrap().inner, Some(Inner { year: 26 }));
    }

    #[test]
    fn no_object_has_two_members_of_one_name() {
        let twice = |pointer: &str| (pointer.to_owned(), "duplicate_field".to_owned());
        assert_eq!(finding(r#"{"items":[1],"items":[2]}"#), twice("/items"));
        assert_eq!(
            finding(r#"{"items":[1],"free":[1,{"a":{"b":1,"c":2,"b":1}}]}"#),
            twice("/free/1/a/b")
        );
        assert_eq!(finding(r#"{"items":[1],"inner":{"year":1,"year":2}}"#), twice("/inner/year"));
        let known = from_slice::<serde_json::Value>(br#"[{"a":1},{"a":1,"\u0061":2}]"#);
        assert!(matches!(known, Err(JsonError::Shape(_))), "{known:?}");
    }
}
