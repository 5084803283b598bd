//! What a firm keeps longer than the rules ask.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::shape::Note;
use crate::text;
use crate::violations::Violations;

/// A firm's own period as a request carries it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRetentionOverride {
    /// Whole months, at most 1,200.
    #[schema(maximum = 1200)]
    pub months: Option<u32>,
    /// Days on top, at most 366; 0 unless given.
    #[schema(maximum = 366)]
    pub days: Option<u32>,
    /// Why the firm keeps these records longer.
    #[serde(default)]
    #[schema(required = true, value_type = Note)]
    pub reason: String,
}

/// A firm's own period, every field right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetentionOverride {
    /// Whole months.
    pub months: i32,
    /// Days on top.
    pub days: i32,
    /// Why.
    pub reason: String,
}

impl NewRetentionOverride {
    /// The period.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self) -> Result<RetentionOverride, Violations> {
        let mut v = Violations::new();
        if self.months.is_none() {
            v.add("/months", "required", "is required");
        }
        let mut within = |value: Option<u32>, most: i32, at: &str| {
            let value = i32::try_from(value.unwrap_or_default()).unwrap_or(i32::MAX);
            if value > most {
                v.add(at, "out_of_range", format!("must be at most {most}"));
            }
            value
        };
        let (months, days) =
            (within(self.months, 1200, "/months"), within(self.days, 366, "/days"));
        let reason = text::clean(&self.reason, text::REASON, "/reason", &mut v);
        v.into_result(RetentionOverride { months, days, reason: reason.unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_bad_field_is_named() {
        let read = |body| serde_json::from_value::<NewRetentionOverride>(body).unwrap().validate();
        let pointers = |body| -> Vec<String> {
            read(body).unwrap_err().0.into_iter().map(|found| found.pointer).collect()
        };
        assert_eq!(pointers(json!({})), ["/months", "/reason"]);
        let bad = json!({"months": 1201, "days": 4_000_000_000u32, "reason": " "});
        assert_eq!(pointers(bad), ["/months", "/days", "/reason"]);
        let good = read(json!({"months": 120, "reason": " Longer limitation "})).unwrap();
        assert_eq!((good.months, good.days, good.reason.as_str()), (120, 0, "Longer limitation"));
    }
}
