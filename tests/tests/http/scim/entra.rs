//! Entra's dialect: capitalised verbs, booleans as strings, dotted keys without a path, members
//! removed by value.

use serde_json::json;
use testkit::TestApp;

use super::{Directory, ENTERPRISE, USER, filter};

#[tokio::test]
async fn entra_provisions_a_user_and_changes_it() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let body = json!({
        "schemas": [USER, ENTERPRISE], "externalId": "0a21f0f2", "userName": "Test_User_dfeef4c5",
        "active": "True", "meta": {"resourceType": "User"}, "roles": [],
        "name": {"formatted": "givenName familyName", "familyName": "familyName", "givenName": "givenName"},
        "emails": [{"primary": true, "type": "work", "value": "Test_User@testuser.com"}],
    });
    let made = directory.post("/Users", body).await.expect(201).body;
    assert_eq!(made["active"], true);
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    let changed = directory.patch(&path, json!([
        {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "updatedEmail@microsoft.com"},
        {"op": "Replace", "path": "name.familyName", "value": "updatedFamilyName"},
        {"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+1 201 555 0123"},
        {"op": "Replace", "path": "addresses[type eq \"work\"].formatted", "value": "Line 1\nLine 2"},
        {"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Sales"},
        {"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "m-1"},
        {"op": "Add", "value": {"displayName": "Updated", "name.givenName": "Dotted", "title": "Boss"}},
        {"op": "Replace", "path": "active", "value": "False"},
    ])).await.expect(200).body;
    for (name, expected) in [
        ("active", json!(false)),
        ("displayName", json!("Updated")),
        ("title", json!("Boss")),
        (
            "name",
            json!({"formatted": "givenName familyName", "familyName": "updatedFamilyName", "givenName": "Dotted"}),
        ),
        (
            "emails",
            json!([{"value": "updatedEmail@microsoft.com", "type": "work", "primary": true}]),
        ),
        ("phoneNumbers", json!([{"value": "+1 201 555 0123", "type": "mobile"}])),
        ("addresses", json!([{"formatted": "Line 1\nLine 2", "type": "work"}])),
        (ENTERPRISE, json!({"department": "Sales", "manager": {"value": "m-1"}})),
    ] {
        assert_eq!(changed[name], expected, "{name}");
    }
    let cleared = directory
        .patch(
            &path,
            json!([
                {"op": "Remove", "path": format!("{ENTERPRISE}:manager")},
                {"op": "Replace", "path": "title", "value": ""},
            ]),
        )
        .await
        .expect(200)
        .body;
    assert_eq!(
        (&cleared[ENTERPRISE], &cleared["title"]),
        (&json!({"department": "Sales"}), &json!(null))
    );
    let found = format!(
        "/Users?{}",
        filter("emails[type eq \"work\"].value eq \"UPDATEDEMAIL@microsoft.com\"")
    );
    assert_eq!(directory.found(&found).await.0, 1);
}

#[tokio::test]
async fn entra_removes_members_by_value() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let (a, b) = (directory.user("a").await, directory.user("b").await);
    let id = directory.group("Guides", &[]).await;
    let path = format!("/Groups/{id}");
    let added = directory.patch(&path, json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": a}, {"value": b}]}])).await;
    assert_eq!(added.expect(200).body["members"].as_array().unwrap().len(), 2);
    let asked = format!(
        "/Groups?excludedAttributes=members&{}",
        filter(&format!("id eq \"{id}\" and members eq \"{a}\""))
    );
    assert_eq!(directory.found(&asked).await, (1, vec![id.clone()]));
    let removed = directory
        .patch(
            &path,
            json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": a}]}]),
        )
        .await;
    let left = removed.expect(200).body["members"].clone();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["value"]), (1, &json!(b)));
    assert_eq!(directory.found(&asked).await, (0, vec![]));
}
