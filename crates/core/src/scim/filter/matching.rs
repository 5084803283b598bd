//! Whether a resource fulfils a filter.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Compare, Filter, Literal, Operator};
use crate::scim::Object;
use crate::scim::path::Target;

/// Whether the resource, or the element of a list, fulfils the filter.
pub fn matches(filter: &Filter, object: &Object) -> bool {
    match filter {
        Filter::And(parts) => parts.iter().all(|part| matches(part, object)),
        Filter::Or(parts) => parts.iter().any(|part| matches(part, object)),
        Filter::Not(inner) => !matches(inner, object),
        Filter::Present(target) => values(target, object).into_iter().any(present),
        Filter::Compare(compare) => compares(compare, object),
        Filter::Element(target, inner) => values(target, object)
            .into_iter()
            .any(|element| element.as_object().is_some_and(|object| matches(inner, object))),
        Filter::Absent => false,
    }
}

/// Whether this is a value at all: null, empty lists and empty objects are not
/// (RFC 7643 section 2.5).
pub fn present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(list) => list.iter().any(present),
        Value::Object(parts) => parts.values().any(present),
        Value::String(text) => !text.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// The values that a path leads to, those of lists one by one.
pub(super) fn values<'a>(target: &Target, object: &'a Object) -> Vec<&'a Value> {
    let holder = match target.extension {
        None => Some(object),
        Some(schema) => object.get(schema.id).and_then(Value::as_object),
    };
    let attribute = holder.zip(target.attribute).and_then(|(holder, a)| holder.get(a.name));
    let elements = match attribute {
        None => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(single) => vec![single],
    };
    match target.sub {
        None => elements,
        Some(sub) => elements.into_iter().filter_map(|element| element.get(sub.name)).collect(),
    }
}

fn compares(compare: &Compare, object: &Object) -> bool {
    let values = values(&compare.target, object);
    let exact = compare.target.leaf().is_some_and(|leaf| leaf.case_exact);
    let equal = || match compare.value {
        Literal::Null => !values.iter().any(|value| present(value)),
        _ => values.iter().any(|value| holds(Operator::Eq, value, &compare.value, exact)),
    };
    match compare.operator {
        Operator::Eq => equal(),
        Operator::Ne => !equal(),
        operator => values.iter().any(|value| holds(operator, value, &compare.value, exact)),
    }
}

fn holds(operator: Operator, value: &Value, wanted: &Literal, exact: bool) -> bool {
    match (value, wanted) {
        (Value::Bool(found), Literal::Bool(wanted)) => found == wanted,
        (Value::String(found), Literal::Text(wanted)) if exact => text(operator, found, wanted),
        (Value::String(found), Literal::Text(wanted)) => {
            text(operator, &found.to_lowercase(), &wanted.to_lowercase())
        }
        (Value::String(found), Literal::Instant(wanted)) => DateTime::parse_from_rfc3339(found)
            .is_ok_and(|found| ranks(operator, &found.with_timezone(&Utc), wanted)),
        _ => false,
    }
}

fn text(operator: Operator, found: &str, wanted: &str) -> bool {
    match operator {
        Operator::Co => found.contains(wanted),
        Operator::Sw => found.starts_with(wanted),
        Operator::Ew => found.ends_with(wanted),
        other => ranks(other, found, wanted),
    }
}

fn ranks<T: Ord + ?Sized>(operator: Operator, found: &T, wanted: &T) -> bool {
    match operator {
        Operator::Eq => found == wanted,
        Operator::Gt => found > wanted,
        Operator::Ge => found >= wanted,
        Operator::Lt => found < wanted,
        Operator::Le => found <= wanted,
        Operator::Ne | Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}
