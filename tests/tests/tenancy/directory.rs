//! What a firm's directory and its system administrator make, and the bodies that they send.

use serde_json::{Value, json};
use testkit::Client;

use crate::fixtures::Ids;
use crate::operations::Operation;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const MESSAGES: &str = "urn:ietf:params:scim:api:messages:2.0";

/// Provisions a user and a group with that user in it for the firm of `admin`; gives their ids.
pub(crate) async fn provision(admin: &Client, mark: &str) -> (String, String) {
    let text = |answer: &Value| answer["id"].as_str().expect("an id").to_owned();
    let user = admin.post("/scim/v2/Users", person(mark)).await.expect(201);
    let user = text(&user.body);
    let group = admin.post("/scim/v2/Groups", group(mark, &user)).await.expect(201);
    (user, text(&group.body))
}

fn person(mark: &str) -> Value {
    json!({"schemas": [USER], "userName": mark, "externalId": mark, "title": mark,
        "emails": [{"value": format!("{mark}@corp.example"), "primary": true}]})
}

fn group(mark: &str, member: &str) -> Value {
    json!({"schemas": [GROUP], "displayName": mark, "members": [{"value": member}]})
}

fn patch(operations: Value) -> Value {
    json!({"schemas": [format!("{MESSAGES}:PatchOp")], "Operations": operations})
}

/// A path parameter that is no id of anybody's.
pub(crate) fn constant(name: &str) -> Option<&'static str> {
    match name {
        "urn" => Some(USER),
        "name" => Some("User"),
        _ => None,
    }
}

/// The body of an operation, naming these ids.
pub(crate) fn body(operation: &Operation, ids: &Ids) -> Option<Value> {
    let member = &ids.member;
    let search = |filter: String| json!({"schemas": [format!("{MESSAGES}:SearchRequest")], "filter": filter});
    Some(match operation.id.as_str() {
        "scim_users_create" => person("made-by-crawl"),
        "scim_users_replace" => person("replaced-by-crawl"),
        "scim_users_patch" => {
            patch(json!([{"op": "replace", "path": "title", "value": "crawled"}]))
        }
        "scim_users_search" => search(format!("id eq \"{member}\"")),
        "scim_groups_create" => group("made-by-crawl", member),
        "scim_groups_replace" => group("replaced-by-crawl", member),
        "scim_groups_patch" => {
            patch(json!([{"op": "add", "path": "members", "value": [{"value": member}]}]))
        }
        "scim_groups_search" => search(format!("members.value eq \"{member}\"")),
        "scim_search" => search(format!("id eq \"{member}\" or id eq \"{}\"", ids.group)),
        "scim_bulk" => json!({"schemas": [format!("{MESSAGES}:BulkRequest")], "Operations": [
            {"method": "PATCH", "path": format!("/Users/{member}"),
             "data": patch(json!([{"op": "replace", "path": "title", "value": "bulk"}]))},
            {"method": "DELETE", "path": format!("/Groups/{}", ids.group)}]}),
        _ => return None,
    })
}
