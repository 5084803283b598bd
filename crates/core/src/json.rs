//! Reading JSON into request types, with the place of what does not fit.

use serde::de::DeserializeOwned;

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

/// Reads a whole document; nothing but white space may follow it.
///
/// # Errors
/// [`JsonError`], which tells bad JSON from JSON of another shape.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut reader, &mut track);
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

/// Reads an already parsed document.
///
/// # Errors
/// What does not fit, by JSON pointer.
pub fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Violations> {
    serde_path_to_error::deserialize(value).map_err(|error| {
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
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let code = if message.starts_with("unknown field") {
        "unknown_field"
    } else if message.starts_with("missing field") {
        "required"
    } else if message.starts_with("unknown variant") {
        "unknown_value"
    } else {
        "wrong_type"
    };
    JsonError::Shape(Violations::one(pointer, code, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Body {
        items: Vec<u8>,
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
        assert_eq!(finding("{}"), (String::new(), "required".into()));
    }

    #[test]
    fn what_is_no_json_is_told_apart() {
        for bad in ["", "{", "{\"items\":[]} x", "\u{feff}{}", "{\"items\":[1,]}"] {
            let error = from_slice::<Body>(bad.as_bytes()).unwrap_err();
            assert!(matches!(error, JsonError::Malformed(_)), "{bad}");
        }
        assert_eq!(from_slice::<Body>(b" {\"items\":[7]} ").unwrap(), Body { items: vec![7] });
    }
}
