//! Which addresses a firm may enter: of issuers, keys, feeds. They are fetched from inside our network, so they are treated
//! as hostile (OWASP API7); the fetcher judges the address again once the name is resolved.

use std::net::IpAddr;

use http::Uri;

/// Longest address.
const MAX: usize = 512;

/// Whether it is an HTTPS address of a public name, at most 512 characters: no address in digits, no
/// name that only a private network knows, no other port, no user, no query and no fragment.
pub fn is_public_address(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let Some(authority) = uri.authority() else { return false };
    let host = uri.host().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let digits = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    let last = host.rsplit('.').next().unwrap_or_default();
    let private = ["local", "localhost", "internal", "intranet", "lan", "home", "corp", "arpa"];
    text.len() <= MAX
        && uri.scheme_str() == Some("https")
        && !authority.as_str().contains('@')
        && matches!(uri.port_u16(), None | Some(443))
        && host.contains('.')
        && !digits
        // 0x7f.1 and the like are numbers to some resolvers.
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
        && !private.contains(&last)
        && uri.query().is_none()
        && !text.contains('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_names_over_https() {
        for good in ["https://firm.okta.com/oauth2/v1/keys", "https://id.example:443/a"] {
            assert!(is_public_address(good), "{good}");
        }
        for bad in [
            "",
            "http://firm.okta.com/keys",
            "https://localhost/keys",
            "https://idp/keys",
            "https://127.0.0.1/keys",
            "https://[::1]/keys",
            "https://169.254.169.254/latest",
            "https://0x7f.1/keys",
            "https://10.0.0.1./keys",
            "https://metadata.google.internal/keys",
            "https://user@firm.okta.com/keys",
            "https://firm.okta.com:8443/keys",
            "https://firm.okta.com/keys?x=1",
            "https://firm.okta.com/keys#x",
            "file:///etc/passwd",
        ] {
            assert!(!is_public_address(bad), "{bad}");
        }
    }
}
