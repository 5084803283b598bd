//! What the server says of itself.

use serde_json::json;
use testkit::TestApp;

use super::{Directory, ENTERPRISE, GROUP, USER, refused};

#[tokio::test]
async fn configuration_kinds_and_schemas_are_described() {
    let app = TestApp::new().await;
    let directory = Directory::of(&app);
    let config = directory.get("/ServiceProviderConfig").await.expect(200);
    assert_eq!(config.header("content-type"), "application/scim+json");
    assert_eq!(
        config.body,
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": {"supported": true},
            "bulk": {"supported": true, "maxOperations": 1000, "maxPayloadSize": 1048576},
            "filter": {"supported": true, "maxResults": 200},
            "changePassword": {"supported": true},
            "sort": {"supported": true},
            "etag": {"supported": true},
            "authenticationSchemes": [{
                "type": "oauthbearertoken", "name": "OAuth Bearer Token",
                "description": "An API key with the scope provision-users, or a system administrator's token",
                "specUri": "https://www.rfc-editor.org/info/rfc6750", "primary": true,
            }],
            "meta": {"resourceType": "ServiceProviderConfig", "location": "/scim/v2/ServiceProviderConfig"},
        })
    );
    let kinds = directory.get("/ResourceTypes").await.expect(200).body;
    assert_eq!((&kinds["totalResults"], &kinds["itemsPerPage"]), (&json!(2), &json!(2)));
    for kind in kinds["Resources"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        assert_eq!(directory.get(&format!("/ResourceTypes/{name}")).await.expect(200).body, *kind);
    }
    let schemas = directory.get("/Schemas").await.expect(200).body;
    let mut ids = Vec::new();
    for schema in schemas["Resources"].as_array().unwrap() {
        let id = schema["id"].as_str().unwrap();
        assert_eq!(directory.get(&format!("/Schemas/{id}")).await.expect(200).body, *schema);
        ids.push(id.to_owned());
    }
    assert!([USER, GROUP, ENTERPRISE].iter().all(|id| ids.iter().any(|found| found == id)));
    let user = directory.get(&format!("/Schemas/{USER}")).await.expect(200).body;
    let attributes = user["attributes"].as_array().unwrap();
    let password = attributes.iter().find(|found| found["name"] == "password").unwrap();
    // As RFC 7643 section 8.7.1 has it.
    assert_eq!(
        *password,
        json!({"name": "password", "type": "string", "multiValued": false, "required": false,
            "caseExact": false, "mutability": "writeOnly", "returned": "never", "uniqueness": "none",
            "description": password["description"]})
    );
    refused(&directory.get("/Schemas/urn:nothing").await, 404, None, "Not found");
    refused(&directory.get("/ResourceTypes/Thing").await, 404, None, "Not found");
}

#[tokio::test]
async fn locations_are_as_the_caller_addressed_us() {
    let app = TestApp::new().await;
    let get = |host: &'static str, proto: &'static str| {
        let request = testkit::Request::new(http::Method::GET, "/scim/v2/ServiceProviderConfig");
        let request = request.header("host", host);
        let client = app.system_admin();
        async move {
            let request =
                if proto.is_empty() { request } else { request.header("x-forwarded-proto", proto) };
            client.send(request).await.body["meta"]["location"].clone()
        }
    };
    assert_eq!(
        get("api.example.com", "").await,
        "https://api.example.com/scim/v2/ServiceProviderConfig"
    );
    assert_eq!(
        get("api.example.com", "http").await,
        "http://api.example.com/scim/v2/ServiceProviderConfig"
    );
    assert_eq!(
        get("127.0.0.1:9000", "").await,
        "http://127.0.0.1:9000/scim/v2/ServiceProviderConfig"
    );
    assert_eq!(get("evil.example/\"x", "").await, "/scim/v2/ServiceProviderConfig");
}
