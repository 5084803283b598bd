//! The rate of one account in place of the product's.

use serde_json::{Value, json};
use testkit::{Answer, Client, Firm, TestApp};

use super::{product, product_of, rates, set};

const ALL: &str = "/v1/rates/overrides";

fn given(change: Value) -> Value {
    let mut body = json!({"account_reference": "A-1", "base_rate": "5.2000",
        "effective_date": "2026-11-01", "end_date": "2026-12-31", "reason": "Loyal for ten years"});
    wealth_core::patch::merge(&mut body, change);
    body
}

async fn propose(client: &Client, product: &str, change: Value) -> Answer {
    client.post(&format!("{}/overrides", rates(product)), given(change)).await
}

/// Override and rate of an account on a day.
async fn current(client: &Client, product: &str, query: &str) -> Value {
    let path = format!("{}/current?account_reference=A-1{query}", rates(product));
    client.get(&path).await.expect(200).body
}

#[tokio::test]
async fn an_account_has_its_own_rate_for_a_time() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let made = propose(&admin, &id, json!({})).await.expect(201);
    let own = made.body["override_id"].clone();
    assert_eq!(made.header("location"), format!("{ALL}/{}", own.as_str().unwrap()));
    let expected = json!({
        "override_id": own, "product_id": id, "account_reference": "A-1", "base_rate": "5.2000",
        "bonus_rate": "0.0000", "rate_unit": "percent", "effective_date": "2026-11-01",
        "end_date": "2026-12-31", "status": "applied", "reason": "Loyal for ten years",
        "product_base_rate": "5.0000", "product_bonus_rate": "0.0000",
        "proposed_at": made.body["proposed_at"], "proposed_by": made.body["proposed_by"],
        "decided_at": null, "decided_by": null, "decision_note": null,
        "recorded_at": made.body["recorded_at"], "superseded_at": null, "derived_from": null,
    });
    assert_eq!((&made.body, made.etag()), (&expected, "\"1\"".to_owned()));
    let rep = app.sales_rep();
    let shown = current(&rep, &id, "").await;
    assert_eq!(shown["rate"]["base_rate"], "5.0000");
    assert_eq!(shown["account_reference"], "A-1");
    assert_eq!(
        shown["account_rate"],
        json!({"override_id": own, "base_rate": "5.2000", "bonus_rate": "0.0000",
            "rate_unit": "percent", "effective_date": "2026-11-01", "end_date": "2026-12-31",
            "recorded_at": made.body["recorded_at"], "reason": "Loyal for ten years"})
    );
    for query in ["&as_of=2026-10-31", "&as_of=2027-01-01", "&known_at=2026-11-01T00:00:00Z"] {
        assert_eq!(current(&rep, &id, query).await["account_rate"], Value::Null, "{query}");
    }
    let plain = rep.get(&format!("{}/current", rates(&id))).await.expect(200).body;
    assert!(plain.get("account_rate").is_none() && plain.get("account_reference").is_none());
    let other = format!("{}/current?account_reference=A-2", rates(&id));
    assert_eq!(rep.get(&other).await.expect(200).body["account_rate"], Value::Null);
    // A day in common is one too many; another account and another time are none.
    let day = json!({"effective_date": "2026-12-31", "end_date": null});
    assert_eq!(propose(&admin, &id, day).await.expect(409).code(), "rate_override_overlap");
    propose(&admin, &id, json!({"effective_date": "2027-01-01", "end_date": null}))
        .await
        .expect(201);
    propose(&admin, &id, json!({"account_reference": "A-2"})).await.expect(201);
    let page = admin.get(&format!("{ALL}?account_reference=A-1&product_id={id}")).await.expect(200);
    assert_eq!(page.body["items"].as_array().unwrap().len(), 2);
    rep.get(ALL).await.expect(403);
    assert_eq!(app.other_admin().get(ALL).await.expect(200).body["items"], json!([]));
    let audited = app
        .sql(
            "select count(*) as n from audit.audit_events where action = 'rate_overrides.inserted'",
        )
        .await;
    assert_eq!(audited, [json!({"n": 3})]);
}

#[tokio::test]
async fn beyond_the_tolerance_a_second_person_decides() {
    let app = TestApp::new().await;
    let (admin, second) = (app.admin(), app.second_admin());
    let id = product(&app, 1).await;
    set(&admin, &id, json!({"base_rate": "4.9", "effective_date": "2026-12-01"})).await.expect(200);
    admin.put("/v1/rates/settings", json!({"tolerance": "0.25"}), "").await.expect(200);
    // Near the rate of its first day, but not near the one that comes.
    let made = propose(&admin, &id, json!({})).await.expect(201);
    assert_eq!(
        (&made.body["status"], &made.body["recorded_at"]),
        (&json!("pending"), &Value::Null)
    );
    propose(&admin, &id, json!({"account_reference": "A-2", "end_date": "2026-11-30"}))
        .await
        .expect(201);
    assert_eq!(current(&admin, &id, "").await["account_rate"], Value::Null);
    let path = made.header("location");
    let own = admin.act(&format!("{path}/approve"), "*").await.expect(403);
    assert_eq!(own.code(), "self_approval");
    second.act(&format!("{path}/approve"), "\"7\"").await.expect(412);
    let done = second.act(&format!("{path}/approve"), "\"1\"").await.expect(200);
    assert_eq!(done.body["status"], "approved");
    assert_eq!(current(&admin, &id, "").await["account_rate"]["base_rate"], "5.2000");
    let again = second.act(&format!("{path}/approve"), "*").await.expect(409);
    assert_eq!(again.code(), "state_conflict");
    // The rate moved under a proposal: nobody approves what its proposer did not see.
    let far = json!({"account_reference": "A-3", "base_rate": "9"});
    let far = propose(&admin, &id, far).await.expect(201).header("location");
    let correction = json!({"base_rate": "5.1", "effective_date": "2026-11-01",
        "end_date": "2026-11-30", "reason": "typing error"});
    set(&admin, &id, correction).await.expect(200);
    assert_eq!(second.act(&format!("{far}/approve"), "*").await.expect(409).code(), "rate_changed");
    let taken_back = admin.act(&format!("{far}/reject"), "*").await.expect(200);
    assert_eq!(taken_back.body["status"], "rejected");
    let waiting = admin.get(&format!("{ALL}?status=pending")).await.expect(200);
    assert_eq!(waiting.body["items"], json!([]));
}

#[tokio::test]
async fn an_early_end_keeps_what_was_believed() {
    let app = TestApp::new().await;
    let (admin, id) = (app.admin(), product(&app, 1).await);
    let path = propose(&admin, &id, json!({})).await.expect(201).header("location");
    let known = app.sql("select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as at").await;
    let known = known[0]["at"].as_str().unwrap().to_owned();
    let late = json!({"end_date": "2026-12-31", "reason": "x"});
    admin.post(&format!("{path}/end"), late).await.expect(428);
    let end = |day: &str| json!({"end_date": day, "reason": "Account closed"});
    let ended = post(&admin, &format!("{path}/end"), end("2026-11-15"), "end").await.expect(200);
    assert_eq!(ended.body["end_date"], "2026-11-15");
    assert_eq!(format!("{ALL}/{}", ended.body["derived_from"].as_str().unwrap()), path);
    assert_eq!(
        current(&admin, &id, "&as_of=2026-11-15").await["account_rate"]["end_date"],
        "2026-11-15"
    );
    assert_eq!(current(&admin, &id, "&as_of=2026-11-16").await["account_rate"], Value::Null);
    let then = current(&admin, &id, &format!("&as_of=2026-11-16&known_at={known}")).await;
    assert_eq!(then["account_rate"]["end_date"], "2026-12-31");
    let again = post(&admin, &format!("{path}/end"), end("2026-11-10"), "again").await.expect(409);
    assert_eq!(again.code(), "state_conflict");
    // A second click gives the first answer, and a day before the first takes it back altogether.
    let click = post(&admin, &format!("{path}/end"), end("2026-11-15"), "end").await.expect(200);
    assert_eq!(click.bytes, ended.bytes);
    let rest = format!("{ALL}/{}", ended.body["override_id"].as_str().unwrap());
    let later = post(&admin, &format!("{rest}/end"), end("2026-11-15"), "late").await.expect(422);
    assert_eq!(later.body["errors"][0]["pointer"], "/end_date");
    let gone = post(&admin, &format!("{rest}/end"), end("2026-10-31"), "gone").await.expect(200);
    assert_ne!(gone.body["superseded_at"], Value::Null);
    assert_eq!(current(&admin, &id, "&as_of=2026-11-10").await["account_rate"], Value::Null);
    propose(&admin, &id, json!({})).await.expect(201);
}

async fn post(client: &Client, path: &str, body: Value, key: &str) -> Answer {
    let request = testkit::Request::new(http::Method::POST, path).json(&body);
    client.send(request.if_match("*").key(key)).await
}

#[tokio::test]
async fn another_firms_products_have_no_accounts_here() {
    let app = TestApp::new().await;
    let theirs = product_of(&app, Firm::Harbour, 1, "5", "2026-01-01").await;
    propose(&app.admin(), &theirs, json!({})).await.expect(404);
    let id = product(&app, 1).await;
    let path = propose(&app.admin(), &id, json!({})).await.expect(201).header("location");
    app.other_admin().get(&path).await.expect(404);
    post(
        &app.other_admin(),
        &format!("{path}/end"),
        json!({"end_date": "2026-11-15", "reason": "x"}),
        "x",
    )
    .await
    .expect(404);
}
