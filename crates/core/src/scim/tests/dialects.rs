use serde_json::{Value, json};

use super::patches::{ENTERPRISE, run, user};
use crate::scim::error::ScimType;
use crate::scim::schema::GROUP;

#[test]
fn okta_deactivates_without_a_path() {
    user(
        json!({"userName": "a", "active": true}),
        json!([{"op": "replace", "value": {"active": false}}]),
        json!({"userName": "a", "active": false}),
    );
}

#[test]
fn entra_writes_verbs_booleans_and_keys_in_its_own_way() {
    let before = json!({"userName": "a", "active": true});
    user(
        before.clone(),
        json!([{"op": "Replace", "path": "active", "value": "False"}]),
        json!({"userName": "a", "active": false}),
    );
    user(
        before.clone(),
        json!([{"op": "Add", "value": {
            "name.givenName": "Babs",
            format!("{ENTERPRISE}:department"): "Sales",
            "id": "ignored",
            "unheard": "of",
        }}]),
        json!({"userName": "a", "active": true, "name": {"givenName": "Babs"},
               ENTERPRISE: {"department": "Sales"}}),
    );
    user(
        before.clone(),
        json!([{"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "a@b.example"}]),
        json!({"userName": "a", "active": true,
               "emails": [{"type": "work", "value": "a@b.example"}]}),
    );
    user(
        before.clone(),
        json!([{"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "m-1"}]),
        json!({"userName": "a", "active": true, ENTERPRISE: {"manager": {"value": "m-1"}}}),
    );
    user(
        json!({"userName": "a", ENTERPRISE: {"manager": {"value": "m-1"}}}),
        json!([{"op": "Remove", "path": format!("{ENTERPRISE}:manager")}]),
        json!({"userName": "a"}),
    );
}

#[test]
fn members_are_added_and_removed_in_every_dialect() {
    let before =
        json!({"displayName": "g", "members": [{"value": "1"}, {"value": "2"}, {"value": "3"}]});
    let ids = |operations: Value| -> Vec<String> {
        let after = run(&GROUP, &before, operations.clone())
            .unwrap_or_else(|e| panic!("{operations}: {e}"));
        let members = after.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
        members.iter().map(|m| m["value"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        ids(
            json!([{"op": "add", "path": "members", "value": [{"value": "3"}, {"value": "4", "display": "x"}]}])
        ),
        ["1", "2", "3", "4"]
    );
    assert_eq!(ids(json!([{"op": "remove", "path": "members[value eq \"2\"]"}])), ["1", "3"]);
    assert_eq!(
        ids(
            json!([{"op": "Remove", "path": "members", "value": [{"value": "1"}, {"value": "9"}]}])
        ),
        ["2", "3"]
    );
    assert_eq!(
        ids(
            json!([{"op": "Remove", "path": "members", "value": [{"value": "1", "$ref": null, "type": "User"}]}])
        ),
        ["2", "3"]
    );
    assert_eq!(ids(json!([{"op": "remove", "path": "members"}])), Vec::<String>::new());
    assert_eq!(
        ids(json!([{"op": "replace", "path": "members", "value": [{"value": "7"}]}])),
        ["7"]
    );
    assert_eq!(
        ids(json!([{"op": "replace", "value": {"id": "g", "members": [{"value": "8"}]}}])),
        ["8"]
    );
    assert_eq!(
        ids(json!([{"op": "replace", "path": "members", "value": []}])),
        Vec::<String>::new()
    );
    assert_eq!(ids(json!([{"op": "remove", "path": "members[value eq \"9\"]"}])), ["1", "2", "3"]);
    let error = run(
        &GROUP,
        &before,
        json!([{"op": "replace", "path": "members[value eq \"1\"].value", "value": "2"}]),
    )
    .unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::Mutability));
}
