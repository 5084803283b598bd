//! Recovery codes, and the removal of factors.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;
use testkit::{Firm, Phone, TestApp};

use super::{enrolled, events, mfa_token, person, refused, second_step, session};
use crate::users::world::user;

#[tokio::test]
async fn a_recovery_code_works_once() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let code = phone.recovery_codes[0].clone();
    let mut tokens = Vec::new();
    for _ in 0..8 {
        tokens.push(mfa_token(&app, person()).await);
    }
    let at_once = tokens.iter().map(|token| second_step(&app, token, "recovery_code", &code));
    let answers = join_all(at_once).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    answers.iter().filter(|answer| answer.status != 200).for_each(refused);
    assert_eq!(
        events(&app, "RECOVERY_CODE_USED").await,
        [
            json!({"action": "RECOVERY_CODE_USED", "outcome": "success", "reason": null, "details": {"left": 9}})
        ]
    );
    // As people write it; and another person's is none.
    let written = phone.recovery_codes[1].to_lowercase().replace('-', " ");
    let token = mfa_token(&app, user(Firm::Meridian, 4)).await;
    refused(&second_step(&app, &token, "recovery_code", &written).await);
    let token = mfa_token(&app, person()).await;
    second_step(&app, &token, "recovery_code", &written).await.expect(200);
    let kept = app
        .sql("select from users.recovery_codes where encode(code_hash, 'escape') ~ '[0-9A-Z]{16}'")
        .await;
    assert_eq!(kept.len(), 0);
}

#[tokio::test]
async fn new_recovery_codes_void_the_old_ones() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let client = app.with_token(&phone.access_token);
    let renewed = client.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(200);
    let codes = renewed.body["recovery_codes"].as_array().expect("codes").clone();
    assert_eq!((codes.len(), &renewed.body), (10, &json!({"recovery_codes": codes})));
    let token = mfa_token(&app, person()).await;
    refused(&second_step(&app, &token, "recovery_code", &phone.recovery_codes[0]).await);
    second_step(&app, &token, "recovery_code", codes[0].as_str().unwrap()).await.expect(200);
    // Not without the factor that they stand in for.
    let weak =
        session(&app, 1).await.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(403);
    assert_eq!(weak.code(), "insufficient_aal");
    let nobody = app.open_session(Firm::Meridian, user(Firm::Meridian, 4), 1).await;
    let nobody = app.with_token(&nobody.access_token);
    nobody.post("/v1/users/me/mfa/recovery-codes", json!({})).await.expect(409);
}

#[tokio::test]
async fn a_factor_is_removed_by_its_person_with_a_second_factor_and_nobody_else() {
    let app = TestApp::new().await;
    let phone = enrolled(&app).await;
    let path = format!("/v1/users/me/mfa/{}", phone.factor_id);
    let weak = session(&app, 1).await.delete(&path, "").await.expect(403);
    assert_eq!(weak.code(), "insufficient_aal");
    let seller = app.open_session(Firm::Meridian, user(Firm::Meridian, 4), 2).await;
    app.with_token(&seller.access_token).delete(&path, "").await.expect(404);
    let client = app.with_token(&phone.access_token);
    app.clock.advance(TimeDelta::minutes(14));
    client.delete(&path, "").await.expect(204);
    client.delete(&path, "").await.expect(404);
    assert_eq!(app.sql("select from users.recovery_codes").await.len(), 0);
    assert_eq!(events(&app, "MFA_REMOVED").await.len(), 1);
}

#[tokio::test]
async fn the_last_factor_stays_where_the_firm_demands_one() {
    let app = TestApp::new().await;
    app.execute(&format!(
        "insert into users.auth_policies (tenant_id, mfa) values ('{}', 'required')",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let first = enrolled(&app).await;
    let client = app.with_token(&first.access_token);
    let path = format!("/v1/users/me/mfa/{}", first.factor_id);
    let kept = client.delete(&path, "").await.expect(409);
    assert_eq!(kept.code(), "state_conflict");
    let second = Phone::enrol(&app, &client).await;
    assert!(second.recovery_codes.is_empty(), "those that there are stay good");
    client.delete(&path, "").await.expect(204);
    assert_eq!(client.get("/v1/users/me/mfa").await.expect(200).body["recovery_codes_left"], 10);
}
