//! What a change changed: the members of two objects, side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::canonical::canonical;

/// One member that is not what it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Change {
    /// Its name.
    pub field: String,
    /// What it was; null where it was not there.
    #[schema(value_type = Option<Object>)]
    pub old: Option<Box<RawValue>>,
    /// What it became; null where it is gone.
    #[schema(value_type = Option<Object>)]
    pub new: Option<Box<RawValue>>,
}

type Members = BTreeMap<String, Box<RawValue>>;

/// The members that differ, by name. Blanks and the order of members are no difference.
pub fn changes(old: Option<&RawValue>, new: Option<&RawValue>) -> Vec<Change> {
    let (mut old, mut new) = (members(old), members(new));
    old.retain(|name, before| match new.get(name) {
        Some(after) if same(before, after) => {
            new.remove(name);
            false
        }
        _ => true,
    });
    let names: BTreeSet<String> = old.keys().chain(new.keys()).cloned().collect();
    let change = |field: String| {
        let (old, new) = (old.remove(&field), new.remove(&field));
        Change { field, old, new }
    };
    names.into_iter().map(change).collect()
}

fn members(object: Option<&RawValue>) -> Members {
    // What is no object has no members to tell apart.
    object.and_then(|object| serde_json::from_str(object.get()).ok()).unwrap_or_default()
}

fn same(one: &RawValue, other: &RawValue) -> bool {
    one.get() == other.get() || canonical(one.get()).ok() == canonical(other.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(old: &str, new: &str) -> String {
        let raw = |text: &str| RawValue::from_string(text.to_owned()).ok();
        let found = changes(raw(old).as_deref(), raw(new).as_deref());
        serde_json::to_string(&found).unwrap()
    }

    #[test]
    fn only_what_differs_is_told() {
        let text = told(
            r#"{"a": 1, "b": {"x": [1, 2], "y": 4.10}, "c": "gone", "d": null}"#,
            r#"{"e": true, "d": 0, "b": {"y": 4.10, "x": [1,2]}, "a": 1.0}"#,
        );
        assert_eq!(
            text,
            r#"[{"field":"a","old":1,"new":1.0},{"field":"c","old":"gone","new":null},{"field":"d","old":null,"new":0},{"field":"e","old":null,"new":true}]"#
        );
    }

    #[test]
    fn a_thing_that_came_or_went_changed_altogether() {
        assert_eq!(told("", r#"{"a":1}"#), r#"[{"field":"a","old":null,"new":1}]"#);
        assert_eq!(told(r#"{"a":1}"#, ""), r#"[{"field":"a","old":1,"new":null}]"#);
        assert_eq!(told("", ""), "[]");
        assert_eq!(told("[1]", "7"), "[]");
    }
}
