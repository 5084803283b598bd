//! TLS with full verification: the chain and the host name, or no connection.

use std::str::FromStr;
use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use thiserror::Error;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// No TLS: only for a server on this machine.
    Disable,
    /// TLS with a trusted chain and a matching host name; no fallback to plain text.
    VerifyFull,
}

impl FromStr for TlsMode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "disable" => Ok(Self::Disable),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err("use verify-full, or disable for a server on this machine".to_owned()),
        }
    }
}

/// Why no TLS configuration could be made.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The extra root certificates are not PEM certificates.
    #[error("DB_CA_BUNDLE holds no usable certificate: {0}")]
    Bundle(String),
    /// The provider refused its own defaults.
    #[error("TLS cannot be set up: {0}")]
    Provider(#[from] rustls::Error),
}

/// A connector trusting the public roots (the proxy's ACM certificate chains to them) and, where
/// given, the RDS bundle (an instance presents a private Amazon root; rules.md 2.2).
pub(crate) fn connector(ca_bundle: Option<&str>) -> Result<MakeRustlsConnect, TlsError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = ca_bundle {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|e| TlsError::Bundle(e.to_string()))?;
            roots.add(certificate).map_err(|e| TlsError::Bundle(e.to_string()))?;
        }
        if roots.len() == before {
            return Err(TlsError::Bundle("the file is empty".to_owned()));
        }
    }
    // The provider is named here: no process-wide default that a second provider could contest.
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
