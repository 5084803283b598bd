//! /v1/producer-appointments/settings: whether appointments are enforced.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, ManageAppointments, ViewProducts};
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, IfMatch, Input, Principal, Result, Row404, Write, etag, json};

use crate::row::{self, Timestamp};

/// How the firm holds its sales representatives to their appointments.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct AppointmentSettings {
    /// Whether an annuity is `not_appointed` for a sales representative whom its insurer did not
    /// appoint.
    enforced: bool,
    /// When it was last set; null before the first time.
    updated_at: Option<Timestamp>,
}

impl AppointmentSettings {
    fn read(row: &Row) -> Self {
        Self {
            enforced: row.get("appointments_enforced"),
            updated_at: Some(row::timestamp(row, "updated_at")),
        }
    }
}

/// Settings as a request carries them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetAppointmentSettings {
    /// Whether appointments are enforced.
    #[schema(required = true, value_type = bool)]
    enforced: Option<bool>,
}

/// Get whether appointments are enforced
///
/// Before it is first set they are not, and the ETag is `"0"`.
#[utoipa::path(
    get,
    path = "/v1/producer-appointments/settings",
    operation_id = "appointment_settings_get",
    tag = "appointments",
    responses((status = 200, description = "The settings", body = AppointmentSettings,
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn get(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let read = app.read("appointment_settings_get", &principal);
    let rows = read.query_and_commit(sql!("products", "sale_settings_get"), &[]).await?;
    let (settings, version) = match rows.first() {
        Some(row) => (AppointmentSettings::read(row), row.get("version")),
        None => (AppointmentSettings::default(), 0),
    };
    let mut response = Json(settings).into_response();
    response.headers_mut().insert(header::ETAG, etag(version));
    Ok(response)
}

/// Set whether appointments are enforced
///
/// Comparisons and ladders that were made before stay as they were shown.
#[utoipa::path(
    put,
    path = "/v1/producer-appointments/settings",
    operation_id = "appointment_settings_put",
    tag = "appointments",
    params(("If-Match" = String, Header, description = "ETag of the settings, or `*`")),
    request_body = SetAppointmentSettings,
    responses((status = 200, description = "The settings", body = AppointmentSettings,
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn put(
    State(app): State<App>,
    principal: Principal,
    IfMatch(version): IfMatch,
    input: Input<SetAppointmentSettings>,
) -> Result<Response> {
    let allowed = principal.authorize::<ManageAppointments>()?;
    let Some(enforced) = input.body.enforced else {
        return Err(Violations::one("/enforced", "required", "is required").into());
    };
    let write = app.write("appointment_settings_put", &principal, &input.idempotency);
    let (done, row) = set(write, &allowed, enforced, version).await?;
    let reply = json(StatusCode::OK, &AppointmentSettings::read(&row))?;
    done.reply(reply.etag(row.get("version"))).await
}

async fn set(
    write: Write,
    _: &Authorized<ManageAppointments>,
    enforced: bool,
    version: Option<i64>,
) -> Result<(Done, Row)> {
    let values = [p::bool(&enforced), p::int8(&version)];
    let (done, mut answers) = write
        .last(&[
            (sql!("products", "sale_settings_put"), &values),
            (sql!("products", "sale_settings_get"), &[]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
