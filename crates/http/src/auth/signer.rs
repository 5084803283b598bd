//! Signing access tokens (RFC 8037, RFC 9068).

use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key that cannot be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// The machine gave no randomness.
    #[error("no key could be generated")]
    Generate,
    /// The bytes are not the PKCS #8 form of an Ed25519 key.
    #[error("the saved signing key cannot be read")]
    Read,
}

/// An Ed25519 key that signs access tokens.
///
/// Ed25519 needs no randomness to sign: the same key and claims give the same token.
pub struct TokenSigner {
    pkcs8: Vec<u8>,
    key: Ed25519KeyPair,
}

impl TokenSigner {
    /// Makes a key. The caller saves [`Self::pkcs8`] so that tokens outlive the process.
    ///
    /// # Errors
    /// [`SignerError::Generate`].
    pub fn generate() -> Result<Self, SignerError> {
        let key = Ed25519KeyPair::generate().map_err(|_| SignerError::Generate)?;
        let pkcs8 = key.to_pkcs8().map_err(|_| SignerError::Generate)?;
        Ok(Self { pkcs8: pkcs8.as_ref().to_vec(), key })
    }

    /// Reads a saved key.
    ///
    /// # Errors
    /// [`SignerError::Read`].
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, SignerError> {
        let key = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| SignerError::Read)?;
        Ok(Self { pkcs8: pkcs8.to_vec(), key })
    }

    /// The private key, to be saved where only its owner can read it.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public key as a JWK (RFC 7517).
    pub fn jwk(&self) -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "x": self.x(),
            "use": "sig", "alg": self.algorithm(), "kid": self.key_id(),
        })
    }

    /// `alg` of the tokens.
    pub fn algorithm(&self) -> &'static str {
        "EdDSA"
    }

    /// A signed token of type `at+jwt` with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": self.algorithm(), "typ": "at+jwt", "kid": self.key_id() });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    /// The thumbprint of the public key (RFC 7638, RFC 8037 §2): a new key has a new id.
    pub fn key_id(&self) -> String {
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
    }

    fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.public_key())
    }
}
