//! Filters (RFC 7644 section 3.4.2.2): which resources a client asks for.

mod matching;
mod order;
mod parse;

use chrono::{DateTime, Utc};

pub use matching::{matches, present};
pub use order::{order, sort_target};
pub(in crate::scim) use parse::parse_tokens;
pub use parse::{parse, parse_lenient};

use super::path::Target;

/// Longest filter, in bytes.
pub const MAX_LENGTH: usize = 4_096;
/// Deepest nesting of groups, negations and value paths.
pub const MAX_DEPTH: usize = 16;
/// Most comparisons.
pub const MAX_TERMS: usize = 128;

/// A filter whose attributes are known and whose values have the attributes' types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    And(Vec<Self>),
    /// Any of them.
    Or(Vec<Self>),
    /// The opposite.
    Not(Box<Self>),
    /// The attribute has a value.
    Present(Target),
    /// A value compares so. Of a list it suffices that one does; `ne` is the opposite of `eq`.
    Compare(Compare),
    /// One element of a list fulfils a filter about its parts.
    Element(Target, Box<Self>),
    /// The attribute is none of this kind of resource: as if it had no value.
    Absent,
}

/// An attribute, an operator and a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compare {
    /// Whose value.
    pub target: Target,
    /// How it compares.
    pub operator: Operator,
    /// With what.
    pub value: Literal,
}

/// The comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater, or later.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less, or earlier.
    Lt,
    /// Less or equal.
    Le,
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// Text, also of references and bytes.
    Text(String),
    /// True or false.
    Bool(bool),
    /// An instant.
    Instant(DateTime<Utc>),
    /// No value.
    Null,
}

impl Filter {
    /// The filters that must all hold: this one taken apart at its outermost `and`s.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::And(parts) => parts.iter().flat_map(Self::conjuncts).collect(),
            other => vec![other],
        }
    }

    /// Whether it looks at that core attribute.
    pub fn mentions(&self, attribute: &str) -> bool {
        let names = |target: &Target| {
            target.extension.is_none() && target.attribute.is_some_and(|a| a.name == attribute)
        };
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(|part| part.mentions(attribute)),
            Self::Not(inner) => inner.mentions(attribute),
            Self::Present(target) | Self::Element(target, _) => names(target),
            Self::Compare(compare) => names(&compare.target),
            Self::Absent => false,
        }
    }
}
