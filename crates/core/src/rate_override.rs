//! A rate for one account in place of the product's.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::dates::DateWindow;
use crate::money::Percent;
use crate::parse::Checked;
use crate::shape::{ExternalId, Note, Share};
use crate::text;
use crate::violations::Violations;

/// An override as a request carries it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRateOverride {
    /// By what the firm knows the account; exact spelling.
    #[serde(default)]
    #[schema(required = true, value_type = ExternalId)]
    pub account_reference: String,
    /// Interest for the account, 0 to 100 percent a year.
    #[serde(default)]
    #[schema(required = true, value_type = Share)]
    pub base_rate: Checked<Percent>,
    /// Bonus for the account, 0 to 100 percent; 0 unless given.
    #[schema(value_type = Option<Share>)]
    pub bonus_rate: Option<Checked<Percent>>,
    /// First day.
    #[serde(default)]
    #[schema(required = true, value_type = NaiveDate)]
    pub effective_date: Checked<NaiveDate>,
    /// Last day, inclusive; none is open.
    #[schema(value_type = Option<NaiveDate>)]
    pub end_date: Option<Checked<NaiveDate>>,
    /// Why the account has a rate of its own.
    #[serde(default)]
    #[schema(required = true, value_type = Note)]
    pub reason: String,
}

/// An override whose every field is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RateOverride {
    /// The account.
    pub account_reference: String,
    /// Interest in percent a year.
    pub base_rate: Percent,
    /// Bonus in percent.
    pub bonus_rate: Percent,
    /// First day.
    pub effective_date: NaiveDate,
    /// Last day.
    pub end_date: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// An account's reference, after noting what is wrong with it.
pub fn account_reference(given: &str, at: &str, v: &mut Violations) -> Option<String> {
    text::clean(given, text::EXTERNAL_ID, at, v)
}

impl NewRateOverride {
    /// The override.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self) -> Result<RateOverride, Violations> {
        let mut v = Violations::new();
        let account = account_reference(&self.account_reference, "/account_reference", &mut v);
        let base = self.base_rate.required("/base_rate", &mut v);
        let bonus = self.bonus_rate.and_then(|bonus| bonus.optional("/bonus_rate", &mut v));
        for (rate, at) in [(base, "/base_rate"), (bonus, "/bonus_rate")] {
            if rate.is_some_and(|rate| !rate.is_share()) {
                v.add(at, "out_of_range", "must lie between 0 and 100");
            }
        }
        let start = self.effective_date.required("/effective_date", &mut v);
        let end_date = self.end_date.and_then(|day| day.optional("/end_date", &mut v));
        if let (Some(start), Some(end)) = (start, end_date)
            && DateWindow::new(start, end).is_err()
        {
            v.add("/end_date", "date_range_invalid", "must not be before effective_date");
        }
        let reason = text::clean(&self.reason, text::REASON, "/reason", &mut v);
        v.into_result(RateOverride {
            account_reference: account.unwrap_or_default(),
            base_rate: base.unwrap_or_default(),
            bonus_rate: bonus.unwrap_or_default(),
            effective_date: start.unwrap_or_default(),
            end_date,
            reason: reason.unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: serde_json::Value) -> Result<RateOverride, Violations> {
        serde_json::from_value::<NewRateOverride>(body).unwrap().validate()
    }

    #[test]
    fn an_override_names_every_bad_field() {
        let good = json!({"account_reference": " A-1 ", "base_rate": "5.5",
            "effective_date": "2028-02-29", "end_date": "2028-02-29", "reason": "Loyal"});
        let found = read(good.clone()).unwrap();
        assert_eq!((found.account_reference.as_str(), found.bonus_rate), ("A-1", Percent::ZERO));
        let codes = |body| {
            let found = read(body).unwrap_err().0;
            found.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect::<Vec<_>>()
        };
        let required = ["account_reference", "base_rate", "effective_date", "reason"];
        assert_eq!(codes(json!({})), required.map(|name| format!("/{name} required")));
        let mut bad = good;
        crate::patch::merge(
            &mut bad,
            json!({"base_rate": "100.0001", "bonus_rate": "-1",
            "end_date": "2028-02-28"}),
        );
        assert_eq!(
            codes(bad),
            ["/base_rate out_of_range", "/bonus_rate out_of_range", "/end_date date_range_invalid"]
        );
    }
}
