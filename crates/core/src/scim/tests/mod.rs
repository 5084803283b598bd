mod dialects;
mod documents;
mod filters;
mod patches;
mod projections;

use serde_json::{Value, json};

use super::Object;

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// A person as the server holds it.
fn barbara() -> Object {
    object(json!({
        "id": "0193b0a0-0000-7000-8000-000000000001",
        "externalId": "E-1",
        "userName": "bjensen",
        "name": {"familyName": "Jensen", "givenName": "Barbara"},
        "active": true,
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": true},
            {"value": "babs@jensen.example", "type": "home"},
        ],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "Sales",
            "manager": {"value": "26118915-6090-4610-87e4-49d8ca9f808d"},
        },
        "meta": {
            "resourceType": "User",
            "created": "2026-01-02T03:04:05.000Z",
            "lastModified": "2026-02-03T04:05:06.000Z",
            "version": "W/\"3\"",
        },
    }))
}
