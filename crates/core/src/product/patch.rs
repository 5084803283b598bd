//! Changing a product.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{NewAnnuityTerms, NewCdTerms, NewProduct, ProductDraft, ProductSubtype};
use crate::isin::Isin;
use crate::json;
use crate::money::Amount;
use crate::patch::{Patch, merge};
use crate::shape;
use crate::us_state::UsState;
use crate::violations::Violations;

/// A merge patch (RFC 7396) for a product: an absent member leaves its field, null clears it,
/// nested objects merge, arrays replace.
///
/// CUSIP, type and currency are what a product *is* and do not change. Rates change by the rates
/// resource, which keeps their history and the four-eyes rule; availability and activity have their
/// own operations too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductPatch {
    /// ISIN; null derives it from the CUSIP again.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Isin>)]
    pub isin: Patch<Value>,
    /// Name; cannot be cleared.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = shape::Name)]
    pub product_name: Patch<Value>,
    /// Kind within the type.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<ProductSubtype>)]
    pub product_subtype: Patch<Value>,
    /// Insurer or bank.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<shape::ShortText>)]
    pub issuer: Patch<Value>,
    /// Free text.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<shape::Description>)]
    pub description: Patch<Value>,
    /// Least investment; null is 0.00.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Amount>)]
    pub minimum_investment: Patch<Value>,
    /// Most investment; null is unlimited.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Amount>)]
    pub maximum_investment: Patch<Value>,
    /// Whether the premium, or a share of it, is returned in any case; null is false.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<bool>)]
    pub return_of_premium: Patch<Value>,
    /// That share in percent.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<shape::Share>)]
    pub return_of_premium_percentage: Patch<Value>,
    /// Terms and conditions; a new text makes a new version.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<shape::TermsText>)]
    pub terms_and_conditions: Patch<Value>,
    /// States where it may be sold; null or empty is everywhere.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<Vec<UsState>>, max_items = 114)]
    pub states: Patch<Value>,
    /// Annuity terms.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<NewAnnuityTerms>)]
    pub annuity_terms: Patch<Value>,
    /// CD terms. To change the kind of early-withdrawal penalty, set the old one to null.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    #[schema(value_type = Option<NewCdTerms>)]
    pub cd_terms: Patch<Value>,
}

impl ProductPatch {
    /// The product after the patch, checked as a whole, so that fields still fit each other.
    ///
    /// # Errors
    /// Every bad field, by JSON pointer.
    pub fn apply(self, current: &ProductDraft) -> Result<ProductDraft, Violations> {
        let bug = |e: serde_json::Error| Violations::one("", "wrong_type", e.to_string());
        let mut document = serde_json::to_value(current).map_err(bug)?;
        merge(&mut document, serde_json::to_value(self).map_err(bug)?);
        json::from_value::<NewProduct>(document)?.validate()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn current() -> ProductDraft {
        let new: NewProduct = serde_json::from_value(json!({
            "cusip": "037833100", "product_name": "Five", "product_type": "CD", "product_subtype": "BankCD",
            "base_rate": "5.25", "bonus_rate": "1", "issuer": "First Bank", "minimum_investment": "1000",
            "maximum_investment": "5000", "states": ["CA"],
            "cd_terms": {"term_months": 12, "early_withdrawal_penalty": {"days_of_interest": 90}}
        }))
        .unwrap();
        new.validate().unwrap()
    }

    fn apply(patch: Value) -> Result<ProductDraft, Vec<String>> {
        let patch: ProductPatch = serde_json::from_value(patch).unwrap();
        patch.apply(&current()).map_err(|v| v.0.into_iter().map(|e| e.pointer).collect())
    }

    #[test]
    fn nothing_changes_nothing() {
        assert_eq!(apply(json!({})).unwrap(), current());
    }

    #[test]
    fn members_set_clear_and_merge() {
        let after = apply(json!({
            "product_name": "Six", "issuer": null, "maximum_investment": null, "states": ["NY", "TX"],
            "cd_terms": {"term_months": 18}
        }))
        .unwrap();
        let mut expected = current();
        expected.product_name = "Six".to_owned();
        expected.issuer = None;
        expected.maximum_investment = None;
        expected.states = vec!["NY".parse().unwrap(), "TX".parse().unwrap()];
        if let Some(terms) = &mut expected.cd_terms {
            terms.term_months = 18;
        }
        assert_eq!(after, expected);
    }

    #[test]
    fn the_result_must_hold_together() {
        assert_eq!(
            apply(json!({"minimum_investment": "5000.01"})).unwrap_err(),
            ["/maximum_investment"]
        );
        assert_eq!(
            apply(json!({"product_name": null, "return_of_premium": true})).unwrap_err(),
            ["/product_name", "/return_of_premium_percentage"]
        );
        assert_eq!(apply(json!({"product_name": 5})).unwrap_err(), ["/product_name"]);
        let both = json!({"cd_terms": {"early_withdrawal_penalty": {"months_of_interest": 3}}});
        assert_eq!(apply(both).unwrap_err(), ["/cd_terms/early_withdrawal_penalty"]);
    }

    #[test]
    fn what_a_product_is_cannot_be_patched() {
        for member in ["cusip", "product_type", "base_rate", "is_active", "availability"] {
            assert!(
                serde_json::from_value::<ProductPatch>(json!({member: "x"})).is_err(),
                "{member}"
            );
        }
    }
}
