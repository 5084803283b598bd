//! Who provisions: a caller that may, and the address under which it reached us.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use wealth_core::authz::{Authorized, ProvisionUsers};
use wealth_http::{App, Principal, Problem, Purpose};

use crate::services::Services;

/// The firm's directory, or somebody who may act as it. The tenant is the credential's; nothing in
/// address or body has a say in it.
pub(crate) struct Directory {
    pub(crate) principal: Principal,
    pub(crate) allowed: Authorized<ProvisionUsers>,
    /// Address of the SCIM root, without a slash at its end.
    pub(crate) base: String,
    pub(crate) services: Services,
    /// What people are looked at for, if the directory says so.
    pub(crate) purpose: Purpose,
}

impl FromRequestParts<App> for Directory {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, app).await?;
        let allowed = principal.authorize::<ProvisionUsers>()?;
        let services = parts.extensions.get::<Services>().cloned();
        let services =
            services.ok_or_else(|| Problem::internal("no services beside the routes"))?;
        let purpose = Purpose::from_request_parts(parts, app).await?;
        Ok(Self { principal, allowed, base: base(parts), services, purpose })
    }
}

/// The address as the caller wrote it: a resource's location must be one that the caller can use.
fn base(parts: &Parts) -> String {
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str()).or_else(|| parts.uri.host()).unwrap_or_default();
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(named) {
        return "/scim/v2".to_owned();
    }
    let local = host.starts_with("127.0.0.1") || host.starts_with("localhost");
    let scheme = match text("x-forwarded-proto") {
        Some("http") => "http",
        None if local => "http",
        _ => "https",
    };
    format!("{scheme}://{host}/scim/v2")
}
