//! What is said of the client and of markets.

use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::comparison::{Assumptions, Client};
use wealth_core::money::Percent;
use wealth_core::parse::Checked;
use wealth_core::us_state::UsState;
use wealth_core::violations::Violations;

/// What is known of the client; what is not known is a warning beside the product.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewClient {
    /// Age in full years on the day of investment, 0 to 130.
    #[schema(minimum = 0, maximum = 130)]
    age: Option<u32>,
    /// State of residence.
    #[schema(value_type = Option<UsState>)]
    state: Option<Checked<UsState>>,
}

impl NewClient {
    /// What is known, after noting what is wrong with it.
    pub(crate) fn validate(self, v: &mut Violations) -> Client {
        if self.age.is_some_and(|age| age > 130) {
            v.add("/client/age", "out_of_range", "must lie between 0 and 130");
        }
        let state = self.state.and_then(|state| state.optional("/client/state", v));
        Client { age: self.age, state }
    }
}

/// What is assumed of markets; what is not assumed is not projected.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAssumptions {
    /// Change of the index of index-linked contracts in every contract year, -100 to 100 percent.
    #[schema(value_type = Option<Percent>)]
    index_change: Option<Checked<Percent>>,
    /// By how many percentage points market rates have moved when the client leaves early, -20 to
    /// 20: what market value adjustments rest on.
    #[schema(value_type = Option<Percent>)]
    market_rate_change: Option<Checked<Percent>>,
}

impl NewAssumptions {
    /// What is assumed, after noting what is wrong with it.
    pub(super) fn validate(self, v: &mut Violations) -> Assumptions {
        let mut within = |value: Option<Checked<Percent>>, most: u32, pointer: &str| {
            let value = value?.optional(pointer, v)?;
            if value.decimal().abs() > most.into() {
                v.add(pointer, "out_of_range", format!("must lie between -{most} and {most}"));
            }
            Some(value)
        };
        Assumptions {
            index_change: within(self.index_change, 100, "/assumptions/index_change"),
            market_rate_change: within(
                self.market_rate_change,
                20,
                "/assumptions/market_rate_change",
            ),
        }
    }
}
