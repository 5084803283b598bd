//! Premium bands: a larger amount earns a higher rate.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::limits::share;
use crate::money::{Amount, Percent};
use crate::parse::Checked;
use crate::violations::Violations;

/// What the rate gains from a premium on. The base rate is that of the lowest band and moves with
/// the rate history; the steps above it are terms of the product, versioned with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct RateBand {
    /// Least amount of the band, in the product's currency.
    pub minimum_amount: Amount,
    /// Percentage points on top of the base rate, for the whole amount.
    pub addition: Percent,
}

/// A premium band, as a request carries it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRateBand {
    /// Least amount of the band, above zero, rising from band to band.
    #[serde(default)]
    #[schema(value_type = Amount, required = true)]
    pub minimum_amount: Checked<Amount>,
    /// Percentage points on top of the base rate, 0 to 100.
    #[serde(default)]
    #[schema(value_type = Percent, required = true)]
    pub addition: Checked<Percent>,
}

/// What the band of an amount adds: nothing below the first.
pub fn addition(bands: &[RateBand], amount: Amount) -> Percent {
    let reached = bands.iter().rev().find(|band| band.minimum_amount <= amount);
    reached.map_or(Percent::ZERO, |band| band.addition)
}

const MAX_BANDS: usize = 20;

/// The bands, in order.
pub(super) fn bands(new: Vec<NewRateBand>, v: &mut Violations) -> Vec<RateBand> {
    if new.len() > MAX_BANDS {
        v.add("/rate_bands", "too_many", "may have at most 20 bands");
        return Vec::new();
    }
    let mut bands: Vec<RateBand> = Vec::with_capacity(new.len());
    for (i, band) in new.into_iter().enumerate() {
        let at = format!("/rate_bands/{i}/minimum_amount");
        let minimum = band.minimum_amount.required(&at, v);
        let below = bands.last().map_or(Amount::ZERO, |last| last.minimum_amount);
        if minimum.is_some_and(|minimum| minimum <= below) {
            v.add(at, "out_of_range", "must be above zero and rise from band to band");
        }
        let at = format!("/rate_bands/{i}/addition");
        if matches!(band.addition, Checked::Missing) {
            v.add(at, "required", "is required");
        } else if let (Some(minimum_amount), Some(addition)) =
            (minimum, share(Some(band.addition), &at, v))
        {
            bands.push(RateBand { minimum_amount, addition });
        }
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(json: serde_json::Value) -> Result<Vec<RateBand>, Vec<String>> {
        let mut v = Violations::new();
        let found = bands(serde_json::from_value(json).unwrap(), &mut v);
        v.into_result(found).map_err(|v| v.0.into_iter().map(|e| e.pointer).collect())
    }

    #[test]
    fn the_highest_band_that_is_reached_counts_for_the_whole_amount() {
        let bands = read(json!([{"minimum_amount": "100000", "addition": "0.1"},
                                {"minimum_amount": "250000", "addition": "0.25"}]))
        .unwrap();
        let of = |amount: &str| addition(&bands, amount.parse().unwrap()).to_string();
        assert_eq!(of("99999.99"), "0.0000");
        assert_eq!(of("100000"), "0.1000");
        assert_eq!(of("249999.99"), "0.1000");
        assert_eq!(of("250000"), "0.2500");
    }

    #[test]
    fn bands_rise_and_are_complete() {
        let found = read(json!([{"minimum_amount": "0", "addition": "1"}, {"addition": "101"},
                                {"minimum_amount": "5"}, {"minimum_amount": "4", "addition": "1"}]));
        assert_eq!(
            found.unwrap_err(),
            [
                "/rate_bands/0/minimum_amount",
                "/rate_bands/1/minimum_amount",
                "/rate_bands/1/addition",
                "/rate_bands/2/addition"
            ]
        );
        assert_eq!(read(json!(vec![json!({}); 21])).unwrap_err(), ["/rate_bands"]);
    }
}
