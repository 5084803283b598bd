//! A recommendation with everything about it.

use serde_json::{Value, json};

/// The body of a recommendation of a product, a replacement.
pub fn recommendation(product: &str) -> Value {
    json!({
        "product_id": product, "client_reference": "C-1",
        "profile": {"annual_income": "90000.00", "financial_situation": "No debts",
            "financial_experience": "Ten years", "insurance_needs": "None",
            "financial_objectives": "Income", "intended_use": "Retirement",
            "time_horizon_months": 120, "existing_assets": "IRA", "liquidity_needs": "Low",
            "liquid_net_worth": "500000.00", "risk_tolerance": "Low", "funding_source": "Savings",
            "tax_status": "Single"},
        "refused": ["age"],
        "basis": "Guaranteed for the whole horizon.",
        "disclosures": [
            {"kind": "producer_disclosure", "version": "A-2024", "given_on": "2026-11-20"},
            {"kind": "consumer_refusal", "version": "B-2024", "given_on": "2026-11-20"}],
        "cash_compensation": {"description": "Commission", "estimate": "1500.00",
            "recurring": false},
        "replacement": {"existing_contract": "X-1", "existing_issuer": "Old Life",
            "existing_value": "50000.00", "surrender_charge": "2500.00",
            "benefits_lost": "Death benefit", "new_surrender_period_months": 24,
            "increased_fees": "None known", "exchanged_within_60_months": false,
            "benefit": "A higher guaranteed rate."},
    })
}
