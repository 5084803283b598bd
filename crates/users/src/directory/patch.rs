//! PATCH /v1/users/{user_id}

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ManageUsers};
use wealth_core::patch::Patch;
use wealth_core::text::NAME;
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, IfMatch, Input, PathParams, Principal, Result, Write};

use super::{User, answer};
use crate::fields::{self, CODE, EXTERNAL, PERSON_NAME};

/// A merge patch for a user: what is absent stays, null clears.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct UserPatch {
    /// The address; cannot be cleared. A new one is not verified.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 254)]
    email: Patch<String>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Patch<String>,
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Patch<String>,
    /// What to call the person.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 255)]
    display_name: Patch<String>,
    /// The short id.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 64)]
    public_code: Patch<String>,
    /// The id in a system that was there before.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 64)]
    legacy_id: Patch<String>,
    /// What the firm calls the member at sign-in.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 255)]
    user_name: Patch<String>,
    /// The id in the firm's directory.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<String>, max_length = 255)]
    external_id: Patch<String>,
}

impl UserPatch {
    fn validate(&self) -> Result<Value, Violations> {
        let mut v = Violations::new();
        let mut changes = Map::new();
        match &self.email {
            Patch::Keep => {}
            Patch::Clear => v.add("/email", "required", "cannot be cleared"),
            Patch::Set(email) => {
                if let Some(email) = fields::email(email, "/email", &mut v) {
                    changes.insert("email".to_owned(), email.into());
                }
            }
        }
        let mut put = |name, value, rule| fields::patch(&mut changes, name, value, rule, &mut v);
        put("first_name", &self.first_name, PERSON_NAME);
        put("last_name", &self.last_name, PERSON_NAME);
        put("display_name", &self.display_name, NAME);
        put("public_code", &self.public_code, CODE);
        put("legacy_id", &self.legacy_id, CODE);
        put("user_name", &self.user_name, EXTERNAL);
        put("external_id", &self.external_id, EXTERNAL);
        v.into_result(Value::Object(changes))
    }
}

/// Change a user
///
/// A merge patch (RFC 7396). Name, e-mail and ids of a person belong to whoever keeps the person:
/// the firm for people of its own directory, else the person. What SCIM provisions is changed in
/// the directory that sends it. A new address takes a person who has signed in lately.
#[utoipa::path(patch, path = "/v1/users/{user_id}", operation_id = "users_patch", tag = "users",
    params(
        ("user_id" = Uuid, Path, description = "The user"),
        ("If-Match" = String, Header, description = "The user's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body(content((UserPatch = "application/merge-patch+json"))),
    responses((status = 200, description = "The user", body = User, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(version): IfMatch,
    input: Input<UserPatch>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    if !matches!(input.body.email, Patch::Keep) {
        principal.step_up()?;
    }
    let write = app.write("users_patch", &principal, &input.idempotency);
    let changes = input.body.validate()?;
    let (done, answers) = update(write, &allowed, id, version, &changes).await?;
    answer(done, answers).await
}

async fn update(
    write: Write,
    _: &Authorized<ManageUsers>,
    id: Uuid,
    version: Option<i64>,
    changes: &Value,
) -> Result<(Done, Vec<Vec<Row>>)> {
    let params = [p::uuid(&id), p::int8(&version), p::json(changes)];
    write
        .last(&[
            (sql!("users", "user_update"), &params),
            (sql!("users", "user_get"), &[p::uuid(&id)]),
        ])
        .await
}
