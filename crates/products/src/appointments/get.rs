//! GET /v1/producer-appointments/{appointment_id}

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use wealth_core::authz::ViewProducts;
use wealth_core::ids::AppointmentId;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, etag};

use super::AppointmentView;

/// Get an appointment
///
/// One's own; anybody's for those who oversee sales.
#[utoipa::path(
    get,
    path = "/v1/producer-appointments/{appointment_id}",
    operation_id = "appointments_get",
    tag = "appointments",
    params(("appointment_id" = AppointmentId, Path, description = "The appointment")),
    responses((status = 200, description = "The appointment", body = AppointmentView,
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<AppointmentId>,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let rows = app
        .read("appointments_get", &principal)
        .query_and_commit(sql!("products", "appointment_get"), &[p::uuid(&id.uuid())])
        .await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let mut response = Json(AppointmentView::read(&row)?).into_response();
    response.headers_mut().insert(header::ETAG, etag(row.get("version")));
    Ok(response)
}
