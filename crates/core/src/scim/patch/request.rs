//! The body of a PATCH.

use serde_json::Value;

use super::MAX_PATCH_OPERATIONS;
use crate::scim::document::{member, require_schema};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::{Object, PATCH_OP};

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Adds a value.
    Add,
    /// Takes a value away.
    Remove,
    /// Replaces a value.
    Replace,
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// What it does.
    pub verb: Verb,
    /// Where; none means the resource itself.
    pub path: Option<String>,
    /// With what.
    pub value: Option<Value>,
    /// Whether the verb came capitalised, as Entra writes it. Entra replaces
    /// `emails[type eq "work"].value` where no such element is and means to create it; the RFC
    /// wants `noTarget` there, and those who write the verb as the RFC does get that.
    pub entra: bool,
}

/// The operations of a PATCH in order.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchRequest {
    /// At least one.
    pub operations: Vec<Operation>,
}

impl PatchRequest {
    /// Reads the body.
    ///
    /// # Errors
    /// `invalidSyntax`, saying what is wrong with which operation.
    pub fn read(body: &Value) -> Result<Self, ScimError> {
        let given =
            body.as_object().ok_or_else(|| ScimError::syntax("The body must be an object"))?;
        require_schema(given, PATCH_OP)?;
        let list = member(given, "Operations")
            .and_then(Value::as_array)
            .filter(|list| !list.is_empty())
            .ok_or_else(|| ScimError::syntax("Operations must be a list that is not empty"))?;
        if list.len() > MAX_PATCH_OPERATIONS {
            let detail = format!("Operations may have at most {MAX_PATCH_OPERATIONS} elements");
            return Err(ScimError::syntax(detail));
        }
        let operations = list
            .iter()
            .enumerate()
            .map(|(at, value)| {
                let object = value.as_object().ok_or("must be an object");
                object
                    .and_then(operation)
                    .map_err(|why| ScimError::syntax(format!("Operations[{at}] {why}")))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { operations })
    }
}

fn operation(given: &Object) -> Result<Operation, &'static str> {
    let op = member(given, "op").and_then(Value::as_str).ok_or("has no op")?;
    let verb = match op.to_ascii_lowercase().as_str() {
        "add" => Verb::Add,
        "remove" => Verb::Remove,
        "replace" => Verb::Replace,
        _ => return Err("has an op that is none of add, remove, replace"),
    };
    let path = match member(given, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        Some(Value::String(path)) => Some(path.clone()),
        Some(_) => return Err("has a path that is no string"),
    };
    let value = member(given, "value").cloned();
    if verb != Verb::Remove && value.is_none() {
        return Err("has no value");
    }
    let entra = op.starts_with(|c: char| c.is_ascii_uppercase());
    Ok(Operation { verb, path, value, entra })
}

impl Operation {
    /// What an operation without a target answers.
    pub(super) fn no_target(detail: impl Into<String>) -> ScimError {
        ScimError::of(ScimType::NoTarget, detail)
    }
}
