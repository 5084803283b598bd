//! The tenant's settings for rates: how far one person's word reaches.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wealth_core::authz::{Authorized, ConfigureRates, ViewRateChanges};
use wealth_core::shape::Share;
use wealth_core::violations::Violations;
use wealth_core::{Checked, Patch, Percent};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, Principal, Result, etag, json as reply};

use crate::matching::IfMatchOrNew;
use crate::row::optional_percent;

/// The largest precedence of a source.
pub(crate) const MAX_PRECEDENCE: u32 = 1_000_000;

/// The tenant's settings for rates.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct RateSettings {
    /// Largest move of base or bonus rate, in percentage points, that needs no second person; null:
    /// none ever does.
    tolerance: Option<Percent>,
    /// How strong a rate set by hand or by import is against feeds; the larger wins.
    manual_precedence: i32,
    /// When they were last set; null before the first time.
    updated_at: Option<DateTime<Utc>>,
}

impl RateSettings {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            tolerance: optional_percent(row, "tolerance")?,
            manual_precedence: row.get("manual_precedence"),
            updated_at: row.get("updated_at"),
        })
    }
}

/// Settings as a request carries them.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetSettings {
    /// Percentage points, 0 to 100; null switches four eyes off. Required, so that nobody switches
    /// it off by leaving it out.
    #[serde(default)]
    #[schema(value_type = Option<Share>, required = true)]
    tolerance: Patch<Checked<Percent>>,
    /// 0 to 1,000,000; 0 unless given.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    manual_precedence: u32,
}

/// A tolerance, after noting what is wrong with it.
pub(crate) fn tolerance(given: Checked<Percent>, v: &mut Violations) -> Option<Percent> {
    let tolerance = given.optional("/tolerance", v)?;
    if !tolerance.is_share() {
        v.add("/tolerance", "out_of_range", "must lie between 0 and 100");
    }
    Some(tolerance)
}

/// A precedence, after noting what is wrong with it.
pub(crate) fn precedence(given: u32, pointer: &str, v: &mut Violations) -> i32 {
    if given > MAX_PRECEDENCE {
        v.add(pointer, "out_of_range", "must lie between 0 and 1000000");
    }
    // Beyond the range it is refused anyway.
    i32::try_from(given).unwrap_or_default()
}

impl SetSettings {
    fn validate(self) -> Result<(Option<Percent>, i32), Violations> {
        let mut v = Violations::new();
        let tolerance = match self.tolerance {
            Patch::Keep => {
                v.add("/tolerance", "required", "is required; null switches four eyes off");
                None
            }
            Patch::Clear => None,
            Patch::Set(given) => tolerance(given, &mut v),
        };
        let manual = precedence(self.manual_precedence, "/manual_precedence", &mut v);
        v.into_result((tolerance, manual))
    }
}

/// Get the settings for rates
///
/// Before they are first set nothing needs a second person, and the ETag is `"0"`.
#[utoipa::path(
    get,
    path = "/v1/rates/settings",
    operation_id = "rate_settings_get",
    tag = "rates",
    responses((status = 200, description = "The settings", body = RateSettings))
)]
pub(crate) async fn get(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ViewRateChanges>()?;
    let read = app.read("rate_settings_get", &principal);
    let rows = read.query_and_commit(sql!("rates", "settings_get"), &[]).await?;
    let (settings, version) = match rows.first() {
        Some(row) => (RateSettings::read(row)?, row.get("version")),
        None => (RateSettings::default(), 0),
    };
    let mut response = Json(settings).into_response();
    response.headers_mut().insert(header::ETAG, etag(version));
    Ok(response)
}

/// Set the settings for rates
///
/// If-Match takes the ETag; it may be left out the first time. Changes that wait already go on
/// waiting.
#[utoipa::path(
    put,
    path = "/v1/rates/settings",
    operation_id = "rate_settings_put",
    tag = "rates",
    params(("If-Match" = Option<String>, Header, description = "ETag of the settings, or `*`")),
    request_body = SetSettings,
    responses((status = 200, description = "The settings", body = RateSettings))
)]
pub(crate) async fn put(
    State(app): State<App>,
    principal: Principal,
    expected: IfMatchOrNew,
    input: Input<SetSettings>,
) -> Result<Response> {
    let proof = principal.authorize::<ConfigureRates>()?;
    let settings = input.body.validate()?;
    let write = app.write("rate_settings_put", &principal, &input.idempotency);
    let put = settings_put(&proof, write, settings, expected.expected).await;
    let (done, row) = put.map_err(|problem| expected.explain(problem))?;
    let settings = RateSettings::read(&row)?;
    done.reply(reply(StatusCode::OK, &settings)?.etag(row.get("version"))).await
}

async fn settings_put(
    _proof: &Authorized<ConfigureRates>,
    write: wealth_http::Write,
    (tolerance, manual): (Option<Percent>, i32),
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let tolerance: Option<Decimal> = tolerance.map(Percent::decimal);
    let values = [p::numeric(&tolerance), p::int4(&manual), p::int8(&expected)];
    let (done, mut answers) = write
        .last(&[(sql!("rates", "settings_put"), &values), (sql!("rates", "settings_get"), &[])])
        .await?;
    let rows = answers.pop().unwrap_or_default();
    let row = wealth_http::Row404::one_or(rows, &wealth_core::problem::NOT_FOUND)?;
    Ok((done, row))
}
