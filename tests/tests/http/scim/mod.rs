//! The SCIM server over HTTP.

mod bulk;
mod deprovisioning;
mod discovery;
mod entra;
mod groups;
mod judge;
mod lists;
mod okta;
mod passwords;
mod refusals;
mod tenants;
mod users;

use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Request, TestApp};

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(crate) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A directory that speaks SCIM.
pub(crate) struct Directory(pub(crate) Client);

impl Directory {
    /// That of the firm in which tests act.
    pub(crate) fn of(app: &TestApp) -> Self {
        Self(app.system_admin())
    }

    /// That of the other firm.
    pub(crate) fn other(app: &TestApp) -> Self {
        Self(app.other_admin())
    }

    /// A request with a body, as directories send it.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        let body = body.to_string().into_bytes();
        let request = Request::new(method, &format!("/scim/v2{path}"));
        self.0.send(request.body("application/scim+json", body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.0.get(&format!("/scim/v2{path}")).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &body).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, &body).await
    }

    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = json!({"schemas": [PATCH_OP], "Operations": operations});
        self.send(Method::PATCH, path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.0.delete(&format!("/scim/v2{path}"), "").await
    }

    /// Provisions a person and gives the id.
    pub(crate) async fn user(&self, name: &str) -> String {
        let made = self.post("/Users", person(name)).await.expect(201);
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// Provisions a group and gives the id.
    pub(crate) async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        let body = json!({"schemas": [GROUP], "displayName": name, "members": members});
        let made = self.post("/Groups", body).await.expect(201);
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// The ids that a list finds, with the total.
    pub(crate) async fn found(&self, path: &str) -> (i64, Vec<String>) {
        let body = self.get(path).await.expect(200).body;
        let id = |resource: &Value| resource["id"].as_str().unwrap().to_owned();
        let ids = body["Resources"].as_array().unwrap().iter().map(id).collect();
        (body["totalResults"].as_i64().unwrap(), ids)
    }
}

/// A person as Okta provisions one.
pub(crate) fn person(name: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name,
        "name": {"givenName": "Given", "familyName": name},
        "emails": [{"primary": true, "value": format!("{name}@corp.example"), "type": "work"}],
        "displayName": format!("Given {name}"),
        "externalId": format!("ext-{name}"),
        "active": true,
    })
}

/// A filter as it stands in an address.
pub(crate) fn filter(text: &str) -> String {
    let encoded: String = text
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("filter={encoded}")
}

/// An error document.
pub(crate) fn error(status: &str, scim_type: Option<&str>, detail: &str) -> Value {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status,
        "detail": detail,
    });
    if let Some(scim_type) = scim_type {
        body["scimType"] = json!(scim_type);
    }
    body
}

/// Checks the whole of a refusal: status, media type, request id and body.
#[track_caller]
pub(crate) fn refused(answer: &Answer, status: u16, scim_type: Option<&str>, detail: &str) {
    assert_eq!(answer.body, error(&status.to_string(), scim_type, detail));
    assert_eq!(answer.status, status);
    assert_eq!(answer.header("content-type"), "application/scim+json");
    assert_eq!(answer.header("x-request-id").len(), 36);
}

/// The names of the roles that a member holds, with where they come from.
pub(crate) async fn roles(directory: &Directory, user: &str) -> Vec<(String, String)> {
    let body = directory.get(&format!("/Users/{user}")).await.expect(200).body;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = body["roles"].as_array().cloned().unwrap_or_default();
    list.iter().map(|role| (text(&role["value"]), text(&role["type"]))).collect()
}

/// Lets a group give a role.
pub(crate) async fn map(app: &TestApp, group: &str, role: &str) {
    app.execute(&format!(
        "set app.now = '2026-11-21T12:00:00Z';
         insert into users.group_role_mappings (tenant_id, provider, group_name, role_name)
         values ('00000000-0000-7000-8000-00000000000a', 'scim', '{group}', '{role}')"
    ))
    .await;
}
