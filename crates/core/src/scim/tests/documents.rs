use serde_json::{Value, json};

use crate::scim::document::read;
use crate::scim::schema::{
    GROUP, RESOURCE_TYPES, SCHEMAS, USER, resource_type_document, schema_document,
    service_provider_config,
};

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

#[test]
fn a_document_becomes_canonical() {
    let body = json!({
        "schemas": [CORE, ENTERPRISE, "urn:example:of:others"],
        "USERNAME": " bjensen ",
        "id": "not-mine-to-choose",
        "Name": {"GivenName": "Barbara", "unknown": 1},
        "active": "True",
        "emails": {"value": "b@example.com", "PRIMARY": "true"},
        "groups": [{"value": "x"}],
        "roles": [{"value": "SystemAdministrator"}],
        "title": "",
        "nickName": null,
        "phoneNumbers": [],
        "password": "harvest moon over the harbor",
        ENTERPRISE: {"Department": "Sales", "manager": "m-1"},
        "urn:example:of:others": {"a": 1},
        "meta": {"version": "x"},
    });
    let expected = json!({
        "userName": "bjensen",
        "name": {"givenName": "Barbara"},
        "active": true,
        "emails": [{"value": "b@example.com", "primary": true}],
        "password": "harvest moon over the harbor",
        ENTERPRISE: {"department": "Sales", "manager": {"value": "m-1"}},
    });
    assert_eq!(Value::Object(read(&USER, &body).unwrap()), expected);
}

#[test]
fn what_is_wrong_is_named_without_the_value() {
    let wrong = |resource, body: Value| read(resource, &body).unwrap_err().to_string();
    let user = |extra: Value| {
        let mut body = json!({"schemas": [CORE], "userName": "a"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        wrong(&USER, body)
    };
    assert_eq!(wrong(&USER, json!([])), "The body must be an object");
    assert_eq!(wrong(&USER, json!({"userName": "a"})), format!("schemas must contain {CORE}"));
    assert_eq!(wrong(&USER, json!({"schemas": [CORE]})), "userName is required");
    assert_eq!(
        wrong(&GROUP, json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"]})),
        "displayName is required"
    );
    assert_eq!(user(json!({"USERNAME": "b"})), "userName is given twice");
    assert_eq!(user(json!({"active": 1})), "active must be true or false");
    assert_eq!(user(json!({"title": 5})), "title must be a string");
    assert_eq!(user(json!({"name": "secret"})), "name must be an object");
    assert_eq!(user(json!({"title": "x".repeat(1_025)})), "title may have at most 1024 characters");
    assert_eq!(
        user(json!({"emails": vec![json!({"value": "a"}); 101]})),
        "emails may have at most 100 elements"
    );
    assert_eq!(
        user(json!({"emails": [{"value": "a", "primary": true}, {"value": "b", "primary": true}]})),
        "emails may have one primary value only"
    );
    assert_eq!(
        user(json!({"x509Certificates": [{"value": "not base64!"}]})),
        "value must be base64 of at most 24 KiB"
    );
    assert_eq!(user(json!({ENTERPRISE: 5})), format!("{ENTERPRISE} must be an object"));
}

#[test]
fn discovery_describes_what_is_there() {
    let base = "https://api.example.com/scim/v2";
    let ids: Vec<_> =
        SCHEMAS.iter().map(|schema| schema_document(schema, base)["id"].clone()).collect();
    for resource in RESOURCE_TYPES {
        let document = resource_type_document(resource, base);
        assert!(ids.contains(&document["schema"]));
        for extension in document["schemaExtensions"].as_array().unwrap_or(&vec![]) {
            assert!(ids.contains(&extension["schema"]));
        }
    }
    let group = resource_type_document(&GROUP, base);
    assert_eq!(
        group,
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": "Group", "name": "Group", "endpoint": "/Groups",
            "description": "A group of members of the firm",
            "schema": "urn:ietf:params:scim:schemas:core:2.0:Group",
            "meta": {"resourceType": "ResourceType", "location": "https://api.example.com/scim/v2/ResourceTypes/Group"},
        })
    );
    assert_eq!(
        service_provider_config(base)["filter"],
        json!({"supported": true, "maxResults": 200})
    );
}
