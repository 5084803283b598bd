//! Good requests of a directory.

use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};
use testkit::Client;

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const MESSAGES: &str = "urn:ietf:params:scim:api:messages:2.0";

/// Provisions a user and a group with that user in it; gives their ids.
pub(super) async fn provision(caller: &Client, name: &str) -> (String, String) {
    let id = |body: &Value| body["id"].as_str().expect("an id").to_owned();
    let user = caller.post("/scim/v2/Users", person(name)).await.expect(201);
    let user = id(&user.body);
    let group = json!({"schemas": [GROUP], "displayName": name, "members": [{"value": user}]});
    let group = caller.post("/scim/v2/Groups", group).await.expect(201);
    (user, id(&group.body))
}

fn person(name: &str) -> Value {
    json!({
        "schemas": [USER], "userName": name, "externalId": name, "active": true,
        "name": {"givenName": "Given", "familyName": name}, "displayName": name,
        "emails": [{"value": format!("{name}@corp.example"), "type": "work", "primary": true}],
    })
}

fn fresh(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{name}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The body of a good request.
pub(super) fn body(operation: &str, member: &str) -> Option<Value> {
    Some(match operation {
        "scim_users_create" => person(&fresh("made")),
        "scim_users_replace" => person("member"),
        "scim_users_patch" => json!({"schemas": [format!("{MESSAGES}:PatchOp")], "Operations": [
            {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@corp.example"},
            {"op": "add", "value": {"title": "Boss", "active": true}}]}),
        "scim_groups_create" => {
            json!({"schemas": [GROUP], "displayName": fresh("group"), "members": [{"value": member}]})
        }
        "scim_groups_replace" => {
            json!({"schemas": [GROUP], "displayName": "member", "members": [{"value": member}]})
        }
        "scim_groups_patch" => json!({"schemas": [format!("{MESSAGES}:PatchOp")], "Operations": [
            {"op": "add", "path": "members", "value": [{"value": member}]}]}),
        "scim_search" | "scim_users_search" | "scim_groups_search" => json!({
            "schemas": [format!("{MESSAGES}:SearchRequest")], "filter": "externalId eq \"member\"",
            "sortBy": "externalId", "sortOrder": "ascending", "startIndex": 1, "count": 10,
            "attributes": ["externalId"]}),
        "scim_bulk" => json!({"schemas": [format!("{MESSAGES}:BulkRequest")], "failOnErrors": 1,
            "Operations": [
                {"method": "POST", "path": "/Users", "bulkId": "1", "data": person(&fresh("bulk"))},
                {"method": "DELETE", "path": "/Users/bulkId:1"}]}),
        _ => return None,
    })
}
