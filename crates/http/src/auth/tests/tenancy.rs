//! A token acts in one tenant, the one that its issuer is bound to.

use serde_json::{Value, json};
use uuid::Uuid;

use super::world::*;
use crate::auth::{AudienceClaim, IssuerConfig, KeyLocation, Refusal, RoleSource};

const COGNITO: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI";

fn shared(tenant_id: Uuid) -> IssuerConfig {
    IssuerConfig {
        tenant_id: Some(tenant_id),
        tenant_claim: Some("tenant_id".to_owned()),
        ..config()
    }
}

fn named(tenant: impl Into<Value>) -> String {
    ED.token(&header(&ED, "ed"), &claims_with(json!({"tenant_id": tenant.into()})))
}

fn cognito() -> IssuerConfig {
    IssuerConfig {
        issuer: COGNITO.to_owned(),
        provider: "cognito".to_owned(),
        tenant_id: Some(OTHER_TENANT),
        audiences: vec!["client-1".to_owned()],
        audience_claim: AudienceClaim::ClientId,
        keys: KeyLocation::Static(json!({"keys": [OTHER_RSA.jwk("rsa")]})),
        token_types: vec![String::new()],
        token_use: Some("access".to_owned()),
        role_claim: Some("cognito:groups".to_owned()),
        role_source: RoleSource::Grants,
        ..config()
    }
}

fn cognito_claims() -> Value {
    json!({
        "iss": COGNITO, "client_id": "client-1", "token_use": "access", "sub": "user-2",
        "cognito:groups": ["Sales", "Sales"], "iat": now().timestamp(), "exp": now().timestamp() + 60,
    })
}

#[test]
fn a_shared_issuer_must_name_a_tenant_it_is_bound_to() {
    let world = World::new();
    world.configure(vec![shared(TENANT), shared(OTHER_TENANT)]);
    assert_eq!(world.accepted(&named(TENANT.to_string())).tenant_id, TENANT);
    assert_eq!(world.accepted(&named(OTHER_TENANT.to_string())).tenant_id, OTHER_TENANT);
    let id = TENANT.to_string();
    let wrong = [
        json!(Uuid::from_u128(0xC).to_string()),
        json!(""),
        json!(null),
        json!([id]),
        json!(1),
        json!({"id": id}),
        json!(id.replace('-', "")),
        json!(format!("{{{id}}}")),
        json!("*"),
        json!(format!("urn:uuid:{id}")),
        json!(format!("{id} ")),
    ];
    for tenant in wrong {
        assert_eq!(world.refusal(&named(tenant.clone())), Refusal::Tenant, "{tenant}");
    }
    assert_eq!(world.refusal(&good()), Refusal::Tenant);
}

#[test]
fn a_single_binding_with_a_tenant_claim_requires_it_too() {
    let world = World::with(shared(TENANT));
    world.accepted(&named(TENANT.to_string()));
    assert_eq!(world.refusal(&named(OTHER_TENANT.to_string())), Refusal::Tenant);
    assert_eq!(world.refusal(&good()), Refusal::Tenant);
}

#[test]
fn two_bindings_without_a_tenant_claim_accept_nothing() {
    let world = World::new();
    world.configure(vec![config(), IssuerConfig { tenant_id: Some(OTHER_TENANT), ..config() }]);
    assert_eq!(world.refusal(&good()), Refusal::Tenant);
    assert_eq!(world.refusal(&named(TENANT.to_string())), Refusal::Tenant);
}

#[test]
fn a_token_that_names_two_tenants_is_refused() {
    let world = World::new();
    let org = IssuerConfig { tenant_claim: Some("org".to_owned()), ..shared(OTHER_TENANT) };
    world.configure(vec![shared(TENANT), org]);
    let claims = claims_with(json!({"tenant_id": TENANT, "org": OTHER_TENANT}));
    assert_eq!(world.refusal(&ED.token(&header(&ED, "ed"), &claims)), Refusal::Tenant);
}

#[test]
fn a_broken_binding_still_counts() {
    let world = World::new();
    let broken = IssuerConfig {
        tenant_id: Some(OTHER_TENANT),
        keys: KeyLocation::Static(json!({"keys": []})),
        ..config()
    };
    world.configure(vec![config(), broken.clone()]);
    assert_eq!(world.refusal(&good()), Refusal::Tenant);
    assert_eq!(World::with(broken).refusal(&good()), Refusal::BrokenConfiguration);
}

#[test]
fn the_keys_are_those_of_the_named_tenants_binding() {
    let world = World::new();
    let keys = |key| KeyLocation::Static(json!({"keys": [key]}));
    world.configure(vec![
        IssuerConfig { keys: keys(ED.jwk("ed")), ..shared(TENANT) },
        IssuerConfig { keys: keys(OTHER_ED.jwk("ed")), ..shared(OTHER_TENANT) },
    ]);
    world.accepted(&named(TENANT.to_string()));
    // Signed with tenant A's key, naming tenant B.
    assert_eq!(world.refusal(&named(OTHER_TENANT.to_string())), Refusal::Signature);
}

#[test]
fn one_key_id_at_two_issuers_means_two_keys() {
    let world = World::new();
    world.configure(vec![config(), cognito()]);
    let head = json!({"alg": "RS256", "kid": "rsa"});
    let crossed = RSA.token(&head, &cognito_claims());
    assert_eq!(world.refusal(&crossed), Refusal::Signature);
    let crossed = OTHER_RSA.token(&header(&RSA, "rsa"), &claims());
    assert_eq!(world.refusal(&crossed), Refusal::Signature);
    assert_eq!(world.accepted(&OTHER_RSA.token(&head, &cognito_claims())).tenant_id, OTHER_TENANT);
    assert_eq!(world.accepted(&RSA.token(&header(&RSA, "rsa"), &claims())).tenant_id, TENANT);
}

#[test]
fn a_cognito_access_token_works_where_cognito_is_configured() {
    let world = World::with(cognito());
    let head = json!({"alg": "RS256", "kid": "rsa"});
    let token = world.accepted(&OTHER_RSA.token(&head, &cognito_claims()));
    assert_eq!(token.roles, ["SalesRepresentative"]);
    assert!(token.check_grants);
}

#[test]
fn a_cognito_token_for_a_tenant_of_okta_is_refused() {
    let world = World::new();
    let head = json!({"alg": "RS256", "kid": "rsa"});
    assert_eq!(world.refusal(&OTHER_RSA.token(&head, &cognito_claims())), Refusal::UnknownIssuer);
    // Even when Okta's tenant is claimed inside.
    let world = World::new();
    world.configure(vec![config(), cognito()]);
    let mut claims = cognito_claims();
    claims["tenant_id"] = json!(TENANT);
    claims["custom:tenant_id"] = json!(TENANT);
    assert_eq!(world.accepted(&OTHER_RSA.token(&head, &claims)).tenant_id, OTHER_TENANT);
}

#[test]
fn an_id_token_is_no_access_token() {
    let world = World::with(cognito());
    let head = json!({"alg": "RS256", "kid": "rsa"});
    let mut id_token = cognito_claims();
    id_token["token_use"] = json!("id");
    id_token["aud"] = json!("client-1");
    assert_eq!(world.refusal(&OTHER_RSA.token(&head, &id_token)), Refusal::TokenUse);
    for value in [json!(null), json!(["access"]), json!("ACCESS"), json!("")] {
        id_token["token_use"] = value;
        assert_eq!(world.refusal(&OTHER_RSA.token(&head, &id_token)), Refusal::TokenUse);
    }
    id_token.as_object_mut().unwrap().shift_remove("token_use");
    assert_eq!(world.refusal(&OTHER_RSA.token(&head, &id_token)), Refusal::TokenUse);
    // The audience of an ID token does not stand in for the client of an access token.
    let mut claims = cognito_claims();
    claims.as_object_mut().unwrap().shift_remove("client_id");
    claims["aud"] = json!("client-1");
    assert_eq!(world.refusal(&OTHER_RSA.token(&head, &claims)), Refusal::Audience);
}

#[test]
fn groups_become_roles_through_the_map_only() {
    let roles = |groups: Value| {
        let claims = claims_with(json!({"groups": groups}));
        World::new().accepted(&ED.token(&header(&ED, "ed"), &claims)).roles.clone()
    };
    assert_eq!(roles(json!(["Sales", "Sales"])), ["SalesRepresentative"]);
    assert_eq!(roles(json!("Sales")), ["SalesRepresentative"]);
    assert!(roles(json!(["SystemAdministrator", "SalesRepresentative", "sales"])).is_empty());
    assert!(roles(json!([])).is_empty());
}

#[test]
fn nested_claims_are_reached_by_pointer() {
    let row = IssuerConfig {
        role_claim: Some("/realm_access/roles".to_owned()),
        tenant_claim: Some("/https:~1~1x/tenant".to_owned()),
        ..config()
    };
    let claims = claims_with(json!({
        "realm_access": {"roles": ["Sales"]}, "https://x": {"tenant": TENANT},
    }));
    let token = World::with(row).accepted(&ED.token(&header(&ED, "ed"), &claims));
    assert_eq!(token.roles, ["SalesRepresentative"]);
}
