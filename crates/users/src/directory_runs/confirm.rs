//! POST /v1/users/directory-runs/{directory_run_id}/confirm

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ConfigureSignIn};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, Nothing, OptionalInput, PathParams, Principal, Result, Row404, Write, json,
};

use super::DirectoryRun;

/// Let happen what a comparison has held back
///
/// A comparison that would take away much at once waits, because a directory that is half away looks
/// like one that people have left. Takes a recent sign-in.
#[utoipa::path(post, path = "/v1/users/directory-runs/{directory_run_id}/confirm",
    operation_id = "directory_run_confirm", tag = "users",
    params(("directory_run_id" = Uuid, Path, description = "The comparison")),
    responses((status = 200, description = "What was done", body = DirectoryRun)),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(run): PathParams<Uuid>,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ConfigureSignIn>()?;
    let write = app.write("directory_run_confirm", &principal, &input.idempotency);
    let (done, row) = confirm(write, &allowed, run).await?;
    done.reply(json(StatusCode::OK, &DirectoryRun::read(&row))?).await
}

async fn confirm(write: Write, _: &Authorized<ConfigureSignIn>, run: Uuid) -> Result<(Done, Row)> {
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "directory_run_confirm"), &[p::uuid(&run)]),
            (sql!("users", "directory_run_get"), &[p::uuid(&run)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
