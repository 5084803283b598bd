//! What people say of themselves.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::world::user;

const PATH: &str = "/v1/users/me/profile";

#[tokio::test]
async fn a_profile_begins_with_defaults_and_takes_a_merge_patch() {
    let app = TestApp::new().await;
    let rep = app.sales_rep();
    let first = rep.get(PATH).await.expect(200);
    let mut expected = json!({"user_id": user(Firm::Meridian, 4), "phone": null, "avatar": null,
        "timezone": "UTC", "language": "en", "preferences": {}, "updated_at": null});
    assert_eq!((first.etag(), first.body), ("\"0\"".to_owned(), expected.clone()));

    let patch = json!({"phone": "+12125550123", "timezone": "America/New_York", "language": "de-AT",
        "avatar": "avatars/dot.png", "preferences": {"grid": {"rows": 50, "dense": true}, "a": 1}});
    let set = rep.patch(PATH, patch.clone(), "\"0\"").await.expect(200);
    for (name, value) in patch.as_object().expect("members") {
        expected[name] = value.clone();
    }
    expected["updated_at"] = json!("2026-11-21T12:00:00Z");
    assert_eq!((set.etag(), &set.body), ("\"1\"".to_owned(), &expected));

    let patch = json!({"phone": null, "timezone": null,
        "preferences": {"grid": {"dense": null, "wide": [1]}, "a": null}});
    let set = rep.patch(PATH, patch, "\"1\"").await.expect(200);
    expected["phone"] = json!(null);
    expected["timezone"] = json!("UTC");
    expected["preferences"] = json!({"grid": {"rows": 50, "wide": [1]}});
    assert_eq!((set.etag(), &set.body), ("\"2\"".to_owned(), &expected));
    // A patch that changes nothing leaves the version as it is.
    let same = rep.patch(PATH, json!({"timezone": "UTC"}), "*").await.expect(200);
    assert_eq!((same.etag(), &same.body), ("\"2\"".to_owned(), &expected));
    assert_eq!(rep.get(PATH).await.expect(200).body, expected);

    let stale = rep.patch(PATH, json!({"phone": null}), "\"1\"").await.expect(412);
    assert_eq!(stale.code(), "version_conflict");
    rep.patch(PATH, json!({"phone": null}), "").await.expect(428);
}

#[tokio::test]
async fn every_bad_field_is_named() {
    let app = TestApp::new().await;
    let rep = app.sales_rep();
    let patch = json!({"phone": "2125550123", "avatar": "../x", "timezone": "posix/UTC",
        "language": "en_US", "preferences": {"a": "\u{0}"}});
    let answer = rep.patch(PATH, patch, "*").await.expect(422);
    let errors = answer.body["errors"].as_array().expect("errors");
    let found: Vec<_> =
        errors.iter().map(|e| (e["pointer"].as_str(), e["code"].as_str())).collect();
    let expected = [
        ("/phone", "phone_invalid"),
        ("/avatar", "storage_key_invalid"),
        ("/timezone", "time_zone_invalid"),
        ("/language", "language_invalid"),
        ("/preferences", "character_refused"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (Some(pointer), Some(code))));
    // Well formed, and no zone of the database; an abbreviation is none either.
    for zone in ["America/Nowhere", "EDT", "Etc/GMT+99"] {
        let answer = rep.patch(PATH, json!({"timezone": zone}), "*").await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], "/timezone", "{zone}");
    }
    // Each patch is small enough, together they are not.
    let half = |name: &str| json!({"preferences": {name: "x".repeat(9_000)}});
    rep.patch(PATH, half("a"), "*").await.expect(200);
    let answer = rep.patch(PATH, half("b"), "*").await.expect(422);
    assert_eq!(answer.body["errors"][0]["pointer"], "/preferences");
}

#[tokio::test]
async fn an_administrator_sees_the_profiles_of_the_own_firm_without_preferences() {
    let app = TestApp::new().await;
    let patch = json!({"phone": "+12125550123", "preferences": {"secret": 1}});
    app.sales_rep().patch(PATH, patch, "*").await.expect(200);
    let path = format!("/v1/users/{}/profile", user(Firm::Meridian, 4));
    let answer = app.system_admin().get(&path).await.expect(200);
    let expected = json!({"user_id": user(Firm::Meridian, 4), "phone": "+12125550123",
        "avatar": null, "timezone": "UTC", "language": "en", "updated_at": "2026-11-21T12:00:00Z"});
    assert_eq!(answer.body, expected);
    app.other_admin().get(&path).await.expect(404);
    app.admin().get(&path).await.expect(403);
}
