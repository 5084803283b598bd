//! What this context needs beside the database: its own address, its keys, and the ways out.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use wealth_core::{Email, Parse as _};

use crate::keys::{KeySource, KeyStore, SecretsManagerKeys, StaticKeys};
use crate::mail::{Mailer, NoMailer, Outbox, Ses};
use crate::mfa::Ceremonies;
use crate::passwords::{Passwords, Scheme};
use crate::reconcile::{Directories, Folder, NoDirectories, SecretDirectories};

/// What the handlers of this context share; clones share everything.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

/// The parts of [`Services`].
pub struct Parts {
    /// Addresses and names.
    pub settings: Settings,
    /// The platform's own keys.
    pub keys: KeyStore,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Sends mail.
    pub mailer: Arc<dyn Mailer>,
    /// What passkeys are made for.
    pub ceremonies: Ceremonies,
    /// The directories of the firms.
    pub directories: Arc<dyn Directories>,
}

/// Addresses and names.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `ISSUER_URL`: the platform's address as an issuer of tokens, without a slash at its end.
    pub issuer: String,
    /// `APP_URL`: where people open the links of our mails; the issuer's address unless given.
    pub app_url: String,
    /// `ANSWER_AFTER_MS`: when an answer leaves that must not tell by its time whether an address has
    /// an account, 100 ms unless given. Nothing is held back if zero.
    pub answer_after: Duration,
}

impl Settings {
    /// `aud` of the platform's access tokens.
    pub const AUDIENCE: &str = "wealth";
    /// Several times what a hash and two round trips take.
    pub const ANSWER_AFTER: Duration = Duration::from_millis(100);
}

/// Why the function cannot start. One line each.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// A variable is missing.
    #[error("set {0}")]
    Missing(&'static str),
    /// A variable has a value that cannot be used.
    #[error("{0}: {1}")]
    Bad(&'static str, &'static str),
}

impl Services {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Reads `ISSUER_URL` and `USERS_SECRET_ARN`, or `USERS_KEYS_FILE` on a developer's machine. No
    /// secret is asked for before it is needed. `PASSWORD_SCHEME` says how new passwords are hashed;
    /// mail goes to the folder `MAIL_OUTBOX`, or through SES from `MAIL_FROM`, or waits. Directories
    /// of firms are files in `DIRECTORY_FOLDER`, or known by secrets whose names begin with
    /// `DIRECTORY_SECRET_PREFIX`, or there are none.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub async fn from_env() -> Result<Self, SettingsError> {
        let get = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let settings = Settings::from_lookup(get)?;
        let source: Arc<dyn KeySource> = match (get("USERS_KEYS_FILE"), get("USERS_SECRET_ARN")) {
            (Some(file), _) => Arc::new(StaticKeys(
                std::fs::read_to_string(file)
                    .map_err(|_| SettingsError::Bad("USERS_KEYS_FILE", "cannot be read"))?,
            )),
            (None, Some(secret)) => Arc::new(SecretsManagerKeys::from_env(secret).await),
            (None, None) => return Err(SettingsError::Missing("USERS_SECRET_ARN")),
        };
        let scheme =
            get("PASSWORD_SCHEME").map_or(Some(Scheme::default()), |text| Scheme::parse(&text));
        let scheme = scheme.ok_or(SettingsError::Bad(
            "PASSWORD_SCHEME",
            "takes argon2id, argon2id:m=19456,t=2,p=1, bcrypt or bcrypt:12, and nothing weaker",
        ))?;
        let mailer: Arc<dyn Mailer> = match (get("MAIL_OUTBOX"), sender(get("MAIL_FROM"))?) {
            (Some(folder), from) => {
                let from = from.unwrap_or_else(|| "no-reply@localhost".to_owned());
                Arc::new(Outbox::new(folder.as_ref(), &from))
            }
            (None, Some(from)) => Arc::new(Ses::from_env(from).await),
            (None, None) => Arc::new(NoMailer),
        };
        let (keys, passwords) = (KeyStore::new(source), Passwords::new(scheme));
        let ceremonies = ceremonies(&settings, get)?;
        let directories: Arc<dyn Directories> =
            match (get("DIRECTORY_FOLDER"), get("DIRECTORY_SECRET_PREFIX")) {
                (Some(folder), _) => Arc::new(Folder::new(folder)),
                (None, Some(prefix)) => Arc::new(SecretDirectories::from_env(prefix).await),
                (None, None) => Arc::new(NoDirectories),
            };
        Ok(Self::new(Parts { settings, keys, passwords, mailer, ceremonies, directories }))
    }
}

impl Settings {
    /// Reads the settings from any source of variables.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn from_lookup(
        get: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Self, SettingsError> {
        let issuer = get("ISSUER_URL").ok_or(SettingsError::Missing("ISSUER_URL"))?;
        let local =
            issuer.starts_with("http://127.0.0.1") || issuer.starts_with("http://localhost");
        if !(issuer.starts_with("https://") || local) {
            return Err(SettingsError::Bad("ISSUER_URL", "must start with https://"));
        }
        if issuer.ends_with('/') || issuer.contains(['?', '#']) {
            return Err(SettingsError::Bad("ISSUER_URL", "takes no slash at its end and no query"));
        }
        let app_url = get("APP_URL").unwrap_or_else(|| issuer.clone());
        let answer_after = match get("ANSWER_AFTER_MS").map(|text| text.parse()) {
            None => Self::ANSWER_AFTER,
            Some(Ok(millis)) if millis <= 5_000 => Duration::from_millis(millis),
            Some(_) => return Err(SettingsError::Bad("ANSWER_AFTER_MS", "takes 0 to 5000")),
        };
        Ok(Self { issuer, app_url: app_url.trim_end_matches('/').to_owned(), answer_after })
    }
}

/// `MAIL_FROM`: the bare address, for the function's role is bound to it.
fn sender(from: Option<String>) -> Result<Option<String>, SettingsError> {
    let bare =
        |from: &str| Email::parse(from).is_ok_and(|mail| mail.as_str() == from.to_lowercase());
    if from.as_deref().is_none_or(bare) {
        return Ok(from);
    }
    Err(SettingsError::Bad("MAIL_FROM", "must be an address, such as no-reply@firm.example"))
}

/// `WEBAUTHN_RP_ID` and `WEBAUTHN_ORIGINS` (separated by commas); without them the issuer's own
/// address.
fn ceremonies(
    settings: &Settings,
    get: impl Fn(&'static str) -> Option<String>,
) -> Result<Ceremonies, SettingsError> {
    match (get("WEBAUTHN_RP_ID"), get("WEBAUTHN_ORIGINS")) {
        (Some(domain), Some(origins)) => {
            Ceremonies::new(&domain, &origins.split(',').map(str::trim).collect::<Vec<_>>())
        }
        (None, None) => Ceremonies::of_issuer(&settings.issuer),
        (None, _) => Err(SettingsError::Missing("WEBAUTHN_RP_ID")),
        (_, None) => Err(SettingsError::Missing("WEBAUTHN_ORIGINS")),
    }
}

impl std::ops::Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(url: &str) -> Result<String, SettingsError> {
        let found = Settings::from_lookup(|name| {
            Some(url.to_owned()).filter(|url| name == "ISSUER_URL" && !url.is_empty())
        });
        found.map(|settings| settings.issuer)
    }

    #[test]
    fn mail_is_from_a_bare_address() {
        let given = |text: &str| sender(Some(text.to_owned()));
        assert_eq!(sender(None), Ok(None));
        let good = "no-reply@wealth.example";
        assert_eq!(given(good), Ok(Some(good.to_owned())));
        for bad in [
            "no-reply",
            "Wealth <no-reply@wealth.example>",
            "a@b.test, c@d.test",
            " a@b.test",
            "a@b\r\nX: y",
        ] {
            let line = given(bad).unwrap_err().to_string();
            assert_eq!(
                line, "MAIL_FROM: must be an address, such as no-reply@firm.example",
                "{bad}"
            );
        }
    }

    #[test]
    fn the_time_of_an_answer_is_a_few_seconds_at_most() {
        let given = |millis: Option<&str>| {
            let found = Settings::from_lookup(|name| match name {
                "ISSUER_URL" => Some("https://id.example".to_owned()),
                "ANSWER_AFTER_MS" => millis.map(str::to_owned),
                _ => None,
            });
            found.map(|settings| settings.answer_after.as_millis())
        };
        assert_eq!(
            (given(None), given(Some("0")), given(Some("5000"))),
            (Ok(100), Ok(0), Ok(5000))
        );
        for bad in ["5001", "-1", "1s", ""] {
            let bad = given(Some(bad)).unwrap_err();
            assert_eq!(bad, SettingsError::Bad("ANSWER_AFTER_MS", "takes 0 to 5000"));
        }
    }

    #[test]
    fn the_issuer_is_an_https_address_or_this_machine() {
        assert_eq!(issuer("https://id.example"), Ok("https://id.example".to_owned()));
        assert_eq!(issuer("http://127.0.0.1:9000"), Ok("http://127.0.0.1:9000".to_owned()));
        assert_eq!(issuer(""), Err(SettingsError::Missing("ISSUER_URL")));
        for bad in
            ["http://id.example", "https://id.example/", "https://id.example?x", "id.example"]
        {
            assert!(matches!(issuer(bad), Err(SettingsError::Bad(..))), "{bad}");
        }
    }
}
