//! Groups, and the roles that they give.

use serde_json::json;
use testkit::TestApp;

use super::{Directory, GROUP, map, refused, roles};

fn role(name: &str, origin: &str) -> (String, String) {
    (name.to_owned(), origin.to_owned())
}

#[tokio::test]
async fn a_group_is_made_read_changed_and_removed() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let (a, b) = (directory.user("a").await, directory.user("b").await);
    let body = json!({"schemas": [GROUP], "displayName": "Guides", "externalId": "g-1",
        "members": [{"value": a, "display": "A"}, {"$ref": format!("https://x.example/scim/v2/Users/{b}")}]});
    let made = directory.post("/Groups", body).await.expect(201);
    let id = made.body["id"].as_str().unwrap().to_owned();
    let member =
        |id: &str| json!({"value": id, "$ref": format!("/scim/v2/Users/{id}"), "type": "User"});
    let expected = json!({
        "schemas": [GROUP], "id": id, "externalId": "g-1", "displayName": "Guides",
        "members": [member(&a), member(&b)],
        "meta": {"resourceType": "Group", "created": made.body["meta"]["created"],
            "lastModified": made.body["meta"]["created"], "location": format!("/scim/v2/Groups/{id}"),
            "version": "W/\"1\""},
    });
    assert_eq!((&made.body, made.etag()), (&expected, "W/\"1\"".to_owned()));
    assert_eq!(directory.get(&format!("/Groups/{id}")).await.body, expected);
    let without = directory.get(&format!("/Groups/{id}?excludedAttributes=members")).await.body;
    assert_eq!(without["members"], json!(null));
    let user = directory.get(&format!("/Users/{a}")).await.body;
    assert_eq!(
        user["groups"],
        json!([{"value": id, "$ref": format!("/scim/v2/Groups/{id}"), "display": "Guides", "type": "direct"}])
    );

    let gone = json!([{"op": "remove", "path": format!("members[value eq \"{a}\"]")}]);
    let left = directory.patch(&format!("/Groups/{id}"), gone.clone()).await.expect(200);
    assert_eq!((&left.body["members"], left.etag()), (&json!([member(&b)]), "W/\"2\"".to_owned()));
    let again = directory.patch(&format!("/Groups/{id}"), gone).await.expect(200);
    assert_eq!(again.body, left.body);
    let taken =
        directory.post("/Groups", json!({"schemas": [GROUP], "displayName": "GUIDES"})).await;
    refused(&taken, 409, Some("uniqueness"), "displayName is taken.");
    directory.delete(&format!("/Groups/{id}")).await.expect(204);
    refused(&directory.get(&format!("/Groups/{id}")).await, 404, None, "Not found");
    assert_eq!(directory.get(&format!("/Users/{b}")).await.body["groups"], json!(null));
}

#[tokio::test]
async fn whoever_is_no_member_of_the_firm_joins_no_group() {
    let app = TestApp::new().await;
    let (directory, other) = (Directory::of(&app), Directory::other(&app));
    let stranger = other.user("stranger").await;
    let left = directory.user("left").await;
    directory.delete(&format!("/Users/{left}")).await.expect(204);
    let group = directory.group("Guides", &[]).await;
    for id in [stranger.as_str(), left.as_str(), "0193b0a0-0000-7000-8000-000000000001", "no-id"] {
        let add = json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
        let answer = directory.patch(&format!("/Groups/{group}"), add).await;
        refused(&answer, 400, Some("invalidValue"), "members contains a value that is no user");
    }
    let nested =
        json!([{"op": "add", "path": "members", "value": [{"value": group, "type": "Group"}]}]);
    let answer = directory.patch(&format!("/Groups/{group}"), nested).await;
    refused(&answer, 400, Some("invalidValue"), "members may be users only");
}

#[tokio::test]
async fn a_role_lasts_while_anything_gives_it() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    map(&app, "guides", "SalesManager").await;
    map(&app, "chiefs", "SalesManager").await;
    map(&app, "chiefs", "ProductAdministrator").await;
    let id = directory.user("a").await;
    let guides = directory.group("Guides", &[&id]).await;
    assert_eq!(roles(&directory, &id).await, [role("SalesManager", "scim")]);
    let chiefs = directory.group("Chiefs", &[&id]).await;
    assert_eq!(
        roles(&directory, &id).await,
        [role("ProductAdministrator", "scim"), role("SalesManager", "scim")]
    );
    let rows = "select role_name, okta_group_name, origin, effective_to is null as open from users.user_roles
                 where origin = 'scim' order by role_name, okta_group_name";
    assert_eq!(
        app.sql(rows).await,
        [
            json!({"role_name": "ProductAdministrator", "okta_group_name": "Chiefs", "origin": "scim", "open": true}),
            json!({"role_name": "SalesManager", "okta_group_name": "Chiefs", "origin": "scim", "open": true}),
            json!({"role_name": "SalesManager", "okta_group_name": "Guides", "origin": "scim", "open": true}),
        ]
    );
    app.clock.set(wealth_core::Clock::now(&*app.clock) + chrono::TimeDelta::minutes(1));
    let directory = Directory::of(&app);
    directory.delete(&format!("/Groups/{guides}")).await.expect(204);
    assert_eq!(roles(&directory, &id).await.len(), 2);
    app.execute(&format!(
        "insert into users.user_roles (tenant_id, user_id, role_name, effective_from)
        values ('00000000-0000-7000-8000-00000000000a', '{id}', 'SalesManager', '2026-01-01')"
    ))
    .await;
    directory
        .patch(&format!("/Groups/{chiefs}"), json!([{"op": "remove", "path": "members"}]))
        .await
        .expect(200);
    assert_eq!(roles(&directory, &id).await, [role("SalesManager", "manual")]);
    // What was held before is known: the grants ended, they were not erased.
    let open = app.sql(rows).await.iter().filter(|row| row["open"] == true).count();
    assert_eq!((app.sql(rows).await.len(), open), (3, 0));
}

#[tokio::test]
async fn a_mapping_takes_effect_for_those_who_are_there() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = directory.user("a").await;
    directory.group("Guides", &[&id]).await;
    map(&app, "GUIDES", "SalesManager").await;
    assert_eq!(roles(&directory, &id).await, [role("SalesManager", "scim")]);
    app.execute("update users.group_role_mappings set role_name = 'SalesRepresentative'").await;
    assert_eq!(roles(&directory, &id).await, [role("SalesRepresentative", "scim")]);
    app.execute("delete from users.group_role_mappings").await;
    assert_eq!(roles(&directory, &id).await, []);
}

#[tokio::test]
async fn a_new_name_is_another_name_to_the_mapping() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    map(&app, "Guides", "SalesManager").await;
    let id = directory.user("a").await;
    let group = directory.group("Drafts", &[&id]).await;
    assert_eq!(roles(&directory, &id).await, []);
    let rename =
        |name: &str| json!([{"op": "replace", "value": {"id": group, "displayName": name}}]);
    directory.patch(&format!("/Groups/{group}"), rename("Guides")).await.expect(200);
    assert_eq!(roles(&directory, &id).await, [role("SalesManager", "scim")]);
    directory.patch(&format!("/Groups/{group}"), rename("Retired")).await.expect(200);
    assert_eq!(roles(&directory, &id).await, []);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let admin = "00000000-0000-7000-9000-000000000a03";
    let text = "The firm would be left without an active administrator";
    let off = json!([{"op": "replace", "value": {"active": false}}]);
    refused(&directory.patch(&format!("/Users/{admin}"), off.clone()).await, 409, None, text);
    refused(&directory.delete(&format!("/Users/{admin}")).await, 409, None, text);
    map(&app, "Admins", "SystemAdministrator").await;
    let id = directory.user("second").await;
    let group = directory.group("Admins", &[&id]).await;
    directory.patch(&format!("/Users/{admin}"), off).await.expect(200);
    // From here on the second is the only one, and its group may not let it go.
    app.execute("update users.memberships set status = 'active' where user_id = '00000000-0000-7000-9000-000000000a03';
                 delete from users.user_roles where user_id = '00000000-0000-7000-9000-000000000a03'").await;
    app.execute(&format!(
        "insert into users.user_identities (user_id, provider, issuer, subject)
        values ('{id}', 'local', 'https://local.wealth.invalid', 'second-a')"
    ))
    .await;
    let second = Directory(app.client(testkit::Firm::Meridian, "second", &["SystemAdministrator"]));
    let empty = json!([{"op": "remove", "path": "members"}]);
    refused(&second.patch(&format!("/Groups/{group}"), empty).await, 409, None, text);
    refused(&second.delete(&format!("/Groups/{group}")).await, 409, None, text);
    assert_eq!(roles(&second, &id).await, [role("SystemAdministrator", "scim")]);
}
