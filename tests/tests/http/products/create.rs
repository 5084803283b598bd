//! POST /v1/products, and reading what it made.

use serde_json::json;
use testkit::{TestApp, cusip};

use super::{create, myga};

#[tokio::test]
async fn a_product_is_made_whole_and_read_back_the_same() {
    let app = TestApp::new().await;
    let made = create(&app.admin(), myga(1)).await;
    let id = made.body["product_id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/v1/products/{id}"));
    assert_eq!(made.etag(), "\"1\"");
    let window = made.body["availability"][0]["availability_id"].clone();
    let (at, by) = (made.body["created_at"].clone(), made.body["created_by"].clone());
    assert_eq!(
        made.body,
        json!({
            "product_id": id,
            "cusip": cusip(1),
            "isin": made.body["isin"],
            "product_name": "Secure Five",
            "product_type": "Annuity",
            "product_subtype": "MYGA",
            "issuer": "Example Life",
            "description": "Five years guaranteed.",
            "currency": "USD",
            "minimum_investment": "10000.00",
            "maximum_investment": "1000000.00",
            "base_rate": "5.2500",
            "bonus_rate": "1.0000",
            "rate_unit": "percent",
            "rate_effective_date": "2026-11-21",
            "return_of_premium": true,
            "return_of_premium_percentage": "100.0000",
            "terms_version": 1,
            "states": ["CA", "NY"],
            "is_active": true,
            "deactivated_at": null,
            "created_at": at,
            "created_by": by,
            "updated_at": at,
            "updated_by": null,
            "version": 1,
            "terms_and_conditions": "First terms.",
            "annuity_terms": {
                "surrender_schedule": [
                    {"contract_year": 1, "charge": "7.0000"},
                    {"contract_year": 2, "charge": "6.0000"},
                ],
                "crediting": null,
                "minimum_issue_age": null,
                "maximum_issue_age": 85,
                "free_withdrawal_percentage": null,
                "market_value_adjustment": false,
                "guarantee_years": 5,
                "premium": "single",
                "rate_bands": [],
            },
            "cd_terms": null,
            "availability": [{"availability_id": window, "start_date": "2026-01-01",
                "end_date": "2026-12-31"}],
        })
    );
    assert_eq!(
        made.body["isin"],
        json!(format!("US{}", cusip(1)) + &made.body["isin"].as_str().unwrap()[11..])
    );
    for client in
        [app.admin(), app.second_admin(), app.system_admin(), app.sales_rep(), app.sales_manager()]
    {
        let read = client.get(&format!("/v1/products/{id}")).await.expect(200);
        assert_eq!((read.etag(), read.bytes), (made.etag(), made.bytes.clone()));
        let read = client.get(&format!("/v1/products/by-cusip/{}", cusip(1))).await.expect(200);
        assert_eq!((read.etag(), read.bytes), (made.etag(), made.bytes.clone()));
    }
}
