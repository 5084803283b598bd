//! The users context: who somebody is and what may be done in that name. Identities of any
//! provider, sign-in, tokens and sessions, roles, second factors, API keys and directory sync.

mod discovery;
mod impersonation;
pub mod keys;
mod me;
mod profile;
mod services;
mod sign_in_policy;
pub mod tokens;

use axum::Extension;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wealth_http::App;

pub use services::{Parts, Services, Settings, SettingsError};

/// Every route of the context.
pub fn router(services: Services) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(discovery::configuration))
        .routes(routes!(discovery::jwks))
        .routes(routes!(me::get::handler))
        .merge(profile::router())
        .merge(sign_in_policy::router())
        .merge(impersonation::router())
        .layer(Extension(services))
}
