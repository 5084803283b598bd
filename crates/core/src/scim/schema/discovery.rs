//! The schemas of the discovery endpoints themselves (RFC 7643 sections 5 to 7).

use super::Schema;
use super::attribute::{Attribute, boolean, complex, integer, reference, string};

/// `urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig`
pub static SERVICE_PROVIDER_CONFIG: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
    name: "Service Provider Configuration",
    description: "What this server can do",
    attributes: &[
        reference("documentationUri", "Help for people", &["external"]).read_only(),
        complex("patch", "PATCH", SUPPORTED).required().read_only(),
        complex("bulk", "Bulk requests", BULK).required().read_only(),
        complex("filter", "Filters", FILTER).required().read_only(),
        complex("changePassword", "Setting passwords", SUPPORTED).required().read_only(),
        complex("sort", "Sorting", SUPPORTED).required().read_only(),
        complex("etag", "Entity tags", SUPPORTED).required().read_only(),
        complex("authenticationSchemes", "How to authenticate", SCHEME)
            .multi()
            .required()
            .read_only(),
    ],
};

const IS_SUPPORTED: Attribute = boolean("supported", "Whether it can").required().read_only();

static SUPPORTED: &[Attribute] = &[IS_SUPPORTED];

static BULK: &[Attribute] = &[
    IS_SUPPORTED,
    integer("maxOperations", "Most operations of one request").required().read_only(),
    integer("maxPayloadSize", "Largest request in bytes").required().read_only(),
];

static FILTER: &[Attribute] =
    &[IS_SUPPORTED, integer("maxResults", "Most resources of one page").required().read_only()];

static SCHEME: &[Attribute] = &[
    string("type", "The scheme")
        .canonical(&["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"])
        .required()
        .read_only(),
    string("name", "Its name").required().read_only(),
    string("description", "What to send").required().read_only(),
    reference("specUri", "Its specification", &["external"]).read_only(),
    reference("documentationUri", "Help for people", &["external"]).read_only(),
    boolean("primary", "Whether it is preferred").read_only(),
];

/// `urn:ietf:params:scim:schemas:core:2.0:ResourceType`
pub static RESOURCE_TYPE: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
    name: "Resource Type",
    description: "A kind of resource that this server has",
    attributes: &[
        string("id", "The server's identifier").read_only(),
        string("name", "Name of the kind").case_exact().required().read_only().server_unique(),
        string("description", "What it is for").read_only(),
        reference("endpoint", "Where it is, below the base address", &["uri"])
            .required()
            .read_only()
            .server_unique(),
        reference("schema", "Its core schema", &["uri"]).required().read_only(),
        complex("schemaExtensions", "Its extensions", EXTENSION).multi().required().read_only(),
    ],
};

static EXTENSION: &[Attribute] = &[
    reference("schema", "The URN of the extension", &["uri"]).required().read_only(),
    boolean("required", "Whether each resource must have it").required().read_only(),
];

/// `urn:ietf:params:scim:schemas:core:2.0:Schema`
pub static SCHEMA: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:Schema",
    name: "Schema",
    description: "What a resource consists of",
    attributes: &[
        string("id", "The URN").required().read_only(),
        string("name", "Name for people").required().read_only(),
        string("description", "What it describes").read_only(),
        complex("attributes", "Its attributes", ATTRIBUTE).multi().required().read_only(),
    ],
};

const TYPES: &[&str] =
    &["string", "complex", "boolean", "decimal", "integer", "dateTime", "reference", "binary"];

const CHARACTERISTICS: [Attribute; 11] = [
    string("name", "Its name").case_exact().required().read_only(),
    string("type", "Its type").canonical(TYPES).required().read_only(),
    boolean("multiValued", "Whether it is a list").required().read_only(),
    string("description", "What it holds").case_exact().read_only(),
    boolean("required", "Whether a resource must have it").read_only(),
    string("canonicalValues", "Suggested values").case_exact().multi().read_only(),
    boolean("caseExact", "Whether case matters in comparisons").read_only(),
    string("mutability", "Who may change it")
        .case_exact()
        .canonical(&["readOnly", "readWrite", "immutable", "writeOnly"])
        .read_only(),
    string("returned", "When it is shown")
        .case_exact()
        .canonical(&["always", "never", "default", "request"])
        .read_only(),
    string("uniqueness", "Where it is unique")
        .case_exact()
        .canonical(&["none", "server", "global"])
        .read_only(),
    string("referenceTypes", "What it may point to").case_exact().multi().read_only(),
];

static SUB_ATTRIBUTE: &[Attribute] = &CHARACTERISTICS;

static ATTRIBUTE: &[Attribute] = &{
    let [a, b, c, d, e, f, g, h, i, j, k] = CHARACTERISTICS;
    let parts = complex("subAttributes", "The parts of a complex one", SUB_ATTRIBUTE);
    [a, b, c, d, e, f, g, h, i, j, k, parts.multi().read_only()]
};
