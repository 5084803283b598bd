//! Mail. It is queued in the transaction that it speaks of (`users.queue_mail`) and sent by whoever
//! drains the queue: the job `send-mail`. So it is never lost, never
//! sent for what did not happen, and nobody can tell from the time of an answer whether one was sent.

mod drain;
mod message;
mod outbox;
mod ses;

use async_trait::async_trait;
use thiserror::Error;

pub use drain::{Drained, drain};
pub use message::Message;
pub use outbox::Outbox;
pub use ses::Ses;

pub(crate) use drain::field;

/// Why a mail was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MailError {
    /// It may be sent later.
    #[error("not sent: {0}")]
    Later(String),
    /// It will never be.
    #[error("refused: {0}")]
    Never(String),
}

/// A way for mail to leave.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one mail. It may be sent twice when this process dies between this and the note of it.
    ///
    /// # Errors
    /// [`MailError`].
    async fn send(&self, message: &Message) -> Result<(), MailError>;

    /// Whether there is a way at all.
    fn sends(&self) -> bool {
        true
    }
}

/// No way out is configured: mail waits in the queue.
pub struct NoMailer;

#[async_trait]
impl Mailer for NoMailer {
    async fn send(&self, _: &Message) -> Result<(), MailError> {
        Err(MailError::Later("neither MAIL_FROM nor MAIL_OUTBOX is set".to_owned()))
    }

    fn sends(&self) -> bool {
        false
    }
}
