//! The password that a directory sets: taken, judged, never shown, good for signing in to the firm.

use serde_json::{Value, json};
use testkit::{Answer, Firm, TestApp};

use super::{Directory, person, refused};

const FIRST: &str = "seven green bottles";
const SECOND: &str = "  six brown bottles, to the letter ";

fn with(name: &str, password: &str) -> Value {
    let mut body = person(name);
    body["password"] = json!(password);
    body
}

async fn provisioned(directory: &Directory) -> String {
    let made = directory.post("/Users", with("bjensen", FIRST)).await.expect(201);
    assert!(!made.body.to_string().contains("bottles"), "{}", made.body);
    made.body["id"].as_str().expect("an id").to_owned()
}

async fn sign_in(app: &TestApp, firm: Option<Firm>, password: &str) -> Answer {
    let tenant = firm.map(Firm::tenant_id);
    let mut body = json!({"email": "bjensen@corp.example", "password": password});
    if let Some(tenant) = tenant {
        body["tenant"] = json!(tenant);
    }
    app.anonymous().post("/v1/auth/sign-in", body).await
}

async fn set(directory: &Directory, id: &str, password: &str) -> Answer {
    let operations = json!([{"op": "replace", "path": "password", "value": password}]);
    directory.patch(&format!("/Users/{id}"), operations).await
}

#[tokio::test]
async fn a_password_is_set_never_shown_and_opens_the_firm() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = provisioned(&directory).await;
    let opened = sign_in(&app, Some(Firm::Meridian), FIRST).await.expect(200);
    assert_eq!(opened.body["user_id"], json!(id));
    // Only where the directory is the firm's, and only where the firm is named.
    sign_in(&app, None, FIRST).await.expect(401);
    sign_in(&app, Some(Firm::Harbour), FIRST).await.expect(401);
    sign_in(&app, Some(Firm::Meridian), "some other password").await.expect(401);
    for path in [
        format!("/Users/{id}"),
        format!("/Users/{id}?attributes=password,userName"),
        format!("/Users?{}", super::filter("userName eq \"bjensen\"")),
    ] {
        let read = directory.get(&path).await.expect(200);
        let text = read.body.to_string();
        assert!(!text.contains("bottles") && !text.contains("argon2"), "{path}: {text}");
    }
    let kept =
        app.sql("select to_jsonb(m) as row from users.memberships m where scim is not null").await;
    assert!(!json!(kept).to_string().contains("bottles"), "in the document that is kept");
    let logged = app.sql("select to_jsonb(e) as row from audit.audit_events e").await;
    let logged = json!(logged).to_string();
    assert!(!logged.contains("bottles") && !logged.contains("$argon2id$"), "in the log");
}

#[tokio::test]
async fn nobody_asks_for_it_by_a_filter() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    provisioned(&directory).await;
    for text in ["password eq \"seven green bottles\"", "password pr", "not (password sw \"s\")"] {
        let answer = directory.get(&format!("/Users?{}", super::filter(text))).await.expect(400);
        assert_eq!(answer.body["scimType"], "invalidFilter", "{text}");
    }
    let sorted = directory.get("/Users?sortBy=password").await;
    assert!(!sorted.body.to_string().contains("bottles"));
}

#[tokio::test]
async fn each_way_of_changing_a_user_sets_it() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = provisioned(&directory).await;
    let opened = sign_in(&app, Some(Firm::Meridian), FIRST).await.expect(200);
    let before = app.with_token(opened.body["access_token"].as_str().expect("a token"));
    set(&directory, &id, SECOND).await.expect(200);
    // Whoever was in with the other one is out.
    assert_eq!(before.get("/v1/users/me").await.expect(401).code(), "session_expired");
    sign_in(&app, Some(Firm::Meridian), FIRST).await.expect(401);
    sign_in(&app, Some(Firm::Meridian), SECOND.trim()).await.expect(401);
    sign_in(&app, Some(Firm::Meridian), SECOND).await.expect(200);
    // A PUT without one leaves it.
    directory.put(&format!("/Users/{id}"), person("bjensen")).await.expect(200);
    sign_in(&app, Some(Firm::Meridian), SECOND).await.expect(200);
    let third = "five blue bottles, put";
    directory.put(&format!("/Users/{id}"), with("bjensen", third)).await.expect(200);
    sign_in(&app, Some(Firm::Meridian), third).await.expect(200);
    // Without a path, as Okta writes it.
    let fourth = "four red bottles, added";
    let operations = json!([{"op": "replace", "value": {"password": fourth}}]);
    directory.patch(&format!("/Users/{id}"), operations).await.expect(200);
    sign_in(&app, Some(Firm::Meridian), fourth).await.expect(200);
    let fifth = "three clear bottles, in bulk";
    let bulk = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
        {"method": "PUT", "path": format!("/Users/{id}"), "data": with("bjensen", fifth)},
        {"method": "POST", "path": "/Users", "bulkId": "1", "data": with("other", "short")}]});
    let answer = directory.post("/Bulk", bulk).await.expect(200);
    let statuses: Vec<&Value> = answer.body["Operations"]
        .as_array()
        .expect("outcomes")
        .iter()
        .map(|o| &o["status"])
        .collect();
    assert_eq!(statuses, ["200", "400"]);
    assert!(!answer.body.to_string().contains("bottles"));
    sign_in(&app, Some(Firm::Meridian), fifth).await.expect(200);
    let told = app
        .sql("select reason, count(*) from audit.audit_events where legacy_action = 'PASSWORD_CHANGED' group by 1")
        .await;
    assert_eq!(told, [json!({"reason": "directory", "count": 5})]);
}

#[tokio::test]
async fn the_firms_rules_hold() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let short = directory.post("/Users", with("bjensen", "fourteen chars")).await;
    refused(&short, 400, Some("invalidValue"), "password must have at least 15 characters");
    let named = directory.post("/Users", with("bjensen", "Meridian Advisory")).await.expect(400);
    assert_eq!(named.body["scimType"], "invalidValue");
    let number = directory.post("/Users", {
        let mut body = person("bjensen");
        body["password"] = json!(42);
        body
    });
    refused(
        &number.await,
        400,
        Some("invalidValue"),
        "password must be a string of at most 1024 bytes",
    );
    directory.post("/Users", with("bjensen", &"x".repeat(1025))).await.expect(400);
    let found = directory.found("/Users?count=100").await;
    assert_eq!(
        app.sql("select count(*) from users.users where email = 'bjensen@corp.example'").await,
        [json!({"count": 0})],
        "{found:?}"
    );
    let id = provisioned(&directory).await;
    refused(
        &set(&directory, &id, "short").await,
        400,
        Some("invalidValue"),
        "password must have at least 15 characters",
    );
    sign_in(&app, Some(Firm::Meridian), FIRST).await.expect(200);
}

#[tokio::test]
async fn an_earlier_password_does_not_come_back_and_the_present_one_may_be_sent_again() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let id = provisioned(&directory).await;
    set(&directory, &id, SECOND).await.expect(200);
    let session = sign_in(&app, Some(Firm::Meridian), SECOND).await.expect(200);
    let session = app.with_token(session.body["access_token"].as_str().expect("a token"));
    // The directory repeats itself: nothing changes, nobody is thrown out.
    set(&directory, &id, SECOND).await.expect(200);
    directory.put(&format!("/Users/{id}"), with("bjensen", SECOND)).await.expect(200);
    session.get("/v1/users/me").await.expect(200);
    refused(
        &set(&directory, &id, FIRST).await,
        400,
        Some("invalidValue"),
        "password is one that the user had before",
    );
}

#[tokio::test]
async fn only_the_people_of_the_firms_own_directory_have_one_set() {
    let app = TestApp::new().await;
    let (ours, theirs) = (Directory::of(&app), Directory::other(&app));
    let id = provisioned(&ours).await;
    // Another firm's people are as unknown as nobody.
    let nobody = set(&theirs, "0199aaaa-0000-7000-8000-000000000001", SECOND).await.expect(404);
    assert_eq!(set(&theirs, &id, SECOND).await.expect(404).body, nobody.body);
    sign_in(&app, Some(Firm::Meridian), FIRST).await.expect(200);
    // A person of the platform is a member, and keeps a password of their own.
    let member = super::super::users::world::user(Firm::Meridian, 4);
    let answer = set(&ours, &member.to_string(), SECOND).await;
    refused(
        &answer,
        400,
        Some("mutability"),
        "password of this user is the user's own: the firm's directory does not keep it",
    );
}

/// The same address in the platform's store and in a firm's directory: two people, two passwords.
#[tokio::test]
async fn an_address_of_two_stores_is_two_accounts() {
    let app = TestApp::new().await;
    let hash = super::super::users::local::hash(&app, "of the platform's own").await;
    let person = super::super::users::local::person;
    let platform = person(&app, "bjensen@corp.example", &[Firm::Harbour], &hash).await;
    let id = provisioned(&Directory::of(&app)).await;
    let user = |answer: Answer| answer.expect(200).body["user_id"].clone();
    assert_eq!(user(sign_in(&app, Some(Firm::Meridian), FIRST).await), json!(id));
    assert_eq!(user(sign_in(&app, None, "of the platform's own").await), json!(platform));
    assert_eq!(
        user(sign_in(&app, Some(Firm::Harbour), "of the platform's own").await),
        json!(platform)
    );
    sign_in(&app, Some(Firm::Meridian), "of the platform's own").await.expect(401);
    // What is removed from the directory opens nothing.
    Directory::of(&app).delete(&format!("/Users/{id}")).await.expect(204);
    sign_in(&app, Some(Firm::Meridian), FIRST).await.expect(401);
}
