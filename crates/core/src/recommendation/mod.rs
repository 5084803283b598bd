//! The record of a recommendation in the consumer's best interest, and of a replacement (NAIC
//! Suitability in Annuity Transactions Model Regulation #275, 2020).
//!
//! - The consumer profile (section 5(C)) is asked for whole. What a consumer refuses to give is
//!   named as refused, and then the signed refusal (section 6(D)(2), Appendix B) must be among the
//!   disclosures; nothing may be passed over in silence.
//! - Before a recommendation the producer discloses scope, products and compensation (section
//!   6(A)(2), Appendix A), so that disclosure must be among them too.
//! - For a replacement (section 6(A)(1)(d)) the record says what the consumer loses: surrender
//!   charge, benefits, a new surrender period, higher fees, and whether there was another exchange
//!   in the 60 months before; and why it benefits the consumer all the same.

mod profile;
mod replacement;

pub use profile::{ConsumerProfile, NewProfile, ProfileField};
pub use replacement::{
    NewReplacement, Replacement, ReplacementConcern, ReplacementFigures, figures,
};

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::money::Amount;
use crate::parse::{Checked, Parse, ParseError, text_value};
use crate::product::kind::named_values;
use crate::shape;
use crate::text;
use crate::violations::Violations;

/// Most disclosures of one recommendation.
const MAX_DISCLOSURES: usize = 20;

named_values! {
    /// What a disclosure is.
    DisclosureKind, "unknown_value", "Kind of a disclosure", {
        /// Producer, products and compensation (Model #275, Appendix A).
        ProducerDisclosure = "producer_disclosure",
        /// The consumer refuses to give information (Appendix B).
        ConsumerRefusal = "consumer_refusal",
        /// The consumer buys against the recommendation (Appendix C).
        NotRecommended = "not_recommended",
        /// The product's own disclosure.
        Product = "product",
        /// Notice about a replacement (Model #613).
        ReplacementNotice = "replacement_notice",
        /// Anything else.
        Other = "other",
    }
}

/// A disclosure that was given, as a request carries it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDisclosure {
    /// What it is.
    #[serde(default)]
    #[schema(required = true, value_type = DisclosureKind)]
    pub kind: Checked<DisclosureKind>,
    /// Which version of its text.
    #[serde(default)]
    #[schema(required = true, value_type = shape::ExternalId)]
    pub version: String,
    /// The day on which it was given.
    #[serde(default)]
    #[schema(required = true, value_type = NaiveDate)]
    pub given_on: Checked<NaiveDate>,
}

/// A disclosure that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Disclosure {
    /// What it is.
    pub kind: DisclosureKind,
    /// Which version of its text.
    pub version: String,
    /// The day on which it was given.
    pub given_on: NaiveDate,
}

/// What the consumer was told of the producer's pay, as a request carries it (section
/// 6(A)(2)(a)(iv), (b)).
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCompensation {
    /// Sources and kinds of cash compensation, as disclosed; up to 1,000 characters.
    #[serde(default)]
    #[schema(required = true, value_type = shape::Note)]
    pub description: String,
    /// The amount, or the most of a range, if the consumer asked for it.
    #[schema(value_type = Option<Amount>)]
    pub estimate: Option<Checked<Amount>>,
    /// Whether it is paid more than once; given with an estimate.
    pub recurring: Option<bool>,
}

/// What the consumer was told of the producer's pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compensation {
    /// Sources and kinds of cash compensation.
    pub description: String,
    /// The amount, or the most of a range; null if the consumer did not ask.
    pub estimate: Option<Amount>,
    /// Whether it is paid more than once.
    pub recurring: Option<bool>,
}

/// A recommendation as a request carries it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecommendation {
    /// The product, one of those that were compared.
    #[schema(required = true, value_type = Uuid)]
    pub product_id: Option<String>,
    /// By what the firm knows the consumer.
    #[serde(default)]
    #[schema(required = true, value_type = shape::ExternalId)]
    pub client_reference: String,
    /// What is known of the consumer.
    #[schema(required = true, value_type = NewProfile)]
    pub profile: Option<NewProfile>,
    /// The parts of the profile that the consumer refused to give.
    #[serde(default)]
    #[schema(value_type = Vec<ProfileField>, max_items = 14)]
    pub refused: Vec<Checked<ProfileField>>,
    /// Why it serves the consumer's interest; up to 10,000 characters.
    #[serde(default)]
    #[schema(required = true, value_type = shape::Description, min_length = 1)]
    pub basis: String,
    /// The disclosures that were given; at most 20.
    #[serde(default)]
    #[schema(required = true, max_items = 20)]
    pub disclosures: Vec<NewDisclosure>,
    /// What was said of the producer's pay.
    #[schema(required = true, value_type = NewCompensation)]
    pub cash_compensation: Option<NewCompensation>,
    /// The contract that it replaces or exchanges, if it does.
    pub replacement: Option<NewReplacement>,
}

/// A recommendation whose every field is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// The product.
    pub product_id: Uuid,
    /// The consumer.
    pub client_reference: String,
    /// What is known of the consumer.
    pub profile: ConsumerProfile,
    /// What was refused, in the order of the profile.
    pub refused: Vec<ProfileField>,
    /// Why.
    pub basis: String,
    /// What was disclosed.
    pub disclosures: Vec<Disclosure>,
    /// What was said of pay.
    pub cash_compensation: Compensation,
    /// What it replaces.
    pub replacement: Option<Replacement>,
}

/// What a product's reason or basis may be: never empty.
const BASIS: text::Rule = text::Rule { min: 1, max: 10_000, multiline: true };

impl NewRecommendation {
    /// The recommendation.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self) -> Result<Recommendation, Violations> {
        let mut v = Violations::new();
        let product_id = match self.product_id.as_deref().map(Uuid::try_parse) {
            Some(Ok(id)) => id,
            Some(Err(_)) => {
                v.add("/product_id", "id_invalid", "must be a UUID");
                Uuid::nil()
            }
            None => {
                v.add("/product_id", "required", "is required");
                Uuid::nil()
            }
        };
        let client =
            text::clean(&self.client_reference, text::EXTERNAL_ID, "/client_reference", &mut v);
        let refused = refused(self.refused, &mut v);
        if self.profile.is_none() {
            v.add("/profile", "required", "is required");
        }
        let profile = self.profile.map(|profile| profile.validate(&refused, &mut v));
        let basis = text::clean(&self.basis, BASIS, "/basis", &mut v);
        let disclosures = disclosures(self.disclosures, !refused.is_empty(), &mut v);
        let compensation = compensation(self.cash_compensation, &mut v);
        let replacement = self.replacement.map(|replaced| replaced.validate(&mut v));
        v.into_result(Recommendation {
            product_id,
            client_reference: client.unwrap_or_default(),
            profile: profile.unwrap_or_default(),
            refused,
            basis: basis.unwrap_or_default(),
            disclosures,
            cash_compensation: compensation,
            replacement,
        })
    }
}

/// The refused parts, each once, in the order of the profile.
fn refused(given: Vec<Checked<ProfileField>>, v: &mut Violations) -> Vec<ProfileField> {
    let mut found = Vec::new();
    for (i, field) in given.into_iter().enumerate() {
        let at = format!("/refused/{i}");
        if let Some(field) = field.required(&at, v) {
            if found.contains(&field) {
                v.add(at, "duplicate", "must be distinct");
            }
            found.push(field);
        }
    }
    found.sort_unstable();
    found
}

fn disclosures(given: Vec<NewDisclosure>, refusal: bool, v: &mut Violations) -> Vec<Disclosure> {
    if given.len() > MAX_DISCLOSURES {
        v.add("/disclosures", "too_many", "may have at most 20 entries");
        return Vec::new();
    }
    let mut found = Vec::with_capacity(given.len());
    let mut bad = false;
    for (i, one) in given.into_iter().enumerate() {
        let kind = one.kind.required(&format!("/disclosures/{i}/kind"), v);
        let at = format!("/disclosures/{i}/version");
        let version = text::clean(&one.version, text::EXTERNAL_ID, &at, v);
        let given_on = one.given_on.required(&format!("/disclosures/{i}/given_on"), v);
        match (kind, version, given_on) {
            (Some(kind), Some(version), Some(given_on)) => {
                found.push(Disclosure { kind, version, given_on });
            }
            _ => bad = true,
        }
    }
    let has = |kind| found.iter().any(|one: &Disclosure| one.kind == kind);
    if !bad && !has(DisclosureKind::ProducerDisclosure) {
        v.add("/disclosures", "required", "must have the producer_disclosure (Appendix A)");
    }
    if !bad && refusal && !has(DisclosureKind::ConsumerRefusal) {
        let message = "must have the consumer_refusal (Appendix B) for what was refused";
        v.add("/disclosures", "required", message);
    }
    found
}

fn compensation(given: Option<NewCompensation>, v: &mut Violations) -> Compensation {
    if given.is_none() {
        v.add("/cash_compensation", "required", "is required");
    }
    let given = given.map(|given| {
        let at = "/cash_compensation";
        let description =
            text::clean(&given.description, text::REASON, &format!("{at}/description"), v);
        let estimate = given.estimate.and_then(|sum| sum.optional(&format!("{at}/estimate"), v));
        if estimate.is_some() != given.recurring.is_some() {
            let message = "is given with an estimate, and only then";
            v.add(format!("{at}/recurring"), "conflict", message);
        }
        Compensation {
            description: description.unwrap_or_default(),
            estimate,
            recurring: given.recurring,
        }
    });
    given.unwrap_or(Compensation { description: String::new(), estimate: None, recurring: None })
}

#[cfg(test)]
mod tests;
