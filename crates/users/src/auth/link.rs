//! A link that is sent by mail: its token, sealed for the queue.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use wealth_http::{App, Result};

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
    /// To become a user of a firm; lasts a week.
    Invitation,
}

impl Link {
    /// The purpose of the token and the kind of the mail.
    pub(crate) fn purpose(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::Recover => "recover",
            Self::Invitation => "invitation",
        }
    }

    fn lifetime(self) -> TimeDelta {
        match self {
            Self::VerifyEmail => TimeDelta::days(1),
            Self::Recover => TimeDelta::hours(1),
            Self::Invitation => TimeDelta::weeks(1),
        }
    }

    /// The parameter `p_link` of the functions that may send it. Made for every address alike.
    pub(crate) async fn make(
        self,
        app: &App,
        services: &Services,
        now: DateTime<Utc>,
        email: &str,
    ) -> Result<Value> {
        let (token, keys) = (OneTimeToken::generate()?, services.keys.get(app).await?);
        let field = mail::field(self.purpose(), email);
        let sealed = field.seal(&keys, token.text().as_bytes())?;
        let expires_at = now + self.lifetime();
        Ok(json!({
            "token": token.hash_hex(),
            "sealed": hex(&sealed.to_bytes()),
            "expires_at": expires_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        }))
    }
}
