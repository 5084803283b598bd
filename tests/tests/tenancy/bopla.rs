//! Threat 10 of rules.md: a request that brings a member which is not its to set is refused, and
//! nothing changes.

use serde_json::{Value, json};

use crate::fixtures;
use crate::functions::rows_of_a;
use crate::operations;
use crate::owned::MAKER;

/// Members that no request may ever bring, whether or not an answer shows them.
const NEVER: &[&str] = &[
    "tenant_id",
    "created_at",
    "created_by",
    "created_by_user_id",
    "updated_at",
    "updated_by",
    "version",
    "role",
    "roles",
    "user_id",
    "is_admin",
    "status",
    "approved_by",
    "decided_by",
    "known_at",
    "recorded_at",
    "superseded_at",
    "rate_history_id",
    "__proto__",
    "",
];

#[tokio::test]
async fn no_write_takes_a_member_that_is_not_its_own() {
    let app = testkit::TestApp::new().await;
    let ids = fixtures::firm(&app, &app.admin(), "meridian-secret", MAKER[0], 10).await;
    let superuser = app.database.superuser().await;
    let mut members = operations::every_property(&app);
    members.extend(NEVER.iter().map(|name| (*name).to_owned()));
    let (mut requests, mut taken) = (0, Vec::new());
    for operation in operations::all(&app) {
        // SCIM passes over what it does not know or keeps itself (RFC 7644 section 3.3), as
        // directories send more than that; tests/http/scim/refusals.rs shows that nothing comes of it.
        if operation.path.starts_with("/scim/") {
            continue;
        }
        let Some(body) = fixtures::body(&operation, &ids) else { continue };
        let before = rows_of_a(&superuser).await;
        for member in members.difference(&operation.members) {
            let mut request = fixtures::request(&operation, &ids, &ids);
            request.body = with(&body, member).to_string().into_bytes();
            let answer = app.second_admin().send(request).await;
            requests += 1;
            if ![400, 422].contains(&answer.status)
                || !answer.body.to_string().contains("unknown_field")
            {
                taken.push(format!("{} {member:?}: {}", operation.id, answer.status));
            }
        }
        if rows_of_a(&superuser).await != before {
            taken.push(format!("{} changed something", operation.id));
        }
    }
    assert!(taken.is_empty(), "{}", taken.join("\n"));
    assert!(requests > 1000, "{requests} requests");
    println!("{requests} requests");
}

fn with(body: &Value, member: &str) -> Value {
    let mut body = body.clone();
    body[member] = json!("11111111-1111-7111-8111-111111111111");
    body
}
