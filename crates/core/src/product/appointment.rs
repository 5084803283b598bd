//! Whom an insurer has appointed to sell its products.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::kind::named_values;
use crate::dates::DateWindow;
use crate::parse::{Checked, Parse, ParseError, text_value};
use crate::patch::Patch;
use crate::shape::{ExternalId, Name};
use crate::text;
use crate::us_state::UsState;
use crate::violations::Violations;

named_values! {
    /// The line of authority of a producer's licence, as far as annuities need one (NAIC Producer
    /// Licensing Model Act #218, section 7).
    LineOfAuthority, "unknown_value", "Line of authority of a producer's licence", {
        /// Life, which includes annuities that are not variable.
        Life = "life",
        /// Variable life and variable annuities.
        Variable = "variable_life_and_variable_annuity",
    }
}

/// Most characters of a licence number.
const LICENSE: text::Rule = text::Rule { min: 1, max: 100, multiline: false };

/// An appointment as a request carries it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAppointment {
    /// Who is appointed: a person of the firm.
    #[schema(required = true, value_type = Uuid)]
    pub user_id: Option<String>,
    /// The insurer, as products name it; letter case and spaces make no difference.
    #[serde(default)]
    #[schema(required = true, value_type = Name)]
    pub issuer: String,
    /// The state that it holds in.
    #[serde(default)]
    #[schema(required = true, value_type = UsState)]
    pub state: Checked<UsState>,
    /// For which products.
    #[serde(default)]
    #[schema(required = true, value_type = LineOfAuthority)]
    pub line_of_authority: Checked<LineOfAuthority>,
    /// Number of the producer's licence in that state; one line of up to 100 characters.
    #[serde(default)]
    #[schema(required = true, value_type = ExternalId, max_length = 100)]
    pub license_number: String,
    /// First day.
    #[serde(default)]
    #[schema(required = true, value_type = NaiveDate)]
    pub start_date: Checked<NaiveDate>,
    /// Last day, inclusive; none is open.
    #[schema(value_type = Option<NaiveDate>)]
    pub end_date: Option<Checked<NaiveDate>>,
}

/// An appointment whose every field is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Appointment {
    /// Who.
    pub user_id: Uuid,
    /// By whom.
    pub issuer: String,
    /// Where.
    pub state: UsState,
    /// For what.
    pub line_of_authority: LineOfAuthority,
    /// Licence number.
    pub license_number: String,
    /// First day.
    pub start_date: NaiveDate,
    /// Last day.
    pub end_date: Option<NaiveDate>,
}

impl NewAppointment {
    /// The appointment.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self) -> Result<Appointment, Violations> {
        let mut v = Violations::new();
        let user_id = match self.user_id.as_deref().map(Uuid::try_parse) {
            None => {
                v.add("/user_id", "required", "is required");
                None
            }
            Some(Err(_)) => {
                v.add("/user_id", "id_invalid", "must be a UUID");
                None
            }
            Some(Ok(id)) => Some(id),
        };
        let issuer = text::clean(&self.issuer, text::NAME, "/issuer", &mut v);
        let state = self.state.required("/state", &mut v);
        let line = self.line_of_authority.required("/line_of_authority", &mut v);
        let license = text::clean(&self.license_number, LICENSE, "/license_number", &mut v);
        let start = self.start_date.required("/start_date", &mut v);
        let end_date = self.end_date.and_then(|day| day.optional("/end_date", &mut v));
        check_order(start, end_date, &mut v);
        let (Some(user_id), Some(issuer), Some(state), Some(line_of_authority)) =
            (user_id, issuer, state, line)
        else {
            return Err(v);
        };
        v.into_result(Appointment {
            user_id,
            issuer,
            state,
            line_of_authority,
            license_number: license.unwrap_or_default(),
            start_date: start.unwrap_or_default(),
            end_date,
        })
    }
}

fn check_order(start: Option<NaiveDate>, end: Option<NaiveDate>, v: &mut Violations) {
    if let (Some(start), Some(end)) = (start, end)
        && let Err(error) = DateWindow::new(start, end)
    {
        v.add("/end_date", error.code, error.message);
    }
}

/// A merge patch for an appointment: what is absent stays as it is. Person, insurer, state and line
/// make another appointment and are not changed.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AppointmentPatch {
    /// Number of the licence; cannot be cleared.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = ExternalId, max_length = 100)]
    pub license_number: Patch<String>,
    /// First day; cannot be cleared.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = NaiveDate)]
    pub start_date: Patch<Checked<NaiveDate>>,
    /// Last day; null leaves it open.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<NaiveDate>)]
    pub end_date: Patch<Checked<NaiveDate>>,
}

/// The changes of a patch whose every field is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppointmentChange {
    /// Number of the licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_number: Option<String>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<NaiveDate>,
    /// Last day; none leaves it open.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub end_date: Patch<NaiveDate>,
}

impl AppointmentPatch {
    /// The changes.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self) -> Result<AppointmentChange, Violations> {
        const CLEARED: &str = "cannot be cleared";
        let mut v = Violations::new();
        let license_number = match self.license_number {
            Patch::Keep => None,
            Patch::Set(number) => text::clean(&number, LICENSE, "/license_number", &mut v),
            Patch::Clear => {
                v.add("/license_number", "required", CLEARED);
                None
            }
        };
        let start_date = match self.start_date {
            Patch::Keep => None,
            Patch::Set(day) => day.optional("/start_date", &mut v),
            Patch::Clear => {
                v.add("/start_date", "required", CLEARED);
                None
            }
        };
        let end_date = match self.end_date {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(day) => day.optional("/end_date", &mut v).map_or(Patch::Keep, Patch::Set),
        };
        let last = if let Patch::Set(day) = end_date { Some(day) } else { None };
        check_order(start_date, last, &mut v);
        v.into_result(AppointmentChange { license_number, start_date, end_date })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn given() -> serde_json::Value {
        json!({"user_id": "0192f0c8-0000-7000-8000-00000000dead", "issuer": " Granite  Life ",
            "state": "NY", "line_of_authority": "life", "license_number": "LA-1",
            "start_date": "2026-01-01", "end_date": "2026-12-31"})
    }

    fn codes(v: &Violations) -> Vec<String> {
        v.0.iter().map(|e| format!("{} {}", e.pointer, e.code)).collect()
    }

    #[test]
    fn an_appointment_names_every_bad_field() {
        let new: NewAppointment = serde_json::from_value(given()).unwrap();
        let read = new.validate().unwrap();
        assert_eq!(read.issuer, "Granite  Life");
        assert_eq!(read.line_of_authority, LineOfAuthority::Life);
        let none: NewAppointment = serde_json::from_value(json!({})).unwrap();
        let required =
            ["user_id", "issuer", "state", "line_of_authority", "license_number", "start_date"];
        assert_eq!(
            codes(&none.validate().unwrap_err()),
            required.map(|name| format!("/{name} required"))
        );
        let mut late = given();
        crate::patch::merge(&mut late, json!({"end_date": "2025-12-31", "user_id": "x"}));
        let late: NewAppointment = serde_json::from_value(late).unwrap();
        assert_eq!(
            codes(&late.validate().unwrap_err()),
            ["/user_id id_invalid", "/end_date date_range_invalid"]
        );
    }

    #[test]
    fn a_patch_keeps_clears_and_sets() {
        let read = |body| serde_json::from_value::<AppointmentPatch>(body).unwrap().validate();
        let shown = |body| serde_json::to_value(read(body).unwrap()).unwrap();
        assert_eq!(shown(json!({})), json!({}));
        assert_eq!(shown(json!({"end_date": null})), json!({"end_date": null}));
        let all =
            json!({"license_number": "B", "start_date": "2026-01-01", "end_date": "2026-02-01"});
        assert_eq!(shown(all.clone()), all);
        let bad = read(json!({"license_number": null, "start_date": null, "end_date": "x"}));
        assert_eq!(
            codes(&bad.unwrap_err()),
            ["/license_number required", "/start_date required", "/end_date date_invalid"]
        );
    }
}
