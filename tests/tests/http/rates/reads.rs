//! Questions about rates.

use serde_json::json;
use testkit::{Firm, TestApp};

use super::{product, product_of, rates, set};

#[tokio::test]
async fn the_rate_of_a_day_as_believed_then_and_now() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let path = format!("{}/current", rates(&id));
    let first = admin.get(&path).await.expect(200);
    assert_eq!(
        first.body,
        json!({
            "product_id": id,
            "as_of": "2026-11-21",
            "known_at": null,
            "rate": {
                "rate_history_id": first.body["rate"]["rate_history_id"],
                "product_id": id,
                "base_rate": "5.0000",
                "bonus_rate": "0.0000",
                "rate_unit": "percent",
                "effective_date": "2026-01-01",
                "end_date": null,
                "source": "manual",
                "recorded_at": first.body["rate"]["recorded_at"],
            },
        })
    );
    let then = first.body["rate"]["recorded_at"].as_str().unwrap();
    let body = json!({"base_rate": "4", "effective_date": "2026-06-01", "reason": "late sheet"});
    set(&admin, &id, body).await.expect(200);
    let now = admin.get(&format!("{path}?as_of=2026-06-30")).await.expect(200);
    assert_eq!(now.body["rate"]["base_rate"], "4.0000");
    let believed = admin.get(&format!("{path}?as_of=2026-06-30&known_at={then}")).await.expect(200);
    assert_eq!(believed.body["rate"]["base_rate"], "5.0000");
    assert_eq!(believed.body["known_at"], then);
    let before = admin.get(&format!("{path}?as_of=2025-12-31")).await.expect(200);
    assert_eq!(before.body["rate"], json!(null));
    let never = admin.get(&format!("{path}?known_at=2020-01-01T00:00:00Z")).await.expect(200);
    assert_eq!(never.body["rate"], json!(null));
    let bad = admin.get(&format!("{path}?as_of=2026-02-30&known_at=now")).await.expect(422);
    let pointers: Vec<_> =
        bad.body["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/as_of", "/known_at"]);
    let odd = admin.get(&format!("{path}?asof=2026-01-01")).await.expect(400);
    assert_eq!(odd.code(), "malformed_request");
}

#[tokio::test]
async fn the_timeline_comes_in_pages_from_a_day_on() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    for month in ["2026-12", "2027-01", "2027-02"] {
        let body = json!({"base_rate": format!("4.{}", &month[6..]), "effective_date": format!("{month}-01")});
        set(&admin, &id, body).await.expect(200);
    }
    let mut path = format!("{}?as_of=2026-12-15&limit=2", rates(&id));
    let first = admin.get(&path).await.expect(200);
    let starts = |answer: &testkit::Answer| -> Vec<String> {
        let items = answer.body["items"].as_array().unwrap().iter();
        items.map(|rate| rate["effective_date"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(starts(&first), ["2026-12-01", "2027-01-01"]);
    path = format!("{path}&cursor={}", first.body["next_cursor"].as_str().unwrap());
    assert_eq!(starts(&admin.get(&path).await.expect(200)), ["2027-02-01"]);
    for bad in ["limit=0", "limit=201", "cursor=!!", "as_of=x"] {
        let answer = admin.get(&format!("{}?{bad}", rates(&id))).await;
        assert!(matches!(answer.status, 400 | 422), "{bad}");
    }
}

#[tokio::test]
async fn the_history_holds_what_was_superseded() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let body = json!({"base_rate": "4", "effective_date": "2026-06-01", "reason": "late sheet"});
    let put = set(&admin, &id, body).await.expect(200);
    let path = format!("{}/history", rates(&id));
    let answer = admin.get(&path).await.expect(200);
    let items = answer.body["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    let mut newest = put.body.clone();
    for (name, value) in [
        ("superseded_at", json!(null)),
        ("external_id", json!(null)),
        ("batch_id", json!(null)),
        ("change_id", items[0]["change_id"].clone()),
        ("derived_from", json!(null)),
        ("reason", json!("late sheet")),
        ("approved_by", json!(null)),
        ("created_by", json!("Ada admin")),
    ] {
        newest[name] = value;
    }
    assert_eq!(items[0], newest);
    assert!(items[0]["change_id"].is_string());
    let old = items.iter().find(|rate| !rate["superseded_at"].is_null()).unwrap();
    assert_eq!(old["superseded_at"], put.body["recorded_at"]);
    let rest = items.iter().find(|rate| !rate["derived_from"].is_null()).unwrap();
    assert_eq!(rest["derived_from"], old["rate_history_id"]);
    let page = admin.get(&format!("{path}?limit=2")).await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();
    let last = admin.get(&format!("{path}?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(last.body["items"], json!([items[2]]));
}

#[tokio::test]
async fn continuity_finds_days_on_sale_without_a_rate() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let path = format!("{}/continuity", rates(&id));
    let proven = json!({"product_id": id, "continuous": true, "gaps": [], "overlaps": []});
    assert_eq!(admin.get(&path).await.expect(200).body, proven);
    app.execute(&format!(
        "insert into products.product_availability (tenant_id, product_id, start_date, end_date, created_by)
         values ('{}', '{id}', '2025-12-01', '2026-12-31', 'test')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    assert_eq!(
        admin.get(&path).await.expect(200).body,
        json!({"product_id": id, "continuous": false, "overlaps": [],
               "gaps": [{"from_date": "2025-12-01", "to_date": "2025-12-31"}]})
    );
}

#[tokio::test]
async fn the_tenants_rates_come_in_pages() {
    let app = TestApp::new().await;
    let admin = app.admin();
    let (one, two) = (product(&app, 1).await, product(&app, 2).await);
    let late = product_of(&app, Firm::Meridian, 3, "3", "2026-12-01").await;
    product_of(&app, Firm::Harbour, 1, "2", "2026-01-01").await;
    let first = admin.get("/v1/rates?limit=1").await.expect(200);
    assert_eq!(
        first.body["items"],
        json!([{
            "cusip": testkit::cusip(1),
            "product_name": "Product 1",
            "product_type": "CD",
            "rate_history_id": first.body["items"][0]["rate_history_id"],
            "product_id": one,
            "base_rate": "5.0000",
            "bonus_rate": "0.0000",
            "rate_unit": "percent",
            "effective_date": "2026-01-01",
            "end_date": null,
            "source": "manual",
            "recorded_at": first.body["items"][0]["recorded_at"],
        }])
    );
    let next = first.body["next_cursor"].as_str().unwrap();
    let second = admin.get(&format!("/v1/rates?limit=1&cursor={next}")).await.expect(200);
    assert_eq!(second.body["items"][0]["product_id"], two.as_str());
    assert_eq!(second.body["next_cursor"], json!(null));
    let december = admin.get("/v1/rates?as_of=2026-12-01").await.expect(200);
    assert_eq!(december.body["items"][2]["product_id"], late.as_str());
    let never = admin.get("/v1/rates?known_at=2020-01-01T00:00:00Z").await.expect(200);
    assert_eq!(never.body, json!({"items": [], "next_cursor": null}));
}

#[tokio::test]
async fn sales_roles_see_the_rates_of_active_products_only() {
    let app = TestApp::new().await;
    let (id, open) = (product(&app, 1).await, product(&app, 2).await);
    app.execute(&format!(
        "update products.products set is_active = false where product_id = '{id}'"
    ))
    .await;
    let random = "0192f0c8-0000-7000-8000-00000000dead";
    for client in [app.sales_rep(), app.sales_manager(), app.other_admin()] {
        for part in ["", "/current", "/history", "/continuity", "/apy"] {
            let hidden = client.get(&format!("{}{part}", rates(&id))).await.expect(404);
            let unknown = client.get(&format!("{}{part}", rates(random))).await.expect(404);
            assert_eq!(hidden.problem(), unknown.problem(), "{part}");
            assert_eq!(hidden.code(), "product_not_found");
        }
    }
    let rep = app.sales_rep();
    let list = rep.get("/v1/rates").await.expect(200);
    assert_eq!(list.body["items"].as_array().unwrap().len(), 1);
    assert_eq!(list.body["items"][0]["product_id"], open.as_str());
    assert_eq!(
        app.admin().get("/v1/rates").await.expect(200).body["items"].as_array().unwrap().len(),
        2
    );
    for part in ["", "/current", "/history", "/continuity", "/apy"] {
        rep.get(&format!("{}{part}", rates(&open))).await.expect(200);
        app.system_admin().get(&format!("{}{part}", rates(&id))).await.expect(200);
        let answer = app.feed().get(&format!("{}{part}", rates(&open))).await.expect(403);
        assert_eq!(answer.code(), "permission_denied");
        app.anonymous().get(&format!("{}{part}", rates(&open))).await.expect(401);
    }
}

#[tokio::test]
async fn the_settings_are_kept_per_tenant() {
    let app = TestApp::new().await;
    let (admin, path) = (app.admin(), "/v1/rates/settings");
    let unset = admin.get(path).await.expect(200);
    assert_eq!(unset.body, json!({"tolerance": null, "manual_precedence": 0, "updated_at": null}));
    assert_eq!(unset.etag(), "\"0\"");
    let body = json!({"tolerance": "0.5", "manual_precedence": 1000});
    let first = admin.put(path, body.clone(), &unset.etag()).await.expect(200);
    assert_eq!(
        first.body,
        json!({"tolerance": "0.5000", "manual_precedence": 1000,
               "updated_at": first.body["updated_at"]})
    );
    assert_eq!(first.etag(), "\"1\"");
    assert_eq!(admin.get(path).await.expect(200).bytes, first.bytes);
    assert_eq!(admin.put(path, body.clone(), "").await.expect(428).code(), "precondition_required");
    assert_eq!(admin.put(path, body.clone(), "\"0\"").await.expect(412).code(), "version_conflict");
    app.system_admin().put(path, json!({"tolerance": null}), "\"1\"").await.expect(200);
    for client in [app.sales_rep(), app.sales_manager(), app.feed()] {
        client.put(path, body.clone(), "*").await.expect(403);
    }
    app.sales_rep().get(path).await.expect(403);
    assert_eq!(app.other_admin().get(path).await.expect(200).etag(), "\"0\"");
    let answer = admin.put(path, json!({}), "*").await.expect(422);
    assert_eq!(
        answer.body["errors"],
        json!([{"pointer": "/tolerance", "code": "required",
                "message": "is required; null switches four eyes off"}])
    );
    let bad = json!({"tolerance": "0.00001", "manual_precedence": 1_000_001});
    let answer = admin.put(path, bad, "*").await.expect(422);
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 2);
    let events = app
        .sql(
            "select old_values->'tolerance' as old, new_values->'tolerance' as new
               from audit.audit_events where resource_type = 'rate_settings' order by occurred_at",
        )
        .await;
    assert_eq!(events, [json!({"old": null, "new": 0.5}), json!({"old": 0.5, "new": null})]);
}
