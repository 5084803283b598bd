//! DELETE /v1/sessions/{session_id}, POST /v1/sessions/revoke-others and /v1/sessions/revoke-all

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::AdministerAccess;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Person, RawInput, Result, Row404, Write, json, no_content};

/// What was ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ended {
    /// How many sessions.
    revoked: i32,
}

/// End a session
///
/// One's own; for whoever administers access, anybody's of the firm. Its tokens are refused from
/// the next request on. Ending it twice does no harm.
#[utoipa::path(
    delete,
    path = "/v1/sessions/{session_id}",
    operation_id = "sessions_revoke",
    tag = "sessions",
    params(
        ("session_id" = Uuid, Path, description = "The session"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Ended")),
    security(("bearer" = [])),
)]
pub(crate) async fn one(
    State(app): State<App>,
    principal: Person,
    PathParams(session): PathParams<Uuid>,
    input: RawInput,
) -> Result<Response> {
    let (administers, nobody) = (principal.may::<AdministerAccess>(), None::<Uuid>);
    let write = app.write("session_revoke", &principal, &input.idempotency);
    let params = [
        p::uuid(&session),
        p::uuid(&nobody),
        p::uuid(&nobody),
        p::text(&"revoked"),
        p::bool(&administers),
    ];
    write.finish(&[(sql!("users", "revoke_sessions"), &params)], no_content()).await
}

/// End one's other sessions
///
/// All but the one of this request.
#[utoipa::path(
    post,
    path = "/v1/sessions/revoke-others",
    operation_id = "sessions_revoke_others",
    tag = "sessions",
    params(("Idempotency-Key" = Option<String>, Header, description = "New for each intent")),
    responses((status = 200, description = "How many were ended", body = Ended)),
    security(("bearer" = [])),
)]
pub(crate) async fn others(
    State(app): State<App>,
    principal: Person,
    input: RawInput,
) -> Result<Response> {
    let write = app.write("session_revoke_others", &principal, &input.idempotency);
    let current = principal.context().session_id;
    end_all(write, None, current, "revoked with all others", false).await
}

/// End all of one's sessions
///
/// That of this request among them: its access token is good for nothing after this answer.
#[utoipa::path(
    post,
    path = "/v1/sessions/revoke-all",
    operation_id = "sessions_revoke_all",
    tag = "sessions",
    params(("Idempotency-Key" = Option<String>, Header, description = "New for each intent")),
    responses((status = 200, description = "How many were ended", body = Ended)),
    security(("bearer" = [])),
)]
pub(crate) async fn all(
    State(app): State<App>,
    principal: Person,
    input: RawInput,
) -> Result<Response> {
    let write = app.write("session_revoke_all", &principal, &input.idempotency);
    end_all(write, None, None, "revoked with all others", false).await
}

/// Ends the sessions of `user`, or of the caller, but for `except`.
pub(super) async fn end_all(
    write: Write,
    user: Option<Uuid>,
    except: Option<Uuid>,
    reason: &str,
    administers: bool,
) -> Result<Response> {
    let one = None::<Uuid>;
    let params =
        [p::uuid(&one), p::uuid(&user), p::uuid(&except), p::text(&reason), p::bool(&administers)];
    let (done, mut answers) = write.last(&[(sql!("users", "revoke_sessions"), &params)]).await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    done.reply(json(StatusCode::OK, &Ended { revoked: row.get("revoked") })?).await
}
