//! One operation of a bulk request.

use std::collections::HashSet;

use serde_json::{Value, json};
use wealth_core::scim::document::member;
use wealth_core::scim::{Object, PATCH_OP, ScimError};

/// What is to be done, and what it refers to.
#[derive(Debug)]
pub(crate) struct Operation {
    /// `POST`, `PUT`, `PATCH` or `DELETE`.
    pub(crate) method: String,
    /// Such as `/Users`.
    pub(crate) endpoint: String,
    /// The id in the path, or `bulkId:…`; none for POST.
    pub(crate) id: Option<String>,
    pub(crate) bulk_id: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) data: Value,
    /// The bulkIds in path and data.
    pub(crate) references: HashSet<String>,
}

/// Reads the operations; what is wrong with the form of one refuses the request.
pub(crate) fn read_all(list: &[Value]) -> Result<Vec<Operation>, ScimError> {
    let mut names = HashSet::new();
    list.iter()
        .enumerate()
        .map(|(at, value)| {
            let fail = |why: &str| ScimError::syntax(format!("Operations[{at}] {why}"));
            let given = value.as_object().ok_or_else(|| fail("must be an object"))?;
            let operation = read(given).map_err(fail)?;
            match &operation.bulk_id {
                Some(id) if !names.insert(id.clone()) => Err(fail("repeats a bulkId")),
                _ => Ok(operation),
            }
        })
        .collect()
}

fn read(given: &Object) -> Result<Operation, &'static str> {
    let text = |name: &str| member(given, name).and_then(Value::as_str).map(str::to_owned);
    let method = text("method").ok_or("has no method")?.to_ascii_uppercase();
    if !matches!(method.as_str(), "POST" | "PUT" | "PATCH" | "DELETE") {
        return Err("has a method that is none of POST, PUT, PATCH, DELETE");
    }
    let path = text("path").ok_or("has no path")?;
    let mut parts = path.strip_prefix('/').unwrap_or(&path).split('/');
    let endpoint = format!("/{}", parts.next().unwrap_or_default());
    let id = parts.next().map(str::to_owned);
    if parts.next().is_some() || id.is_some() == (method == "POST") {
        return Err("has a path that does not fit its method");
    }
    let bulk_id = text("bulkId");
    if method == "POST" && bulk_id.is_none() {
        return Err("has no bulkId");
    }
    let mut data = member(given, "data").cloned().unwrap_or_default();
    // The RFC's own example (section 3.7.3) gives the operations of a PATCH bare.
    if method == "PATCH" && data.is_array() {
        data = json!({"schemas": [PATCH_OP], "Operations": data});
    }
    if method != "DELETE" && !data.is_object() {
        return Err("has no data");
    }
    let mut references = HashSet::new();
    let mut note = |text: &mut String| {
        if let Some(id) = text.strip_prefix("bulkId:") {
            references.insert(id.to_owned());
        }
    };
    each_text(&mut data, &mut note);
    if let Some(mut id) = id.clone() {
        note(&mut id);
    }
    Ok(Operation { method, endpoint, id, bulk_id, version: text("version"), data, references })
}

/// Visits every text in a document. Its depth is bounded by the JSON reader.
pub(crate) fn each_text(value: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(list) => list.iter_mut().for_each(|value| each_text(value, visit)),
        Value::Object(members) => members.values_mut().for_each(|value| each_text(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
