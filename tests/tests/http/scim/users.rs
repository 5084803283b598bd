//! One user through its life.

use http::Method;
use serde_json::json;
use testkit::{Request, TestApp};

use super::{Directory, ENTERPRISE, USER, person, refused};

#[tokio::test]
async fn a_user_is_made_read_replaced_and_removed() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let mut body = person("bjensen");
    // Set and never shown.
    body["password"] = json!("seven green bottles");
    body[ENTERPRISE] = json!({"department": "Sales", "manager": "m-1"});
    let made = directory.post("/Users", body).await.expect(201);
    let id = made.body["id"].as_str().unwrap().to_owned();
    let location = format!("/scim/v2/Users/{id}");
    assert_eq!(made.header("location"), location);
    assert_eq!(made.header("content-type"), "application/scim+json");
    assert_eq!(made.body["meta"]["version"], made.etag());
    let expected = json!({
        "schemas": [USER, ENTERPRISE],
        "id": id,
        "externalId": "ext-bjensen",
        "userName": "bjensen",
        "name": {"familyName": "bjensen", "givenName": "Given"},
        "displayName": "Given bjensen",
        "active": true,
        "emails": [{"value": "bjensen@corp.example", "type": "work", "primary": true}],
        ENTERPRISE: {"department": "Sales", "manager": {"value": "m-1"}},
        "meta": {
            "resourceType": "User",
            "created": made.body["meta"]["created"],
            "lastModified": made.body["meta"]["created"],
            "location": location,
            "version": made.etag(),
        },
    });
    assert_eq!(made.body, expected);

    let read = directory.get(&format!("/Users/{id}")).await.expect(200);
    assert_eq!((read.body, read.headers["etag"].clone()), (expected, made.headers["etag"].clone()));

    let put = directory.put(&format!("/Users/{id}"), person("renamed")).await.expect(200);
    assert_eq!(put.body["userName"], "renamed");
    assert_eq!(put.body["schemas"], json!([USER]));
    assert_ne!(put.etag(), made.etag());

    let gone = directory.delete(&format!("/Users/{id}")).await.expect(204);
    assert_eq!(gone.bytes, b"");
    for answer in [
        directory.get(&format!("/Users/{id}")).await,
        directory.put(&format!("/Users/{id}"), person("x")).await,
        directory
            .patch(&format!("/Users/{id}"), json!([{"op": "add", "path": "title", "value": "x"}]))
            .await,
        directory.delete(&format!("/Users/{id}")).await,
    ] {
        refused(&answer, 404, None, "Not found");
    }
    // The name, the address and the external id are free for somebody else.
    let next = directory.post("/Users", person("renamed")).await.expect(201);
    assert_ne!(next.body["id"], json!(id));
}

#[tokio::test]
async fn the_person_behind_it_is_kept_for_the_log() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("bjensen").await;
    directory
        .patch(
            &format!("/Users/{id}"),
            json!([{"op": "replace", "path": "name.givenName", "value": "Babs"}]),
        )
        .await
        .expect(200);
    let person = format!(
        "select email, first_name, last_name, display_name, is_active, directory_tenant_id from users.users where user_id = '{id}'"
    );
    assert_eq!(
        app.sql(&person).await,
        [json!({
            "email": "bjensen@corp.example", "first_name": "Babs", "last_name": "bjensen",
            "display_name": "Given bjensen", "is_active": true,
            "directory_tenant_id": "00000000-0000-7000-8000-00000000000a",
        })]
    );
    directory.delete(&format!("/Users/{id}")).await.expect(204);
    assert_eq!(app.sql(&person).await[0]["is_active"], false);
    // What the directory called them is nobody's any more.
    let called = format!(
        "select status, user_name, external_id, scim from users.memberships where user_id = '{id}'"
    );
    let none = json!({"status": "ended", "user_name": null, "external_id": null, "scim": null});
    assert_eq!(app.sql(&called).await, [none]);
    let actions = app
        .sql(&format!(
            "select action, actor_label, transaction_name from audit.audit_events
          where resource_id = '{id}' and action like 'user.%' order by legacy_action desc"
        ))
        .await;
    assert_eq!(
        actions,
        [
            json!({"action": "user.provisioned", "actor_label": "Cyd system-admin", "transaction_name": "scim_user_create"}),
            json!({"action": "user.deprovisioned", "actor_label": "Cyd system-admin", "transaction_name": "scim_user_delete"}),
        ]
    );
}

#[tokio::test]
async fn entity_tags_guard_and_save() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("bjensen").await;
    let path = format!("/scim/v2/Users/{id}");
    let first = directory.0.get(&path).await.etag();
    let request = |method: Method, tag: &str| {
        let body = json!({"schemas": [super::PATCH_OP], "Operations": [{"op": "replace", "path": "title", "value": tag}]});
        Request::new(method, &path).json(&body).if_match(tag)
    };
    let changed = directory.0.send(request(Method::PATCH, &first)).await.expect(200);
    for tag in [first.as_str(), "W/\"0\"", "nonsense"] {
        let answer = directory.0.send(request(Method::PATCH, tag)).await;
        assert_eq!((answer.status, &answer.body["status"]), (412, &json!("412")), "{tag}");
    }
    directory.0.send(request(Method::PATCH, "*")).await.expect(200);
    let held = directory.0.get(&path).await.etag();
    assert_ne!(held, changed.etag());
    let same = Request::new(Method::GET, &path).header("if-none-match", &held);
    assert_eq!(directory.0.send(same).await.expect(304).bytes, b"");
    // A group is part of the resource, so joining one is another version.
    directory.group("Guides", &[&id]).await;
    let other = Request::new(Method::GET, &path).header("if-none-match", &held);
    assert_eq!(directory.0.send(other).await.expect(200).body["groups"][0]["display"], "Guides");
    let stale = Request::new(Method::DELETE, &path).if_match(&first);
    directory.0.send(stale).await.expect(412);
}

#[tokio::test]
async fn a_patch_that_changes_nothing_writes_nothing() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("bjensen").await;
    let before = directory.get(&format!("/Users/{id}")).await;
    let same = json!([{"op": "replace", "path": "userName", "value": "bjensen"}, {"op": "add", "value": {"active": true}}]);
    let after = directory.patch(&format!("/Users/{id}"), same).await.expect(200);
    assert_eq!(after.body, before.body);
    let failed =
        json!([{"op": "add", "path": "title", "value": "x"}, {"op": "remove", "path": "userName"}]);
    directory.patch(&format!("/Users/{id}"), failed).await.expect(400);
    assert_eq!(directory.get(&format!("/Users/{id}")).await.body, before.body);
}

#[tokio::test]
async fn a_name_belongs_to_one_member() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let first = directory.user("bjensen").await;
    let taken = directory.post("/Users", person("BJensen")).await;
    refused(&taken, 409, Some("uniqueness"), "userName is taken");
    let second = directory.user("other").await;
    let rename = json!([{"op": "replace", "path": "userName", "value": "BJENSEN"}]);
    let taken = directory.patch(&format!("/Users/{second}"), rename.clone()).await;
    refused(&taken, 409, Some("uniqueness"), "userName is taken");
    let own = directory.patch(&format!("/Users/{first}"), rename).await.expect(200);
    assert_eq!(own.body["userName"], "BJENSEN");
    // A member whom no directory has described goes by the e-mail.
    let taken = directory.post("/Users", person("sales-rep@A.test")).await;
    refused(&taken, 409, Some("uniqueness"), "userName is taken");
}

#[tokio::test]
async fn a_member_of_the_platform_is_adopted_but_stays_a_person_of_its_own() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let (total, ids) = directory
        .found(&format!("/Users?{}", super::filter("userName eq \"Sales-Rep@a.test\"")))
        .await;
    assert_eq!((total, ids.len()), (1, 1));
    let path = format!("/Users/{}", ids[0]);
    let before = directory.get(&path).await.expect(200).body;
    assert_eq!(
        (&before["userName"], &before["name"]["givenName"]),
        (&json!("sales-rep@a.test"), &json!("Dot"))
    );
    assert_eq!(before["roles"], json!([{"value": "SalesRepresentative", "type": "manual"}]));
    let mut body = person("dot");
    body["active"] = json!(true);
    let after = directory.put(&path, body).await.expect(200).body;
    assert_eq!((&after["userName"], &after["externalId"]), (&json!("dot"), &json!("ext-dot")));
    let person = app
        .sql(&format!(
            "select email, first_name, directory_tenant_id from users.users where user_id = '{}'",
            ids[0]
        ))
        .await;
    assert_eq!(
        person,
        [json!({"email": "sales-rep@a.test", "first_name": "Dot", "directory_tenant_id": null})]
    );
}
