//! Parse at the edge: one trait for values that come as text, and [`Checked`], which lets a whole
//! request be read before anything is refused.

use std::borrow::Cow;

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::violations::Violations;

/// Why a text is not a value of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// Stable reason, such as `cusip_invalid`.
    pub code: &'static str,
    /// What a person should read.
    pub message: Cow<'static, str>,
}

impl ParseError {
    /// An error with this code and message.
    pub fn new(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }
}

/// A value with exactly one canonical text form.
pub trait Parse: Sized {
    /// Reads the text.
    ///
    /// # Errors
    /// Says in words what the text should have been.
    fn parse(text: &str) -> Result<Self, ParseError>;
}

/// A field that was read from JSON, good or bad.
///
/// Serde stops at the first bad field. A request made of `Checked` fields always deserialises
/// (given a JSON object with known members), and its `validate` then reports all bad ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Checked<T> {
    /// The member was absent.
    #[default]
    Missing,
    /// A valid value.
    Good(T),
    /// Present but not valid.
    Bad(ParseError),
}

impl<T> Checked<T> {
    /// The value, after noting at `pointer` what is wrong with it; a missing one is wrong.
    pub fn required(self, pointer: &str, violations: &mut Violations) -> Option<T> {
        if matches!(self, Self::Missing) {
            violations.add(pointer, "required", "is required");
        }
        self.optional(pointer, violations)
    }

    /// The value, after noting at `pointer` what is wrong with it; it may be missing.
    pub fn optional(self, pointer: &str, violations: &mut Violations) -> Option<T> {
        match self {
            Self::Good(value) => Some(value),
            Self::Missing => None,
            Self::Bad(error) => {
                violations.add(pointer, error.code, error.message);
                None
            }
        }
    }
}

impl<T> From<T> for Checked<T> {
    fn from(value: T) -> Self {
        Self::Good(value)
    }
}

impl<T: Parse> Checked<T> {
    /// Reads a text, such as a cell of a CSV file.
    pub fn from_text(text: &str) -> Self {
        match T::parse(text) {
            Ok(value) => Self::Good(value),
            Err(error) => Self::Bad(error),
        }
    }
}

impl<'de, T: Parse> Deserialize<'de> for Checked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor(std::marker::PhantomData))
    }
}

impl<T: Serialize> Serialize for Checked<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Good(value) => value.serialize(serializer),
            Self::Missing | Self::Bad(_) => serializer.serialize_none(),
        }
    }
}

impl<T: utoipa::PartialSchema> utoipa::PartialSchema for Checked<T> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        T::schema()
    }
}

impl<T: utoipa::ToSchema> utoipa::ToSchema for Checked<T> {
    fn name() -> Cow<'static, str> {
        T::name()
    }
}

/// A JSON number loses digits in most parsers, so decimals travel as strings.
pub(crate) const NUMBER_REFUSED: &str =
    "must be a JSON string, such as \"5.2500\": a JSON number would pass through a float";

struct TextVisitor<T>(std::marker::PhantomData<T>);

impl<T> TextVisitor<T> {
    fn wrong_type<E>(message: &'static str) -> Result<Checked<T>, E> {
        Ok(Checked::Bad(ParseError::new("wrong_type", message)))
    }
}

impl<'de, T: Parse> Visitor<'de> for TextVisitor<T> {
    type Value = Checked<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Checked::from_text(text))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Self::wrong_type("must not be null")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Self::wrong_type("must be a JSON string")
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Self::wrong_type(NUMBER_REFUSED)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Self::wrong_type(NUMBER_REFUSED)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Self::wrong_type(NUMBER_REFUSED)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Self::wrong_type("must be a JSON string")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Self::wrong_type("must be a JSON string")
    }
}

/// Implements the text traits of a [`Parse`] type that also has `Display`: `FromStr`, serde as a
/// JSON string and nothing else, and an OpenAPI string schema.
macro_rules! text_value {
    ($name:ident, pattern: $pattern:expr, example: $example:expr, about: $about:expr) => {
        impl std::str::FromStr for $name {
            type Err = $crate::parse::ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::parse::Parse>::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::Error;
                let checked = <$crate::parse::Checked<Self> as serde::Deserialize>::deserialize(
                    deserializer,
                )?;
                match checked {
                    $crate::parse::Checked::Good(value) => Ok(value),
                    $crate::parse::Checked::Bad(error) => Err(D::Error::custom(error)),
                    $crate::parse::Checked::Missing => Err(D::Error::custom("is required")),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let pattern: Option<&str> = $pattern;
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(pattern)
                    .description(Some($about))
                    .examples([serde_json::Value::from($example)])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}
pub(crate) use text_value;

impl Parse for chrono::NaiveDate {
    fn parse(text: &str) -> Result<Self, ParseError> {
        crate::dates::parse_date(text)
    }
}
