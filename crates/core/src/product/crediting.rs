//! How an annuity credits interest.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ProductSubtype;
use super::kind::named_values;
use super::limits::{not_negative, share};
use crate::money::Percent;
use crate::parse::{Checked, Parse, ParseError, text_value};
use crate::shape::{NotNegativePercent, Share};
use crate::violations::Violations;
use std::fmt;

named_values! {
    /// The crediting method.
    CreditingMethod, "unknown_value", "Crediting method", {
        /// The declared rate.
        Fixed = "fixed",
        /// Index change between two anniversaries.
        PointToPoint = "point_to_point",
        /// Average of the monthly index values against the start.
        MonthlyAverage = "monthly_average",
        /// Sum of monthly changes, each capped.
        MonthlySum = "monthly_sum",
        /// A set rate if the index did not fall.
        PerformanceTriggered = "performance_triggered",
        /// The unit value of a fund.
        Subaccount = "subaccount",
    }
}

/// Crediting terms. All percentages are for one contract year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Crediting {
    /// How interest is found.
    pub method: CreditingMethod,
    /// Most that is credited, in percent; none is uncapped.
    pub cap: Option<Percent>,
    /// Share of the index change that is credited, in percent; may exceed 100.
    pub participation_rate: Option<Percent>,
    /// Taken off the index change, in percentage points.
    pub spread: Option<Percent>,
    /// Least that is credited, in percent; negative for a RILA.
    pub floor: Option<Percent>,
    /// Loss that the insurer bears first, in percent.
    pub buffer: Option<Percent>,
}

/// Crediting terms as a request carries them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCrediting {
    /// How interest is found.
    #[serde(default)]
    #[schema(value_type = CreditingMethod, required = true)]
    pub method: Checked<CreditingMethod>,
    /// Most that is credited in a contract year, in percent; none is uncapped.
    #[schema(value_type = Option<NotNegativePercent>)]
    pub cap: Option<Checked<Percent>>,
    /// Share of the index change that is credited, in percent; may exceed 100.
    #[schema(value_type = Option<NotNegativePercent>)]
    pub participation_rate: Option<Checked<Percent>>,
    /// Taken off the index change, in percentage points.
    #[schema(value_type = Option<NotNegativePercent>)]
    pub spread: Option<Checked<Percent>>,
    /// Least that is credited in a contract year, in percent; negative for a RILA only.
    #[schema(value_type = Option<Percent>)]
    pub floor: Option<Checked<Percent>>,
    /// Loss that the insurer bears first, in percent; RILA only.
    #[schema(value_type = Option<Share>)]
    pub buffer: Option<Checked<Percent>>,
}

impl NewCrediting {
    /// The terms, by the rules of the subtype.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self, subtype: Option<ProductSubtype>) -> Result<Crediting, Violations> {
        let mut v = Violations::new();
        let method = self.method.required("/method", &mut v);
        let cap = not_negative(self.cap, "/cap", &mut v);
        let participation_rate =
            not_negative(self.participation_rate, "/participation_rate", &mut v);
        let spread = not_negative(self.spread, "/spread", &mut v);
        let floor = self.floor.and_then(|f| f.optional("/floor", &mut v));
        let buffer = share(self.buffer, "/buffer", &mut v);
        if floor.is_some_and(|f| f.decimal().abs() > Percent::HUNDRED.decimal()) {
            v.add("/floor", "out_of_range", "must lie between -100 and 100");
        }
        if let (Some(floor), Some(cap)) = (floor, cap)
            && floor > cap
        {
            v.add("/floor", "out_of_range", "must not exceed the cap");
        }
        check_subtype(subtype, method, floor, buffer, &mut v);
        let Some(method) = method else { return Err(v) };
        v.into_result(Crediting { method, cap, participation_rate, spread, floor, buffer })
    }
}

/// What tells the annuities apart: a FIA never credits a loss; a RILA bears losses, limited by a
/// buffer or by a floor but not both; the others have neither.
fn check_subtype(
    subtype: Option<ProductSubtype>,
    method: Option<CreditingMethod>,
    floor: Option<Percent>,
    buffer: Option<Percent>,
    v: &mut Violations,
) {
    use ProductSubtype as S;
    let loses = floor.is_some_and(Percent::is_negative);
    match subtype {
        Some(S::Rila) => match (buffer, loses) {
            (Some(_), true) => {
                v.add("/buffer", "conflict", "a RILA has a buffer or a negative floor, not both")
            }
            (None, false) => {
                v.add("/buffer", "required", "a RILA needs a buffer or a negative floor")
            }
            _ => {}
        },
        _ => {
            if loses {
                v.add("/floor", "out_of_range", "must not be negative, except for a RILA");
            }
            if buffer.is_some() {
                v.add("/buffer", "not_applicable", "only a RILA has a buffer");
            }
        }
    }
    let fixed = method == Some(CreditingMethod::Fixed);
    match subtype {
        Some(S::Myga) if method.is_some() && !fixed => {
            v.add("/method", "not_applicable", "a MYGA credits a fixed rate");
        }
        Some(S::Rila) if fixed => v.add("/method", "not_applicable", "a RILA credits by an index"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subtype: ProductSubtype, json: &str) -> Result<Crediting, Vec<String>> {
        let new: NewCrediting = serde_json::from_str(json).unwrap();
        new.validate(Some(subtype)).map_err(|v| v.0.into_iter().map(|e| e.pointer).collect())
    }

    #[test]
    fn a_fia_never_credits_a_loss() {
        let terms = r#"{"method":"point_to_point","cap":"7.5","floor":"0"}"#;
        assert!(check(ProductSubtype::Fia, terms).is_ok());
        let losing = r#"{"method":"point_to_point","floor":"-1","buffer":"10"}"#;
        assert_eq!(check(ProductSubtype::Fia, losing).unwrap_err(), ["/floor", "/buffer"]);
    }

    #[test]
    fn a_rila_has_a_buffer_or_a_floor() {
        let check = |json| check(ProductSubtype::Rila, json);
        assert!(check(r#"{"method":"point_to_point","buffer":"10"}"#).is_ok());
        assert!(check(r#"{"method":"point_to_point","floor":"-10"}"#).is_ok());
        let both = r#"{"method":"point_to_point","buffer":"10","floor":"-10"}"#;
        assert_eq!(check(both).unwrap_err(), ["/buffer"]);
        assert_eq!(check(r#"{"method":"fixed"}"#).unwrap_err(), ["/buffer", "/method"]);
    }

    #[test]
    fn all_bad_fields_are_named_at_once() {
        let bad = r#"{"method":"magic","cap":-1,"spread":"-1","participation_rate":"x"}"#;
        let found = check(ProductSubtype::Fia, bad).unwrap_err();
        assert_eq!(found, ["/method", "/cap", "/participation_rate", "/spread"]);
    }
}
