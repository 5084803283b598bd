//! Many changes in one request.

use serde_json::{Value, json};
use testkit::TestApp;

use super::{Directory, ENTERPRISE, GROUP, filter, person, refused};

fn request(operations: Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations})
}

fn statuses(body: &Value) -> Vec<&str> {
    body["Operations"].as_array().unwrap().iter().map(|o| o["status"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_group_can_be_made_with_members_made_after_it() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let mut alice = person("alice");
    alice[ENTERPRISE] = json!({"manager": {"value": "bulkId:b"}});
    let body = directory.post("/Bulk", request(json!([
        {"method": "POST", "path": "/Groups", "bulkId": "g",
         "data": {"schemas": [GROUP], "displayName": "Guides", "members": [{"value": "bulkId:a"}, {"value": "bulkId:b"}]}},
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": alice},
        {"method": "post", "path": "/Users", "bulkId": "b", "data": person("bob")},
        {"method": "PATCH", "path": "/Users/bulkId:b", "data": {"schemas": [super::PATCH_OP],
            "Operations": [{"op": "replace", "path": "title", "value": "Boss"}]}},
        {"method": "PATCH", "path": "/Users/bulkId:b", "data": [{"op": "add", "path": "nickName", "value": "Bobby"}]},
    ]))).await.expect(200).body;
    assert_eq!(statuses(&body), ["201", "201", "201", "200", "200"]);
    let operations = body["Operations"].as_array().unwrap();
    let read = |at: usize| {
        let location = operations[at]["location"]
            .as_str()
            .unwrap()
            .strip_prefix("/scim/v2")
            .unwrap()
            .to_owned();
        let directory = &directory;
        async move { directory.get(&location).await.expect(200).body }
    };
    let (group, alice, bob) = (read(0).await, read(1).await, read(2).await);
    assert_eq!(
        operations[0],
        json!({"method": "POST", "bulkId": "g", "version": group["meta"]["version"],
        "location": group["meta"]["location"], "status": "201"})
    );
    let members: Vec<&Value> =
        group["members"].as_array().unwrap().iter().map(|m| &m["value"]).collect();
    assert_eq!(members.len(), 2);
    assert!(members.contains(&&alice["id"]) && members.contains(&&bob["id"]));
    assert_eq!(alice[ENTERPRISE]["manager"]["value"], bob["id"]);
    assert_eq!((&bob["title"], &bob["nickName"]), (&json!("Boss"), &json!("Bobby")));
}

#[tokio::test]
async fn sent_again_it_makes_nothing_twice_and_leaves_nothing_out() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    // The first try got as far as its first operation.
    let alice = directory.user("alice").await;
    let again = request(json!([
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": person("alice")},
        {"method": "POST", "path": "/Groups", "bulkId": "g",
         "data": {"schemas": [GROUP], "displayName": "Guides", "externalId": "g", "members": [{"value": "bulkId:a"}]}},
    ]));
    let body = directory.post("/Bulk", again.clone()).await.expect(200).body;
    assert_eq!(statuses(&body), ["409", "201"]);
    assert_eq!(body["Operations"][0]["response"]["scimType"], "uniqueness");
    assert_eq!(body["Operations"][0]["location"], json!(format!("/scim/v2/Users/{alice}")));
    let body = directory.post("/Bulk", again).await.expect(200).body;
    assert_eq!(statuses(&body), ["409", "409"]);
    let (total, groups) = directory.found("/Groups").await;
    assert_eq!(total, 1);
    let group = directory.get(&format!("/Groups/{}", groups[0])).await.body;
    assert_eq!(
        (group["members"].as_array().unwrap().len(), &group["members"][0]["value"]),
        (1, &json!(alice))
    );
    assert_eq!(
        directory.found(&format!("/Users?{}", filter("userName eq \"alice\""))).await,
        (1, vec![alice])
    );
}

#[tokio::test]
async fn each_operation_stands_alone_until_too_many_failed() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("alice").await;
    let operations = json!([
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"schemas": [super::USER]}},
        {"method": "PUT", "path": format!("/Users/{id}"), "version": "W/\"99\"", "data": person("alice")},
        {"method": "POST", "path": "/Groups", "bulkId": "2", "data": {"schemas": [GROUP], "displayName": "g", "members": [{"value": "bulkId:1"}]}},
        {"method": "DELETE", "path": "/Users/bulkId:nobody"},
        {"method": "DELETE", "path": "/Things/1"},
        {"method": "DELETE", "path": format!("/Users/{id}")},
    ]);
    let mut limited = request(operations.clone());
    limited["failOnErrors"] = json!(2);
    let body = directory.post("/Bulk", limited).await.expect(200).body;
    assert_eq!(statuses(&body), ["400", "412"]);
    let body = directory.post("/Bulk", request(operations)).await.expect(200).body;
    assert_eq!(statuses(&body), ["400", "412", "400", "400", "404", "204"]);
    assert_eq!(
        body["Operations"][2]["response"]["detail"],
        "It refers to a bulkId whose operation failed"
    );
}

#[tokio::test]
async fn what_is_no_bulk_request_is_refused_whole() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    for (operations, detail) in [
        (json!([{"method": "POST", "path": "/Users", "data": {}}]), "Operations[0] has no bulkId"),
        (
            json!([{"method": "GET", "path": "/Users/1"}]),
            "Operations[0] has a method that is none of POST, PUT, PATCH, DELETE",
        ),
        (
            json!([{"method": "POST", "path": "/Users/1", "bulkId": "1", "data": {}}]),
            "Operations[0] has a path that does not fit its method",
        ),
        (json!([{"method": "PUT", "path": "/Users/1"}]), "Operations[0] has no data"),
        (
            json!([{"method": "DELETE", "path": "/Users/1", "bulkId": "1"}, {"method": "DELETE", "path": "/Users/2", "bulkId": "1"}]),
            "Operations[1] repeats a bulkId",
        ),
        (json!("x"), "Operations must be a list"),
    ] {
        refused(
            &directory.post("/Bulk", request(operations)).await,
            400,
            Some("invalidSyntax"),
            detail,
        );
    }
    let many: Vec<Value> =
        (0..1_001).map(|_| json!({"method": "DELETE", "path": "/Users/1"})).collect();
    let answer = directory.post("/Bulk", request(Value::Array(many))).await;
    refused(&answer, 413, None, "The request exceeds maxOperations, 1000");
    let mut large = request(json!([]));
    large["padding"] = json!("x".repeat(1_048_576));
    let answer = directory.post("/Bulk", large).await;
    refused(&answer, 413, None, "The body exceeds maxPayloadSize, 1048576 bytes");
}
