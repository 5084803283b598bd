//! Passkeys (W3C Web Authentication Level 3) by webauthn-rs: it checks type, challenge, origin,
//! relying party, user presence and verification, signature and counter. The state of a ceremony
//! rests in the database under a token that works once; nothing of it goes through the client.

use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::Checked;
use wealth_core::violations::Violations;
use wealth_http::{Problem, Result};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

use crate::one_time::OneTimeToken;
use crate::services::SettingsError;

/// Most bytes of a credential as text: those of real authenticators have a few thousand.
const CREDENTIAL_MAX: usize = 16_384;

/// The relying party that passkeys are made for.
#[derive(Debug, Clone)]
pub struct Ceremonies {
    relying_party: Webauthn,
    /// What authenticators show beside the account.
    pub(crate) name: String,
}

/// A new passkey, found right.
pub(crate) struct NewPasskey {
    /// Its id.
    pub(crate) credential_id: Vec<u8>,
    /// Public key and flags, as webauthn-rs keeps them.
    pub(crate) passkey: Value,
}

impl Ceremonies {
    /// Passkeys of the domain `rp_id`, used from these origins and no others.
    ///
    /// # Errors
    /// An origin that is no URL or lies outside the domain.
    pub fn new(rp_id: &str, origins: &[&str]) -> Result<Self, SettingsError> {
        let bad = |text| SettingsError::Bad("WEBAUTHN_ORIGINS", text);
        let parse = |origin: &&str| {
            Url::parse(origin).map_err(|_| bad("takes origins, such as https://app.example"))
        };
        let urls = origins.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
        let (first, rest) = urls.split_first().ok_or_else(|| bad("names no origin"))?;
        let builder = WebauthnBuilder::new(rp_id, first)
            .map_err(|_| bad("must lie within WEBAUTHN_RP_ID"))?;
        for url in rest {
            let domain = url.domain().unwrap_or_default();
            if domain != rp_id && !domain.ends_with(&format!(".{rp_id}")) {
                return Err(bad("must lie within WEBAUTHN_RP_ID"));
            }
        }
        let builder = rest.iter().fold(builder, WebauthnBuilder::append_allowed_origin);
        let relying_party = builder.build().map_err(|_| bad("cannot be used"))?;
        Ok(Self { relying_party, name: rp_id.to_owned() })
    }

    /// The relying party of an issuer whose pages are at its own address. A browser makes no
    /// passkeys for an IP address, so this machine is called by its name.
    ///
    /// # Errors
    /// An issuer that is no URL.
    pub fn of_issuer(issuer: &str) -> Result<Self, SettingsError> {
        let origin = issuer.replace("//127.0.0.1", "//localhost");
        let url = Url::parse(&origin);
        let host = url.as_ref().ok().and_then(|url| url.domain()).unwrap_or_default();
        Self::new(host, &[&origin])
    }

    /// Options for `navigator.credentials.create()`, and the state to keep.
    ///
    /// # Errors
    /// `internal_error`.
    pub(crate) fn begin_registration(&self, user_id: Uuid) -> Result<(Value, Value)> {
        let begun = self.relying_party.start_passkey_registration(user_id, "-", "-", None);
        let (options, state) = begun.map_err(|error| Problem::internal(error.to_string()))?;
        let mut options = to_json(&options)?;
        // So that it can sign in without a name where it can.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
        Ok((options["publicKey"].take(), to_json(&state)?))
    }

    /// The new passkey, if the answer is right for the state.
    pub(crate) fn register(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: Value,
    ) -> Option<NewPasskey> {
        let state: PasskeyRegistration = serde_json::from_value(state).ok()?;
        let passkey = self.relying_party.finish_passkey_registration(answer, &state);
        let passkey =
            passkey.inspect_err(|error| tracing::info!(%error, "passkey not registered")).ok()?;
        let credential_id = passkey.cred_id().to_vec();
        Some(NewPasskey { credential_id, passkey: serde_json::to_value(&passkey).ok()? })
    }

    /// Options for `navigator.credentials.get()`, and the state to keep.
    ///
    /// # Errors
    /// `internal_error`.
    pub(crate) fn begin_assertion(&self) -> Result<(Value, Value)> {
        let begun = self.relying_party.start_discoverable_authentication();
        let (options, state) = begun.map_err(|error| Problem::internal(error.to_string()))?;
        Ok((to_json(&options)?["publicKey"].take(), to_json(&state)?))
    }

    /// The proof for `users.spend_proof`, if the answer is right for what `users.passkey_for` found.
    pub(crate) fn verify(&self, assertion: &Assertion, found: &Value) -> Option<Value> {
        let user_id: Uuid = found["user_id"].as_str()?.parse().ok()?;
        if assertion.user_handle().is_some_and(|handle| handle != user_id.as_bytes()) {
            return None;
        }
        let state: DiscoverableAuthentication =
            serde_json::from_value(found["state"].clone()).ok()?;
        let mut passkey: Passkey = serde_json::from_value(found["passkey"].clone()).ok()?;
        let answer = &assertion.credential;
        let judged =
            self.relying_party.finish_discoverable_authentication_v2(answer, state, &passkey);
        let judged = judged.inspect_err(|error| tracing::info!(%error, "passkey refused")).ok()?;
        passkey.update_credential(&judged)?;
        Some(json!({
            "method": "webauthn",
            "factor_id": found["factor_id"],
            "counter": judged.counter(),
            "passkey": serde_json::to_value(&passkey).ok()?,
        }))
    }
}

/// A passkey's answer to a challenge.
pub(crate) struct Assertion {
    /// Names the ceremony.
    pub(crate) challenge: OneTimeToken,
    credential: PublicKeyCredential,
}

impl Assertion {
    /// Reads the two fields, noting what is wrong with them.
    pub(crate) fn read(
        challenge: Option<Checked<OneTimeToken>>,
        credential: Option<Value>,
        v: &mut Violations,
    ) -> Option<Self> {
        let challenge = challenge.unwrap_or_default().required("/challenge", v);
        let credential = credential_of(credential, v);
        Some(Self { challenge: challenge?, credential: credential? })
    }

    pub(crate) fn credential_id(&self) -> Vec<u8> {
        self.credential.get_credential_id().to_vec()
    }

    /// The user that the authenticator has kept beside the key, where it has.
    pub(crate) fn user_handle(&self) -> Option<&[u8]> {
        self.credential.get_user_unique_id()
    }
}

/// The member `credential`: what the browser's API gave, in its JSON form.
pub(crate) fn credential_of<T: serde::de::DeserializeOwned>(
    credential: Option<Value>,
    v: &mut Violations,
) -> Option<T> {
    let Some(credential) = credential else {
        v.add("/credential", "required", "is required");
        return None;
    };
    if credential.to_string().len() > CREDENTIAL_MAX {
        v.add("/credential", "too_long", "is larger than any authenticator's answer");
        return None;
    }
    let read = serde_json::from_value(credential);
    if read.is_err() {
        v.add("/credential", "wrong_format", "is not a credential in the JSON form of WebAuthn");
    }
    read.ok()
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Problem::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_must_lie_within_the_domain() {
        assert!(
            Ceremonies::new("a.example", &["https://a.example", "https://app.a.example"]).is_ok()
        );
        for origins in [
            &["https://b.example"][..],
            &["https://a.example", "https://b.example"],
            &["https://a.example", "https://xa.example"],
            &["nonsense"],
            &[],
        ] {
            assert!(Ceremonies::new("a.example", origins).is_err(), "{origins:?}");
        }
        assert_eq!(Ceremonies::of_issuer("http://127.0.0.1:9000").unwrap().name, "localhost");
    }
}
