//! Putting values into a resource: the common part of reading a whole one and of PATCH.

use std::collections::HashSet;

use serde_json::Value;

use super::Object;
use super::error::{ScimError, ScimType};
use super::path::{Target, resolve};
use super::schema::{Attribute, Mutability, ResourceType};
use super::value::{MAX_ELEMENTS, is_primary, single, whole};

/// What happens to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Lists grow.
    Add,
    /// Lists are replaced.
    Replace,
}

/// Puts every member of `given` into the resource. Keys may be paths (Entra: `name.givenName`).
/// What is read-only or unknown is passed over, as directories send back what they were shown.
///
/// # Errors
/// `invalidValue`, `invalidSyntax` for a member given twice.
pub fn merge(
    resource: &ResourceType,
    document: &mut Object,
    given: &Object,
    how: How,
) -> Result<(), ScimError> {
    let mut seen = HashSet::new();
    for (key, value) in given {
        let Ok(target) = resolve(resource, key) else { continue };
        if !seen.insert(target.name()) {
            return Err(ScimError::syntax(format!("{} is given twice", target.name())));
        }
        put(resource, document, target, value, how)?;
    }
    Ok(())
}

/// Puts a value at a path without filter. Read-only targets are passed over.
///
/// # Errors
/// `invalidValue`; `mutability` for a part that can be set only once.
pub fn put(
    resource: &ResourceType,
    document: &mut Object,
    target: Target,
    value: &Value,
    how: How,
) -> Result<(), ScimError> {
    let Some(attribute) = target.attribute else {
        return spread(resource, document, target, value, how);
    };
    let writable = target.leaf().is_some_and(Attribute::is_writable) && attribute.is_writable();
    if !writable || target.is("schemas", None) {
        return Ok(());
    }
    within(document, target, |holder| match (attribute.multi_valued, target.sub) {
        (false, None) => assign(holder, attribute, value),
        (true, None) => list(holder, attribute, value, how),
        (false, Some(sub)) => {
            let mut parts = take_object(holder, attribute);
            set_part(&mut parts, sub, value)?;
            store(holder, attribute, Value::Object(parts));
            Ok(())
        }
        (true, Some(sub)) => {
            let mut elements = take_list(holder, attribute);
            if elements.is_empty() {
                elements.push(Value::Object(Object::new()));
            }
            for parts in elements.iter_mut().filter_map(Value::as_object_mut) {
                set_part(parts, sub, value)?;
            }
            store(holder, attribute, Value::Array(elements));
            Ok(())
        }
    })
}

/// The path is the URN of a schema: its attributes one by one.
fn spread(
    resource: &ResourceType,
    document: &mut Object,
    target: Target,
    value: &Value,
    how: How,
) -> Result<(), ScimError> {
    let Some(schema) = target.extension else {
        let given = value.as_object().ok_or_else(|| ScimError::value("an object is expected"))?;
        return merge(resource, document, given, how);
    };
    let given = match value {
        Value::Object(given) => given,
        Value::Null => {
            document.shift_remove(schema.id);
            return Ok(());
        }
        _ => return Err(ScimError::value(format!("{} must be an object", schema.id))),
    };
    let mut seen = HashSet::new();
    for (name, value) in given {
        let path = format!("{}:{name}", schema.id);
        let Ok(target) = resolve(resource, &path) else { continue };
        if !seen.insert(target.name()) {
            return Err(ScimError::syntax(format!("{} is given twice", target.name())));
        }
        put(resource, document, target, value, how)?;
    }
    Ok(())
}

/// Works on the object that holds the attribute: the resource, or the extension's part of it.
///
/// # Errors
/// Those of `work`.
pub(super) fn within<T>(
    document: &mut Object,
    target: Target,
    work: impl FnOnce(&mut Object) -> Result<T, ScimError>,
) -> Result<T, ScimError> {
    let Some(schema) = target.extension else { return work(document) };
    let mut part = match document.shift_remove(schema.id) {
        Some(Value::Object(part)) => part,
        _ => Object::new(),
    };
    let done = work(&mut part)?;
    if !part.is_empty() {
        document.insert(schema.id.to_owned(), Value::Object(part));
    }
    Ok(done)
}

/// A single value; the parts of a complex one that are not named stay (RFC 7644 section 3.5.2.3).
fn assign(holder: &mut Object, attribute: &Attribute, value: &Value) -> Result<(), ScimError> {
    match single(attribute, value)? {
        None => {
            holder.shift_remove(attribute.name);
        }
        Some(Value::Object(given)) => {
            let mut parts = take_object(holder, attribute);
            parts.extend(given);
            holder.insert(attribute.name.to_owned(), Value::Object(parts));
        }
        Some(value) => {
            holder.insert(attribute.name.to_owned(), value);
        }
    }
    Ok(())
}

fn list(
    holder: &mut Object,
    attribute: &Attribute,
    value: &Value,
    how: How,
) -> Result<(), ScimError> {
    let given = match whole(attribute, value)? {
        Some(Value::Array(given)) => given,
        _ if how == How::Add => return Ok(()),
        _ => Vec::new(),
    };
    let mut elements = take_list(holder, attribute);
    if how == How::Replace {
        elements.clear();
    }
    if given.iter().any(is_primary) {
        demote(&mut elements);
    }
    let known: HashSet<String> =
        elements.iter().map(|element| identity(attribute, element)).collect();
    elements.extend(given.into_iter().filter(|new| !known.contains(&identity(attribute, new))));
    if !attribute.is("members") && elements.len() > MAX_ELEMENTS {
        let detail = format!("{} may have at most {MAX_ELEMENTS} elements", attribute.name);
        return Err(ScimError::value(detail));
    }
    store(holder, attribute, Value::Array(elements));
    Ok(())
}

/// What makes an element the same as another: a member is its id, others are all they say.
fn identity(attribute: &Attribute, element: &Value) -> String {
    match element.get("value") {
        Some(value) if attribute.is("members") => value.to_string(),
        _ => element.to_string(),
    }
}

/// Only one element can be primary; the newer wins (RFC 7644 section 3.5.2).
pub(super) fn demote(elements: &mut [Value]) {
    for element in elements.iter_mut().filter(|element| is_primary(element)) {
        element["primary"] = Value::Bool(false);
    }
}

/// Sets one part of a complex value, or takes it away.
///
/// # Errors
/// `mutability` if the part is there, differs and can be set only once.
pub(super) fn set_part(
    parts: &mut Object,
    sub: &Attribute,
    value: &Value,
) -> Result<(), ScimError> {
    let new = whole(sub, value)?;
    let old = parts.get(sub.name);
    if sub.mutability == Mutability::Immutable && old.is_some() && old != new.as_ref() {
        let detail = format!("{} cannot be changed once it is set", sub.name);
        return Err(ScimError::of(ScimType::Mutability, detail));
    }
    match new {
        Some(value) => parts.insert(sub.name.to_owned(), value),
        None => parts.shift_remove(sub.name),
    };
    Ok(())
}

pub(super) fn take_object(holder: &mut Object, attribute: &Attribute) -> Object {
    match holder.shift_remove(attribute.name) {
        Some(Value::Object(parts)) => parts,
        _ => Object::new(),
    }
}

pub(super) fn take_list(holder: &mut Object, attribute: &Attribute) -> Vec<Value> {
    match holder.shift_remove(attribute.name) {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    }
}

/// Stores what is left, or nothing if nothing is left.
pub(super) fn store(holder: &mut Object, attribute: &Attribute, value: Value) {
    let value = match value {
        Value::Array(mut elements) => {
            elements.retain(super::filter::present);
            Value::Array(elements)
        }
        other => other,
    };
    if super::filter::present(&value) {
        holder.insert(attribute.name.to_owned(), value);
    }
}
