//! Rows of rates.

use super::columns::{Kind, read_json};
use crate::parse::{Checked, ParseError};
use crate::rate::{NewRateRow, RateRow};
use crate::violations::Violations;

/// Rows of rates. A row without `external_id` gets `CUSIP/effective_date` as its id, so that a
/// second import of the same file changes nothing.
#[derive(Debug, Default)]
pub struct Rates;

impl Kind for Rates {
    type Value = RateRow;
    type Draft = NewRateRow;

    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("external_id", "/external_id"),
        ("cusip", "/cusip"),
        ("product_id", "/product_id"),
        ("base_rate", "/base_rate"),
        ("bonus_rate", "/bonus_rate"),
        ("effective_date", "/effective_date"),
        ("end_date", "/end_date"),
        ("observed_at", "/observed_at"),
    ];

    const REQUIRED: &'static [&'static str] = &["base_rate", "effective_date"];

    fn set(draft: &mut NewRateRow, column: &'static str, text: &str) -> Result<(), ParseError> {
        match column {
            "external_id" => draft.external_id = Some(text.to_owned()),
            "cusip" => draft.cusip = Some(Checked::from_text(text)),
            "product_id" => draft.product_id = Some(Checked::from_text(text)),
            "base_rate" => draft.base_rate = Checked::from_text(text),
            "bonus_rate" => draft.bonus_rate = Some(Checked::from_text(text)),
            "effective_date" => draft.effective_date = Checked::from_text(text),
            "end_date" => draft.end_date = Some(Checked::from_text(text)),
            "observed_at" => draft.observed_at = Some(Checked::from_text(text)),
            _ => return Err(ParseError::new("unknown_field", "is not a column of rates")),
        }
        Ok(())
    }

    fn from_json(text: &[u8]) -> Result<NewRateRow, Violations> {
        read_json(text)
    }

    fn finish(&mut self, mut draft: NewRateRow) -> Result<RateRow, Violations> {
        if draft.external_id.is_none() {
            draft.external_id = default_id(&draft).or(Some("-".to_owned()));
        }
        draft.validate()
    }
}

/// A stand-in that is used only when the rest of the row is good.
fn default_id(draft: &NewRateRow) -> Option<String> {
    let Checked::Good(date) = &draft.effective_date else { return None };
    match (&draft.cusip, &draft.product_id) {
        (Some(Checked::Good(cusip)), _) => Some(format!("{cusip}/{date}")),
        (_, Some(Checked::Good(id))) => Some(format!("{id}/{date}")),
        _ => None,
    }
}
