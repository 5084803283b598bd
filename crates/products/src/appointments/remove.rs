//! DELETE /v1/producer-appointments/{appointment_id}

use axum::extract::State;
use axum::response::Response;
use wealth_core::authz::{Authorized, ManageAppointments};
use wealth_core::ids::AppointmentId;
use wealth_db::{p, sql};
use wealth_http::{
    App, Done, IfMatch, Nothing, OptionalInput, PathParams, Principal, Result, Write, no_content,
};

/// Remove an appointment
///
/// One that was recorded by mistake: it never held. One that ends is changed to have an `end_date`.
#[utoipa::path(
    delete,
    path = "/v1/producer-appointments/{appointment_id}",
    operation_id = "appointments_remove",
    tag = "appointments",
    params(
        ("appointment_id" = AppointmentId, Path, description = "The appointment"),
        ("If-Match" = String, Header, description = "Its ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Removed")),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<AppointmentId>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageAppointments>()?;
    let write = app.write("appointments_remove", &principal, &input.idempotency);
    let done = remove(write, &allowed, id, version).await?;
    done.reply(no_content()).await
}

async fn remove(
    write: Write,
    _: &Authorized<ManageAppointments>,
    id: AppointmentId,
    version: Option<i64>,
) -> Result<Done> {
    let id = id.uuid();
    let values = [p::uuid(&id), p::int8(&version)];
    let (done, _) = write.last(&[(sql!("products", "appointment_remove"), &values)]).await?;
    Ok(done)
}
