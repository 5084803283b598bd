//! Sending what is queued.

use std::time::Instant;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;
use wealth_db::{Meter, Row, p, sql};
use wealth_http::{App, Result};

use super::MailError;
use super::message::{self, Message};
use crate::field::{Field, Sealed};
use crate::services::Services;

/// Mails taken in one go: few enough to be sent within the hold that the queue keeps on them, a
/// minute from the time at which they were taken.
const BATCH: i32 = 5;

/// What became of the mails of one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Drained {
    /// Sent.
    pub sent: usize,
    /// Not sent, but later perhaps.
    pub waiting: usize,
    /// Given up.
    pub refused: usize,
}

/// Sends the mail that is due, taking none after `ends`. Two at once send different mails; a mail
/// whose sender died is due again after its hold. Where there is no way for mail to leave, none is
/// taken.
///
/// # Errors
/// When the database or the keys cannot be had; what was taken is then due again.
pub async fn drain(app: &App, services: &Services, ends: Instant) -> Result<Drained> {
    let limit = if services.mailer.sends() { BATCH } else { 0 };
    let mut drained = Drained::default();
    while Instant::now() < ends {
        let now = app.clock.now();
        let params = [p::int4(&limit), p::timestamptz(&now)];
        let claim = sql!("users", "claim_mail");
        let rows = app.db.system_query(claim, &params, &Meter::default()).await?;
        for row in &rows {
            one(app, services, row, now, &mut drained).await?;
        }
        if rows.is_empty() {
            break;
        }
    }
    Ok(drained)
}

async fn one(
    app: &App,
    services: &Services,
    row: &Row,
    now: DateTime<Utc>,
    drained: &mut Drained,
) -> Result<()> {
    let id: Uuid = row.get("mail_id");
    let outcome = match compose(app, services, row, id, now).await? {
        Some(message) => services.mailer.send(&message).await,
        None => Err(MailError::Never("its link cannot be opened".to_owned())),
    };
    let (sent, last) = (outcome.is_ok(), matches!(outcome, Err(MailError::Never(_))));
    if let Err(error) = &outcome {
        // The address is nobody's business but the queue's.
        tracing::error!(mail = %id, %error, "mail not sent");
    }
    let error = outcome.err().map(|error| error.to_string());
    let params =
        [p::uuid(&id), p::bool(&sent), p::bool(&last), p::text(&error), p::timestamptz(&now)];
    app.db.system_query(sql!("users", "finish_mail"), &params, &Meter::default()).await?;
    match (sent, last) {
        (true, _) => drained.sent += 1,
        (_, true) => drained.refused += 1,
        _ => drained.waiting += 1,
    }
    Ok(())
}

async fn compose(
    app: &App,
    services: &Services,
    row: &Row,
    id: Uuid,
    date: DateTime<Utc>,
) -> Result<Option<Message>> {
    let (kind, to): (String, String) = (row.get("kind"), row.get("recipient"));
    let (facts, sealed): (Value, Option<Vec<u8>>) = (row.get("facts"), row.get("sealed"));
    let token = match sealed {
        None => None,
        Some(sealed) => {
            let keys = services.keys.get(app).await?;
            let plain =
                Sealed::from_bytes(&sealed).and_then(|it| field(&kind, &to).open(&keys, &it));
            plain.and_then(|plain| String::from_utf8(plain).ok())
        }
    };
    let text = message::text(&kind, &facts, &services.settings.app_url, token.as_deref());
    Ok(text.map(|(subject, body)| Message { id, date, to, subject, body }))
}

/// Where the token of a mail rests: it opens for no other recipient and purpose.
pub(crate) fn field(kind: &str, to: &str) -> Field {
    let row = format!("{kind}|{}", to.to_lowercase());
    Field { table: "users.mail_queue", column: "sealed", row }
}
