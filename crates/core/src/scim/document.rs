//! Reading a whole resource, as POST and PUT send it.

use serde_json::Value;

use super::Object;
use super::error::ScimError;
use super::merge::{How, merge};
use super::schema::{ResourceType, Schema};

/// The writable attributes of a resource, canonical. Unknown and read-only ones are passed over
/// (RFC 7644 section 3.3): directories send more than a server keeps.
///
/// # Errors
/// `invalidSyntax` if it is no such resource, `invalidValue` if an attribute is wrong or missing.
pub fn read(resource: &ResourceType, body: &Value) -> Result<Object, ScimError> {
    let given = body.as_object().ok_or_else(|| ScimError::syntax("The body must be an object"))?;
    require_schema(given, resource.schema.id)?;
    let mut document = Object::new();
    merge(resource, &mut document, given, How::Replace)?;
    require(resource, &document)?;
    Ok(document)
}

/// Checks that a message says what it is.
///
/// # Errors
/// `invalidSyntax`.
pub fn require_schema(given: &Object, urn: &str) -> Result<(), ScimError> {
    let named = member(given, "schemas").and_then(Value::as_array).is_some_and(|schemas| {
        schemas.iter().filter_map(Value::as_str).any(|schema| schema.eq_ignore_ascii_case(urn))
    });
    if named { Ok(()) } else { Err(ScimError::syntax(format!("schemas must contain {urn}"))) }
}

/// A member by name, in whatever case.
pub fn member<'a>(object: &'a Object, name: &str) -> Option<&'a Value> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

/// Checks that all required attributes are there.
///
/// # Errors
/// `invalidValue`, naming the first that is missing.
pub fn require(resource: &ResourceType, document: &Object) -> Result<(), ScimError> {
    let missing = |schema: &Schema, part: &Object| {
        let required = schema.attributes.iter().filter(|attribute| attribute.required);
        required.map(|attribute| attribute.name).find(|name| !part.contains_key(*name))
    };
    match missing(resource.schema, document) {
        Some(name) => Err(ScimError::value(format!("{name} is required"))),
        None => Ok(()),
    }
}
