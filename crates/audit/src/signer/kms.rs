//! A key of AWS KMS: it signs there and leaves it never, not even to us.

use async_trait::async_trait;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use tokio::sync::OnceCell;

use super::{KeyError, Signer, Stored, answered};

/// What stands before the 32 bytes of an Ed25519 public key in a SubjectPublicKeyInfo (RFC 8410 §4).
const SPKI: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A key of the kind `ECC_NIST_EDWARDS25519`, for `SIGN_VERIFY`.
pub(super) struct KmsKey {
    client: Client,
    key: String,
    public: OnceCell<[u8; 32]>,
    former: Vec<[u8; 32]>,
}

impl KmsKey {
    pub(super) fn of(client: Client, stored: &Stored) -> Result<Self, KeyError> {
        let Stored { signing_key: None, kms_key: Some(key), .. } = stored else {
            return Err(KeyError::Malformed("it takes one key that signs"));
        };
        let former = stored.former()?;
        Ok(Self { client, key: key.clone(), public: OnceCell::new(), former })
    }

    async fn fetch(&self) -> Result<[u8; 32], KeyError> {
        let asked = self.client.get_public_key().key_id(&self.key).send();
        let answer = answered(asked).await?;
        let bytes = answer.public_key().map(AsRef::as_ref).unwrap_or_default();
        let public = bytes.strip_prefix(SPKI).and_then(|key| key.try_into().ok());
        public.ok_or(KeyError::Malformed("the key of KMS is not of Ed25519"))
    }
}

#[async_trait]
impl Signer for KmsKey {
    async fn public_keys(&self) -> Result<Vec<[u8; 32]>, KeyError> {
        let own = *self.public.get_or_try_init(|| self.fetch()).await?;
        Ok(std::iter::once(own).chain(self.former.iter().copied()).collect())
    }

    /// KMS signs up to 4,096 bytes as they are, ten times as many as a note about a log has.
    async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let sign = self.client.sign().key_id(&self.key).message(Blob::new(message));
        let sign = sign.message_type(MessageType::Raw);
        let asked = sign.signing_algorithm(SigningAlgorithmSpec::Ed25519Sha512).send();
        let signature = answered(asked).await?.signature;
        let signature = signature.ok_or(KeyError::Malformed("KMS gave no signature"))?;
        Ok(signature.into_inner())
    }
}
