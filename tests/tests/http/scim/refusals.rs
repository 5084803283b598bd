//! Every failure below /scim is a SCIM error, whoever finds it.

use http::Method;
use serde_json::json;
use testkit::{Request, TestApp};

use super::{Directory, USER, error, person, refused};

#[tokio::test]
async fn refusals_of_every_layer_are_scim_errors() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("bjensen").await;
    let detail = app.anonymous().get("/scim/v2/Users").await;
    assert_eq!((detail.status, &detail.body["status"]), (401, &json!("401")));
    assert_eq!(detail.header("content-type"), "application/scim+json");
    let denied = app.sales_rep().get("/scim/v2/Users").await;
    refused(&denied, 403, None, "None of your roles may provision users.");
    let path = format!("/scim/v2/Users/{id}");
    let wrong = directory.0.send(Request::new(Method::POST, &path)).await;
    assert_eq!((wrong.status, &wrong.body["status"]), (405, &json!("405")));
    refused(&directory.get("/Nothing").await, 404, None, "Not found");
    for content_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let body = person("x").to_string().into_bytes();
        let request = Request::new(Method::POST, "/scim/v2/Users").body(content_type, body);
        let answer = directory.0.send(request).await;
        refused(&answer, 415, None, "Send the body as application/scim+json or application/json.");
    }
    let torn =
        Request::new(Method::POST, "/scim/v2/Users").body("application/scim+json", b"{".to_vec());
    let answer = directory.0.send(torn).await.expect(400);
    assert_eq!(
        (&answer.body["scimType"], &answer.body["status"]),
        (&json!("invalidSyntax"), &json!("400"))
    );
}

#[tokio::test]
async fn bad_input_is_named() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("bjensen").await;
    let post = |body| directory.post("/Users", body);
    for (body, scim_type, detail) in [
        (json!({"userName": "a"}), "invalidSyntax", format!("schemas must contain {USER}")),
        (json!({"schemas": [USER]}), "invalidValue", "userName is required".to_owned()),
        (
            json!({"schemas": [USER], "userName": "x".repeat(321)}),
            "invalidValue",
            "userName may have at most 320 characters".to_owned(),
        ),
        (
            json!({"schemas": [USER], "userName": "a", "externalId": "x".repeat(256)}),
            "invalidValue",
            "externalId may have at most 255 characters".to_owned(),
        ),
        (
            json!({"schemas": [USER], "userName": "a\u{0}"}),
            "invalidValue",
            "userName must not contain the character U+0000".to_owned(),
        ),
    ] {
        assert_eq!(post(body).await.expect(400).body, error("400", Some(scim_type), &detail));
    }
    for (query, scim_type, detail) in [
        ("count=x", "invalidValue", "count must be a whole number"),
        ("sortBy=nothing", "invalidValue", "sortBy: User has no attribute \"nothing\""),
        (
            "sortBy=userName&sortOrder=up",
            "invalidValue",
            "sortOrder must be ascending or descending",
        ),
        ("filter=userName", "invalidFilter", "The filter is not valid: an operator is missing"),
    ] {
        refused(&directory.get(&format!("/Users?{query}")).await, 400, Some(scim_type), detail);
    }
    for (operation, scim_type, detail) in [
        (
            json!({"op": "replace", "path": "id", "value": "x"}),
            "mutability",
            "Operations[0]: id is read-only",
        ),
        (json!({"op": "remove"}), "noTarget", "Operations[0]: remove needs a path"),
        (
            json!({"op": "add", "path": "x[", "value": "x"}),
            "invalidPath",
            "Operations[0]: The path is not valid: User has no attribute \"x\"",
        ),
        (
            json!({"op": "replace", "path": "emails[type eq \"other\"].value", "value": "x"}),
            "noTarget",
            "Operations[0]: no element matches the path",
        ),
    ] {
        let answer = directory.patch(&format!("/Users/{id}"), json!([operation])).await;
        refused(&answer, 400, Some(scim_type), detail);
    }
    let long = format!("/Users?{}", super::filter(&"(".repeat(4_097)));
    let answer = directory.get(&long).await;
    assert!(answer.status == 400 || answer.status == 414, "{}", answer.status);
}

#[tokio::test]
async fn what_is_not_the_directorys_to_set_is_passed_over() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let group = directory.group("Guides", &[]).await;
    let foreign = json!({
        "id": "11111111-1111-7111-8111-111111111111", "user_id": "11111111-1111-7111-8111-111111111111",
        "tenant_id": "00000000-0000-7000-8000-00000000000b", "origin": "manual", "status": "ended",
        "meta": {"created": "2000-01-01T00:00:00Z", "version": "W/\"99\"", "resourceType": "Group"},
        "roles": [{"value": "SystemAdministrator"}], "groups": [{"value": group}],
        "is_active": false, "version": 99, "__proto__": {"admin": true}, "": 1,
    });
    let plain = directory.post("/Users", person("plain")).await.expect(201).body;
    let mut body = person("loaded");
    body.as_object_mut().unwrap().extend(foreign.as_object().unwrap().clone());
    let made = directory.post("/Users", body.clone()).await.expect(201).body;
    let names =
        |body: &serde_json::Value| body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&plain));
    assert_ne!(made["id"], foreign["id"]);
    let path = format!("/Users/{}", made["id"].as_str().unwrap());
    let put = directory.put(&path, body).await.expect(200).body;
    let patch = json!([{"op": "add", "value": foreign}]);
    let patched = directory.patch(&path, patch).await.expect(200).body;
    assert_eq!((names(&put), &patched), (names(&plain), &put));
    let row = app
        .sql(&format!(
            "select tenant_id, status, origin, version from users.memberships where user_id = {}",
            made["id"].to_string().replace('"', "'")
        ))
        .await;
    assert_eq!(
        row,
        [
            json!({"tenant_id": "00000000-0000-7000-8000-00000000000a", "status": "active", "origin": "scim", "version": 2})
        ]
    );
}
