//! A link that is sent by mail: its token, sealed for the queue.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use wealth_core::Email;
use wealth_http::{App, Result, Visitor};

use crate::mail;
use crate::one_time::{OneTimeToken, hex};
use crate::services::Services;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// To show that an address is one's own; lasts a day.
    VerifyEmail,
    /// To choose a new password; lasts an hour.
    Recover,
}

impl Link {
    /// The purpose of the token and the kind of the mail.
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::Recover => "recover",
        }
    }

    fn lifetime(self) -> TimeDelta {
        match self {
            Self::VerifyEmail => TimeDelta::days(1),
            Self::Recover => TimeDelta::hours(1),
        }
    }

    /// The parameter `p_link` of the functions that may send it. Made for every address alike.
    pub(crate) async fn make(
        self,
        app: &App,
        services: &Services,
        visitor: &Visitor,
        email: &Email,
    ) -> Result<Value> {
        let (token, keys) = (OneTimeToken::generate()?, services.keys.get(app).await?);
        let field = mail::field(self.purpose(), email.as_str());
        let sealed = field.seal(&keys, token.text().as_bytes())?;
        let expires_at = visitor.now + self.lifetime();
        Ok(json!({
            "token": token.hash_hex(),
            "sealed": hex(&sealed.to_bytes()),
            "expires_at": expires_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        }))
    }
}
