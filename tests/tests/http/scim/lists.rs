//! Filters, order, pages and projections.

use serde_json::json;
use testkit::TestApp;

use super::{Directory, filter, person, refused};

/// Three people of the directory beside the members of the seed.
async fn three(directory: &Directory) -> [String; 3] {
    let mut ids = Vec::new();
    for (name, title) in [("carol", "Boss"), ("Alice", "Clerk"), ("bob", "Clerk")] {
        let mut body = person(name);
        body["title"] = json!(title);
        body["emails"] = json!([{"value": format!("{name}@Corp.example"), "type": "work"},
            {"value": format!("{name}@home.example"), "type": "home", "primary": true}]);
        ids.push(
            directory.post("/Users", body).await.expect(201).body["id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    ids.try_into().unwrap()
}

#[tokio::test]
async fn filters_find_whom_they_describe() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let [carol, alice, bob] = three(&directory).await;
    directory
        .patch(
            &format!("/Users/{bob}"),
            json!([{"op": "replace", "path": "active", "value": false}]),
        )
        .await
        .expect(200);
    let group = directory.group("Guides", &[&alice]).await;
    let clerks = vec![alice.clone(), bob.clone()];
    for (text, expected) in [
        (r#"userName eq "CAROL""#.to_owned(), vec![carol.clone()]),
        (r#"externalId eq "ext-bob""#.to_owned(), vec![bob.clone()]),
        (r#"externalId eq "EXT-bob""#.to_owned(), vec![]),
        (r#"active eq false"#.to_owned(), vec![bob.clone()]),
        (r#"title eq "clerk""#.to_owned(), clerks.clone()),
        (r#"title sw "C" and active eq true"#.to_owned(), vec![alice.clone()]),
        (r#"emails.value eq "alice@CORP.example""#.to_owned(), vec![alice.clone()]),
        (r#"emails[type eq "home" and value eq "alice@corp.example"]"#.to_owned(), vec![]),
        (r#"emails[type eq "home"].value eq "bob@home.example""#.to_owned(), vec![bob.clone()]),
        (
            r#"emails.value eq "sales-rep@a.test""#.to_owned(),
            vec!["00000000-0000-7000-9000-000000000a04".to_owned()],
        ),
        (
            r#"name.familyName co "ARO" or userName eq "bob""#.to_owned(),
            vec![carol.clone(), bob.clone()],
        ),
        (format!(r#"groups.value eq "{group}""#), vec![alice.clone()]),
        (format!(r#"id eq "{bob}" and title pr"#), vec![bob.clone()]),
        (r#"id eq "7""#.to_owned(), vec![]),
        (r#"not (title ne "Boss")"#.to_owned(), vec![carol.clone()]),
        (r#"meta.lastModified gt "2999-01-01T00:00:00Z""#.to_owned(), vec![]),
    ] {
        let expected_total = i64::try_from(expected.len()).unwrap();
        assert_eq!(
            directory.found(&format!("/Users?{}", filter(&text))).await,
            (expected_total, expected),
            "{text}"
        );
    }
    let modified =
        directory.get(&format!("/Users/{carol}")).await.body["meta"]["lastModified"].clone();
    let since = filter(&format!("meta.lastModified ge {modified} and userName eq \"carol\""));
    assert_eq!(directory.found(&format!("/Users?{since}")).await.0, 1);
    let since = filter(&format!("meta.lastModified gt {modified} and userName eq \"carol\""));
    assert_eq!(directory.found(&format!("/Users?{since}")).await.0, 0);
    let groups = |text: &str| format!("/Groups?{}", filter(text));
    assert_eq!(
        directory.found(&groups(&format!(r#"members eq "{alice}""#))).await,
        (1, vec![group.clone()])
    );
    assert_eq!(
        directory
            .found(&groups(&format!(r#"displayName eq "guides" and members.value eq "{bob}""#)))
            .await,
        (0, vec![])
    );
    assert_eq!(
        directory.found(&groups(r#"members[type eq "User"] and displayName sw "gui""#)).await,
        (1, vec![group])
    );
}

#[tokio::test]
async fn pages_follow_each_other_in_order() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let [carol, alice, bob] = three(&directory).await;
    let only = filter(r#"externalId sw "ext-""#);
    let sorted = format!("/Users?{only}&sortBy=userName");
    assert_eq!(
        directory.found(&sorted).await,
        (3, vec![alice.clone(), bob.clone(), carol.clone()])
    );
    let descending = format!("{sorted}&sortOrder=descending&count=2");
    assert_eq!(directory.found(&descending).await, (3, vec![carol.clone(), bob.clone()]));
    assert_eq!(
        directory.found(&format!("{sorted}&startIndex=3&count=2")).await,
        (3, vec![carol.clone()])
    );
    assert_eq!(
        directory.found(&format!("/Users?{only}&sortBy=emails.value")).await.1,
        [alice.clone(), bob.clone(), carol.clone()]
    );
    assert_eq!(
        directory.found(&format!("/Users?{only}&sortBy=meta.created")).await.1,
        [carol, alice, bob]
    );
    assert_eq!(directory.found("/Users?count=0").await, (9, vec![]));
    assert_eq!(directory.found("/Users?startIndex=100").await, (9, vec![]));
    assert_eq!(directory.found("/Users?startIndex=-5&count=-1").await, (9, vec![]));
    let all = directory.get("/Users?count=100000&unheard=of").await.expect(200).body;
    assert_eq!((&all["startIndex"], &all["itemsPerPage"]), (&json!(1), &json!(9)));
    let mut seen = Vec::new();
    for start in 1..=9 {
        seen.extend(
            directory.found(&format!("/Users?startIndex={start}&count=1&sortBy=userName")).await.1,
        );
    }
    let all = directory.found("/Users?sortBy=userName").await.1;
    assert_eq!(seen, all);
}

#[tokio::test]
async fn only_what_is_asked_for_is_shown() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    three(&directory).await;
    let bob = filter(r#"userName eq "bob""#);
    let list = directory.get(&format!("/Users?{bob}&attributes=userName,emails.value")).await.body;
    let shown = &list["Resources"][0];
    assert_eq!(
        *shown,
        json!({"schemas": [super::USER], "id": shown["id"], "userName": "bob",
        "emails": [{"value": "bob@Corp.example"}, {"value": "bob@home.example"}]})
    );
    let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "userName eq \"bob\"", "attributes": ["title"], "startIndex": 1, "count": 5});
    for path in ["/Users/.search", "/.search"] {
        let list = directory.post(path, body.clone()).await.expect(200).body;
        assert_eq!(
            list,
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                "totalResults": 1, "itemsPerPage": 1, "startIndex": 1,
                "Resources": [{"schemas": [super::USER], "id": shown["id"], "title": "Clerk"}],
            }),
            "{path}"
        );
    }
    let mut unread = body;
    unread["attributes"] = json!(["title", 7]);
    refused(
        &directory.post("/.search", unread).await,
        400,
        Some("invalidValue"),
        "attributes must be a list of strings",
    );
    let both = directory.get("/Users?attributes=id&excludedAttributes=name").await;
    refused(
        &both,
        400,
        Some("invalidValue"),
        "attributes and excludedAttributes exclude each other",
    );
}

#[tokio::test]
async fn a_search_over_both_kinds_pages_through_both() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let [carol, ..] = three(&directory).await;
    let group = directory.group("carol", &[]).await;
    let search = |start: i64, count: i64| {
        json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "userName eq \"carol\" or displayName eq \"carol\"", "startIndex": start, "count": count})
    };
    let ids = |body: &serde_json::Value| {
        body["Resources"].as_array().unwrap().iter().map(|r| r["id"].clone()).collect::<Vec<_>>()
    };
    let all = directory.post("/.search", search(1, 10)).await.expect(200).body;
    assert_eq!((&all["totalResults"], ids(&all)), (&json!(2), vec![json!(carol), json!(group)]));
    let second = directory.post("/.search", search(2, 1)).await.body;
    assert_eq!((&second["totalResults"], ids(&second)), (&json!(2), vec![json!(group)]));
    let mut unknown = search(1, 1);
    unknown["filter"] = json!("nobody eq \"x\"");
    let answer = directory.post("/.search", unknown).await;
    refused(
        &answer,
        400,
        Some("invalidFilter"),
        "The filter is not valid: User has no attribute \"nobody\"",
    );
}

#[tokio::test]
async fn what_would_look_through_too_many_is_refused() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    app.execute("insert into users.users (user_id, email) select gen_random_uuid(), 'many' || n || '@a.test' from generate_series(1, 5000) n;
        insert into users.memberships (tenant_id, user_id)
        select '00000000-0000-7000-8000-00000000000a', user_id from users.users where email like 'many%'").await;
    let answer = directory.get(&format!("/Users?{}", filter("title eq \"x\""))).await;
    refused(
        &answer,
        400,
        Some("tooMany"),
        "The filter or order would look through 5006 resources; at most 5000 is possible. Add a comparison with userName, externalId, active or lastModified.",
    );
    assert_eq!(
        directory
            .found(&format!("/Users?{}", filter("title eq \"x\" and userName eq \"y\"")))
            .await,
        (0, vec![])
    );
    assert_eq!(directory.found("/Users?count=1&startIndex=5006").await.0, 5006);
}
