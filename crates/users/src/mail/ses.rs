//! Mail through Amazon SES.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::ProvideErrorMetadata;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message as SesMessage};

use super::{MailError, Mailer, Message};

/// How long SES may take to answer, the SDK's own retries included.
const SEND: Duration = Duration::from_secs(10);

/// Sends by the API of SES, version 2.
pub struct Ses {
    client: Client,
    from: String,
}

impl Ses {
    /// Mail from `from`, an identity that SES has verified.
    pub fn new(client: Client, from: String) -> Self {
        Self { client, from }
    }

    /// With the SDK's ordinary configuration: region and credentials of the function's role,
    /// `AWS_ENDPOINT_URL` for an emulator.
    pub async fn from_env(from: String) -> Self {
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
        Self::new(Client::new(&config), from)
    }
}

fn content(text: &str) -> Result<Content, MailError> {
    let content = Content::builder().data(text).charset("UTF-8").build();
    content.map_err(|error| MailError::Never(error.to_string()))
}

#[async_trait]
impl Mailer for Ses {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        let text = Body::builder().text(content(&message.body)?).build();
        let mail = SesMessage::builder().subject(content(&message.subject)?).body(text).build();
        let sent = self
            .client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(&message.to).build())
            .content(EmailContent::builder().simple(mail).build())
            .send();
        let answer = tokio::time::timeout(SEND, sent).await;
        let answer = answer.map_err(|_| MailError::Later("no answer in time".to_owned()))?;
        answer.map(|_| ()).map_err(|error| {
            let code = error.code().unwrap_or("no answer").to_owned();
            match code.as_str() {
                // SES says this both of a message that it will never take and of a sender whose
                // identity is not verified yet, which is ours to mend: the links must outlive that.
                "MessageRejected" if error.message().is_some_and(not_verified) => {
                    MailError::Later(format!("{code}: the sender is not verified"))
                }
                "MessageRejected" | "BadRequestException" => MailError::Never(code),
                // Throttled, a paused account, no access, out of reach.
                _ => MailError::Later(code),
            }
        })
    }
}

fn not_verified(message: &str) -> bool {
    message.to_ascii_lowercase().contains("not verified")
}
