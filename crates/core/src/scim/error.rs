//! Errors as SCIM clients expect them (RFC 7644 section 3.12).

use serde_json::{Value, json};

/// The detail error keywords of RFC 7644 table 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScimType {
    /// The filter's syntax or its comparison is not supported.
    InvalidFilter,
    /// The filter yields more than the server is willing to look through.
    TooMany,
    /// A value that must be unique is taken.
    Uniqueness,
    /// The change contradicts the attribute's mutability.
    Mutability,
    /// The body is not what the schema of the request says.
    InvalidSyntax,
    /// The path of a PATCH operation is malformed or names no attribute.
    InvalidPath,
    /// The path of a PATCH operation selects nothing.
    NoTarget,
    /// A value is missing or not of the attribute's type.
    InvalidValue,
}

impl ScimType {
    /// The keyword.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
        }
    }
}

/// A failure that the caller is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ScimError {
    /// HTTP status.
    pub status: u16,
    /// The keyword, where RFC 7644 has one.
    pub scim_type: Option<ScimType>,
    /// What a person should read. Names the attribute, never a value: it may be a secret.
    pub detail: String,
}

impl ScimError {
    /// A failure without keyword.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// A bad request (400), or 409 for what is not unique.
    pub fn of(scim_type: ScimType, detail: impl Into<String>) -> Self {
        let status = if scim_type == ScimType::Uniqueness { 409 } else { 400 };
        Self { status, scim_type: Some(scim_type), detail: detail.into() }
    }

    /// A value that is missing or wrong.
    pub fn value(detail: impl Into<String>) -> Self {
        Self::of(ScimType::InvalidValue, detail)
    }

    /// A body of the wrong shape.
    pub fn syntax(detail: impl Into<String>) -> Self {
        Self::of(ScimType::InvalidSyntax, detail)
    }

    /// The document as it is sent; the status is a string (RFC 7644 section 3.12).
    pub fn document(&self) -> Value {
        let mut document = json!({
            "schemas": [super::ERROR],
            "status": self.status.to_string(),
            "detail": self.detail,
        });
        if let Some(scim_type) = self.scim_type {
            document["scimType"] = json!(scim_type.name());
        }
        document
    }
}
