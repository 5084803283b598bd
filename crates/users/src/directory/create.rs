//! POST /v1/users

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, ManageUsers};
use wealth_core::problem;
use wealth_core::text::NAME;
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, Row404, Write, created};

use super::User;
use crate::fields::{self, CODE, EXTERNAL, PERSON_NAME};

/// A person of the firm's own directory.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NewUser {
    /// The address: unique within the firm's directory.
    #[schema(value_type = String, required = true, max_length = 254, example = "ada@firm.example")]
    email: Option<String>,
    #[schema(max_length = 100)]
    first_name: Option<String>,
    #[schema(max_length = 100)]
    last_name: Option<String>,
    /// What to call the person; first and last name unless given.
    #[schema(max_length = 255)]
    display_name: Option<String>,
    /// A short id of the firm's choice.
    #[schema(max_length = 64)]
    public_code: Option<String>,
    /// The id in a system that was there before.
    #[schema(max_length = 64)]
    legacy_id: Option<String>,
    /// What the firm calls the member at sign-in.
    #[schema(max_length = 255)]
    user_name: Option<String>,
    /// The id in the firm's directory.
    #[schema(max_length = 255)]
    external_id: Option<String>,
}

impl NewUser {
    fn validate(&self) -> Result<Value, Violations> {
        let mut v = Violations::new();
        let mut person = Map::new();
        match &self.email {
            Some(email) => {
                if let Some(email) = fields::email(email, "/email", &mut v) {
                    person.insert("email".to_owned(), email.into());
                }
            }
            None => v.add("/email", "required", "is required"),
        }
        let mut put = |name, value: &Option<String>, rule| {
            fields::put(&mut person, name, value.as_deref(), rule, &mut v);
        };
        put("first_name", &self.first_name, PERSON_NAME);
        put("last_name", &self.last_name, PERSON_NAME);
        put("display_name", &self.display_name, NAME);
        put("public_code", &self.public_code, CODE);
        put("legacy_id", &self.legacy_id, CODE);
        put("user_name", &self.user_name, EXTERNAL);
        put("external_id", &self.external_id, EXTERNAL);
        v.into_result(Value::Object(person))
    }
}

/// Create a user
///
/// A person of the firm's own directory, active and without a role. Whether the address is known
/// elsewhere on the platform makes no difference. To let in somebody who has an account of the
/// platform, send an invitation instead.
#[utoipa::path(post, path = "/v1/users", operation_id = "users_create", tag = "users",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewUser,
    responses((status = 201, description = "The user", body = User,
        headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewUser>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageUsers>()?;
    let write = app.write("users_create", &principal, input.idempotency.required()?);
    let person = input.body.validate()?;
    let (done, rows) = insert(write, &allowed, &app, &person).await?;
    let user = User::read(&rows.one_or(&problem::NOT_FOUND)?);
    let location = format!("/v1/users/{}", user.user_id);
    done.reply(created(&location, &user)?.etag(user.version)).await
}

async fn insert(
    write: Write,
    _: &Authorized<ManageUsers>,
    app: &App,
    person: &Value,
) -> Result<(Done, Vec<Row>)> {
    let id = app.ids.next();
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "user_create"), &[p::uuid(&id), p::json(person)]),
            (sql!("users", "user_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default()))
}
