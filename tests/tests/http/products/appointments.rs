//! Appointments of producers, and what they mean for what a representative may sell.

use serde_json::{Value, json};
use testkit::{TestApp, cusip};

use super::{create, fields, myga, pairs, problem, with};

const ALL: &str = "/v1/producer-appointments";
const SETTINGS: &str = "/v1/producer-appointments/settings";
const REP: &str = "00000000-0000-7000-9000-000000000a04";

fn appointment(change: Value) -> Value {
    with(
        json!({"user_id": REP, "issuer": "Example Life", "state": "NY",
            "line_of_authority": "life", "license_number": "LA-1", "start_date": "2026-01-01"}),
        change,
    )
}

#[tokio::test]
async fn an_appointment_is_recorded_changed_and_removed() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let made = admin.post(ALL, appointment(json!({}))).await.expect(201);
    let path = made.header("location");
    let mut expected = appointment(json!({
        "appointment_id": path.rsplit('/').next().unwrap(), "end_date": null,
        "created_by": made.body["created_by"], "created_at": made.body["created_at"],
        "updated_at": made.body["updated_at"], "updated_by": null}));
    assert_eq!((&made.body, made.etag()), (&expected, "\"1\"".to_owned()));
    let change = json!({"end_date": "2026-06-30", "license_number": "LA-2"});
    let changed = admin.patch(&path, change.clone(), "\"1\"").await.expect(200);
    for member in ["updated_at", "updated_by"] {
        expected[member] = changed.body[member].clone();
    }
    expected = with(expected, change);
    assert_eq!((&changed.body, changed.etag()), (&expected, "\"2\"".to_owned()));
    admin.patch(&path, json!({"end_date": null}), "\"1\"").await.expect(412);
    let bad = admin.patch(&path, json!({"start_date": "2026-07-01"}), "\"2\"").await.expect(422);
    assert_eq!(fields(&bad), pairs(&[("/end_date", "validation_failed")]));
    // Touching is no overlap, one common day is.
    let again = appointment(json!({"start_date": "2026-06-30", "issuer": " EXAMPLE  life"}));
    let refused = admin.post(ALL, again).await.expect(409);
    assert_eq!(refused.code(), "appointment_overlap");
    let next = appointment(json!({"start_date": "2026-07-01"}));
    let next = admin.post(ALL, next).await.expect(201).header("location");
    let other_state = appointment(json!({"state": "CA"}));
    admin.post(ALL, other_state).await.expect(201);
    let held = admin.get(&format!("{ALL}?on=2026-07-01&state=NY&issuer=example%20life")).await;
    assert_eq!(held.expect(200).body["items"].as_array().unwrap().len(), 1);
    admin.delete(&next, "*").await.expect(204);
    admin.delete(&next, "*").await.expect(404);
    assert_eq!(
        admin.get(&next).await.expect(404).problem(),
        problem(404, "not_found", "Not found", "Not found")
    );
    // Whom it is about sees it, a colleague of that rank would not, the other firm never.
    assert_eq!(app.sales_rep().get(&path).await.expect(200).body, expected);
    app.other_admin().get(&path).await.expect(404);
    app.sales_rep().post(ALL, appointment(json!({}))).await.expect(403);
    let theirs = appointment(json!({"user_id": "00000000-0000-7000-9000-000000000a01"}));
    let theirs = admin.post(ALL, theirs).await.expect(201).header("location");
    app.sales_rep().get(&theirs).await.expect(404);
    app.sales_manager().get(&theirs).await.expect(200);
    let logged = app
        .sql("select count(*) as n from audit.audit_events where action like 'producer_appointments.%'")
        .await;
    assert_eq!(logged, [json!({"n": 6})]);
}

#[tokio::test]
async fn bad_appointments_name_their_fields() {
    let app = TestApp::new().await;
    let bad = json!({"user_id": "x", "issuer": " ", "state": "XX", "line_of_authority": "auto",
        "license_number": "", "start_date": "2026-02-30"});
    let refused = app.admin().post(ALL, bad).await.expect(422);
    assert_eq!(
        fields(&refused),
        pairs(&[
            ("/user_id", "id_invalid"),
            ("/issuer", "required"),
            ("/state", "state_unknown"),
            ("/line_of_authority", "unknown_value"),
            ("/license_number", "required"),
            ("/start_date", "date_invalid"),
        ])
    );
    let nobody = appointment(json!({"user_id": super::NOBODY}));
    let refused = app.admin().post(ALL, nobody).await.expect(422);
    assert_eq!(fields(&refused), pairs(&[("/user_id", "validation_failed")]));
}

/// Reasons against each product, by CUSIP.
async fn reasons(
    app: &TestApp,
    client: &testkit::Client,
    ids: &[Value],
    state: &str,
) -> Vec<Value> {
    let asked = json!({"product_ids": ids, "investment_amount": "50000.00", "horizon_months": 60,
        "client": {"age": 60, "state": state}});
    let made = client.post("/v1/product-comparisons", asked).await.expect(201);
    let path = format!("{}/reproduction", made.header("location"));
    assert_eq!(app.system_admin().get(&path).await.expect(200).bytes, made.bytes);
    let mut found: Vec<_> = made.body["products"].as_array().unwrap().clone();
    found.sort_by_key(|p| p["cusip"].to_string());
    found.iter().map(|p| p["eligibility"]["reasons"].clone()).collect()
}

#[tokio::test]
async fn enforced_they_decide_what_a_representative_may_sell() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let cd = json!({"cusip": cusip(2), "product_name": "CD", "product_type": "CD",
        "base_rate": "4.0000", "cd_terms": {"term_months": 60},
        "availability": {"start_date": "2026-01-01", "end_date": "2026-12-31"}});
    let variable = with(
        myga(3),
        json!({"product_subtype": "RILA", "base_rate": "4.0000",
        "annuity_terms": {"crediting": {"method": "point_to_point", "floor": "-10"}}}),
    );
    let mut ids = Vec::new();
    for body in [myga(1), cd, variable] {
        ids.push(create(&admin, body).await.body["product_id"].clone());
    }
    let (none, not) = (json!([]), json!(["not_appointed"]));
    // Not enforced: as ever.
    assert_eq!(
        reasons(&app, &app.sales_rep(), &ids, "NY").await,
        [none.clone(), none.clone(), none.clone()]
    );
    let off = admin.get(SETTINGS).await.expect(200);
    assert_eq!(
        (&off.body, off.etag()),
        (&json!({"enforced": false, "updated_at": null}), "\"0\"".to_owned())
    );
    let on = admin.put(SETTINGS, json!({"enforced": true}), "\"0\"").await.expect(200);
    assert_eq!((&on.body["enforced"], on.etag()), (&json!(true), "\"1\"".to_owned()));
    admin.put(SETTINGS, json!({"enforced": true}), "\"0\"").await.expect(412);
    app.sales_rep().put(SETTINGS, json!({"enforced": false}), "*").await.expect(403);
    let rep = app.sales_rep();
    assert_eq!(reasons(&app, &rep, &ids, "NY").await, [not.clone(), none.clone(), not.clone()]);
    admin.post(ALL, appointment(json!({"end_date": "2026-11-21"}))).await.expect(201);
    // Appointed for fixed annuities in New York, until today.
    assert_eq!(reasons(&app, &rep, &ids, "NY").await, [none.clone(), none.clone(), not.clone()]);
    assert_eq!(reasons(&app, &rep, &ids, "CA").await, [not.clone(), none.clone(), not.clone()]);
    assert_eq!(
        reasons(&app, &app.sales_manager(), &ids, "CA").await,
        [none.clone(), none.clone(), none.clone()]
    );
    let tomorrow = json!({"product_ids": ids, "investment_amount": "50000.00",
        "horizon_months": 60, "as_of": "2026-11-22", "client": {"state": "NY"}});
    let made = rep.post("/v1/product-comparisons", tomorrow).await.expect(201);
    let refused = made.body["products"].as_array().unwrap().iter();
    let refused = refused.filter(|p| p["eligibility"]["reasons"] == not).count();
    assert_eq!(refused, 2);
    let line = "variable_life_and_variable_annuity";
    admin.post(ALL, appointment(json!({"line_of_authority": line}))).await.expect(201);
    assert_eq!(reasons(&app, &rep, &ids, "NY").await, [none.clone(), none.clone(), none.clone()]);
}

#[tokio::test]
async fn a_list_and_a_ladder_know_the_appointment() {
    let app = TestApp::new().await;
    let admin = app.admin();
    create(&admin, myga(1)).await;
    create(&admin, with(myga(2), json!({"issuer": "Other Life"}))).await;
    admin.put(SETTINGS, json!({"enforced": true}), "*").await.expect(200);
    admin.post(ALL, appointment(json!({}))).await.expect(201);
    for (filter, expected) in [("true", cusip(1)), ("false", cusip(2))] {
        let page =
            app.sales_rep().get(&format!("/v1/products?appointed={filter}")).await.expect(200);
        let found: Vec<_> =
            page.body["items"].as_array().unwrap().iter().map(|p| &p["cusip"]).collect();
        assert_eq!(found, [&json!(expected)]);
    }
    let asked = json!({"amount": "20000.00", "rungs": [60], "include_annuities": true,
        "client": {"age": 60, "state": "NY"}});
    let built = app.sales_rep().post("/v1/product-ladders", asked).await.expect(200);
    let rung = &built.body["rungs"][0];
    assert_eq!(rung["pick"]["cusip"], cusip(1));
    assert_eq!(rung["left_out"][0]["reasons"], json!(["not_appointed"]));
}
