//! The steps by which Okta's own suite judges a SCIM 2.0 server, and what Okta sends after it.

use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Request, TestApp};

use super::{Directory, USER, filter, person};

/// A request with the headers of Okta's client.
async fn okta(client: &Client, path: &str) -> testkit::Answer {
    let request = Request::new(Method::GET, &format!("/scim/v2{path}"))
        .header("accept", "application/scim+json")
        .header("accept-charset", "utf-8")
        .header("content-type", "application/scim+json; charset=utf-8")
        .header("user-agent", "OKTA SCIM Integration");
    client.send(request).await
}

fn is_list(body: &Value, total: i64) -> bool {
    body["schemas"] == json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"])
        && body["totalResults"] == json!(total)
}

fn is_error(body: &Value, status: &str) -> bool {
    body["schemas"] == json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
        && body["status"] == json!(status)
        && body["detail"].as_str().is_some_and(|detail| !detail.is_empty())
}

#[tokio::test]
async fn every_step_of_the_suite_passes() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    directory.user("seed").await;
    let client = &directory.0;

    let list = okta(client, "/Users?count=1&startIndex=1").await.expect(200).body;
    assert!(is_list(&list, 7));
    assert_eq!((&list["itemsPerPage"], &list["startIndex"]), (&json!(1), &json!(1)));
    let first = &list["Resources"][0];
    for value in [
        &first["id"],
        &first["name"]["familyName"],
        &first["name"]["givenName"],
        &first["userName"],
        &first["emails"][0]["value"],
    ] {
        assert!(value.as_str().is_some_and(|text| !text.is_empty()), "{first}");
    }
    assert_eq!(first["active"], true);
    let id = first["id"].as_str().unwrap();
    assert_eq!(okta(client, &format!("/Users/{id}")).await.expect(200).body, *first);
    let nobody = format!("/Users?{}", filter("userName eq \"nobody@example.com\""));
    assert!(is_list(&okta(client, &nobody).await.expect(200).body, 0));
    for unknown in ["00000000-0000-4000-8000-00000000dead", "00919288221112222"] {
        let answer = okta(client, &format!("/Users/{unknown}")).await.expect(404);
        assert!(is_error(&answer.body, "404"));
    }

    let new = json!({"schemas": [USER], "userName": "Runscope300abc", "displayName": "R O",
        "name": {"givenName": "R", "familyName": "O"}, "active": true,
        "emails": [{"primary": true, "value": "abc@example.com", "type": "work"}]});
    let post = |body: &Value| {
        Request::new(Method::POST, "/scim/v2/Users")
            .header("accept", "application/scim+json; charset=utf-8")
            .json(body)
    };
    let made = client.send(post(&new)).await.expect(201).body;
    for (name, value) in new.as_object().unwrap() {
        assert_eq!(made[name], *value);
    }
    let id = made["id"].as_str().unwrap();
    assert_eq!(okta(client, &format!("/Users/{id}")).await.expect(200).body, made);
    let mut same = new.clone();
    same["emails"][0]["value"] = json!("Runscope300abc");
    assert!(is_error(&client.send(post(&same)).await.expect(409).body, "409"));
    let caps = format!("/Users?{}", filter("userName eq \"RUNSCOPE300ABC\""));
    assert!(is_list(&okta(client, &caps).await.expect(200).body, 1));
    assert!(is_list(&okta(client, "/Groups").await.expect(200).body, 0));
    let stranger = app.anonymous();
    let unnamed =
        Request::new(Method::GET, &format!("/scim/v2{caps}")).header("authorization", "non-token");
    let answer = stranger.send(unnamed).await.expect(401);
    assert!(is_error(&answer.body, "401"));
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
}

#[tokio::test]
async fn okta_deactivates_and_reactivates_without_a_path() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("bjensen").await;
    for active in [false, true] {
        let change = json!([{"op": "replace", "value": {"active": active}}]);
        let body = directory.patch(&format!("/Users/{id}"), change).await.expect(200).body;
        assert_eq!(body["active"], active);
        assert_eq!(directory.get(&format!("/Users/{id}")).await.expect(200).body, body);
    }
    let mut profile = person("bjensen");
    profile["active"] = json!(false);
    let body = directory.put(&format!("/Users/{id}"), profile.clone()).await.expect(200).body;
    assert_eq!(body["active"], false);
    // A profile that says nothing of it wakes nobody.
    profile.as_object_mut().unwrap().remove("active");
    let body = directory.put(&format!("/Users/{id}"), profile).await.expect(200).body;
    assert_eq!(body["active"], false);
}

#[tokio::test]
async fn okta_pushes_groups() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let (a, b) = (directory.user("a").await, directory.user("b").await);
    let id = directory.group("Guides", &[&a]).await;
    let path = format!("/Groups/{id}");
    let rename = json!([{"op": "replace", "value": {"id": id, "displayName": "Chiefs"}}]);
    assert_eq!(directory.patch(&path, rename).await.expect(200).body["displayName"], "Chiefs");
    let change = json!([
        {"op": "remove", "path": format!("members[value eq \"{a}\"]")},
        {"op": "add", "path": "members", "value": [{"value": b, "display": "b"}]},
    ]);
    let members = directory.patch(&path, change).await.expect(200).body["members"].clone();
    assert_eq!(members.as_array().unwrap().len(), 1);
    assert_eq!(members[0]["value"], json!(b));
    let all = json!([{"op": "replace", "path": "members", "value": [{"value": a}, {"value": b}]}]);
    assert_eq!(
        directory.patch(&path, all).await.expect(200).body["members"].as_array().unwrap().len(),
        2
    );
}
