//! PUT /v1/users/identity-providers/{identity_provider_id}

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::{Authorized, ConfigureSignIn};
use wealth_core::violations::Violations;
use wealth_core::{problem, text};
use wealth_db::{Row, p, sql};
use wealth_http::auth::is_public_address;
use wealth_http::{
    App, Done, IfMatch, Input, PathParams, Principal, Result, Row404, Write, json as reply,
};

use super::view::IdentityProvider;
use crate::services::Services;

/// A kind of provider.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Provider {
    /// Okta.
    Okta,
    /// Amazon Cognito.
    Cognito,
    /// Another provider of OpenID Connect.
    Oidc,
}

/// A signature algorithm.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
pub(crate) enum Algorithm {
    /// RSA with SHA-256.
    RS256,
    /// ECDSA on P-256.
    ES256,
    /// Ed25519.
    EdDSA,
}

/// Where roles come from.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RoleSource {
    /// The token's groups, by `group_roles`.
    Claims,
    /// The same, and each must be granted here too.
    Grants,
}

/// An issuer to trust, and how.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetIdentityProvider {
    /// `iss` of its tokens: an HTTPS address of a public name. Stays as it was first set.
    #[schema(max_length = 512, example = "https://firm.okta.com/oauth2/default")]
    issuer: String,
    provider: Provider,
    /// The audiences of which a token must name one.
    #[schema(min_items = 1, max_items = 10)]
    audience: Vec<String>,
    /// Where its keys are: an HTTPS address of a public name.
    #[schema(max_length = 512, example = "https://firm.okta.com/oauth2/default/v1/keys")]
    jwks_uri: String,
    #[schema(min_items = 1, max_items = 3)]
    algorithms: Vec<Algorithm>,
    /// `typ` of its access tokens: `at+jwt` or `JWT`.
    #[schema(min_items = 1, max_items = 2)]
    token_types: Vec<String>,
    /// The claim that names the firm, where the issuer serves several.
    #[schema(max_length = 200)]
    tenant_claim: Option<String>,
    /// The claim that holds the groups.
    #[schema(max_length = 200)]
    role_claim: Option<String>,
    /// The claim that holds the directory's id of the person, such as `uid` at Okta and `oid` at Entra.
    /// Whoever was provisioned under it (`externalId`) is known by this sign-in from then on; only
    /// where no other firm trusts the issuer.
    #[schema(max_length = 200, example = "uid")]
    directory_claim: Option<String>,
    role_source: RoleSource,
    /// The role that each group gives; at most 100 groups.
    #[serde(default)]
    group_roles: BTreeMap<String, String>,
}

const NAME: text::Rule = text::Rule { min: 1, max: 200, multiline: false };

impl SetIdentityProvider {
    fn validate(&self, platform: &str) -> Result<(), Violations> {
        let mut v = Violations::new();
        for (pointer, address) in [("/issuer", &self.issuer), ("/jwks_uri", &self.jwks_uri)] {
            if !is_public_address(address) {
                let text = "must be an HTTPS address of a public name, at most 512 characters";
                v.add(pointer, "address_refused", text);
            }
        }
        if self.issuer == platform {
            v.add("/issuer", "address_refused", "is the platform itself, which is trusted anyway");
        }
        if !(1..=3).contains(&self.algorithms.len()) {
            v.add("/algorithms", "out_of_range", "takes 1 to 3 values");
        }
        if !(1..=2).contains(&self.token_types.len())
            || self.token_types.iter().any(|typ| typ != "at+jwt" && typ != "JWT")
        {
            v.add("/token_types", "unknown_value", "takes at+jwt, JWT or both");
        }
        if !(1..=10).contains(&self.audience.len()) {
            v.add("/audience", "out_of_range", "takes 1 to 10 values");
        }
        for (index, audience) in self.audience.iter().take(10).enumerate() {
            exact(audience, &format!("/audience/{index}"), &mut v);
        }
        for (pointer, claim) in [
            ("/tenant_claim", &self.tenant_claim),
            ("/role_claim", &self.role_claim),
            ("/directory_claim", &self.directory_claim),
        ] {
            claim.iter().for_each(|claim| exact(claim, pointer, &mut v));
        }
        if self.group_roles.len() > 100 {
            v.add("/group_roles", "out_of_range", "takes at most 100 groups");
        }
        for (group, role) in self.group_roles.iter().take(100) {
            exact(group, "/group_roles", &mut v);
            exact(role, "/group_roles", &mut v);
        }
        v.into_result(())
    }
}

/// A name that is compared as it stands: nothing of it may be trimmed away.
fn exact(name: &str, pointer: &str, v: &mut Violations) {
    if text::clean(name, NAME, pointer, v).is_some_and(|clean| clean != name) {
        v.add(pointer, "character_refused", "must neither begin nor end with a space");
    }
}

/// Trust an issuer, or change how
///
/// The id is the caller's choice and stays; If-Match takes `"0"` for a new one. Its people are known
/// by issuer and subject, never by their address. Takes a recent sign-in.
#[utoipa::path(put, path = "/v1/users/identity-providers/{identity_provider_id}",
    operation_id = "identity_provider_put", tag = "users",
    params(
        ("identity_provider_id" = Uuid, Path, description = "The identity provider"),
        ("If-Match" = String, Header, description = "Its version as an ETag, or `*`"),
    ),
    request_body = SetIdentityProvider,
    responses((status = 200, description = "The identity provider", body = IdentityProvider,
        headers(("ETag" = String)))), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    IfMatch(expected): IfMatch,
    input: Input<SetIdentityProvider>,
) -> Result<Response> {
    let allowed = principal.authorize::<ConfigureSignIn>()?;
    input.body.validate(&services.settings.issuer)?;
    let write = app.write("identity_provider_put", &principal, &input.idempotency);
    let (done, row) = put(write, &allowed, id, &input.body, expected).await?;
    let answer = reply(StatusCode::OK, &IdentityProvider::read(&row)?)?;
    done.reply(answer.etag(row.get("version"))).await
}

async fn put(
    write: Write,
    _: &Authorized<ConfigureSignIn>,
    id: Uuid,
    settings: &SetIdentityProvider,
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let settings = json!(settings);
    let (done, mut answers) = write
        .last(&[
            (
                sql!("users", "identity_provider_put"),
                &[p::uuid(&id), p::json(&settings), p::int8(&expected)],
            ),
            (sql!("users", "identity_provider_get"), &[p::uuid(&id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
