//! GET /v1/producer-appointments

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::ViewProducts;
use wealth_core::ids::UserId;
use wealth_core::shape::Name;
use wealth_core::us_state::UsState;
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Problem, Result};

use super::AppointmentView;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only this person's.
    #[param(value_type = Option<UserId>)]
    user_id: Option<UserId>,
    /// Only of this insurer, in any letter case.
    #[param(value_type = Option<Name>)]
    issuer: Option<String>,
    /// Only in this state.
    #[param(value_type = Option<UsState>)]
    state: Option<UsState>,
    /// Only those that hold on this day.
    #[serde(default, deserialize_with = "crate::list::day")]
    on: Option<NaiveDate>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List appointments
///
/// The newest first: one's own; everybody's for those who oversee sales.
#[utoipa::path(
    get,
    path = "/v1/producer-appointments",
    operation_id = "appointments_list",
    tag = "appointments",
    params(Query),
    responses((status = 200, description = "A page of appointments", body = Page<AppointmentView>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let before: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let issuer = query.issuer.as_deref().map(issuer).transpose()?;
    let rows = app
        .read("appointments_list", &principal)
        .query_and_commit(
            sql!("products", "appointment_list"),
            &[
                p::uuid(&query.user_id.map(UserId::uuid)),
                p::text(&issuer),
                p::text(&query.state.map(|state| state.to_string())),
                p::date(&query.on),
                p::uuid(&before),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    let items = rows.iter().map(AppointmentView::read).collect::<Result<Vec<_>>>()?;
    let key = |item: &AppointmentView| item.appointment_id;
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}

fn issuer(given: &str) -> Result<String> {
    let mut v = Violations::new();
    text::clean(given, text::NAME, "/issuer", &mut v).ok_or_else(|| {
        let reason = v.0.first().map_or("cannot be read", |e| e.message.as_str());
        Problem::new(&problem::MALFORMED_REQUEST, format!("The parameter issuer {reason}."))
    })
}
