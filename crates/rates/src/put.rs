//! Sets a product's rate: from today, from a future day, or in the past with a reason.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::Response;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, EditRates};
use wealth_core::shape::{Note, Share};
use wealth_core::violations::Violations;
use wealth_core::{Checked, Percent, ProductId, problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::{
    App, Done, Idempotency, IfMatch, Input, PathParams, Principal, Result, Row404, json as reply,
};

use crate::changes::RateChange;
use crate::query;
use crate::row::ProductRate;

/// A rate to be in force over some days.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetRate {
    /// Interest in percent a year, 0 to 100.
    #[serde(default)]
    #[schema(value_type = Share, required = true)]
    base_rate: Checked<Percent>,
    /// Bonus in percent, 0 to 100; none unless given.
    #[schema(value_type = Option<Share>)]
    bonus_rate: Option<Checked<Percent>>,
    /// First day; today in the tenant's time zone unless given.
    #[schema(value_type = Option<NaiveDate>)]
    effective_date: Option<Checked<NaiveDate>>,
    /// Last day, inclusive. Without it the rate holds until the next one that is scheduled; with
    /// it, what held before goes on afterwards.
    #[schema(value_type = Option<NaiveDate>)]
    end_date: Option<Checked<NaiveDate>>,
    /// Why. Required for a day in the past.
    #[schema(value_type = Option<Note>)]
    reason: Option<String>,
}

/// The same, right by type.
struct NewRate {
    base_rate: Percent,
    bonus_rate: Percent,
    effective_date: Option<NaiveDate>,
    end_date: Option<NaiveDate>,
    reason: Option<String>,
}

impl SetRate {
    fn validate(self) -> Result<NewRate, Violations> {
        let mut v = Violations::new();
        let base_rate = self.base_rate.required("/base_rate", &mut v);
        let bonus_rate = self.bonus_rate.and_then(|rate| rate.optional("/bonus_rate", &mut v));
        for (rate, pointer) in [(base_rate, "/base_rate"), (bonus_rate, "/bonus_rate")] {
            if rate.is_some_and(|rate| !rate.is_share()) {
                v.add(pointer, "out_of_range", "must lie between 0 and 100");
            }
        }
        let effective_date =
            self.effective_date.and_then(|date| date.optional("/effective_date", &mut v));
        let end_date = self.end_date.and_then(|date| date.optional("/end_date", &mut v));
        if let (Some(start), Some(end)) = (effective_date, end_date)
            && end < start
        {
            v.add("/end_date", "date_range_invalid", "must not be before effective_date");
        }
        let reason =
            self.reason.and_then(|reason| text::clean(&reason, text::REASON, "/reason", &mut v));
        v.into_result(NewRate {
            base_rate: base_rate.unwrap_or_default(),
            bonus_rate: bonus_rate.unwrap_or_default(),
            effective_date,
            end_date,
            reason,
        })
    }
}

/// Set a product's rate
///
/// Puts a rate in force from today, schedules it for a future day, or corrects the past, which
/// needs a reason. The line of rates stays whole: what the new rate covers is superseded, what is
/// left of it on either side goes on. If-Match takes the ETag of the product's rates, which moves
/// with every recorded row. A move beyond the tenant's tolerance on any day is not applied: it
/// waits as a rate change for a second person, and the answer is 202.
#[utoipa::path(
    put,
    path = "/v1/products/{product_id}/rates",
    operation_id = "rates_put",
    tag = "rates",
    params(
        ("product_id" = Uuid, Path, description = "The product"),
        ("If-Match" = String, Header, description = "ETag of the product's rates, or `*`"),
    ),
    request_body = SetRate,
    responses(
        (status = 200, description = "In force; a rate that was in force already changes nothing",
         body = ProductRate),
        (status = 202, description = "Waits for a second person", body = RateChange),
    )
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(product): PathParams<String>,
    IfMatch(expected): IfMatch,
    input: Input<SetRate>,
) -> Result<Response> {
    let proof = principal.authorize::<EditRates>()?;
    let product = query::product_id(&product)?;
    let rate = input.body.validate()?;
    let call = Call { app: &app, principal: &principal, idempotency: &input.idempotency };
    let (done, result, change) = call.rates_put(&proof, product, expected, &rate).await?;
    if result.get::<_, &str>("status") == "pending" {
        let change = RateChange::read(&change)?;
        let location = change.location();
        let answer = reply(StatusCode::ACCEPTED, &change)?.header(header::LOCATION, &location);
        return done.reply(answer).await;
    }
    let rate = ProductRate::read(product.uuid(), &result)?;
    done.reply(reply(StatusCode::OK, &rate)?.etag(result.get("rate_version"))).await
}

/// What a write needs beside its values.
struct Call<'a> {
    app: &'a App,
    principal: &'a Principal,
    idempotency: &'a Idempotency,
}

impl Call<'_> {
    /// Changes the rate and reads what came of it, in one round trip.
    async fn rates_put(
        &self,
        _proof: &Authorized<EditRates>,
        product: ProductId,
        expected: Option<i64>,
        rate: &NewRate,
    ) -> Result<(Done, Row, Row)> {
        let change: Uuid = self.app.ids.next();
        let options = json!({
            "change_id": change,
            "rate_history_id": self.app.ids.next(),
            "expected_rate_version": expected,
            "effective_date": rate.effective_date,
            "end_date": rate.end_date,
            "reason": rate.reason,
        });
        let (base, bonus): (Decimal, Decimal) =
            (rate.base_rate.decimal(), rate.bonus_rate.decimal());
        let product = product.uuid();
        let values = [p::uuid(&product), p::numeric(&base), p::numeric(&bonus), p::json(&options)];
        let by_change = [p::uuid(&change)];
        let write = self.app.write("rates_put", self.principal, self.idempotency);
        let (done, mut answers) = write
            .last(&[
                (sql!("rates", "put"), &values),
                (sql!("rates", "put_result"), &by_change),
                (sql!("rates", "change_get"), &by_change),
            ])
            .await?;
        let change = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
        let result = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
        Ok((done, result, change))
    }
}
