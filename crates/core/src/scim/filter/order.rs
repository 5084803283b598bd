//! Sorting (RFC 7644 section 3.4.2.3).

use std::cmp::Ordering;

use serde_json::Value;

use super::matching::values;
use crate::scim::Object;
use crate::scim::error::ScimError;
use crate::scim::path::{Target, resolve};
use crate::scim::schema::{ResourceType, Returned};

/// What `sortBy` names.
///
/// # Errors
/// `invalidValue` for what is no attribute, is a secret, or has parts and none of them is its value.
pub fn sort_target(resource: &ResourceType, path: &str) -> Result<Target, ScimError> {
    let target =
        resolve(resource, path).map_err(|why| ScimError::value(format!("sortBy: {why}")))?;
    target
        .comparable()
        .filter(|target| target.leaf().is_some_and(|leaf| leaf.returned != Returned::Never))
        .ok_or_else(|| ScimError::value(format!("sortBy: {} cannot be sorted by", target.name())))
}

/// How two resources follow each other, ascending. Of a list the primary element counts, or else
/// the first; what has no value comes last (RFC 7644 section 3.4.2.3).
pub fn order(target: &Target, a: &Object, b: &Object) -> Ordering {
    match (key(target, a), key(target, b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn key(target: &Target, object: &Object) -> Option<String> {
    let whole = Target { sub: None, ..*target };
    let elements = values(&whole, object);
    let primary =
        elements.iter().find(|element| element.get("primary") == Some(&Value::Bool(true)));
    let element = primary.or_else(|| elements.first())?;
    let value = target.sub.map_or(Some(*element), |sub| element.get(sub.name))?;
    let exact = target.leaf().is_some_and(|leaf| leaf.case_exact);
    match value {
        Value::String(text) if exact => Some(text.clone()),
        Value::String(text) => Some(text.to_lowercase()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}
