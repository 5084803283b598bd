//! One attribute and its characteristics (RFC 7643 sections 2.2 to 2.4 and 7).

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of one line.
    String,
    /// Text that may have line breaks; SCIM calls it a string too.
    Text,
    /// Text that is taken as it is and never shown.
    Secret,
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// An instant (RFC 3339).
    DateTime,
    /// Bytes in base64.
    Binary,
    /// A URI.
    Reference,
    /// An object with sub-attributes.
    Complex,
}

impl Kind {
    /// The name in a schema document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::String | Self::Text | Self::Secret => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

/// Who may change a value, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// Only the server.
    ReadOnly,
    /// The client, at any time.
    ReadWrite,
    /// The client, once.
    Immutable,
    /// The client, and nobody ever reads it.
    WriteOnly,
}

impl Mutability {
    /// The name in a schema document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

/// When a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// In every answer.
    Always,
    /// In none.
    Never,
    /// Unless it is excluded or others are asked for.
    Default,
    /// Only when it is asked for by name.
    Request,
}

impl Returned {
    /// The name in a schema document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Default => "default",
            Self::Request => "request",
        }
    }
}

/// Where a value is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// Nowhere.
    None,
    /// Within the firm.
    Server,
}

impl Uniqueness {
    /// The name in a schema document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
        }
    }
}

/// An attribute or sub-attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Canonical name.
    pub name: &'static str,
    /// What it holds, for people.
    pub description: &'static str,
    /// Type of its values.
    pub kind: Kind,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Whether a resource must have it.
    pub required: bool,
    /// Whether upper and lower case differ in comparisons.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is shown.
    pub returned: Returned,
    /// Where it is unique.
    pub uniqueness: Uniqueness,
    /// Suggested values; others are accepted.
    pub canonical_values: &'static [&'static str],
    /// What a reference may point to.
    pub reference_types: &'static [&'static str],
    /// The parts of a complex attribute.
    pub sub_attributes: &'static [Self],
}

impl Attribute {
    /// Whether this is its name, in whatever case.
    pub const fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The sub-attribute of that name, in whatever case.
    pub fn sub(&self, name: &str) -> Option<&'static Self> {
        self.sub_attributes.iter().find(|attribute| attribute.is(name))
    }

    /// Whether a client may set it.
    pub fn is_writable(&self) -> bool {
        self.mutability != Mutability::ReadOnly
    }

    pub(super) const fn multi(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn case_exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    pub(super) const fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self
    }

    pub(super) const fn immutable(mut self) -> Self {
        self.mutability = Mutability::Immutable;
        self
    }

    pub(super) const fn always(mut self) -> Self {
        self.returned = Returned::Always;
        self
    }

    pub(super) const fn server_unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    pub(super) const fn canonical(mut self, values: &'static [&'static str]) -> Self {
        self.canonical_values = values;
        self
    }
}

const fn of(name: &'static str, description: &'static str, kind: Kind) -> Attribute {
    Attribute {
        name,
        description,
        kind,
        multi_valued: false,
        required: false,
        case_exact: false,
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        uniqueness: Uniqueness::None,
        canonical_values: &[],
        reference_types: &[],
        sub_attributes: &[],
    }
}

pub(super) const fn string(name: &'static str, description: &'static str) -> Attribute {
    of(name, description, Kind::String)
}

pub(super) const fn text(name: &'static str, description: &'static str) -> Attribute {
    of(name, description, Kind::Text)
}

/// Only ever set: a password.
pub(super) const fn secret(name: &'static str, description: &'static str) -> Attribute {
    let mut attribute = of(name, description, Kind::Secret);
    attribute.mutability = Mutability::WriteOnly;
    attribute.returned = Returned::Never;
    attribute
}

pub(super) const fn boolean(name: &'static str, description: &'static str) -> Attribute {
    of(name, description, Kind::Boolean)
}

pub(super) const fn integer(name: &'static str, description: &'static str) -> Attribute {
    of(name, description, Kind::Integer)
}

pub(super) const fn date_time(name: &'static str, description: &'static str) -> Attribute {
    of(name, description, Kind::DateTime)
}

pub(super) const fn binary(name: &'static str, description: &'static str) -> Attribute {
    of(name, description, Kind::Binary).case_exact()
}

pub(super) const fn reference(
    name: &'static str,
    description: &'static str,
    types: &'static [&'static str],
) -> Attribute {
    let mut attribute = of(name, description, Kind::Reference).case_exact();
    attribute.reference_types = types;
    attribute
}

pub(super) const fn complex(
    name: &'static str,
    description: &'static str,
    sub_attributes: &'static [Attribute],
) -> Attribute {
    let mut attribute = of(name, description, Kind::Complex);
    attribute.sub_attributes = sub_attributes;
    attribute
}
