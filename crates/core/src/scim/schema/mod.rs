//! What resources consist of: the attribute characteristics of RFC 7643 section 2 as data, read by
//! the parser, the PATCH engine, the projection and the discovery endpoints alike.

mod attribute;
mod discovery;
mod enterprise;
mod group;
mod render;
mod user;

pub use attribute::{Attribute, Kind, Mutability, Returned, Uniqueness};
pub use discovery::{RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG};
pub use enterprise::ENTERPRISE_USER;
pub use group::GROUP_SCHEMA;
pub use render::{resource_type_document, schema_document, service_provider_config};
pub use user::USER_SCHEMA;

use attribute::{complex, date_time, reference, string};

/// A schema: a URN and its attributes.
#[derive(Debug, PartialEq, Eq)]
pub struct Schema {
    /// The URN.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// What it describes.
    pub description: &'static str,
    /// Its attributes, in the order in which they are shown.
    pub attributes: &'static [Attribute],
}

impl Schema {
    /// The attribute of that name, in whatever case (RFC 7643 section 2.1).
    pub fn find(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.is(name))
    }
}

/// A kind of resource: a core schema with its extensions.
#[derive(Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// Name, also the `meta.resourceType`.
    pub name: &'static str,
    /// Endpoint below the base address.
    pub endpoint: &'static str,
    /// What it describes.
    pub description: &'static str,
    /// The core schema.
    pub schema: &'static Schema,
    /// The extensions, none of which is required.
    pub extensions: &'static [&'static Schema],
}

impl ResourceType {
    /// The attribute of the core schema or the common ones, in whatever case.
    pub fn find(&self, name: &str) -> Option<&'static Attribute> {
        self.schema.find(name).or_else(|| COMMON.iter().find(|attribute| attribute.is(name)))
    }

    /// The extension with that URN, in whatever case.
    pub fn extension(&self, urn: &str) -> Option<&'static Schema> {
        self.extensions.iter().copied().find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }
}

/// The attributes that every resource has (RFC 7643 section 3.1).
pub static COMMON: &[Attribute] = &[
    string("schemas", "The URNs of the schemas in use").case_exact().multi().always(),
    string("id", "The server's identifier").case_exact().read_only().always().server_unique(),
    string("externalId", "The directory's own identifier").case_exact(),
    complex("meta", "About the resource itself", META).read_only(),
];

static META: &[Attribute] = &[
    string("resourceType", "The kind of resource").case_exact().read_only(),
    date_time("created", "When it was provisioned").read_only(),
    date_time("lastModified", "When it last changed").read_only(),
    reference("location", "Its address", &["uri"]).read_only(),
    string("version", "Its entity tag").case_exact().read_only(),
];

/// A person as a member of the firm.
pub static USER: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    description: "A person who is a member of the firm",
    schema: &USER_SCHEMA,
    extensions: &[&ENTERPRISE_USER],
};

/// A group of members, to which roles can be mapped.
pub static GROUP: ResourceType = ResourceType {
    name: "Group",
    endpoint: "/Groups",
    description: "A group of members of the firm",
    schema: &GROUP_SCHEMA,
    extensions: &[],
};

/// Every kind of resource that a client can provision.
pub static RESOURCE_TYPES: &[&ResourceType] = &[&USER, &GROUP];

/// Every schema that is described.
pub static SCHEMAS: &[&Schema] = &[
    &USER_SCHEMA,
    &ENTERPRISE_USER,
    &GROUP_SCHEMA,
    &SERVICE_PROVIDER_CONFIG,
    &RESOURCE_TYPE,
    &SCHEMA,
];
