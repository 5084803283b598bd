//! The rate in force on a day.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRates;
use wealth_core::shape::ExternalId;
use wealth_core::{Percent, problem};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Params, PathParams, Principal, Result, Row404};

use crate::overrides::list::account;
use crate::query::{self, AsOf};
use crate::row::{ProductRate, UNIT, percent};

/// The answer for one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateOnDay {
    /// The product.
    product_id: Uuid,
    /// The day asked about.
    as_of: NaiveDate,
    /// The instant whose knowledge counted; null is now.
    known_at: Option<DateTime<Utc>>,
    /// The rate; null before the first one.
    rate: Option<ProductRate>,
    /// The account asked about; only if one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_reference: Option<String>,
    /// The rate of that account, which holds instead of the product's; only if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_rate: Option<AccountRate>,
}

/// The rate of an account in place of the product's.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountRate {
    /// The override.
    override_id: Uuid,
    /// Interest in percent a year.
    base_rate: Percent,
    /// Bonus in percent.
    bonus_rate: Percent,
    /// Always `percent`.
    #[schema(value_type = String, example = "percent")]
    rate_unit: &'static str,
    /// First day.
    effective_date: NaiveDate,
    /// Last day, inclusive; null is open.
    end_date: Option<NaiveDate>,
    /// Since when it is believed.
    recorded_at: DateTime<Utc>,
    /// Why the account has it.
    reason: String,
}

impl AccountRate {
    fn read(override_id: Uuid, row: &Row) -> Result<Self> {
        Ok(Self {
            override_id,
            base_rate: percent(row, "account_base_rate")?,
            bonus_rate: percent(row, "account_bonus_rate")?,
            rate_unit: UNIT,
            effective_date: row.get("account_effective_date"),
            end_date: row.get("account_end_date"),
            recorded_at: row.get("account_recorded_at"),
            reason: row.get("account_reason"),
        })
    }
}

/// Which day, as believed when, and for which account.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The day asked about; today in the tenant's time zone unless given.
    #[param(value_type = Option<NaiveDate>)]
    as_of: Option<String>,
    /// The instant whose knowledge counts (RFC 3339); now unless given.
    #[param(value_type = Option<DateTime<Utc>>)]
    known_at: Option<String>,
    /// An account, whose own rate is shown beside the product's if it has one.
    #[param(value_type = Option<ExternalId>)]
    account_reference: Option<String>,
}

/// Get the rate in force on a day
///
/// As of today or another day, by what is believed now or was believed at `known_at`. With an
/// account, its own rate as well, if it has one then.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/rates/current",
    operation_id = "rates_current",
    tag = "rates",
    params(("product_id" = Uuid, Path, description = "The product"), Query),
    responses((status = 200, description = "The rate on that day", body = RateOnDay))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(product): PathParams<String>,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewRates>()?;
    let product_id = query::product_id(&product)?.uuid();
    let account_reference = account(query.account_reference.as_deref())?;
    let (as_of, known_at) = AsOf { as_of: query.as_of, known_at: query.known_at }.read()?;
    let params = [
        p::uuid(&product_id),
        p::date(&as_of),
        p::timestamptz(&known_at),
        p::text(&account_reference),
    ];
    let read = app.read("rates_current", &principal);
    let rows = read.query_and_commit(sql!("rates", "current"), &params).await?;
    let row = rows.one_or(&problem::PRODUCT_NOT_FOUND)?;
    let found: Option<Uuid> = row.get("rate_history_id");
    let rate = found.map(|_| ProductRate::read(product_id, &row)).transpose()?;
    let own: Option<Uuid> = row.get("override_id");
    let account_rate = own.map(|id| AccountRate::read(id, &row)).transpose()?;
    let as_of = row.get("as_of");
    let answer = RateOnDay { product_id, as_of, known_at, rate, account_reference, account_rate };
    Ok(Json(answer).into_response())
}
