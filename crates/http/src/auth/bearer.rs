//! The Authorization header.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::error::{AuthError, Refusal};

/// Takes the token out of `Authorization: Bearer <token>` (RFC 6750 §2.1).
///
/// The scheme is read without case (RFC 9110 §11.1). Two Authorization headers are refused, since
/// a proxy and we could each choose another one.
///
/// # Errors
/// [`Refusal::NoCredentials`] without the header, [`Refusal::MalformedAuthorization`] else.
pub fn bearer(headers: &HeaderMap) -> Result<&str, AuthError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refusal::NoCredentials)?;
    if values.next().is_some() {
        return Err(Refusal::MalformedAuthorization.into());
    }
    let text = value.to_str().map_err(|_| Refusal::MalformedAuthorization)?;
    let (scheme, token) = text.split_once(' ').ok_or(Refusal::MalformedAuthorization)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains([' ', ',']) {
        return Err(Refusal::MalformedAuthorization.into());
    }
    Ok(token)
}
