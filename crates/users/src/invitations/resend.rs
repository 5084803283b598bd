//! POST /v1/invitations/{invitation_id}/resend

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use uuid::Uuid;
use wealth_core::authz::{Authorized, InviteUsers};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, Nothing, OptionalInput, PathParams, Person, Problem, Result, Row404, Write, json,
};

use super::view::Invitation;
use crate::auth::Link;
use crate::services::Services;

/// Send an invitation again
///
/// With a new link, which works for a week from now; the one before stops working. Whoever sends it
/// answers for it from then on, so that what an administrator who has left had sent can be accepted
/// again. Five times an hour. Takes a recent sign-in.
#[utoipa::path(post, path = "/v1/invitations/{invitation_id}/resend", operation_id = "invitations_resend",
    tag = "invitations",
    params(
        ("invitation_id" = Uuid, Path, description = "The invitation"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses(
        (status = 200, description = "Sent", body = Invitation),
        (status = 409, description = "state_conflict: it was accepted or revoked", body = wealth_http::ProblemDocument, content_type = "application/problem+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Person,
    PathParams(id): PathParams<Uuid>,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<InviteUsers>()?;
    let params = [p::uuid(&id), p::text(&None::<&str>)];
    let read = app.read("invitations_resend", &principal);
    // The link is sealed for the address, so that is asked for first.
    let rows = read.query_and_commit(sql!("users", "invitation_get"), &params).await?;
    let email: String = rows.one_or(&problem::NOT_FOUND)?.get("email");
    let now = principal.context().now;
    let link = Link::Invitation.make(&app, &services, now, &email).await?;
    let write = app.write("invitations_resend", &principal, &input.idempotency);
    let (done, wait, rows) = send(write, &allowed, id, &link).await?;
    if wait > 0 {
        return Err(Problem::wait(wait));
    }
    let invitation = Invitation::read(&rows.one_or(&problem::NOT_FOUND)?);
    done.reply(json(StatusCode::OK, &invitation)?).await
}

async fn send(
    write: Write,
    _: &Authorized<InviteUsers>,
    id: Uuid,
    link: &Value,
) -> Result<(Done, i32, Vec<Row>)> {
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "invitation_resend"), &[p::uuid(&id), p::json(link)]),
            (sql!("users", "invitation_get"), &[p::uuid(&id), p::text(&None::<&str>)]),
        ])
        .await?;
    let rows = answers.pop().unwrap_or_default();
    let sent = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    Ok((done, sent.get("retry_after"), rows))
}
