//! A firm with one of everything that has an id, and for each operation a request that succeeds.

use http::Method;
use serde_json::{Value, json};
use testkit::{Answer, Client, Request, TestApp, cusip};
use uuid::Uuid;

use crate::directory;
use crate::factors;
use crate::goods::{
    APPOINTMENTS, another_rate, appointment, import, own_rate, product, recommendation,
};
pub(crate) use crate::ids::{Ids, fresh};
use crate::operations::Operation;
pub(crate) use crate::paths::path;
use crate::people::{
    directory_run, event_hook, firm_of, identity_provider, impersonation, invitation, owner,
    people, provider, sign_ins,
};
use crate::retention;

/// A feed with a batch: the feed's name, and the answer to its batch.
async fn delivery(admin: &Client, mark: &str, number: u32) -> (String, Answer) {
    let source = format!("{mark}-source");
    let feed = json!({"name": mark, "precedence": 100});
    admin.put(&format!("/v1/rate-feeds/{source}"), feed, "").await.expect(201);
    let rates = json!([{"external_id": mark, "cusip": cusip(number + 1), "base_rate": "4.1000",
        "effective_date": "2026-11-21"}]);
    let batch = json!({"external_batch_id": mark, "rates": rates});
    let batch = admin.post(&format!("/v1/rate-feeds/{source}/batches"), batch).await.expect(201);
    (source, batch)
}

/// Somebody and a group out of the directory of the firm.
async fn provisioned(app: &TestApp, mark: &str, user: Uuid) -> (String, String) {
    let boss = match firm_of(user) {
        testkit::Firm::Meridian => app.system_admin(),
        _ => app.other_admin(),
    };
    directory::provision(&boss, mark).await
}

/// Makes one of everything for the firm of `admin`; `mark` is in every text of it.
pub(crate) async fn firm(
    app: &TestApp,
    admin: &Client,
    mark: &str,
    user: Uuid,
    number: u32,
) -> Ids {
    let text = |answer: &Value, name: &str| answer[name].as_str().expect(name).to_owned();
    let mut products = Vec::new();
    for step in 0..2 {
        let made = admin.post("/v1/products", product(mark, number + step)).await.expect(201);
        products.push(made.body);
    }
    let settings = json!({"tolerance": "0.5000", "manual_precedence": 0});
    admin.put("/v1/rates/settings", settings, "*").await;
    let (source, batch) = delivery(admin, mark, number).await;
    let first = text(&products[0], "product_id");
    let second = text(&products[1], "product_id");
    let jump = json!({"base_rate": "9.0000", "reason": mark});
    let change = admin.put(&format!("/v1/products/{first}/rates"), jump, "*").await;
    let change = change.body["change_id"].as_str().expect("a pending change").to_owned();
    let question = json!({"product_ids": [first, second], "investment_amount": "20000.00",
        "horizon_months": 60});
    let comparison = admin.post("/v1/product-comparisons", question).await.expect(201);
    let appointment = admin.post(APPOINTMENTS, appointment(&user.to_string(), mark)).await;
    let recommend = format!(
        "/v1/product-comparisons/{}/recommendations",
        text(&comparison.body, "comparison_id")
    );
    let recommendation = admin.post(&recommend, recommendation(&first, mark)).await.expect(201);
    let path = format!("/v1/products/{first}/rates/overrides");
    let far = admin.post(&path, own_rate(mark, "9.0000")).await.expect(201);
    let near = admin.post(&path, own_rate(&format!("{mark}-2"), "4.1000")).await.expect(201);
    let import = admin.send(import(mark, number + 2)).await;
    let key = json!({"name": mark, "scopes": ["view-products"]});
    let key = admin.post("/v1/api-keys", key).await.expect(201);
    let session = app.open_session(firm_of(user), user, 1).await;
    let people = people(app, mark, user).await;
    let sign_ins = sign_ins(app, mark, user).await;
    let (member, group) = provisioned(app, mark, user).await;
    app.seal().await;
    let event = admin.get("/v1/audit/events?action=product.created").await.expect(200);
    Ids {
        event: text(&event.body["items"][0], "event_id"),
        kept: retention::kept(app, mark, user).await,
        availability: text(&products[0]["availability"][0], "availability_id"),
        cusip: cusip(number),
        comparison: text(&comparison.body, "comparison_id"),
        rate_override: [&far, &near].map(|made| text(&made.body, "override_id")),
        recommendation: text(&recommendation.body, "recommendation_id"),
        appointment: text(&appointment.expect(201).body, "appointment_id"),
        change,
        source,
        batch: text(&batch.body, "batch_id"),
        import: import.body["import_id"].as_str().unwrap_or_default().to_owned(),
        factor: factors::factor(app, mark, user).await,
        user: user.to_string(),
        event_hook: event_hook(app, user).await,
        directory_run: directory_run(app, mark, user).await,
        identity_provider: identity_provider(app, mark, user).await,
        impersonation: impersonation(app, user).await,
        invitation: invitation(app, mark, user).await,
        member,
        group,
        api_key: text(&key.body, "api_key_id"),
        session: session.session_id.to_string(),
        refresh_token: session.refresh_token.unwrap_or_default(),
        user_role: people.0,
        mapping: people.1,
        legacy: format!("{mark}-legacy"),
        person: people.2,
        identity: sign_ins.0,
        issuer: sign_ins.1,
        products: [first, second],
    }
}

/// The body of an operation that takes JSON, naming these ids.
pub(crate) fn body(operation: &Operation, ids: &Ids) -> Option<Value> {
    Some(match operation.id.as_str() {
        "products_create" => product("made-by-crawl", 70_000_001),
        "products_patch" => json!({"description": "changed by the crawl"}),
        "product_terms_publish" => json!({"text": "published by the crawl"}),
        "product_availability_add" => {
            json!({"start_date": "2027-02-01", "end_date": "2027-03-01"})
        }
        "product_availability_change" => json!({"end_date": "2026-12-30"}),
        "comparisons_create" => json!({"product_ids": ids.products,
            "investment_amount": "20000.00", "horizon_months": 60}),
        "appointments_create" => appointment(&ids.user, "made by the crawl"),
        "appointments_change" => json!({"license_number": "changed by the crawl"}),
        "appointment_settings_put" => json!({"enforced": false}),
        "recommendations_create" => recommendation(&ids.products[0], "made by the crawl"),
        "recommendations_approve" | "recommendations_refuse" => {
            json!({"reason": "decided by the crawl"})
        }
        "rate_overrides_create" => own_rate(&fresh(), "4.2000"),
        "rate_overrides_approve" | "rate_overrides_reject" => json!({"note": "by the crawl"}),
        "rate_overrides_end" => json!({"end_date": "2026-12-01", "reason": "by the crawl"}),
        "product_ladders_build" => json!({"amount": "20000.00", "rungs": [12, 60],
            "include_callable": true, "include_annuities": true}),
        "rates_put" => json!({"base_rate": "4.2000"}),
        "rate_settings_put" => json!({"tolerance": "0.6000", "manual_precedence": 1}),
        "rate_feeds_put" => json!({"name": "changed by the crawl"}),
        "rate_batches_deliver" => json!({"external_batch_id": fresh(), "rates": [{
            "external_id": fresh(), "cusip": ids.cusip, "base_rate": another_rate(),
            "effective_date": "2026-12-01"}]}),
        "rate_changes_approve" | "rate_changes_reject" => json!({"note": "decided by the crawl"}),
        "users_create" => json!({"email": format!("{}@crawl.example", fresh())}),
        "users_patch" => json!({"user_name": "changed by the crawl"}),
        "users_deactivate" | "users_reactivate" => json!({"reason": "by the crawl"}),
        "user_roles_create" => json!({"role_name": "Investor"}),
        "user_roles_put" => json!({"reason": "by the crawl"}),
        "group_role_mappings_create" => json!({"provider": "cognito", "group_name": fresh(),
            "role_name": "SalesManager"}),
        "user_identities_create" => json!({"issuer": ids.issuer[0], "subject": fresh()}),
        "me_identities_create" => json!({"token": ids.issuer[1]}),
        "me_profile_patch" => json!({"phone": "+12125550123"}),
        "auth_policy_put" => json!({"mfa": "optional", "mfa_roles": [],
            "idle_timeout_minutes": 720, "absolute_lifetime_minutes": 43200,
            "access_token_minutes": 15, "password_min_length": 15, "password_history": 5,
            "step_up_minutes": 15, "security_questions": false, "self_registration": false}),
        "identity_provider_put" => provider(&format!("https://made-by-{}.example", fresh())),
        "invitations_create" => json!({"email": format!("{}@crawl.example", fresh()),
            "roles": ["Investor"], "message": "sent by the crawl"}),
        "user_impersonate" => json!({"reason": "asked by the crawl"}),
        "api_keys_create" => {
            json!({"name": "made by the crawl", "scopes": ["view-rates"], "user_id": ids.user})
        }
        "api_keys_rotate" => json!({"overlap_minutes": 5}),
        "token" => json!({"grant_type": "refresh_token", "refresh_token": ids.refresh_token}),
        "token_revoke" | "token_introspect" => json!({"token": ids.refresh_token}),
        other => {
            return testkit::local::body(other)
                .or_else(|| factors::body(other))
                .or_else(|| retention::body(operation, ids))
                .or_else(|| directory::body(operation, ids));
        }
    })
}

/// A request that succeeds for the owner of `in_path` and `in_body`.
pub(crate) fn request(operation: &Operation, in_path: &Ids, in_body: &Ids) -> Request {
    if operation.path.ends_with("/imports") && operation.method == Method::POST {
        return import("made-by-crawl", 70_000_002);
    }
    // An issuer stays as it is: to put one's own again, a new id.
    let renewed = Ids { identity_provider: fresh(), ..in_path.clone() };
    let in_path = match operation.id.as_str() {
        "identity_provider_put" if in_path.each() == in_body.each() => &renewed,
        _ => in_path,
    };
    let request = Request::new(operation.method.clone(), &path(operation, in_path));
    let request = match body(operation, in_body) {
        Some(body) if operation.path.starts_with("/scim/") => {
            request.body("application/scim+json", body.to_string().into_bytes())
        }
        Some(body) if operation.method == Method::PATCH => {
            request.body("application/merge-patch+json", body.to_string().into_bytes())
        }
        Some(body) => request.json(&body),
        // A directory's calls: what else Okta sends in them is Okta's to say.
        None if operation.id == "okta_hook_receive" => {
            request.json(&json!({"data": {"events": []}}))
        }
        None if operation.id == "okta_hook_verify" => {
            request.header("x-okta-verification-challenge", "challenge")
        }
        None => request,
    };
    headed(operation, request)
}

/// Adds what a write needs.
pub(crate) fn headed(operation: &Operation, request: Request) -> Request {
    match operation.method {
        Method::GET => request,
        _ if operation.id.ends_with("_create")
            || operation.id.ends_with("_add")
            || operation.id.ends_with("_deliver") =>
        {
            request.key(&fresh())
        }
        _ => request.key(&fresh()).if_match("*"),
    }
}

/// Sends the request of an operation with each caller's own ids.
pub(crate) async fn own(app: &TestApp, operation: &Operation, ids: &Ids) -> testkit::Answer {
    if let Some(answer) = factors::own(app, operation, ids).await {
        return answer;
    }
    let client = match operation.id.as_str() {
        "okta_hook_receive" => app.with_token(&ids.event_hook[2]),
        _ => owner(app, operation),
    };
    client.send(request(operation, ids, ids)).await
}
