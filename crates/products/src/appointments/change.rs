//! PATCH /v1/producer-appointments/{appointment_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json as value;
use wealth_core::authz::{Authorized, ManageAppointments};
use wealth_core::ids::AppointmentId;
use wealth_core::problem;
use wealth_core::product::{AppointmentChange, AppointmentPatch};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, IfMatch, Input, PathParams, Principal, Result, Row404, Write, json};

use super::AppointmentView;

/// Change an appointment
///
/// A merge patch (RFC 7396) of its licence number and its days; give it an `end_date` when it ends.
#[utoipa::path(
    patch,
    path = "/v1/producer-appointments/{appointment_id}",
    operation_id = "appointments_change",
    tag = "appointments",
    params(
        ("appointment_id" = AppointmentId, Path, description = "The appointment"),
        ("If-Match" = String, Header, description = "Its ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    request_body(content((AppointmentPatch = "application/merge-patch+json"))),
    responses((status = 200, description = "The appointment", body = AppointmentView,
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<AppointmentId>,
    IfMatch(version): IfMatch,
    input: Input<AppointmentPatch>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageAppointments>()?;
    let write = app.write("appointments_change", &principal, &input.idempotency);
    let change = input.body.validate()?;
    let (done, row) = update(write, &allowed, id, &change, version).await?;
    let reply = json(StatusCode::OK, &AppointmentView::read(&row)?)?;
    done.reply(reply.etag(row.get("version"))).await
}

async fn update(
    write: Write,
    _: &Authorized<ManageAppointments>,
    id: AppointmentId,
    change: &AppointmentChange,
    version: Option<i64>,
) -> Result<(Done, Row)> {
    let (id, change) = (id.uuid(), value!(change));
    let (done, mut answers) = write
        .last(&[
            (
                sql!("products", "appointment_change"),
                &[p::uuid(&id), p::json(&change), p::int8(&version)],
            ),
            (sql!("products", "appointment_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
