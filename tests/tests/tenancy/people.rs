//! What the fixtures have of people: a grant, a group that gives a role, a person of the firm's
//! directory, and sign-ins at an issuer of the firm's own.

use http::Method;
use serde_json::{Value, json};
use testkit::{Client, Firm, Request, TestApp, issuer_keys, signed};
use uuid::Uuid;

use crate::fixtures::fresh;
use crate::operations::Operation;
use crate::owned::MAKER;

/// The firm of one of the makers.
pub(crate) fn firm_of(user: Uuid) -> Firm {
    if user == MAKER[0] { Firm::Meridian } else { Firm::Harbour }
}

/// A grant of `user`, a group that gives a role, and a person of the firm's directory.
pub(crate) async fn people(app: &TestApp, mark: &str, user: Uuid) -> (String, String, String) {
    let manager = if user == MAKER[0] { app.system_admin() } else { app.other_admin() };
    let text = |answer: &Value, name: &str| answer[name].as_str().expect(name).to_owned();
    let roles = manager.get(&format!("/v1/users/{user}/roles")).await.expect(200);
    let group = json!({"provider": "okta", "group_name": mark, "role_name": "SalesManager"});
    let mapping = manager.post("/v1/users/group-role-mappings", group).await.expect(201);
    let person = json!({"email": format!("person@{mark}.example"), "first_name": mark,
        "last_name": mark, "legacy_id": format!("{mark}-legacy"), "external_id": mark});
    let person = manager.post("/v1/users", person).await.expect(201);
    let role = text(&roles.body["items"][0], "user_role_id");
    (role, text(&mapping.body, "mapping_id"), text(&person.body, "user_id"))
}

/// An issuer of the firm's own, a sign-in of `user` there, and a token of it for somebody else.
pub(crate) async fn sign_ins(app: &TestApp, mark: &str, user: Uuid) -> (String, [String; 2]) {
    let firm = firm_of(user);
    let (issuer, identity) = (format!("https://sign-in.{mark}.example"), fresh());
    let settings = json!({"issuer": issuer, "provider": "okta", "audience": ["wealth"],
        "jwks": issuer_keys(), "algorithms": ["EdDSA"], "token_types": ["at+jwt"]});
    app.execute(&format!(
        "select users.put_identity_provider('{}', '{settings}');
         insert into users.user_identities (identity_id, user_id, provider, issuer, subject)
         values ('{identity}', '{user}', 'okta', '{issuer}', '{mark}')",
        firm.tenant_id()
    ))
    .await;
    let token = signed(&json!({"iss": issuer, "aud": "wealth", "sub": "somebody-else",
        "iat": 1_795_262_400, "exp": 1_795_263_300}));
    (identity, [issuer, token])
}

/// An issuer that the firm trusts.
pub(crate) async fn identity_provider(app: &TestApp, mark: &str, user: Uuid) -> String {
    let boss = if user == MAKER[0] { app.system_admin() } else { app.other_admin() };
    let (id, issuer) = (fresh(), format!("https://{mark}.example"));
    boss.put(&format!("/v1/users/identity-providers/{id}"), provider(&issuer), "*")
        .await
        .expect(200);
    id
}

/// What it says.
pub(crate) fn provider(issuer: &str) -> Value {
    json!({"issuer": issuer, "provider": "okta", "audience": ["wealth"],
        "jwks_uri": format!("{issuer}/keys"), "algorithms": ["RS256"], "token_types": ["at+jwt"],
        "tenant_claim": "tenant_id", "role_claim": "groups", "role_source": "claims",
        "group_roles": {"Sales": "SalesManager"}})
}

/// Makes a system administrator of the firm act in the place of a member who is none.
pub(crate) async fn impersonation(app: &TestApp, user: Uuid) -> String {
    let (boss, person) = if user == MAKER[0] {
        (app.system_admin(), user)
    } else {
        (app.other_admin(), Uuid::from_u128(user.as_u128() + 3))
    };
    let reason = json!({"reason": "to look at it"});
    let made = boss.post(&format!("/v1/users/{person}/impersonate"), reason).await.expect(200);
    made.body["impersonation_id"].as_str().expect("an id").to_owned()
}

/// A comparison with the firm's directory that waits for a person.
pub(crate) async fn directory_run(app: &TestApp, mark: &str, user: Uuid) -> String {
    let (id, firm) = (fresh(), firm_of(user).tenant_id());
    app.execute(&format!(
        "insert into users.directory_runs (tenant_id, run_id, day, status, started_at, reason)
         values ('{firm}', '{id}', '2026-11-20', 'held', '2026-11-20T12:00:00Z', '{mark}');
         insert into users.directory_seen (tenant_id, run_id, kind, id, active)
         select distinct m.tenant_id, '{id}'::uuid, 'person', m.external_id, true from users.memberships m
          where m.tenant_id = '{firm}' and m.external_id is not null"
    ))
    .await;
    id
}

/// An invitation that waits.
pub(crate) async fn invitation(app: &TestApp, mark: &str, user: Uuid) -> String {
    let boss = if user == MAKER[0] { app.system_admin() } else { app.other_admin() };
    let guest = json!({"email": format!("guest@{mark}.example"), "message": mark});
    let made = boss.post("/v1/invitations", guest).await.expect(201);
    made.body["invitation_id"].as_str().expect("an id").to_owned()
}

/// A hook of the firm's directory: its id, the key in its address, its secret.
pub(crate) async fn event_hook(app: &TestApp, user: Uuid) -> [String; 3] {
    let boss = if user == MAKER[0] { app.system_admin() } else { app.other_admin() };
    let made = boss.send(Request::new(Method::POST, "/v1/users/event-hooks")).await.expect(201);
    let text = |name: &str| made.body[name].as_str().expect(name).to_owned();
    let url = text("url");
    let key = url.rsplit('/').next().expect("a key").to_owned();
    [text("event_hook_id"), key, text("secret")]
}

/// Whoever may do an operation with the things of [`crate::fixtures::firm`].
pub(crate) fn owner(app: &TestApp, operation: &Operation) -> Client {
    // A comparison is for whoever made it, a change for somebody else than proposed it.
    match operation.id.as_str() {
        "rate_changes_approve" | "rate_overrides_approve" => app.second_admin(),
        "recommendations_approve" | "recommendations_refuse" => app.system_admin(),
        "user_profile_get"
        | "auth_policy_get"
        | "auth_policy_put"
        | "user_impersonate"
        | "identity_providers_list"
        | "identity_provider_put"
        | "identity_provider_delete"
        | "impersonations_list"
        | "impersonation_end" => app.system_admin(),
        "audit_record_history" | "audit_export" => app.system_admin(),
        "token_introspect" | "user_sessions_list" | "user_sessions_revoke" => app.system_admin(),
        id if administers(id) => app.system_admin(),
        _ => app.admin(),
    }
}

/// Whether an operation is for those who administer users, and what is kept of them.
fn administers(id: &str) -> bool {
    [
        "scim_",
        "event_hook",
        "directory_run",
        "invitations_",
        "retention_",
        "record_retention",
        "legal_holds_",
        "disposal",
        "erasure_",
        "users_",
        "user_roles_",
        "user_identities_",
        "group_role_mappings_",
    ]
    .iter()
    .any(|start| id.starts_with(start))
}
