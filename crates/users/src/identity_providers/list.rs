//! GET /v1/users/identity-providers

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::authz::ViewSignIn;
use wealth_db::sql;
use wealth_http::{App, Principal, Result, json};

use super::view::IdentityProvider;

/// Every issuer that the firm trusts: a handful.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentityProviders {
    items: Vec<IdentityProvider>,
}

/// List the issuers that the firm trusts
///
/// What is public of them; the platform's own issuer is trusted everywhere and not listed.
#[utoipa::path(get, path = "/v1/users/identity-providers", operation_id = "identity_providers_list",
    tag = "users",
    responses((status = 200, description = "All of them", body = IdentityProviders)),
    security(("bearer" = [])))]
pub(crate) async fn handler(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ViewSignIn>()?;
    let read = app.read("identity_providers_list", &principal);
    let rows = read.query_and_commit(sql!("users", "identity_provider_list"), &[]).await?;
    let items = rows.iter().map(IdentityProvider::read).collect::<Result<_>>()?;
    Ok(json(StatusCode::OK, &IdentityProviders { items })?.into_response())
}
