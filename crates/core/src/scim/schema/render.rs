//! The documents of the discovery endpoints (RFC 7644 section 4).

use serde_json::{Map, Value, json};

use super::attribute::{Attribute, Kind};
use super::{RESOURCE_TYPE, ResourceType, SCHEMA, SERVICE_PROVIDER_CONFIG, Schema};
use crate::scim::{MAX_OPERATIONS, MAX_PAYLOAD, MAX_RESULTS};

/// What this server can do; `base` is the address of the SCIM root, without a slash at the end.
pub fn service_provider_config(base: &str) -> Value {
    json!({
        "schemas": [SERVICE_PROVIDER_CONFIG.id],
        "patch": {"supported": true},
        "bulk": {
            "supported": true,
            "maxOperations": MAX_OPERATIONS,
            "maxPayloadSize": MAX_PAYLOAD,
        },
        "filter": {"supported": true, "maxResults": MAX_RESULTS},
        "changePassword": {"supported": true},
        "sort": {"supported": true},
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "An API key with the scope provision-users, or a system administrator's token",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base}/ServiceProviderConfig"),
        },
    })
}

/// A kind of resource, as `/ResourceTypes` shows it.
pub fn resource_type_document(resource: &ResourceType, base: &str) -> Value {
    let extensions: Vec<Value> = resource
        .extensions
        .iter()
        .map(|schema| json!({"schema": schema.id, "required": false}))
        .collect();
    let mut document = json!({
        "schemas": [RESOURCE_TYPE.id],
        "id": resource.name,
        "name": resource.name,
        "endpoint": resource.endpoint,
        "description": resource.description,
        "schema": resource.schema.id,
        "meta": {
            "resourceType": "ResourceType",
            "location": format!("{base}/ResourceTypes/{}", resource.name),
        },
    });
    if !extensions.is_empty() {
        document["schemaExtensions"] = Value::Array(extensions);
    }
    document
}

/// A schema, as `/Schemas` shows it.
pub fn schema_document(schema: &Schema, base: &str) -> Value {
    json!({
        "schemas": [SCHEMA.id],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": schema.attributes.iter().map(attribute).collect::<Vec<_>>(),
        "meta": {
            "resourceType": "Schema",
            "location": format!("{base}/Schemas/{}", schema.id),
        },
    })
}

fn attribute(of: &Attribute) -> Value {
    let mut document = Map::new();
    let mut set = |name: &str, value: Value| document.insert(name.to_owned(), value);
    set("name", json!(of.name));
    set("type", json!(of.kind.name()));
    set("multiValued", json!(of.multi_valued));
    set("description", json!(of.description));
    set("required", json!(of.required));
    if matches!(of.kind, Kind::String | Kind::Text | Kind::Secret | Kind::Reference | Kind::Binary)
    {
        set("caseExact", json!(of.case_exact));
    }
    set("mutability", json!(of.mutability.name()));
    set("returned", json!(of.returned.name()));
    set("uniqueness", json!(of.uniqueness.name()));
    if !of.canonical_values.is_empty() {
        set("canonicalValues", json!(of.canonical_values));
    }
    if !of.reference_types.is_empty() {
        set("referenceTypes", json!(of.reference_types));
    }
    if of.kind == Kind::Complex {
        set("subAttributes", of.sub_attributes.iter().map(attribute).collect());
    }
    Value::Object(document)
}
