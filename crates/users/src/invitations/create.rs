//! POST /v1/invitations

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, InviteUsers};
use wealth_core::text::{self, REASON, Rule};
use wealth_core::violations::Violations;
use wealth_core::{Checked, Email, problem};
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, Input, Person, Problem, Result, Row404, Write, created, json as answer,
};

use super::view::Invitation;
use crate::auth::Link;
use crate::services::Services;

/// Most roles in one invitation.
const MOST: usize = 20;
const ROLE: Rule = Rule { min: 1, max: 100, multiline: false };

/// Whom to invite, and to what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    #[serde(default)]
    #[schema(required, value_type = Email)]
    email: Checked<Email>,
    /// The roles that the person will have; none unless given.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["SalesManager"]))]
    roles: Vec<String>,
    /// First instant of the roles; when it is accepted unless given. Not in the past.
    effective_from: Option<DateTime<Utc>>,
    /// The first instant at which the roles are over; for good unless given.
    effective_to: Option<DateTime<Utc>>,
    /// Stands in the mail, marked as the inviter's words.
    #[schema(max_length = 1000)]
    message: Option<String>,
}

impl NewInvitation {
    fn validate(self) -> Result<(Email, Value), Violations> {
        let mut v = Violations::new();
        let email = self.email.required("/email", &mut v);
        let roles = roles(&self.roles, &mut v);
        let message = self.message.and_then(|text| text::clean(&text, REASON, "/message", &mut v));
        let Some(email) = email else { return Err(v) };
        let invitation = json!({
            "email": email.as_str(),
            "roles": roles,
            "effective_from": self.effective_from,
            "effective_to": self.effective_to,
            "message": message,
        });
        v.into_result((email, invitation))
    }
}

/// Each role once, in the order of the request.
fn roles(given: &[String], v: &mut Violations) -> Vec<String> {
    if given.len() > MOST {
        v.add("/roles", "too_long", "may have at most 20 roles");
        return Vec::new();
    }
    let mut roles: Vec<String> = Vec::new();
    for (at, role) in given.iter().enumerate() {
        match text::clean(role, ROLE, &format!("/roles/{at}"), v) {
            Some(role) if roles.contains(&role) => {
                v.add(format!("/roles/{at}"), "duplicate", "is named twice");
            }
            Some(role) => roles.push(role),
            None => {}
        }
    }
    roles
}

/// Invite somebody
///
/// Sends a link to the address, which works for a week. Whether the address has an account on the
/// platform is not said, and changes nothing here. The same invitation asked for again is answered
/// with the one that waits. Nobody gives a role above their own. Takes a recent sign-in.
#[utoipa::path(post, path = "/v1/invitations", operation_id = "invitations_create", tag = "invitations",
    params(("Idempotency-Key" = Option<String>, Header, description = "New for each intent")),
    request_body = NewInvitation,
    responses(
        (status = 200, description = "The same invitation waits already", body = Invitation),
        (status = 201, description = "Sent", body = Invitation, headers(("Location" = String))),
        (status = 409, description = "duplicate: a user has the address, or another invitation waits for it", body = wealth_http::ProblemDocument, content_type = "application/problem+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Person,
    input: Input<NewInvitation>,
) -> Result<Response> {
    let allowed = principal.authorize::<InviteUsers>()?;
    let write = app.write("invitations_create", &principal, &input.idempotency);
    let (email, invitation) = input.body.validate()?;
    let now = principal.context().now;
    let link = Link::Invitation.make(&app, &services, now, email.as_str()).await?;
    let (done, made, row) = insert(write, &allowed, &app, &email, &invitation, &link).await?;
    let wait: i32 = made.get("retry_after");
    if wait > 0 {
        return Err(Problem::wait(wait));
    }
    let invitation = Invitation::read(&row.one_or(&problem::NOT_FOUND)?);
    if !made.get::<_, bool>("created") {
        return done.reply(answer(StatusCode::OK, &invitation)?).await;
    }
    let location = format!("/v1/invitations/{}", invitation.invitation_id);
    done.reply(created(&location, &invitation)?).await
}

async fn insert(
    write: Write,
    _: &Authorized<InviteUsers>,
    app: &App,
    email: &Email,
    invitation: &Value,
    link: &Value,
) -> Result<(Done, Row, Vec<Row>)> {
    let (id, email, none) = (app.ids.next(), email.as_str(), None::<uuid::Uuid>);
    let made = [p::uuid(&id), p::json(invitation), p::json(link)];
    let open = [p::uuid(&none), p::text(&email)];
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "invitation_create"), &made),
            (sql!("users", "invitation_get"), &open),
        ])
        .await?;
    let open = answers.pop().unwrap_or_default();
    let made = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    Ok((done, made, open))
}
