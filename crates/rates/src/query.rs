//! The two times of a question, as query parameters.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use wealth_core::violations::Violations;
use wealth_core::{Parse, ProductId};
use wealth_http::{Problem, Result};

/// Which day, and as believed when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct AsOf {
    /// The day asked about; today in the tenant's time zone unless given.
    #[param(value_type = Option<NaiveDate>)]
    pub as_of: Option<String>,
    /// The instant whose knowledge counts (RFC 3339); now unless given.
    #[param(value_type = Option<DateTime<Utc>>)]
    pub known_at: Option<String>,
}

impl AsOf {
    /// Both, right by type.
    pub(crate) fn read(&self) -> Result<(Option<NaiveDate>, Option<DateTime<Utc>>)> {
        let mut found = Violations::new();
        let as_of = parse(self.as_of.as_deref(), "/as_of", &mut found);
        let known_at = parse(self.known_at.as_deref(), "/known_at", &mut found);
        Ok(found.into_result((as_of, known_at))?)
    }
}

/// A parameter, after noting what is wrong with it.
pub(crate) fn parse<T: Parse>(
    text: Option<&str>,
    pointer: &str,
    violations: &mut Violations,
) -> Option<T> {
    match T::parse(text?) {
        Ok(value) => Some(value),
        Err(error) => {
            violations.add(pointer, error.code, error.message);
            None
        }
    }
}

/// A product out of a path: text that is no id names nothing.
pub(crate) fn product_id(text: &str) -> Result<ProductId> {
    let unknown = |_| Problem::not_found(&wealth_core::problem::PRODUCT_NOT_FOUND);
    text.parse().map_err(unknown)
}
