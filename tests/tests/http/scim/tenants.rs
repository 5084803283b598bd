//! Two firms, two directories: neither meets, reveals or touches the other's people.

use serde_json::json;
use testkit::TestApp;

use super::{Directory, filter, person, refused};

#[tokio::test]
async fn the_same_person_in_two_directories_is_two_people() {
    let app = TestApp::new().await;
    let (ours, theirs) = (Directory::of(&app), Directory::other(&app));
    let a = ours.post("/Users", person("bjensen")).await.expect(201).body;
    let b = theirs.post("/Users", person("bjensen")).await.expect(201).body;
    assert_ne!(a["id"], b["id"]);
    // Nor does the e-mail of a person of the platform, or of another firm, stand in the way.
    let mut body = person("sales-rep@b.test");
    body["emails"] = json!([{"value": "sales-rep@b.test"}]);
    ours.post("/Users", body).await.expect(201);
    let off = json!([{"op": "replace", "value": {"active": false, "displayName": "Changed"}}]);
    ours.patch(&format!("/Users/{}", a["id"].as_str().unwrap()), off).await.expect(200);
    let still = theirs.get(&format!("/Users/{}", b["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!(still, b);
}

#[tokio::test]
async fn every_way_to_another_firms_people_looks_like_an_unknown_id() {
    let app = TestApp::new().await;
    let (ours, theirs) = (Directory::of(&app), Directory::other(&app));
    let user = theirs.user("bjensen").await;
    let group = theirs.group("Guides", &[&user]).await;
    let (before_user, before_group) = (
        theirs.get(&format!("/Users/{user}")).await.body,
        theirs.get(&format!("/Groups/{group}")).await.body,
    );
    let patch = json!([{"op": "replace", "path": "displayName", "value": "x"}]);
    let group_body = json!({"schemas": [super::GROUP], "displayName": "x"});
    for answer in [
        ours.get(&format!("/Users/{user}")).await,
        ours.put(&format!("/Users/{user}"), person("x")).await,
        ours.patch(&format!("/Users/{user}"), patch.clone()).await,
        ours.delete(&format!("/Users/{user}")).await,
        ours.get(&format!("/Groups/{group}")).await,
        ours.put(&format!("/Groups/{group}"), group_body).await,
        ours.patch(&format!("/Groups/{group}"), patch).await,
        ours.delete(&format!("/Groups/{group}")).await,
    ] {
        refused(&answer, 404, None, "Not found");
    }
    for text in [
        format!("id eq \"{user}\""),
        "userName eq \"bjensen\"".to_owned(),
        "externalId eq \"ext-bjensen\"".to_owned(),
        "emails.value eq \"bjensen@corp.example\"".to_owned(),
        "name.givenName eq \"Given\"".to_owned(),
        "meta.created gt \"2000-01-01T00:00:00Z\" and userName sw \"bj\"".to_owned(),
        format!("groups.value eq \"{group}\""),
    ] {
        assert_eq!(ours.found(&format!("/Users?{}", filter(&text))).await, (0, vec![]), "{text}");
    }
    assert_eq!(ours.found("/Groups").await, (0, vec![]));
    let by_member = filter(&format!("members eq \"{user}\""));
    assert_eq!(ours.found(&format!("/Groups?{by_member}")).await, (0, vec![]));
    let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
        {"method": "DELETE", "path": format!("/Users/{user}")},
        {"method": "PATCH", "path": format!("/Groups/{group}"),
         "data": {"schemas": [super::PATCH_OP], "Operations": [{"op": "remove", "path": "members"}]}}]});
    let done = ours.post("/Bulk", bulk).await.expect(200).body;
    for outcome in done["Operations"].as_array().unwrap() {
        assert_eq!(
            (&outcome["status"], &outcome["response"]["detail"]),
            (&json!("404"), &json!("Not found"))
        );
    }
    assert_eq!(theirs.get(&format!("/Users/{user}")).await.body, before_user);
    assert_eq!(theirs.get(&format!("/Groups/{group}")).await.body, before_group);
}
