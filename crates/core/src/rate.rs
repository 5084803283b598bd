//! Rates as feeds and imports bring them (S0-135, S0-136, S0-139).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::cusip::Cusip;
use crate::ids::ProductId;
use crate::money::Percent;
use crate::parse::{Checked, Parse, ParseError};
use crate::shape::{ExternalId, Share};
use crate::text;
use crate::violations::Violations;

/// Which product a rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductRef {
    /// By CUSIP.
    Cusip(Cusip),
    /// By id.
    ProductId(ProductId),
}

/// One rate from outside, right by type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RateRow {
    /// The source's own id of this rate; a repeat with the same id changes nothing.
    pub external_id: String,
    /// Which product.
    pub product: ProductRef,
    /// Base rate in percent a year.
    pub base_rate: Percent,
    /// Bonus in percent; none leaves the bonus as it is.
    pub bonus_rate: Option<Percent>,
    /// First day on which the rate is in force.
    pub effective_date: NaiveDate,
    /// Last day; none is open-ended.
    pub end_date: Option<NaiveDate>,
    /// When the source saw the rate.
    pub observed_at: Option<DateTime<Utc>>,
}

/// One rate from outside, as a request carries it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRateRow {
    /// The source's own id of this rate, 1 to 200 characters.
    #[schema(required = true, value_type = ExternalId)]
    pub external_id: Option<String>,
    /// CUSIP of the product; either this or `product_id`.
    #[schema(value_type = Option<Cusip>)]
    pub cusip: Option<Checked<Cusip>>,
    /// Id of the product; either this or `cusip`.
    #[schema(value_type = Option<ProductId>)]
    pub product_id: Option<Checked<ProductId>>,
    /// Base rate, 0 to 100 percent a year.
    #[serde(default)]
    #[schema(value_type = Share, required = true)]
    pub base_rate: Checked<Percent>,
    /// Bonus, 0 to 100 percent; absent leaves the bonus as it is.
    #[schema(value_type = Option<Share>)]
    pub bonus_rate: Option<Checked<Percent>>,
    /// First day on which the rate is in force.
    #[serde(default)]
    #[schema(value_type = NaiveDate, required = true)]
    pub effective_date: Checked<NaiveDate>,
    /// Last day, inclusive; absent is open-ended.
    #[schema(value_type = Option<NaiveDate>)]
    pub end_date: Option<Checked<NaiveDate>>,
    /// When the source saw the rate (RFC 3339).
    #[schema(value_type = Option<DateTime<Utc>>)]
    pub observed_at: Option<Checked<DateTime<Utc>>>,
}

impl Parse for ProductId {
    fn parse(text: &str) -> Result<Self, ParseError> {
        let id: Uuid =
            text.trim().parse().map_err(|_| ParseError::new("id_invalid", "must be a UUID"))?;
        Ok(id.into())
    }
}

impl Parse for DateTime<Utc> {
    fn parse(text: &str) -> Result<Self, ParseError> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| {
            let message = "must be an instant (RFC 3339), such as 2026-11-21T09:30:00Z";
            ParseError::new("timestamp_invalid", message)
        })?;
        let at = at.with_timezone(&Utc);
        crate::dates::parse_date(&at.date_naive().to_string())?;
        Ok(at)
    }
}

impl NewRateRow {
    /// The rate, if everything about it is right.
    ///
    /// # Errors
    /// Every bad field, by JSON pointer.
    pub fn validate(self) -> Result<RateRow, Violations> {
        let mut v = Violations::new();
        if self.external_id.is_none() {
            v.add("/external_id", "required", "is required");
        }
        let external_id = self
            .external_id
            .and_then(|id| text::clean(&id, text::EXTERNAL_ID, "/external_id", &mut v));
        let product = product(self.cusip, self.product_id, &mut v);
        let base_rate = self.base_rate.required("/base_rate", &mut v);
        let base_rate = base_rate.and_then(|rate| in_range(rate, "/base_rate", &mut v));
        let bonus_rate = self.bonus_rate.and_then(|rate| rate.optional("/bonus_rate", &mut v));
        let bonus_rate = bonus_rate.and_then(|rate| in_range(rate, "/bonus_rate", &mut v));
        let effective_date = self.effective_date.required("/effective_date", &mut v);
        let end_date = self.end_date.and_then(|date| date.optional("/end_date", &mut v));
        if let (Some(start), Some(end)) = (effective_date, end_date)
            && end < start
        {
            v.add("/end_date", "date_range_invalid", "must not be before effective_date");
        }
        let observed_at = self.observed_at.and_then(|at| at.optional("/observed_at", &mut v));
        let (Some(external_id), Some(product), Some(base_rate), Some(effective_date)) =
            (external_id, product, base_rate, effective_date)
        else {
            return Err(v);
        };
        v.into_result(RateRow {
            external_id,
            product,
            base_rate,
            bonus_rate,
            effective_date,
            end_date,
            observed_at,
        })
    }
}

/// Rates of 0 to 100 percent: a value beyond is a mistaken unit (basis points, or a fraction of
/// the wrong kind), never a rate on sale.
fn in_range(rate: Percent, pointer: &str, v: &mut Violations) -> Option<Percent> {
    if rate.is_share() {
        return Some(rate);
    }
    v.add(pointer, "out_of_range", "must lie between 0 and 100");
    None
}

fn product(
    cusip: Option<Checked<Cusip>>,
    id: Option<Checked<ProductId>>,
    v: &mut Violations,
) -> Option<ProductRef> {
    match (cusip, id) {
        (Some(_), Some(_)) => {
            v.add("/product_id", "conflict", "give either cusip or product_id");
            None
        }
        (None, None) => {
            v.add("/cusip", "required", "cusip or product_id is required");
            None
        }
        (Some(cusip), None) => cusip.optional("/cusip", v).map(ProductRef::Cusip),
        (None, Some(id)) => id.optional("/product_id", v).map(ProductRef::ProductId),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(body: serde_json::Value) -> Result<RateRow, Vec<String>> {
        let new: NewRateRow = serde_json::from_value(body).unwrap();
        new.validate().map_err(|v| v.0.into_iter().map(|e| e.pointer).collect())
    }

    #[test]
    fn a_rate_names_its_product_one_way() {
        let row = check(json!({"external_id": "x-1", "cusip": "037833100", "base_rate": "5.25",
            "effective_date": "2026-12-01", "observed_at": "2026-11-21T10:00:00+01:00"}))
        .unwrap();
        assert_eq!(row.product, ProductRef::Cusip("037833100".parse().unwrap()));
        assert_eq!(row.observed_at.unwrap().to_rfc3339(), "2026-11-21T09:00:00+00:00");
        assert_eq!(row.bonus_rate, None);
        let both = check(json!({"external_id": "x", "cusip": "037833100",
            "product_id": "00000000-0000-7000-8000-000000000001", "base_rate": "5", "effective_date": "2026-12-01"}));
        assert_eq!(both.unwrap_err(), ["/product_id"]);
    }

    #[test]
    fn all_bad_fields_are_named_at_once() {
        let found =
            check(json!({"base_rate": "500", "bonus_rate": "-1", "effective_date": "2026-12-01",
            "end_date": "2026-11-30", "observed_at": "yesterday"}));
        assert_eq!(
            found.unwrap_err(),
            ["/external_id", "/cusip", "/base_rate", "/bonus_rate", "/end_date", "/observed_at"]
        );
    }
}
