//! From rows to the engine's inputs.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;
use wealth_core::comparison::ComparisonInput;
use wealth_core::currency::Currency;
use wealth_core::cusip::Cusip;
use wealth_core::dates::DateWindow;
use wealth_core::ids::ProductId;
use wealth_core::json::from_value;
use wealth_core::money::{Amount, Percent};
use wealth_core::product::{NewAnnuityTerms, NewCdTerms, ProductSubtype, ProductType};
use wealth_core::us_state::UsState;
use wealth_core::violations::Violations;
use wealth_db::Row;
use wealth_http::{Problem, Result};

use crate::row;

/// What `products.snapshot` keeps of a product, as far as comparisons read it.
#[derive(Deserialize)]
struct Snapshot {
    cusip: Cusip,
    product_name: String,
    issuer: Option<String>,
    product_type: ProductType,
    product_subtype: Option<ProductSubtype>,
    currency: Currency,
    is_active: bool,
    minimum_investment: Amount,
    maximum_investment: Option<Amount>,
    return_of_premium: bool,
    return_of_premium_percentage: Option<Percent>,
    states: Option<Vec<UsState>>,
    availability: Vec<Window>,
    annuity_terms: Option<NewAnnuityTerms>,
    cd_terms: Option<NewCdTerms>,
}

#[derive(Deserialize)]
struct Window {
    start_date: NaiveDate,
    end_date: NaiveDate,
}

/// The same of a row that also says whether the caller is appointed: not those of replays.
pub(crate) fn read_with_appointment(row: &Row) -> Result<Option<ComparisonInput>> {
    let appointed = |input| ComparisonInput { not_appointed: row.get("not_appointed"), ..input };
    Ok(read(row)?.map(appointed))
}

/// One product of a row of `products.comparison_inputs`, `comparison_replay` or
/// `ladder_candidates`; none when no rate was in force on the day.
pub(crate) fn read(row: &Row) -> Result<Option<ComparisonInput>> {
    let Some(rate_effective_date) = row.get("rate_effective_date") else { return Ok(None) };
    let corrupt = |found: Violations| Problem::internal(format!("column snapshot: {found}"));
    let known: Snapshot = from_value(row.get("snapshot")).map_err(corrupt)?;
    let subtype = known.product_subtype;
    let annuity_terms = known.annuity_terms.map(|terms| terms.validate(subtype));
    let cd_terms = known.cd_terms.map(|terms| terms.validate(subtype));
    Ok(Some(ComparisonInput {
        product_id: ProductId::from(row.get::<_, Uuid>("product_id")),
        cusip: known.cusip,
        product_name: known.product_name,
        issuer: known.issuer,
        product_type: known.product_type,
        product_subtype: subtype,
        currency: known.currency,
        is_active: known.is_active,
        minimum_investment: known.minimum_investment,
        maximum_investment: known.maximum_investment,
        base_rate: row::percent(row, "base_rate")?,
        bonus_rate: row::percent(row, "bonus_rate")?,
        rate_effective_date,
        return_of_premium: known.return_of_premium,
        return_of_premium_percentage: known.return_of_premium_percentage,
        not_appointed: false,
        states: known.states.unwrap_or_default(),
        availability: known
            .availability
            .into_iter()
            .map(|w| DateWindow { start_date: w.start_date, end_date: w.end_date })
            .collect(),
        annuity_terms: annuity_terms.transpose().map_err(corrupt)?,
        cd_terms: cd_terms.transpose().map_err(corrupt)?,
    }))
}
