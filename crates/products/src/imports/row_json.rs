//! Rows as `products.import_batch` and `rates.import_batch` read them.

use serde_json::{Value, json};
use wealth_core::IdGen;
use wealth_core::ids::ProductId;
use wealth_core::import::{ProductRow, Row};
use wealth_core::rate::{ProductRef, RateRow};

/// A product. What the row did not say stays null, so that a product which is there already keeps
/// it and a new one gets the default.
pub(super) fn product(row: Row<ProductRow>, ids: &dyn IdGen) -> Value {
    let ProductRow { product: p, rate_effective_date, given } = row.value;
    json!({
        "line": row.line,
        "product_id": ProductId::new(ids),
        "cusip": p.cusip,
        "isin": p.isin,
        "isin_given": given.isin,
        "product_name": p.product_name,
        "product_type": p.product_type,
        "product_subtype": p.product_subtype,
        "issuer": p.issuer,
        "description": p.description,
        "currency": given.currency.then_some(p.currency),
        "minimum_investment": given.minimum_investment.then_some(p.minimum_investment),
        "maximum_investment": p.maximum_investment,
        "base_rate": p.base_rate,
        "bonus_rate": given.bonus_rate.then_some(p.bonus_rate),
        "effective_date": rate_effective_date,
        "return_of_premium": given.return_of_premium.then_some(p.return_of_premium),
        "return_of_premium_percentage": p.return_of_premium_percentage,
        "terms_and_conditions": p.terms_and_conditions,
        "states": (!p.states.is_empty()).then_some(p.states),
        "annuity_terms": p.annuity_terms,
        "cd_terms": p.cd_terms,
        "start_date": p.availability.map(|window| window.start_date),
        "end_date": p.availability.map(|window| window.end_date),
    })
}

/// A rate.
pub(super) fn rate(row: Row<RateRow>, ids: &dyn IdGen) -> Value {
    let rate = row.value;
    let (cusip, product_id) = match rate.product {
        ProductRef::Cusip(cusip) => (Some(cusip), None),
        ProductRef::ProductId(id) => (None, Some(id)),
    };
    json!({
        "line": row.line,
        "cusip": cusip,
        "product_id": product_id,
        "base_rate": rate.base_rate,
        "bonus_rate": rate.bonus_rate,
        "effective_date": rate.effective_date,
        "end_date": rate.end_date,
        "external_id": rate.external_id,
        "change_id": ids.next(),
    })
}
