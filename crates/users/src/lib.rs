//! The users context: who somebody is and what may be done in that name. Identities of any
//! provider, sign-in, tokens and sessions, roles, second factors, API keys and directory sync.

mod api_keys;
mod auth;
mod directory;
mod directory_runs;
mod discovery;
mod event_hooks;
mod events;
mod field;
mod fields;
mod identities;
mod identity_providers;
mod impersonation;
mod invitations;
pub mod jobs;
pub mod keys;
pub mod mail;
mod mappings;
mod me;
mod mfa;
pub mod one_time;
pub mod passwords;
mod profile;
pub mod reconcile;
mod reviews;
mod roles;
mod scim;
mod services;
mod sessions;
mod sign_in_policy;
pub mod tokens;

use wealth_http::{Routes, routes};

pub use events::on_event;
pub use mfa::Ceremonies;
pub use services::{Parts, Services, Settings, SettingsError};

/// Second factors.
fn mfa<R: Routes>() -> R {
    R::empty()
        .routes(routes!(mfa::get::handler))
        .routes(routes!(mfa::totp_start::handler))
        .routes(routes!(mfa::totp_confirm::handler))
        .routes(routes!(mfa::recovery_renew::handler))
        .routes(routes!(mfa::remove::handler))
        .routes(routes!(mfa::passkey_options::handler))
        .routes(routes!(mfa::passkey_register::handler))
        .routes(routes!(mfa::assertion_options::handler))
        .routes(routes!(mfa::passkey_sign_in::handler))
        .routes(routes!(mfa::second_step::handler))
        .routes(routes!(mfa::step_up::handler))
}

/// Every route of the context.
pub fn router<R: Routes>(services: Services) -> R {
    R::empty()
        .routes(routes!(discovery::configuration))
        .routes(routes!(discovery::jwks))
        .routes(routes!(auth::register::handler))
        .routes(routes!(auth::verify_email::handler))
        .routes(routes!(auth::resend_verification::handler))
        .routes(routes!(auth::sign_in::handler))
        .routes(routes!(auth::sign_out::handler))
        .routes(routes!(auth::recover::handler))
        .routes(routes!(auth::complete_recovery::handler))
        .routes(routes!(me::get::handler))
        .and(profile::router())
        .and(sign_in_policy::router())
        .and(identity_providers::router())
        .and(event_hooks::router())
        .and(directory_runs::router())
        .and(impersonation::router())
        .and(invitations::router())
        .routes(routes!(me::password::handler))
        .routes(routes!(me::security_questions::handler))
        .routes(routes!(api_keys::list::handler, api_keys::create::handler))
        .routes(routes!(api_keys::get::handler, api_keys::revoke::handler))
        .routes(routes!(api_keys::rotate::handler))
        .routes(routes!(tokens::endpoint::handler))
        .routes(routes!(tokens::revoke::handler))
        .routes(routes!(tokens::introspect::handler))
        .routes(routes!(sessions::list::handler))
        .routes(routes!(sessions::revoke::one))
        .routes(routes!(sessions::revoke::others))
        .routes(routes!(sessions::revoke::all))
        .routes(routes!(sessions::of_user::list, sessions::of_user::revoke))
        .and(mfa())
        .and(directory::router())
        .and(roles::router())
        .and(mappings::router())
        .and(identities::router())
        .and(reviews::router())
        .and(scim::router())
        .carrying(services)
}
