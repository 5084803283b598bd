//! Whoever the directory lets go is out at once: sessions, refresh tokens and API keys end in the
//! transaction that deactivates.

use http::Method;
use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::Directory;

/// A user of the directory with a session and an API key; gives id and access token.
async fn signed_in(app: &TestApp, directory: &Directory) -> (String, String) {
    let id = directory.user("bjensen").await;
    let session = app.open_session(Firm::Meridian, id.parse().unwrap(), 1).await;
    app.execute(&format!(
        "insert into users.api_keys (tenant_id, user_id, name, prefix, key_hash, scopes)
         values ('00000000-0000-7000-8000-00000000000a', '{id}', 'k', 'wk_x', '\\x00', '{{scim}}')"
    ))
    .await;
    let token =
        serde_json::to_value(&session).unwrap()["access_token"].as_str().unwrap().to_owned();
    (id, token)
}

async fn open_ways(app: &TestApp, id: &str) -> Value {
    app.sql(&format!(
        "select (select count(*) from users.user_sessions where user_id = '{id}' and is_active) as sessions,
                (select count(*) from users.api_keys where user_id = '{id}' and revoked_at is null) as keys"
    ))
    .await
    .remove(0)
}

#[tokio::test]
async fn each_way_of_letting_go_ends_every_way_in() {
    for way in ["patch", "put", "delete", "bulk"] {
        let app = TestApp::new().await;
        let directory = Directory::of(&app);
        let (id, token) = signed_in(&app, &directory).await;
        let me = app.with_token(&token);
        me.get("/v1/users/me").await.expect(200);
        assert_eq!(open_ways(&app, &id).await, json!({"sessions": 1, "keys": 1}));
        let path = format!("/Users/{id}");
        let off = json!([{"op": "Replace", "path": "active", "value": "False"}]);
        match way {
            "patch" => directory.patch(&path, off).await.expect(200),
            "put" => {
                let mut body = super::person("bjensen");
                body["active"] = json!(false);
                directory.put(&path, body).await.expect(200)
            }
            "delete" => directory.delete(&path).await.expect(204),
            _ => {
                let patch = json!({"schemas": [super::PATCH_OP], "Operations": off});
                let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                    "Operations": [{"method": "PATCH", "path": path, "data": patch}]});
                directory.send(Method::POST, "/Bulk", &body).await.expect(200)
            }
        };
        assert_eq!(open_ways(&app, &id).await, json!({"sessions": 0, "keys": 0}), "{way}");
        let out = me.get("/v1/users/me").await;
        let gone = if way == "delete" { "unknown_identity" } else { "account_inactive" };
        assert_eq!((out.status, out.code()), (403, gone), "{way}");
        if way != "delete" {
            let on = json!([{"op": "replace", "value": {"active": true}}]);
            directory.patch(&path, on).await.expect(200);
            assert_eq!(me.get("/v1/users/me").await.status, 401, "an ended session stays ended");
        }
    }
}

#[tokio::test]
async fn a_member_of_two_firms_is_let_go_by_one() {
    let app = TestApp::new().await;
    let id = "00000000-0000-7000-9000-000000000a04";
    app.execute(&format!(
        "insert into users.memberships (tenant_id, user_id)
        values ('00000000-0000-7000-8000-00000000000b', '{id}')"
    ))
    .await;
    let session = app.open_session(Firm::Harbour, id.parse().unwrap(), 1).await;
    let token =
        serde_json::to_value(&session).unwrap()["access_token"].as_str().unwrap().to_owned();
    let directory = Directory::of(&app);
    let off = json!([{"op": "replace", "value": {"active": false}}]);
    directory.patch(&format!("/Users/{id}"), off).await.expect(200);
    app.with_token(&token).get("/v1/users/me").await.expect(200);
    assert_eq!(app.sales_rep().get("/v1/users/me").await.code(), "account_inactive");
}
