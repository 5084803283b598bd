//! What the columns of the configuration mean.

use serde_json::{Value, json};

use crate::auth::source::Settings;
use crate::auth::{Algorithm, AudienceClaim, KeyLocation, RoleSource};

fn settings(provider: &str) -> Settings {
    Settings {
        provider: provider.to_owned(),
        jwks_uri: Some("https://idp.example.com/keys".to_owned()),
        jwks: None,
        algorithms: ["RS256", "RS512", "EdDSA", "HS256", "none"].map(str::to_owned).into(),
        token_types: vec!["at+jwt".to_owned()],
        role_source: "grants".to_owned(),
        group_roles: json!({"Sales": ["SalesRepresentative"]}),
    }
}

#[test]
fn cognito_has_a_client_instead_of_an_audience() {
    let cognito = settings("cognito");
    assert_eq!(cognito.audience_claim(), AudienceClaim::ClientId);
    assert_eq!(cognito.token_use().as_deref(), Some("access"));
    assert_eq!(cognito.token_types(), ["at+jwt", ""]);
    let okta = settings("okta");
    assert_eq!(okta.audience_claim(), AudienceClaim::Aud);
    assert_eq!((okta.token_use(), okta.token_types()), (None, vec!["at+jwt".to_owned()]));
}

#[test]
fn unknown_algorithms_are_left_out() {
    assert_eq!(settings("oidc").algorithms(), [Algorithm::Rs256, Algorithm::EdDsa]);
}

#[test]
fn only_the_local_issuer_names_our_roles() {
    assert_eq!(settings("local").group_roles().unwrap(), None);
    let map = settings("oidc").group_roles().unwrap().unwrap();
    assert_eq!(map["Sales"], ["SalesRepresentative"]);
    let mut broken = settings("oidc");
    broken.group_roles = json!({"Sales": 1});
    assert!(broken.group_roles().is_err());
}

#[test]
fn pinned_keys_win_over_an_address() {
    let mut row = settings("oidc");
    assert!(matches!(row.keys(), KeyLocation::Uri(_)));
    row.jwks = Some(json!({"keys": []}));
    assert!(matches!(row.keys(), KeyLocation::Static(_)));
    (row.jwks, row.jwks_uri) = (None, None);
    assert_eq!(row.keys(), KeyLocation::Static(Value::Null));
}

#[test]
fn anything_but_claims_checks_the_grants() {
    let mut row = settings("oidc");
    for (text, expected) in [
        ("claims", RoleSource::Claims),
        ("grants", RoleSource::Grants),
        ("CLAIMS", RoleSource::Grants),
    ] {
        row.role_source = text.to_owned();
        assert_eq!(row.role_source(), expected);
    }
}
