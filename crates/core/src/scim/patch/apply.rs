//! What the operations do to a resource.

use serde_json::Value;

use super::request::{Operation, PatchRequest, Verb};
use super::select::{Selection, described, select};
use crate::scim::Object;
use crate::scim::document::require;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::{Filter, matches};
use crate::scim::merge::{
    How, demote, merge, put, set_part, store, take_list, take_object, within,
};
use crate::scim::schema::{Attribute, Mutability, ResourceType};
use crate::scim::value::{is_primary, single, whole};

/// The resource after all operations, or none of them.
///
/// # Errors
/// The first operation that fails, by number, with its keyword.
pub fn apply(
    resource: &'static ResourceType,
    document: &Object,
    patch: &PatchRequest,
) -> Result<Object, ScimError> {
    let mut result = document.clone();
    for (at, operation) in patch.operations.iter().enumerate() {
        step(resource, &mut result, operation).map_err(|error| ScimError {
            detail: format!("Operations[{at}]: {}", error.detail),
            ..error
        })?;
    }
    require(resource, &result)?;
    Ok(result)
}

fn step(
    resource: &'static ResourceType,
    document: &mut Object,
    operation: &Operation,
) -> Result<(), ScimError> {
    let how = match operation.verb {
        Verb::Remove => return remove(resource, document, operation),
        Verb::Add => How::Add,
        Verb::Replace => How::Replace,
    };
    let value = operation.value.as_ref().unwrap_or(&Value::Null);
    let Some(path) = &operation.path else {
        let given = value.as_object();
        let given =
            given.ok_or_else(|| ScimError::value("without a path the value must be an object"))?;
        return merge(resource, document, given, how);
    };
    let Selection { target, filter } = select(resource, path)?;
    if let Some(attribute) = target.attribute {
        writable(attribute)?;
    }
    if let Some(leaf) = target.leaf() {
        writable(leaf)?;
    }
    match (filter, target.attribute) {
        (Some(filter), Some(attribute)) => within(document, target, |holder| {
            let creates = how == How::Add || (operation.entra && target.sub.is_some());
            put_selected(holder, attribute, target.sub, &filter, value, (how, creates))
        }),
        _ => put(resource, document, target, value, how),
    }
}

fn writable(attribute: &Attribute) -> Result<(), ScimError> {
    if attribute.is_writable() && !attribute.is("schemas") {
        return Ok(());
    }
    Err(ScimError::of(ScimType::Mutability, format!("{} is read-only", attribute.name)))
}

/// Puts a value into the elements that a filter selects.
fn put_selected(
    holder: &mut Object,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    filter: &Filter,
    value: &Value,
    (how, creates): (How, bool),
) -> Result<(), ScimError> {
    let mut elements = take_list(holder, attribute);
    let mut chosen: Vec<usize> = positions(&elements, filter);
    if chosen.is_empty() {
        let new = if creates { described(filter) } else { None };
        let new = new.ok_or_else(|| Operation::no_target("no element matches the path"))?;
        chosen.push(elements.len());
        elements.push(Value::Object(new));
    }
    for at in chosen {
        let mut element = elements.get_mut(at).map(Value::take).unwrap_or_default();
        let Value::Object(parts) = &mut element else { continue };
        match sub {
            Some(sub) => set_part(parts, sub, value)?,
            None => element = changed(attribute, parts, value, how)?,
        }
        if is_primary(&element) {
            demote(&mut elements);
        }
        if let Some(place) = elements.get_mut(at) {
            *place = element;
        }
    }
    store(holder, attribute, Value::Array(elements));
    Ok(())
}

/// An element after a whole new value: replaced, or completed by it.
fn changed(
    attribute: &Attribute,
    parts: &Object,
    value: &Value,
    how: How,
) -> Result<Value, ScimError> {
    let Some(Value::Object(given)) = single(attribute, value)? else { return Ok(Value::Null) };
    let fixed = attribute.sub_attributes.iter().filter(|s| s.mutability == Mutability::Immutable);
    for sub in fixed {
        let (old, new) = (parts.get(sub.name), given.get(sub.name));
        if old.is_some() && new.is_some() && old != new {
            let detail = format!("{} cannot be changed once it is set", sub.name);
            return Err(ScimError::of(ScimType::Mutability, detail));
        }
    }
    let mut result = if how == How::Add { parts.clone() } else { Object::new() };
    result.extend(given);
    Ok(Value::Object(result))
}

fn positions(elements: &[Value], filter: &Filter) -> Vec<usize> {
    let fulfils = |element: &Value| element.as_object().is_some_and(|parts| matches(filter, parts));
    elements.iter().enumerate().filter(|(_, element)| fulfils(element)).map(|(at, _)| at).collect()
}

/// Takes values away. That a value is gone already is no failure: a directory repeats itself.
fn remove(
    resource: &'static ResourceType,
    document: &mut Object,
    operation: &Operation,
) -> Result<(), ScimError> {
    let Some(path) = &operation.path else {
        return Err(Operation::no_target("remove needs a path"));
    };
    let Selection { target, filter } = select(resource, path)?;
    let Some(attribute) = target.attribute else {
        let Some(schema) = target.extension else {
            return Err(ScimError::of(ScimType::Mutability, "a resource cannot lose its schema"));
        };
        document.shift_remove(schema.id);
        return Ok(());
    };
    for leaf in [attribute, target.sub.unwrap_or(attribute)] {
        writable(leaf)?;
        if leaf.required {
            let detail = format!("{} is required", leaf.name);
            return Err(ScimError::of(ScimType::Mutability, detail));
        }
    }
    within(document, target, |holder| match (target.sub, filter) {
        (None, None) if attribute.multi_valued => {
            remove_values(holder, attribute, operation.value.as_ref())
        }
        (None, None) => {
            holder.shift_remove(attribute.name);
            Ok(())
        }
        (Some(sub), None) if !attribute.multi_valued => {
            let mut parts = take_object(holder, attribute);
            parts.shift_remove(sub.name);
            store(holder, attribute, Value::Object(parts));
            Ok(())
        }
        (sub, filter) => remove_selected(holder, attribute, sub, filter.as_ref()),
    })
}

/// The whole list, or those elements that the value lists: so Entra removes members.
fn remove_values(
    holder: &mut Object,
    attribute: &Attribute,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let named = match value.map(|value| whole(attribute, value)).transpose()?.flatten() {
        Some(Value::Array(named)) => named,
        _ => {
            holder.shift_remove(attribute.name);
            return Ok(());
        }
    };
    let key = |element: &Value| element.get("value").unwrap_or(element).to_string();
    let named: std::collections::HashSet<String> = named.iter().map(key).collect();
    let mut elements = take_list(holder, attribute);
    elements.retain(|element| !named.contains(&key(element)));
    store(holder, attribute, Value::Array(elements));
    Ok(())
}

fn remove_selected(
    holder: &mut Object,
    attribute: &Attribute,
    sub: Option<&Attribute>,
    filter: Option<&Filter>,
) -> Result<(), ScimError> {
    let mut elements = take_list(holder, attribute);
    for element in &mut elements {
        let Some(parts) = element.as_object_mut() else { continue };
        if filter.is_some_and(|filter| !matches(filter, parts)) {
            continue;
        }
        match sub {
            Some(sub) => set_part(parts, sub, &Value::Null)?,
            None => *element = Value::Null,
        }
    }
    store(holder, attribute, Value::Array(elements));
    Ok(())
}
