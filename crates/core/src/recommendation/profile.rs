//! The consumer profile.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Amount;
use crate::parse::{Checked, Parse, ParseError, text_value};
use crate::product::kind::named_values;
use crate::shape::Note;
use crate::text;
use crate::violations::Violations;

named_values! {
    /// A part of the consumer profile (NAIC Model #275, section 5(C)), in its order.
    ProfileField, "unknown_value", "Part of the consumer profile", {
        /// Age.
        Age = "age",
        /// Annual income.
        AnnualIncome = "annual_income",
        /// Financial situation and needs, debts and other obligations among them.
        FinancialSituation = "financial_situation",
        /// Financial experience.
        FinancialExperience = "financial_experience",
        /// Insurance needs.
        InsuranceNeeds = "insurance_needs",
        /// Financial objectives.
        FinancialObjectives = "financial_objectives",
        /// Intended use of the annuity.
        IntendedUse = "intended_use",
        /// Financial time horizon.
        TimeHorizon = "time_horizon_months",
        /// Existing assets or financial products.
        ExistingAssets = "existing_assets",
        /// Liquidity needs.
        LiquidityNeeds = "liquidity_needs",
        /// Liquid net worth.
        LiquidNetWorth = "liquid_net_worth",
        /// Risk tolerance, willingness to accept non-guaranteed elements among it.
        RiskTolerance = "risk_tolerance",
        /// Financial resources used to fund the annuity.
        FundingSource = "funding_source",
        /// Tax status.
        TaxStatus = "tax_status",
    }
}

/// Makes both forms of the profile: the fields that are texts differ in nothing but their name.
macro_rules! profile {
    ($($(#[$doc:meta])* $field:ident = $variant:ident;)+) => {
        /// What is known of a consumer, as a request carries it. Each part is given, or named as
        /// refused.
        #[derive(Debug, Default, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct NewProfile {
            /// Age in full years, 0 to 130.
            #[schema(minimum = 0, maximum = 130)]
            pub age: Option<u32>,
            /// Annual income.
            #[schema(value_type = Option<Amount>)]
            pub annual_income: Option<Checked<Amount>>,
            /// Months for which the money can stay, 0 to 1200.
            #[schema(minimum = 0, maximum = 1200)]
            pub time_horizon_months: Option<u32>,
            /// Liquid net worth.
            #[schema(value_type = Option<Amount>)]
            pub liquid_net_worth: Option<Checked<Amount>>,
            $($(#[$doc])* #[schema(value_type = Option<Note>)] pub $field: Option<String>,)+
        }

        /// What is known of a consumer; null is what was refused.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
        pub struct ConsumerProfile {
            /// Age in full years.
            pub age: Option<u32>,
            /// Annual income.
            pub annual_income: Option<Amount>,
            /// Months for which the money can stay.
            pub time_horizon_months: Option<u32>,
            /// Liquid net worth.
            pub liquid_net_worth: Option<Amount>,
            $($(#[$doc])* pub $field: Option<String>,)+
        }

        impl NewProfile {
            /// The profile, after noting what is wrong with it.
            pub(super) fn validate(
                self,
                refused: &[ProfileField],
                v: &mut Violations,
            ) -> ConsumerProfile {
                let mut check = |field: ProfileField, given: bool| {
                    let refused = refused.contains(&field);
                    let at = format!("/profile/{field}");
                    if !given && !refused {
                        v.add(at, "required", "must be given, or named in refused");
                    } else if given && refused {
                        v.add(at, "conflict", "is named in refused");
                    }
                };
                check(ProfileField::Age, self.age.is_some());
                check(ProfileField::AnnualIncome, self.annual_income.is_some());
                check(ProfileField::TimeHorizon, self.time_horizon_months.is_some());
                check(ProfileField::LiquidNetWorth, self.liquid_net_worth.is_some());
                $(check(ProfileField::$variant, self.$field.is_some());)+
                if self.age.is_some_and(|age| age > 130) {
                    v.add("/profile/age", "out_of_range", "must lie between 0 and 130");
                }
                if self.time_horizon_months.is_some_and(|months| months > 1200) {
                    let message = "must lie between 0 and 1200";
                    v.add("/profile/time_horizon_months", "out_of_range", message);
                }
                let mut sum = |given: Option<Checked<Amount>>, at: &str| given?.optional(at, v);
                let annual_income = sum(self.annual_income, "/profile/annual_income");
                let liquid_net_worth = sum(self.liquid_net_worth, "/profile/liquid_net_worth");
                let mut words = |given: Option<String>, field: ProfileField| {
                    text::clean(&given?, text::REASON, &format!("/profile/{field}"), v)
                };
                ConsumerProfile {
                    age: self.age,
                    annual_income,
                    time_horizon_months: self.time_horizon_months,
                    liquid_net_worth,
                    $($field: words(self.$field, ProfileField::$variant),)+
                }
            }
        }
    };
}

profile! {
    /// Financial situation and needs, debts and other obligations among them.
    financial_situation = FinancialSituation;
    /// Financial experience.
    financial_experience = FinancialExperience;
    /// Insurance needs.
    insurance_needs = InsuranceNeeds;
    /// Financial objectives.
    financial_objectives = FinancialObjectives;
    /// Intended use of the annuity.
    intended_use = IntendedUse;
    /// Existing assets or financial products: investment, annuity and insurance holdings.
    existing_assets = ExistingAssets;
    /// Liquidity needs.
    liquidity_needs = LiquidityNeeds;
    /// Risk tolerance, and whether elements that are not guaranteed are accepted.
    risk_tolerance = RiskTolerance;
    /// Financial resources used to fund the annuity.
    funding_source = FundingSource;
    /// Tax status.
    tax_status = TaxStatus;
}
