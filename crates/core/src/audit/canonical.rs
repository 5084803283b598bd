//! JSON in one form only (RFC 8785): members by name, no blanks, one way to write each string.
//!
//! RFC 8785 writes numbers as JavaScript does and so knows 53 bits of them. What is hashed here are
//! values of `jsonb`, whose numbers are exact, `4.1000` unlike `4.1`: they stay as they are written.

use std::fmt;

use serde::de::{Deserializer as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// How deep arrays and objects may lie in each other.
const DEPTH: usize = 256;

/// Why a text has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// It is not JSON.
    #[error("is not JSON")]
    NotJson,
    /// An object has a member twice: two readers could take two values.
    #[error("has the member {0:?} twice")]
    Twice(String),
    /// Arrays and objects lie too deep in each other.
    #[error("is nested deeper than {DEPTH}")]
    TooDeep,
}

/// The canonical form of a JSON text.
///
/// # Errors
/// [`CanonicalError`].
pub fn canonical(text: &str) -> Result<String, CanonicalError> {
    let mut out = String::with_capacity(text.len());
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| CanonicalError::NotJson)?;
    write(raw.get(), 0, &mut out)?;
    Ok(out)
}

fn write(text: &str, depth: usize, out: &mut String) -> Result<(), CanonicalError> {
    if depth > DEPTH {
        return Err(CanonicalError::TooDeep);
    }
    match text.as_bytes().first() {
        Some(b'{') => object(text, depth, out),
        Some(b'[') => array(text, depth, out),
        Some(b'"') => {
            let value: String = parse(text)?;
            string(&value, out);
            Ok(())
        }
        // Numbers, true, false and null have no blanks inside.
        _ => {
            out.push_str(text);
            Ok(())
        }
    }
}

fn parse<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, CanonicalError> {
    serde_json::from_str(text).map_err(|_| CanonicalError::NotJson)
}

/// As ECMAScript writes a string, which is as serde_json does.
fn string(value: &str, out: &mut String) {
    // A string always serialises.
    out.push_str(&serde_json::to_string(value).unwrap_or_default());
}

fn array(text: &str, depth: usize, out: &mut String) -> Result<(), CanonicalError> {
    let items: Vec<&RawValue> = serde_json::Deserializer::from_str(text)
        .deserialize_seq(Items)
        .map_err(|_| CanonicalError::NotJson)?;
    out.push('[');
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write(item.get(), depth + 1, out)?;
    }
    out.push(']');
    Ok(())
}

fn object(text: &str, depth: usize, out: &mut String) -> Result<(), CanonicalError> {
    let mut members = serde_json::Deserializer::from_str(text)
        .deserialize_map(Members)
        .map_err(|_| CanonicalError::NotJson)?;
    // RFC 8785 §3.2.3: by UTF-16 code units, which differs from UTF-8 beyond the basic plane.
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    if let Some(pair) = members.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(CanonicalError::Twice(pair[0].0.clone()));
    }
    out.push('{');
    for (place, (name, value)) in members.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        string(&name, out);
        out.push(':');
        write(value.get(), depth + 1, out)?;
    }
    out.push('}');
    Ok(())
}

struct Items;

impl<'a> Visitor<'a> for Items {
    type Value = Vec<&'a RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}

struct Members;

impl<'a> Visitor<'a> for Members {
    type Value = Vec<(String, &'a RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_rfc_8785() {
        // §3.2.3, without its numbers.
        let text = "{\"\\u20ac\": \"Euro Sign\", \"\\r\": \"Carriage Return\", \"\\ufb33\": \"Hebrew\",
            \"1\": \"One\", \"\\ud83d\\ude00\": \"Emoji\", \"\\u0080\": \"Control\", \"\\u00f6\": \"o\"}";
        let wanted = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"ö\":\"o\",\
            \"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\u{fb33}\":\"Hebrew\"}";
        assert_eq!(canonical(text).unwrap(), wanted);
        let text = r#"{"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        let wanted = r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(canonical(text).unwrap(), wanted);
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        let text = "[4.1000, 4.1, 123456789012345678901234567890.5, -0, 1E+2]";
        assert_eq!(canonical(text).unwrap(), text.replace(' ', ""));
    }

    #[test]
    fn what_two_readers_could_take_for_two_things_is_refused() {
        let twice = CanonicalError::Twice("a".to_owned());
        assert_eq!(canonical(r#"{"a":1,"\u0061":2}"#), Err(twice.clone()));
        assert_eq!(canonical(r#"[{"b":{"a":1,"a":1}}]"#), Err(twice));
        for bad in ["", "{", "nul", "[1,]", "{\"a\":01}", "\"\\ud800\"", "1 2", "\u{feff}1"] {
            assert_eq!(canonical(bad), Err(CanonicalError::NotJson), "{bad}");
        }
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        assert_eq!(canonical(&deep), Err(CanonicalError::TooDeep));
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_same_value_has_one_form(value in json()) {
            let once = canonical(&value.to_string()).unwrap();
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(&canonical(&pretty).unwrap(), &once);
            prop_assert_eq!(&canonical(&once).unwrap(), &once);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&once).unwrap(), value);
        }
    }
}
