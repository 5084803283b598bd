//! POST /v1/producer-appointments

use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use wealth_core::authz::{Authorized, ManageAppointments};
use wealth_core::ids::AppointmentId;
use wealth_core::problem;
use wealth_core::product::{Appointment, NewAppointment};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, Row404, Write, created};

use super::AppointmentView;

/// Record an appointment
///
/// That an insurer appointed a person of the firm to sell for it, in a state and for a line of
/// authority. Both days belong to it; two for the same never overlap.
#[utoipa::path(
    post,
    path = "/v1/producer-appointments",
    operation_id = "appointments_create",
    tag = "appointments",
    params(("Idempotency-Key" = String, Header, description = "New for each intent")),
    request_body = NewAppointment,
    responses((status = 201, description = "The appointment", body = AppointmentView,
        headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    input: Input<NewAppointment>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageAppointments>()?;
    let write = app.write("appointments_create", &principal, input.idempotency.required()?);
    let appointment = input.body.validate()?;
    let id = AppointmentId::new(&*app.ids);
    let (done, row) = insert(write, &allowed, id, &appointment).await?;
    let location = format!("/v1/producer-appointments/{id}");
    let reply = created(&location, &AppointmentView::read(&row)?)?;
    done.reply(reply.etag(row.get("version"))).await
}

async fn insert(
    write: Write,
    _: &Authorized<ManageAppointments>,
    id: AppointmentId,
    appointment: &Appointment,
) -> Result<(Done, Row)> {
    let (id, appointment) = (id.uuid(), json!(appointment));
    let (done, mut answers) = write
        .last(&[
            (sql!("products", "appointment_add"), &[p::uuid(&id), p::json(&appointment)]),
            (sql!("products", "appointment_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
