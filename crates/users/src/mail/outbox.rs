//! Mail as files in a folder, for a developer's machine and tests.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{MailError, Mailer, Message};

/// Writes each mail as `<id>.eml` (RFC 5322).
pub struct Outbox {
    folder: PathBuf,
    from: String,
}

impl Outbox {
    /// Mail from `from` goes to `folder`, which is made if need be.
    pub fn new(folder: &Path, from: &str) -> Self {
        Self { folder: folder.to_owned(), from: from.to_owned() }
    }
}

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        let later = |error: std::io::Error| MailError::Later(error.to_string());
        tokio::fs::create_dir_all(&self.folder).await.map_err(later)?;
        // Under another name first: whoever watches the folder sees whole mails only.
        let (part, file) = (
            self.folder.join(format!("{}.part", message.id)),
            self.folder.join(format!("{}.eml", message.id)),
        );
        tokio::fs::write(&part, text(&self.from, message)).await.map_err(later)?;
        tokio::fs::rename(&part, &file).await.map_err(later)
    }
}

fn text(from: &str, message: &Message) -> String {
    let subject = if message.subject.is_ascii() {
        message.subject.clone()
    } else {
        format!("=?UTF-8?B?{}?=", STANDARD.encode(&message.subject))
    };
    let domain = from.rsplit('@').next().unwrap_or("localhost").trim_end_matches('>');
    format!(
        "From: {from}\r\nTo: {}\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <{}@{domain}>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{}",
        message.to,
        message.date.to_rfc2822(),
        message.id,
        message.body.replace('\n', "\r\n"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    #[test]
    fn a_mail_is_written_as_rfc_5322_has_it() {
        let message = Message {
            id: Uuid::nil(),
            date: DateTime::from_timestamp(1_795_262_400, 0).unwrap(),
            to: "ada@firm.example".to_owned(),
            subject: "Grüße".to_owned(),
            body: "Hello,\n\nbye\n".to_owned(),
        };
        assert_eq!(
            text("no-reply@wealth.example", &message),
            "From: no-reply@wealth.example\r\nTo: ada@firm.example\r\n\
             Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n\
             Message-ID: <00000000-0000-0000-0000-000000000000@wealth.example>\r\n\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: 8bit\r\n\r\nHello,\r\n\r\nbye\r\n"
        );
    }
}
