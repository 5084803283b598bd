//! A product as a caller sends it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::limits::share;
use super::{NewAnnuityTerms, NewCdTerms, ProductDraft, ProductSubtype, ProductType};
use crate::currency::Currency;
use crate::cusip::Cusip;
use crate::dates::NewWindow;
use crate::isin::Isin;
use crate::money::{Amount, Percent};
use crate::parse::Checked;
use crate::shape;
use crate::text;
use crate::us_state::UsState;
use crate::violations::Violations;

/// A product to be created. Rates are in percent with four decimals, amounts have two decimals;
/// both are JSON strings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// CUSIP with check digit; letter case does not matter.
    #[serde(default)]
    #[schema(value_type = Cusip, required = true)]
    pub cusip: Checked<Cusip>,
    /// ISIN; must agree with the CUSIP. Derived as a US ISIN when absent and the CUSIP is no CINS.
    #[schema(value_type = Option<Isin>)]
    pub isin: Option<Checked<Isin>>,
    /// Name, 1 to 255 characters after trimming.
    #[schema(required = true, value_type = shape::Name)]
    pub product_name: Option<String>,
    /// Top-level type.
    #[serde(default)]
    #[schema(value_type = ProductType, required = true)]
    pub product_type: Checked<ProductType>,
    /// Kind within the type.
    #[schema(value_type = Option<ProductSubtype>)]
    pub product_subtype: Option<Checked<ProductSubtype>>,
    /// Insurer or bank.
    #[schema(value_type = Option<shape::ShortText>)]
    pub issuer: Option<String>,
    /// Free text, up to 10,000 characters.
    #[schema(value_type = Option<shape::Description>)]
    pub description: Option<String>,
    /// Currency of all amounts; USD unless given.
    #[schema(value_type = Option<Currency>)]
    pub currency: Option<Checked<Currency>>,
    /// Least investment; 0.00 unless given.
    #[schema(value_type = Option<Amount>)]
    pub minimum_investment: Option<Checked<Amount>>,
    /// Most investment; unlimited unless given.
    #[schema(value_type = Option<Amount>)]
    pub maximum_investment: Option<Checked<Amount>>,
    /// Base rate, 0 to 100 percent a year.
    #[serde(default)]
    #[schema(value_type = shape::Share, required = true)]
    pub base_rate: Checked<Percent>,
    /// Bonus, 0 to 100 percent of the premium; 0 unless given. Never part of a yield.
    #[schema(value_type = Option<shape::Share>)]
    pub bonus_rate: Option<Checked<Percent>>,
    /// Whether the premium, or a share of it, is returned in any case.
    pub return_of_premium: Option<bool>,
    /// That share, 0 to 100 percent with at most two decimals; required with `return_of_premium`
    /// and refused without.
    #[schema(value_type = Option<shape::Share>)]
    pub return_of_premium_percentage: Option<Checked<Percent>>,
    /// Terms and conditions, up to 200,000 characters.
    #[schema(value_type = Option<shape::TermsText>)]
    pub terms_and_conditions: Option<String>,
    /// States where it may be sold; everywhere when absent or empty.
    #[serde(default)]
    #[schema(value_type = Option<Vec<UsState>>, max_items = 114)]
    pub states: Option<Vec<Checked<UsState>>>,
    /// Annuity terms; for product type Annuity only.
    pub annuity_terms: Option<NewAnnuityTerms>,
    /// CD terms; for product type CD only.
    pub cd_terms: Option<NewCdTerms>,
    /// First availability window.
    pub availability: Option<NewWindow>,
}

impl NewProduct {
    /// The product, if everything about it is right.
    ///
    /// # Errors
    /// Every bad field, by JSON pointer.
    pub fn validate(self) -> Result<ProductDraft, Violations> {
        let mut v = Violations::new();
        let v_ = &mut v;
        let (cusip, isin) = identifiers(self.cusip, self.isin, v_);
        let product_name = required_text(self.product_name, text::NAME, "/product_name", v_);
        let product_type = self.product_type.required("/product_type", v_);
        let product_subtype = subtype(self.product_subtype, product_type, v_);
        let issuer = optional_text(self.issuer, text::NAME, "/issuer", v_);
        let description = optional_text(self.description, text::DESCRIPTION, "/description", v_);
        let terms =
            optional_text(self.terms_and_conditions, text::TERMS, "/terms_and_conditions", v_);
        let currency = self.currency.and_then(|c| c.optional("/currency", v_));
        let (minimum, maximum) = limits(self.minimum_investment, self.maximum_investment, v_);
        if matches!(self.base_rate, Checked::Missing) {
            v_.add("/base_rate", "required", "is required");
        }
        let base_rate = share(Some(self.base_rate), "/base_rate", v_);
        let bonus_rate = share(self.bonus_rate, "/bonus_rate", v_);
        let promised = self.return_of_premium.unwrap_or(false);
        let returned = returned_share(promised, self.return_of_premium_percentage, v_);
        let states = states(self.states.unwrap_or_default(), v_);
        let annuity_terms = annuity(self.annuity_terms, product_type, product_subtype, v_);
        let cd_terms = cd(self.cd_terms, product_type, product_subtype, v_);
        let availability = nested(self.availability.map(NewWindow::validate), "/availability", v_);
        let (Some(cusip), Some(product_name), Some(product_type), Some(base_rate)) =
            (cusip, product_name, product_type, base_rate)
        else {
            return Err(v);
        };
        v.into_result(ProductDraft {
            cusip,
            isin,
            product_name,
            product_type,
            product_subtype,
            issuer,
            description,
            currency: currency.unwrap_or_default(),
            minimum_investment: minimum,
            maximum_investment: maximum,
            base_rate,
            bonus_rate: bonus_rate.unwrap_or_default(),
            return_of_premium: promised,
            return_of_premium_percentage: returned,
            terms_and_conditions: terms,
            states,
            annuity_terms,
            cd_terms,
            availability,
        })
    }
}

fn identifiers(
    cusip: Checked<Cusip>,
    isin: Option<Checked<Isin>>,
    v: &mut Violations,
) -> (Option<Cusip>, Option<Isin>) {
    let cusip = cusip.required("/cusip", v);
    let was_given = isin.is_some();
    let given = isin.and_then(|i| i.optional("/isin", v));
    if let (Some(cusip), Some(isin)) = (&cusip, &given)
        && !isin.agrees_with(cusip)
    {
        v.add("/isin", "isin_mismatch", "does not belong to this CUSIP");
    }
    let derived = || cusip.filter(|c| !c.is_cins()).and_then(|c| Isin::from_cusip("US", &c).ok());
    (cusip, if was_given { given } else { derived() })
}

fn required_text(
    value: Option<String>,
    rule: text::Rule,
    pointer: &str,
    v: &mut Violations,
) -> Option<String> {
    if value.is_none() {
        v.add(pointer, "required", "is required");
    }
    text::clean(&value?, rule, pointer, v)
}

/// An empty optional text is the same as none.
fn optional_text(
    value: Option<String>,
    rule: text::Rule,
    pointer: &str,
    v: &mut Violations,
) -> Option<String> {
    let rule = text::Rule { min: 0, ..rule };
    text::clean(&value?, rule, pointer, v).filter(|text| !text.is_empty())
}

fn subtype(
    value: Option<Checked<ProductSubtype>>,
    product_type: Option<ProductType>,
    v: &mut Violations,
) -> Option<ProductSubtype> {
    let subtype = value?.optional("/product_subtype", v)?;
    if product_type.is_some_and(|t| t != subtype.product_type()) {
        let message = format!("belongs to product type {}", subtype.product_type());
        v.add("/product_subtype", "not_applicable", message);
    }
    Some(subtype)
}

fn limits(
    minimum: Option<Checked<Amount>>,
    maximum: Option<Checked<Amount>>,
    v: &mut Violations,
) -> (Amount, Option<Amount>) {
    let minimum = minimum.and_then(|m| m.optional("/minimum_investment", v)).unwrap_or_default();
    let maximum = maximum.and_then(|m| m.optional("/maximum_investment", v));
    if maximum.is_some_and(|maximum| maximum < minimum) {
        let message = "must not be below minimum_investment";
        v.add("/maximum_investment", "out_of_range", message);
    }
    (minimum, maximum)
}

fn returned_share(
    promised: bool,
    value: Option<Checked<Percent>>,
    v: &mut Violations,
) -> Option<Percent> {
    let at = "/return_of_premium_percentage";
    match (promised, &value) {
        (true, None) => v.add(at, "required", "is required when return_of_premium is true"),
        (false, Some(_)) => v.add(at, "not_applicable", "needs return_of_premium to be true"),
        _ => {}
    }
    let value = share(value, at, v)?;
    if value.decimal().normalize().scale() > 2 {
        v.add(at, "too_precise", "may have at most 2 decimals; it is never rounded");
    }
    Some(value)
}

fn states(values: Vec<Checked<UsState>>, v: &mut Violations) -> Vec<UsState> {
    // Fifty-seven exist; twice that leaves room for repeats and bounds the work.
    if values.len() > 114 {
        v.add("/states", "too_many", "may have at most 114 entries");
        return Vec::new();
    }
    let mut states: Vec<UsState> = values
        .into_iter()
        .enumerate()
        .filter_map(|(i, state)| state.optional(&format!("/states/{i}"), v))
        .collect();
    states.sort_unstable();
    states.dedup();
    states
}

fn annuity(
    terms: Option<NewAnnuityTerms>,
    product_type: Option<ProductType>,
    subtype: Option<ProductSubtype>,
    v: &mut Violations,
) -> Option<super::AnnuityTerms> {
    let at = "/annuity_terms";
    if terms.is_some() && product_type.is_some_and(|t| t != ProductType::Annuity) {
        v.add(at, "not_applicable", "only an Annuity has annuity terms");
        return None;
    }
    nested(terms.map(|t| t.validate(subtype)), at, v)
}

fn cd(
    terms: Option<NewCdTerms>,
    product_type: Option<ProductType>,
    subtype: Option<ProductSubtype>,
    v: &mut Violations,
) -> Option<super::CdTerms> {
    let at = "/cd_terms";
    if terms.is_some() && product_type.is_some_and(|t| t != ProductType::Cd) {
        v.add(at, "not_applicable", "only a CD has CD terms");
        return None;
    }
    nested(terms.map(|t| t.validate(subtype)), at, v)
}

fn nested<T>(value: Option<Result<T, Violations>>, at: &str, v: &mut Violations) -> Option<T> {
    match value? {
        Ok(value) => Some(value),
        Err(found) => {
            v.nest(at, found);
            None
        }
    }
}

#[cfg(test)]
mod tests;
