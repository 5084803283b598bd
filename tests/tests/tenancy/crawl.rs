//! Threat 1 of rules.md: every operation is asked by a second firm with the ids of the first, in
//! path, query and body. It must learn and change exactly as much as with ids that nobody has.

use std::collections::BTreeSet;

use http::Method;
use regex::Regex;
use testkit::{Answer, Client, Firm, TestApp};

use crate::fixtures::{self, Ids};
use crate::functions::rows_of_a;
use crate::operations::{self, Operation};
use crate::owned::{self, MAKER};

/// Operations that take no id of anything, so that there is none of another firm to send. Their
/// answers are searched for the other firm instead. May only shrink.
const WITHOUT_IDS: &[&str] = &[
    "health",
    "openapi",
    "docs",
    "ready",
    "openid_configuration",
    "jwks",
    "me_get",
    "me_profile_get",
    "me_profile_patch",
    "auth_policy_get",
    "auth_policy_put",
    "event_hooks_list",
    "event_hooks_create",
    "directory_runs_list",
    "identity_providers_list",
    "impersonations_list",
    "legal_holds_list",
    "disposals_list",
    "disposals_create",
    "erasure_requests_list",
    "retention_policies_list",
    "retention_policies_put",
    "invitations_create",
    "invitations_list",
    "auth_invitation_accept",
    "me_invitation_accept",
    "me_password_change",
    "me_security_questions_put",
    "auth_register",
    "auth_sign_in",
    "auth_sign_out",
    "auth_verify_email",
    "auth_verify_email_resend",
    "auth_recover",
    "auth_recover_complete",
    "token",
    "token_revoke",
    "token_introspect",
    "sessions_list",
    "sessions_revoke_others",
    "sessions_revoke_all",
    "mfa_get",
    "mfa_totp_start",
    "mfa_recovery_codes_renew",
    "mfa_webauthn_options",
    "mfa_webauthn_register",
    "auth_mfa",
    "auth_step_up",
    "auth_webauthn",
    "auth_webauthn_options",
    "products_create",
    "products_list",
    "products_list_active",
    "products_facets",
    "product_ladders_build",
    "appointment_settings_get",
    "appointment_settings_put",
    "products_imports_create",
    "products_imports_list",
    "rate_feeds_list",
    "rate_settings_get",
    "rate_settings_put",
    "rates_list",
    "rates_yields",
    "me_identities_create",
    "users_access_review",
    "users_activity",
    "users_create",
    "users_list",
    "group_role_mappings_create",
    "group_role_mappings_list",
    "scim_service_provider_config",
    "scim_resource_types_list",
    "scim_resource_types_get",
    "scim_schemas_list",
    "scim_schemas_get",
    "scim_users_list",
    "scim_users_create",
    "scim_groups_list",
    "audit_checkpoint_get",
    "audit_consistency_proof",
    "audit_export",
];

/// Both firms, one of everything each.
pub(crate) async fn firms() -> (TestApp, Ids, Ids) {
    let app = TestApp::new().await;
    let theirs = fixtures::firm(&app, &app.admin(), "meridian-secret", MAKER[0], 10).await;
    let own = fixtures::firm(&app, &app.other_admin(), "harbour-own", MAKER[1], 20).await;
    (app, theirs, own)
}

/// What an answer says, without what differs from one call to the next.
fn said(answer: &Answer, ids: &Ids) -> (u16, BTreeSet<(String, String)>, String) {
    let id = Regex::new("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}").unwrap();
    let time = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").unwrap();
    let plain = |text: &str| {
        let mut text = text.to_owned();
        for id in ids.each().into_iter().filter(|id| !id.is_empty()) {
            text = text.replace(id, "ID");
        }
        time.replace_all(&id.replace_all(&text, "ID"), "TIME").into_owned()
    };
    let headers = answer.headers.iter().filter(|(name, _)| {
        !name.as_str().contains("request-id")
            && !["content-length", "content-digest"].contains(&name.as_str())
    });
    let headers = headers
        .map(|(name, value)| (name.to_string(), plain(value.to_str().unwrap_or_default())))
        .collect();
    (answer.status, headers, plain(&String::from_utf8_lossy(&answer.bytes)))
}

async fn compare(
    client: &Client,
    operation: &Operation,
    with: impl Fn(&Ids) -> testkit::Request,
    theirs: &Ids,
) -> Result<(), String> {
    let unknown = Ids::unknown();
    let asked = client.send(with(theirs)).await;
    let control = client.send(with(&unknown)).await;
    let (asked, control) = (said(&asked, theirs), said(&control, &unknown));
    if asked == control {
        return Ok(());
    }
    Err(format!("{}: {asked:?}\n  but for unknown ids {control:?}", operation.id))
}

/// Every place of an operation that takes an id, asked with theirs.
async fn ask(
    client: &Client,
    operation: &Operation,
    theirs: &Ids,
    own: &Ids,
) -> (u32, Vec<String>) {
    let (mut asked, mut told) = (0, Vec::new());
    let mut take = |result: Result<(), String>| {
        asked += 1;
        told.extend(result.err());
    };
    if operation.in_path.iter().any(|name| own.named(name).is_some()) {
        let with = |ids: &Ids| fixtures::request(operation, ids, own);
        take(compare(client, operation, with, theirs).await);
        // Each of several ids alone, below a thing of one's own.
        for name in operation.in_path.iter().filter(|_| operation.in_path.len() > 1) {
            let with = |ids: &Ids| fixtures::request(operation, &mixed(own, ids, name), own);
            take(compare(client, operation, with, theirs).await);
        }
    }
    for name in operation.in_query.iter().filter(|name| own.named(name).is_some()) {
        let with = |ids: &Ids| {
            let mut request = fixtures::request(operation, own, own);
            request.path += &format!("?{name}={}", ids.named(name).unwrap_or_default());
            request
        };
        take(compare(client, operation, with, theirs).await);
    }
    let body = |ids: &Ids| fixtures::body(operation, ids).map(|body| body.to_string());
    let named = body(own).is_some_and(|text| own.each().iter().any(|id| text.contains(id)));
    if named {
        let with = |ids: &Ids| fixtures::request(operation, own, ids);
        take(compare(client, operation, with, theirs).await);
    }
    (asked, told)
}

/// One's own ids but for the one of that name.
fn mixed(own: &Ids, other: &Ids, name: &str) -> Ids {
    let mut ids = own.clone();
    match name {
        "product_id" => ids.products.clone_from(&other.products),
        "availability_id" => ids.availability.clone_from(&other.availability),
        "source" => ids.source.clone_from(&other.source),
        "batch_id" => ids.batch.clone_from(&other.batch),
        "user_id" => {
            ids.user.clone_from(&other.user);
            ids.person.clone_from(&other.person);
        }
        "user_role_id" => ids.user_role.clone_from(&other.user_role),
        "identity_id" => ids.identity.clone_from(&other.identity),
        "member_id" => ids.member.clone_from(&other.member),
        "group_id" => ids.group.clone_from(&other.group),
        "event_id" => ids.event.clone_from(&other.event),
        _ => {}
    }
    ids
}

#[tokio::test]
async fn another_firms_ids_are_unknown_ids() {
    let (app, theirs, own) = firms().await;
    let superuser = app.database.superuser().await;
    let all = operations::all(&app);
    let before = answers(&app, &all, &theirs).await;
    let rows = rows_of_a(&superuser).await;
    let clients = [
        app.other_admin(),
        app.client(Firm::Harbour, "sales-rep", &["SalesRepresentative"]),
        app.client(Firm::Harbour, "sales-manager", &["SalesManager"]),
        crate::factors::maker(&app, Firm::Harbour).await,
    ];
    let (mut requests, mut told, mut covered) = (0, Vec::new(), BTreeSet::new());
    for client in &clients {
        for operation in &all {
            let (asked, found) = ask(client, operation, &theirs, &own).await;
            requests += asked;
            told.extend(found);
            if asked > 0 {
                covered.insert(operation.id.as_str());
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    let rows_after = rows_of_a(&superuser).await;
    assert_eq!(rows_after, rows, "the other firm's rows changed");
    assert_eq!(answers(&app, &all, &theirs).await, before, "the owner's own answers changed");
    let uncovered: Vec<_> = all
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| !covered.contains(id) && !WITHOUT_IDS.contains(id))
        .collect();
    assert!(uncovered.is_empty(), "no id of another firm was sent to {uncovered:?}");
    println!("{} operations, {requests} places asked by {} callers", all.len(), clients.len());
}

/// What tells of sessions and of looks at the audit log, of which asking makes more.
const OF_SESSIONS: [&str; 8] = [
    "audit_events_list",
    "audit_record_history",
    "audit_export",
    "sessions_list",
    "user_sessions_list",
    "users_access_review",
    "users_activity",
    "users_deprovision_report",
];

/// What the owner is told by everything he can read; it is never nothing.
async fn answers(app: &TestApp, all: &[Operation], ids: &Ids) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for operation in
        all.iter().filter(|operation| operation.method == Method::GET && !operation.open)
    {
        let answer = fixtures::own(app, operation, ids).await.expect(200);
        // What is worked out anew carries the instant of its making, and asking opens sessions.
        if operation.id != "comparisons_reproduce" && !OF_SESSIONS.contains(&operation.id.as_str())
        {
            found.push((operation.id.clone(), answer.bytes));
        }
    }
    found
}

/// The crawl itself is put to the test: with a context that names the wrong firm it must cry out.
#[tokio::test]
async fn the_crawl_notices_a_context_of_the_wrong_firm() {
    let (app, theirs, own) = firms().await;
    app.execute(&format!(
        "do $$ begin execute replace(pg_get_functiondef('platform.set_context'::regproc),
            'p_tenant_id::text', '''{}'''); end $$",
        Firm::Meridian.tenant_id()
    ))
    .await;
    let mut noticed = BTreeSet::new();
    for operation in operations::all(&app) {
        let (_, told) = ask(&app.other_admin(), &operation, &theirs, &own).await;
        if !told.is_empty() {
            noticed.insert(operation.id);
        }
    }
    assert!(noticed.len() > 20, "only {noticed:?}");
}

#[tokio::test]
async fn no_answer_holds_anything_of_another_firm() {
    let (app, theirs, own) = firms().await;
    let mut told = Vec::new();
    for operation in operations::all(&app).iter().filter(|o| o.method == Method::GET) {
        let answer = app.other_admin().send(fixtures::request(operation, &own, &own)).await;
        let text = String::from_utf8_lossy(&answer.bytes);
        let secrets = theirs.each().into_iter().chain(["meridian", "Meridian"]);
        for secret in secrets.filter(|secret| !secret.is_empty()) {
            if text.contains(secret) {
                told.push(format!("{}: {secret}", operation.id));
            }
        }
    }
    assert!(told.is_empty(), "{told:?}");
}

/// A crawl of requests that never succeed proves nothing: for its owner each does.
#[tokio::test]
async fn every_request_of_the_crawl_succeeds_for_its_owner() {
    let mut refused = Vec::new();
    let app = TestApp::new().await;
    for operation in operations::all(&app) {
        let app = TestApp::new().await;
        let ids = owned::ready(&app, &operation).await;
        let answer = fixtures::own(&app, &operation, &ids).await;
        if !(200..300).contains(&answer.status) {
            refused.push(format!(
                "{}: {} {}",
                operation.id,
                answer.status,
                String::from_utf8_lossy(&answer.bytes)
            ));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
