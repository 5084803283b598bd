//! What a row does to a product that is there.

use serde_json::json;
use testkit::{TestApp, cusip};

use super::{file, send};
use crate::products::{create, myga};

#[tokio::test]
async fn a_row_changes_what_it_says_and_keeps_the_rest() {
    let app = TestApp::new().await;
    create(&app.admin(), myga(1)).await;
    let text = format!(
        "cusip,product_name,product_type,base_rate,issuer\n{},Renamed,Annuity,5.25,\n",
        cusip(1)
    );
    let made = send(&app.admin(), "", &text, "k").await.expect(201);
    assert_eq!(made.body["rows_updated"], 1, "{}", made.body);
    let read =
        app.admin().get(&format!("/v1/products/by-cusip/{}", cusip(1))).await.expect(200).body;
    assert_eq!(
        json!([
            read["product_name"],
            read["bonus_rate"],
            read["minimum_investment"],
            read["issuer"],
            read["return_of_premium_percentage"],
            read["states"],
            read["product_subtype"],
            read["terms_version"]
        ]),
        json!([
            "Renamed",
            "1.0000",
            "10000.00",
            "Example Life",
            "100.0000",
            ["CA", "NY"],
            "MYGA",
            1
        ])
    );
    assert_eq!(read["annuity_terms"]["guarantee_years"], 5);
    assert_eq!(app.sql("select 1 from products.product_versions").await.len(), 2);
    let logged = app
        .sql(
            "select old_values ->> 'product_name' as old, new_values ->> 'product_name' as new
        from audit.audit_events where action = 'products.updated'",
        )
        .await;
    assert_eq!(logged, [json!({"old": "Secure Five", "new": "Renamed"})]);
}

#[tokio::test]
async fn a_row_that_fits_no_longer_is_refused() {
    let app = TestApp::new().await;
    create(&app.admin(), myga(1)).await;
    let header = "cusip,product_name,product_type,product_subtype,base_rate,maximum_investment,guarantee_years";
    for (row, column, code) in [
        ("CD,,5.25,,", "product_type", "type_differs"),
        ("Annuity,,5.25,5000,", "maximum_investment", "below_minimum"),
        ("Annuity,FIA,5.25,,", "product_subtype", "terms_required"),
        ("Annuity,,5.25,,7", "product_subtype", "required_with_terms"),
    ] {
        let text = format!("{header}\n{},Secure Five,{row}\n", cusip(1));
        let made = send(&app.admin(), "?dry_run=true", &text, "k").await.expect(200);
        let error = &made.body["errors"][0];
        assert_eq!(json!([error["column"], error["code"]]), json!([column, code]), "{}", made.body);
    }
}

#[tokio::test]
async fn a_rate_above_tolerance_waits_for_a_second_person() {
    let app = TestApp::new().await;
    let (admin, second) = (app.admin(), app.second_admin());
    send(&admin, "", &file(1, 2, "4"), "a").await.expect(201);
    admin.put("/v1/rates/settings", json!({"tolerance": "0.5"}), "").await.expect(200);
    let text = file(1, 1, "4.25")
        + &file(2, 1, "9").replace("cusip,product_name,product_type,base_rate\n", "");
    for (key, updated, unchanged) in [("b", 1, 0), ("c", 0, 1)] {
        let made = send(&admin, "", &text, key).await.expect(201);
        assert_eq!(
            json!([
                made.body["rows_updated"],
                made.body["rows_unchanged"],
                made.body["rows_quarantined"]
            ]),
            json!([updated, unchanged, 1])
        );
        let error = &made.body["errors"][0];
        assert_eq!(
            json!([error["line"], error["column"], error["code"]]),
            json!([3, "base_rate", "out_of_tolerance"])
        );
    }
    let changes =
        app.sql("select change_id, origin, status, base_rate::text from rates.rate_changes").await;
    assert_eq!(changes.len(), 1, "the file again proposes nothing new: {changes:?}");
    assert_eq!(json!([changes[0]["origin"], changes[0]["status"]]), json!(["import", "pending"]));
    let path = format!("/v1/rate-changes/{}", changes[0]["change_id"].as_str().unwrap());
    let tag = admin.get(&path).await.expect(200).etag();
    let refused = admin.act(&format!("{path}/approve"), &tag).await.expect(403);
    assert_eq!(refused.code(), "self_approval");
    second.act(&format!("{path}/approve"), &tag).await.expect(200);
    let read = admin.get(&format!("/v1/products/by-cusip/{}", cusip(2))).await.expect(200);
    assert_eq!(read.body["base_rate"], "9.0000");
}
