//! Rows of products.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::columns::{Kind, flag, read_json, whole};
use crate::dates::NewWindow;
use crate::parse::{Checked, ParseError};
use crate::product::{
    NewAnnuityTerms, NewCdTerms, NewCrediting, NewPenalty, NewProduct, NewRateBand, NewStepUp,
    NewSurrenderYear, ProductDraft,
};
use crate::violations::Violations;

/// A product with the day from which its first rate is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// The product.
    pub product: ProductDraft,
    /// First day of its rate; none is the day of the import.
    pub rate_effective_date: Option<NaiveDate>,
    /// Which of the fields that have a default the row gave.
    pub given: Given,
}

/// Fields that a new product fills with a default. For a product that is there already the default
/// would overwrite what is kept, so it has to be known whether the row said anything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Given {
    /// An ISIN, which is derived otherwise.
    pub isin: bool,
    /// A currency.
    pub currency: bool,
    /// A least investment.
    pub minimum_investment: bool,
    /// A bonus.
    pub bonus_rate: bool,
    /// Whether premium is returned.
    pub return_of_premium: bool,
}

impl Given {
    fn of(product: &NewProduct) -> Self {
        Self {
            isin: product.isin.is_some(),
            currency: product.currency.is_some(),
            minimum_investment: product.minimum_investment.is_some(),
            bonus_rate: product.bonus_rate.is_some(),
            return_of_premium: product.return_of_premium.is_some(),
        }
    }
}

/// Rows of products. Remembers the CUSIPs seen: a second row with the same CUSIP is refused with
/// `duplicate_in_file`, because "the last one wins" would hide a mistake.
#[derive(Debug, Default)]
pub struct Products {
    seen: HashSet<[u8; 9]>,
}

/// A product row while it is read.
#[derive(Debug, Default)]
pub struct Draft {
    product: NewProduct,
    rate_effective_date: Option<Checked<NaiveDate>>,
}

#[derive(serde::Deserialize)]
struct Line {
    rate_effective_date: Option<Checked<NaiveDate>>,
    #[serde(flatten)]
    product: serde_json::Map<String, serde_json::Value>,
}

impl Kind for Products {
    type Value = ProductRow;
    type Draft = Draft;

    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("cusip", "/cusip"),
        ("isin", "/isin"),
        ("product_name", "/product_name"),
        ("product_type", "/product_type"),
        ("product_subtype", "/product_subtype"),
        ("issuer", "/issuer"),
        ("description", "/description"),
        ("currency", "/currency"),
        ("minimum_investment", "/minimum_investment"),
        ("maximum_investment", "/maximum_investment"),
        ("base_rate", "/base_rate"),
        ("bonus_rate", "/bonus_rate"),
        ("rate_effective_date", "/rate_effective_date"),
        ("return_of_premium", "/return_of_premium"),
        ("return_of_premium_percentage", "/return_of_premium_percentage"),
        ("terms_and_conditions", "/terms_and_conditions"),
        ("states", "/states"),
        ("availability_start", "/availability/start_date"),
        ("availability_end", "/availability/end_date"),
        ("surrender_schedule", "/annuity_terms/surrender_schedule"),
        ("crediting_method", "/annuity_terms/crediting/method"),
        ("cap", "/annuity_terms/crediting/cap"),
        ("participation_rate", "/annuity_terms/crediting/participation_rate"),
        ("spread", "/annuity_terms/crediting/spread"),
        ("floor", "/annuity_terms/crediting/floor"),
        ("buffer", "/annuity_terms/crediting/buffer"),
        ("minimum_issue_age", "/annuity_terms/minimum_issue_age"),
        ("maximum_issue_age", "/annuity_terms/maximum_issue_age"),
        ("free_withdrawal_percentage", "/annuity_terms/free_withdrawal_percentage"),
        ("market_value_adjustment", "/annuity_terms/market_value_adjustment"),
        ("guarantee_years", "/annuity_terms/guarantee_years"),
        ("premium", "/annuity_terms/premium"),
        ("annuity_rate_bands", "/annuity_terms/rate_bands"),
        ("term_months", "/cd_terms/term_months"),
        ("callable", "/cd_terms/callable"),
        ("first_call_date", "/cd_terms/first_call_date"),
        ("call_protection_months", "/cd_terms/call_protection_months"),
        ("compounding", "/cd_terms/compounding"),
        ("day_count", "/cd_terms/day_count"),
        ("penalty_days_of_interest", "/cd_terms/early_withdrawal_penalty/days_of_interest"),
        ("penalty_months_of_interest", "/cd_terms/early_withdrawal_penalty/months_of_interest"),
        (
            "penalty_percentage_of_principal",
            "/cd_terms/early_withdrawal_penalty/percentage_of_principal",
        ),
        ("step_ups", "/cd_terms/step_ups"),
        ("fdic_insured", "/cd_terms/fdic_insured"),
        ("cd_rate_bands", "/cd_terms/rate_bands"),
    ];

    const REQUIRED: &'static [&'static str] =
        &["cusip", "product_name", "product_type", "base_rate"];

    fn set(draft: &mut Draft, column: &'static str, text: &str) -> Result<(), ParseError> {
        let p = &mut draft.product;
        match column {
            "cusip" => p.cusip = Checked::from_text(text),
            "isin" => p.isin = Some(Checked::from_text(text)),
            "product_name" => p.product_name = Some(text.to_owned()),
            "product_type" => p.product_type = Checked::from_text(text),
            "product_subtype" => p.product_subtype = Some(Checked::from_text(text)),
            "issuer" => p.issuer = Some(text.to_owned()),
            "description" => p.description = Some(text.to_owned()),
            "currency" => p.currency = Some(Checked::from_text(text)),
            "minimum_investment" => p.minimum_investment = Some(Checked::from_text(text)),
            "maximum_investment" => p.maximum_investment = Some(Checked::from_text(text)),
            "base_rate" => p.base_rate = Checked::from_text(text),
            "bonus_rate" => p.bonus_rate = Some(Checked::from_text(text)),
            "rate_effective_date" => draft.rate_effective_date = Some(Checked::from_text(text)),
            "return_of_premium" => p.return_of_premium = Some(flag(text)?),
            "return_of_premium_percentage" => {
                p.return_of_premium_percentage = Some(Checked::from_text(text));
            }
            "terms_and_conditions" => p.terms_and_conditions = Some(text.to_owned()),
            "states" => p.states = Some(list(text).map(Checked::from_text).collect()),
            "availability_start" => window(p).start_date = Checked::from_text(text),
            "availability_end" => window(p).end_date = Checked::from_text(text),
            _ => return set_terms(p, column, text),
        }
        Ok(())
    }

    fn from_json(text: &[u8]) -> Result<Draft, Violations> {
        let line: Line = read_json(text)?;
        let product = crate::json::from_value(serde_json::Value::Object(line.product))?;
        Ok(Draft { product, rate_effective_date: line.rate_effective_date })
    }

    fn finish(&mut self, draft: Draft) -> Result<ProductRow, Violations> {
        let mut v = Violations::new();
        let date =
            draft.rate_effective_date.and_then(|d| d.optional("/rate_effective_date", &mut v));
        // Also a bad row counts as the first: its second is a duplicate all the same.
        if let Checked::Good(cusip) = &draft.product.cusip
            && !self.seen.insert(cusip.bytes())
        {
            v.add("/cusip", "duplicate_in_file", "appears in this file more than once");
        }
        let given = Given::of(&draft.product);
        match draft.product.validate() {
            Ok(product) => v.into_result(ProductRow { product, rate_effective_date: date, given }),
            Err(mut found) => {
                found.nest("", v);
                Err(found)
            }
        }
    }
}

/// Columns of the terms by type.
fn set_terms(p: &mut NewProduct, column: &'static str, text: &str) -> Result<(), ParseError> {
    match column {
        "surrender_schedule" => annuity(p).surrender_schedule = surrender_schedule(text),
        "crediting_method" => crediting(p).method = Checked::from_text(text),
        "cap" => crediting(p).cap = Some(Checked::from_text(text)),
        "participation_rate" => crediting(p).participation_rate = Some(Checked::from_text(text)),
        "spread" => crediting(p).spread = Some(Checked::from_text(text)),
        "floor" => crediting(p).floor = Some(Checked::from_text(text)),
        "buffer" => crediting(p).buffer = Some(Checked::from_text(text)),
        "minimum_issue_age" => annuity(p).minimum_issue_age = Some(whole(text)?),
        "maximum_issue_age" => annuity(p).maximum_issue_age = Some(whole(text)?),
        "free_withdrawal_percentage" => {
            annuity(p).free_withdrawal_percentage = Some(Checked::from_text(text));
        }
        "market_value_adjustment" => annuity(p).market_value_adjustment = flag(text)?,
        "guarantee_years" => annuity(p).guarantee_years = Some(whole(text)?),
        "premium" => annuity(p).premium = Some(Checked::from_text(text)),
        "term_months" => cd(p).term_months = Some(whole(text)?),
        "callable" => cd(p).callable = flag(text)?,
        "first_call_date" => cd(p).first_call_date = Some(Checked::from_text(text)),
        "call_protection_months" => cd(p).call_protection_months = Some(whole(text)?),
        "compounding" => cd(p).compounding = Some(Checked::from_text(text)),
        "day_count" => cd(p).day_count = Some(Checked::from_text(text)),
        "penalty_days_of_interest" => penalty(p).days_of_interest = Some(whole(text)?),
        "penalty_months_of_interest" => penalty(p).months_of_interest = Some(whole(text)?),
        "penalty_percentage_of_principal" => {
            penalty(p).percentage_of_principal = Some(Checked::from_text(text));
        }
        "step_ups" => cd(p).step_ups = step_ups(text)?,
        "fdic_insured" => cd(p).fdic_insured = Some(flag(text)?),
        "annuity_rate_bands" => annuity(p).rate_bands = rate_bands(text)?,
        "cd_rate_bands" => cd(p).rate_bands = rate_bands(text)?,
        _ => return Err(ParseError::new("unknown_field", "is not a column of products")),
    }
    Ok(())
}

fn window(p: &mut NewProduct) -> &mut NewWindow {
    p.availability.get_or_insert_default()
}

fn annuity(p: &mut NewProduct) -> &mut NewAnnuityTerms {
    p.annuity_terms.get_or_insert_default()
}

fn crediting(p: &mut NewProduct) -> &mut NewCrediting {
    annuity(p).crediting.get_or_insert_default()
}

fn cd(p: &mut NewProduct) -> &mut NewCdTerms {
    p.cd_terms.get_or_insert_default()
}

fn penalty(p: &mut NewProduct) -> &mut NewPenalty {
    cd(p).early_withdrawal_penalty.get_or_insert_default()
}

/// Parts between semicolons or spaces.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', ' ']).filter(|part| !part.is_empty())
}

/// `7;6;5`: the charges of years 1, 2 and 3 in percent.
fn surrender_schedule(text: &str) -> Vec<NewSurrenderYear> {
    (1u32..)
        .zip(list(text))
        .map(|(contract_year, charge)| NewSurrenderYear {
            contract_year,
            charge: Checked::from_text(charge),
        })
        .collect()
}

/// `12:5.5;24:6`: from month 12 on 5.5 percent, from month 24 on 6.
fn step_ups(text: &str) -> Result<Vec<NewStepUp>, ParseError> {
    list(text)
        .map(|step| {
            let (months, rate) = step.split_once(':').ok_or_else(|| {
                ParseError::new("step_invalid", "must be months:rate, such as 12:5.5;24:6")
            })?;
            Ok(NewStepUp { after_months: whole(months)?, rate: Checked::from_text(rate) })
        })
        .collect()
}

/// `100000:0.1;250000:0.25`: from 100,000 on 0.1 points more, from 250,000 on 0.25.
fn rate_bands(text: &str) -> Result<Vec<NewRateBand>, ParseError> {
    list(text)
        .map(|band| {
            let (minimum, addition) = band.split_once(':').ok_or_else(|| {
                ParseError::new("band_invalid", "must be amount:points, such as 100000:0.25")
            })?;
            Ok(NewRateBand {
                minimum_amount: Checked::from_text(minimum),
                addition: Checked::from_text(addition),
            })
        })
        .collect()
}
