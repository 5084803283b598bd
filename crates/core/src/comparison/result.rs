//! What a comparison answers. Field order is part of the format: it is reproduced byte for byte.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::crediting::IndexScenario;
use super::surrender::EarlyWithdrawal;
use super::yields::Yields;
use crate::currency::Currency;
use crate::cusip::Cusip;
use crate::ids::ProductId;
use crate::money::{Amount, Percent};
use crate::product::{ProductSubtype, ProductType};

/// A stable reason beside a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The product is not on sale.
    Inactive,
    /// No availability window covers the day.
    NotAvailableOnDate,
    /// The product is in another currency than the amount.
    CurrencyDiffers,
    /// The amount is below the minimum investment.
    BelowMinimum,
    /// The amount is above the maximum investment.
    AboveMaximum,
    /// The client is younger than the minimum issue age.
    AgeBelowMinimum,
    /// The client is older than the maximum issue age.
    AgeAboveMaximum,
    /// The product is not approved in the client's state.
    StateNotApproved,
    /// The insurer has not appointed the sales representative, there and for this kind of contract.
    NotAppointed,
    /// Warning: the money would have to leave before the end of the term.
    TermLongerThanHorizon,
    /// Warning: the term ends first; no reinvestment is assumed.
    TermShorterThanHorizon,
    /// Warning: the bank may repay before maturity.
    Callable,
    /// Warning: the product may limit age, but no age was given.
    AgeNotGiven,
    /// Warning: the product is approved in some states only, but no state was given.
    StateNotGiven,
    /// Warning: a market value adjustment may change early values; without an assumed change of
    /// market rates it is not projected.
    MarketValueAdjustment,
    /// Warning: values above the guarantee are an illustration at the stated rate.
    Illustrated,
    /// Warning: the rate is a payout rate; values are the income paid so far.
    IncomeProduct,
    /// Warning: no early withdrawal is offered; it would have to be sold.
    NoEarlyWithdrawal,
}

impl Reason {
    /// Whether it only warns and does not make the product ineligible.
    pub const fn is_warning(self) -> bool {
        matches!(
            self,
            Self::TermLongerThanHorizon
                | Self::TermShorterThanHorizon
                | Self::Callable
                | Self::AgeNotGiven
                | Self::StateNotGiven
                | Self::MarketValueAdjustment
                | Self::Illustrated
                | Self::IncomeProduct
                | Self::NoEarlyWithdrawal
        )
    }
}

/// Whether a product fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Eligibility {
    /// Whether it can be bought for this amount, day and client.
    pub eligible: bool,
    /// Why not.
    pub reasons: Vec<Reason>,
    /// What else to know.
    pub warnings: Vec<Reason>,
}

/// What the projected values rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The issuer guarantees the rate.
    Guaranteed,
    /// The rate is an illustration.
    Illustrated,
    /// The rate is paid out as income.
    Payout,
}

/// Values at one point in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ValuePoint {
    /// Months after the investment.
    pub months: u32,
    /// The day.
    pub date: NaiveDate,
    /// Contract value, bonus included.
    pub value: Amount,
    /// What the client would get on leaving then; none if leaving is not offered.
    pub early_value: Option<Amount>,
    /// The least that the issuer owes then.
    pub guaranteed_value: Amount,
    /// Since the second engine.
    #[serde(flatten)]
    #[schema(value_type = PointDetails)]
    pub details: Option<PointDetails>,
}

/// What the second engine adds to a point in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointDetails {
    /// What the early value is made of; null if leaving is not offered.
    pub early_withdrawal: Option<EarlyWithdrawal>,
}

/// The first day on which the bank may repay a callable CD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FirstCall {
    /// The day.
    pub date: NaiveDate,
    /// What is repaid then: the amount with its interest, and the bonus.
    pub value: Amount,
    /// Constant yearly growth until then, without the bonus, in percent; null if it may be called
    /// at once.
    pub yield_to_call: Option<Percent>,
}

/// What the second engine adds to a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProductDetails {
    /// The rate for this amount: the base rate with what its premium band adds, in percent a year.
    #[schema(required = false)]
    pub rate_for_amount: Percent,
    /// The first call of a callable CD.
    pub first_call: Option<FirstCall>,
    /// An index-linked contract at its guaranteed minimum, at an unchanged index, at its cap and as
    /// assumed; empty for other products.
    #[schema(required = false)]
    pub index_scenarios: Vec<IndexScenario>,
    /// Since the third engine.
    #[serde(flatten)]
    #[schema(value_type = Yields)]
    pub yields: Option<Yields>,
}

/// One product in a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparedProduct {
    /// Place among all: eligible products first, then by value at the horizon.
    pub rank: u32,
    /// The product.
    pub product_id: ProductId,
    /// Its CUSIP.
    pub cusip: Cusip,
    /// Its name as shown.
    pub product_name: String,
    /// Insurer or bank.
    pub issuer: Option<String>,
    /// Its type.
    pub product_type: ProductType,
    /// Its kind within the type.
    pub product_subtype: Option<ProductSubtype>,
    /// Base rate as shown, percent a year.
    pub base_rate: Percent,
    /// Bonus as shown, percent.
    pub bonus_rate: Percent,
    /// Unit of both.
    #[schema(value_type = String, example = "percent")]
    pub rate_unit: &'static str,
    /// First day of the rate shown.
    pub rate_effective_date: NaiveDate,
    /// Whether it fits.
    pub eligibility: Eligibility,
    /// What the values rest on.
    pub basis: Basis,
    /// Bonus in money, shown apart.
    pub bonus_amount: Amount,
    /// Values at each full year and at the horizon.
    pub values: Vec<ValuePoint>,
    /// Day of maturity or of the end of the guarantee, if there is one.
    pub maturity_date: Option<NaiveDate>,
    /// Value on that day.
    pub value_at_maturity: Option<Amount>,
    /// Value at the horizon.
    pub value_at_horizon: Amount,
    /// What the client would get on leaving at the horizon.
    pub early_value_at_horizon: Option<Amount>,
    /// The least that the issuer owes at the horizon.
    pub guaranteed_at_horizon: Amount,
    /// Constant yearly growth over the horizon, without the bonus, in percent; none for income.
    pub effective_annual_yield: Option<Percent>,
    /// Annual percentage yield of a CD by Regulation DD, without the bonus, two decimals.
    #[schema(value_type = Option<String>, example = "5.13")]
    pub apy: Option<Decimal>,
    /// Since the second engine.
    #[serde(flatten)]
    #[schema(value_type = ProductDetails)]
    pub details: Option<ProductDetails>,
}

/// A whole comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparisonResult {
    /// Amount to invest.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Months for which the money can stay.
    pub horizon_months: u32,
    /// Day of investment.
    pub as_of: NaiveDate,
    /// How amounts are rounded.
    #[schema(value_type = String)]
    pub rounding: &'static str,
    /// The products, best first.
    pub products: Vec<ComparedProduct>,
}
