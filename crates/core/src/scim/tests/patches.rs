use proptest::prelude::*;
use serde_json::{Value, json};

use super::object;
use crate::scim::Object;
use crate::scim::error::ScimType;
use crate::scim::patch::{PatchRequest, apply};
use crate::scim::schema::{ResourceType, USER};

pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(super) fn run(
    resource: &'static ResourceType,
    before: &Value,
    operations: Value,
) -> Result<Object, crate::scim::ScimError> {
    let body = json!({"schemas": [crate::scim::PATCH_OP], "Operations": operations});
    apply(resource, &object(before.clone()), &PatchRequest::read(&body)?)
}

pub(super) fn user(before: Value, operations: Value, after: Value) {
    let case = operations.to_string();
    let result = run(&USER, &before, operations).unwrap_or_else(|e| panic!("{case}: {e}"));
    assert_eq!(Value::Object(result), after, "{case}");
}

fn refused(before: Value, operations: Value, scim_type: ScimType, detail: &str) {
    let case = operations.to_string();
    let error = run(&USER, &before, operations).expect_err(&case);
    assert_eq!((error.scim_type, error.detail.as_str()), (Some(scim_type), detail), "{case}");
}

#[test]
fn lists_and_parts_follow_the_rfc() {
    let before = json!({"userName": "a", "emails": [
        {"type": "work", "value": "w", "primary": true}, {"type": "home", "value": "h"}]});
    user(
        before.clone(),
        json!([{"op": "add", "path": "emails", "value": {"value": "o", "primary": true}}]),
        json!({"userName": "a", "emails": [{"type": "work", "value": "w", "primary": false},
            {"type": "home", "value": "h"}, {"value": "o", "primary": true}]}),
    );
    user(
        before.clone(),
        json!([{"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "n"}}]),
        json!({"userName": "a", "emails": [{"type": "work", "value": "w", "primary": true}, {"value": "n"}]}),
    );
    user(
        before.clone(),
        json!([{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}]),
        json!({"userName": "a", "emails": [{"type": "work", "value": "w", "primary": false},
            {"type": "home", "value": "h", "primary": true}]}),
    );
    user(
        before.clone(),
        json!([{"op": "remove", "path": "emails[type eq \"work\" and value sw \"w\"]"}]),
        json!({"userName": "a", "emails": [{"type": "home", "value": "h"}]}),
    );
    user(
        before.clone(),
        json!([{"op": "remove", "path": "emails[type eq \"work\"].primary"}]),
        json!({"userName": "a", "emails": [{"type": "work", "value": "w"}, {"type": "home", "value": "h"}]}),
    );
    user(
        json!({"userName": "a", "name": {"givenName": "g", "familyName": "f"}}),
        json!([{"op": "replace", "path": "name", "value": {"givenName": "G"}}]),
        json!({"userName": "a", "name": {"givenName": "G", "familyName": "f"}}),
    );
    user(
        json!({"userName": "a", "name": {"givenName": "g"}, "title": "t"}),
        json!([{"op": "remove", "path": "name.givenName"}, {"op": "replace", "path": "title", "value": ""}]),
        json!({"userName": "a"}),
    );
}

/// One operation on a person with a work address.
fn fails(operation: Value, scim_type: ScimType, detail: &str) {
    let before = json!({"userName": "a", "emails": [{"type": "work", "value": "w"}]});
    refused(before, json!([operation]), scim_type, &format!("Operations[0]: {detail}"));
}

#[test]
fn what_cannot_be_done_says_why() {
    use ScimType::{InvalidValue, Mutability, NoTarget};
    for (operation, scim_type, detail) in [
        (
            json!({"op": "replace", "path": "emails[type eq \"home\"].value", "value": "x"}),
            NoTarget,
            "no element matches the path",
        ),
        (
            json!({"op": "add", "path": "emails[type co \"home\"].value", "value": "x"}),
            NoTarget,
            "no element matches the path",
        ),
        (json!({"op": "remove"}), NoTarget, "remove needs a path"),
        (json!({"op": "replace", "path": "id", "value": "x"}), Mutability, "id is read-only"),
        (json!({"op": "add", "path": "groups", "value": []}), Mutability, "groups is read-only"),
        (json!({"op": "remove", "path": "userName"}), Mutability, "userName is required"),
        (
            json!({"op": "add", "path": "active", "value": "maybe"}),
            InvalidValue,
            "active must be true or false",
        ),
        (
            json!({"op": "add", "path": "title", "value": "a\u{0}b"}),
            InvalidValue,
            "title must not contain the character U+0000",
        ),
        (
            json!({"op": "add", "value": [1]}),
            InvalidValue,
            "without a path the value must be an object",
        ),
    ] {
        fails(operation, scim_type, detail);
    }
}

#[test]
fn what_is_no_path_says_why() {
    for (path, why) in [
        ("nothing", "User has no attribute \"nothing\""),
        ("emails[type eq", "after the attribute only a filter in brackets may follow"),
        ("emails[kind eq \"x\"]", "emails has no sub-attribute \"kind\""),
    ] {
        let operation = json!({"op": "add", "path": path, "value": 1});
        fails(operation, ScimType::InvalidPath, &format!("The path is not valid: {why}"));
    }
}

#[test]
fn what_is_no_patch_says_why() {
    use ScimType::{InvalidSyntax, InvalidValue};
    for (operations, scim_type, detail) in [
        (
            json!([{"op": "replace", "path": "userName", "value": ""}]),
            InvalidValue,
            "userName is required",
        ),
        (
            json!([{"op": "move"}]),
            InvalidSyntax,
            "Operations[0] has an op that is none of add, remove, replace",
        ),
        (json!([{"op": "add"}]), InvalidSyntax, "Operations[0] has no value"),
        (json!([]), InvalidSyntax, "Operations must be a list that is not empty"),
        (
            json!([{"op": "add", "value": {"title": "a", "TITLE": "b"}}]),
            InvalidSyntax,
            "Operations[0]: title is given twice",
        ),
    ] {
        refused(json!({"userName": "a"}), operations, scim_type, detail);
    }
}

#[test]
fn the_urn_of_a_schema_is_a_path() {
    user(
        json!({"userName": "a"}),
        json!([{"op": "add", "path": ENTERPRISE, "value": {"division": "d", "costCenter": "7"}}]),
        json!({"userName": "a", ENTERPRISE: {"division": "d", "costCenter": "7"}}),
    );
    user(
        json!({"userName": "a", ENTERPRISE: {"division": "d"}}),
        json!([{"op": "remove", "path": ENTERPRISE}]),
        json!({"userName": "a"}),
    );
    user(
        json!({"userName": "a"}),
        json!([{"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "t"}]),
        json!({"userName": "a", "title": "t"}),
    );
}

proptest! {
    /// A directory repeats itself: the second time must change nothing.
    #[test]
    fn repeating_a_patch_changes_nothing(
        op in prop::sample::select(vec!["add", "replace", "Replace"]),
        path in prop::sample::select(vec!["title", "name.givenName", "emails", "active",
            "emails[type eq \"work\"].value", "addresses[type eq \"work\"].locality",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"]),
        text in "(true|[a-z]{1,8})")
    {
        let before = json!({"userName": "a", "emails": [{"type": "work", "value": "w"}]});
        let operations = json!([{"op": op, "path": path, "value": text}]);
        if let Ok(once) = run(&USER, &before, operations.clone()) {
            prop_assert_eq!(run(&USER, &Value::Object(once.clone()), operations).unwrap(), once);
        }
    }

    #[test]
    fn no_path_breaks_the_engine(path in ".{0,80}", op in prop::sample::select(vec!["add", "remove", "replace"])) {
        let before = json!({"userName": "a", "emails": [{"type": "work", "value": "w"}]});
        if let Ok(after) = run(&USER, &before, json!([{"op": op, "path": path, "value": "x"}])) {
            prop_assert!(after.contains_key("userName"));
        }
    }
}
