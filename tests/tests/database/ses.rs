//! Mail through SES, emulated by moto where it does what SES does, and by hand where moto cannot: it
//! never throttles.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::{TestApp, services_with};
use tokio::sync::Semaphore;
use users::mail::{Drained, MailError, Mailer, Message, Ses};

use crate::moto::{Moto, ses};

const FROM: &str = "no-reply@wealth.example";

/// Somebody whose password was changed is told, once the queue is drained.
async fn queue(app: &TestApp) {
    app.execute(
        "insert into users.mail_queue (kind, recipient, facts, created_at, next_attempt_at)
         values ('password_changed', 'ada@people.test', '{\"firm\": \"Grüße & Co\", \"name\": \"Ada\"}',
             '2026-11-21T12:00:00Z', '2026-11-21T12:00:00Z')",
    )
    .await;
}

/// What is left in the queue.
async fn waiting(app: &TestApp) -> Vec<Value> {
    app.sql(
        "select attempts, last_error, failed_at is not null as failed,
                to_char(next_attempt_at at time zone 'UTC', 'HH24:MI') as next from users.mail_queue",
    )
    .await
}

async fn run(app: &TestApp, mailer: Arc<dyn Mailer>) -> Drained {
    app.drain(&services_with(mailer)).await
}

const SENT: Drained = Drained { sent: 1, waiting: 0, refused: 0 };
const WAITING: Drained = Drained { sent: 0, waiting: 1, refused: 0 };
const REFUSED: Drained = Drained { sent: 0, waiting: 0, refused: 1 };

#[tokio::test]
async fn a_message_arrives_as_it_was_written() {
    let (app, moto) = (TestApp::new().await, Moto::start("unused").await);
    moto.verify("wealth.example").await;
    queue(&app).await;
    assert_eq!(run(&app, Arc::new(moto.mailer(FROM))).await, SENT);
    let body = "Hello Ada,\n\nthe password of your account was changed just now, and you were signed out \
                elsewhere.\n\nIf it was not you, choose a new one at once and tell your firm:\n\n\
                https://app.example/recover\n";
    let expected = json!({"source": FROM, "destinations": {"ToAddresses": ["ada@people.test"]},
        "subject": "Your password was changed", "body": body});
    assert_eq!(moto.sent().await, [expected]);
    assert_eq!(waiting(&app).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_sender_that_is_not_verified_yet_costs_no_mail() {
    let (app, moto) = (TestApp::new().await, Moto::start("unused").await);
    queue(&app).await;
    let mailer = Arc::new(moto.mailer(FROM));
    assert_eq!(run(&app, Arc::clone(&mailer) as Arc<dyn Mailer>).await, WAITING);
    let error = "not sent: MessageRejected: the sender is not verified";
    let kept = json!({"attempts": 1, "last_error": error, "failed": false, "next": "12:01"});
    assert_eq!(waiting(&app).await, [kept]);
    moto.verify(FROM).await;
    assert_eq!(run(&app, Arc::clone(&mailer) as Arc<dyn Mailer>).await, Drained::default());
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(run(&app, mailer).await, SENT);
    assert_eq!(moto.sent().await.len(), 1);
}

#[tokio::test]
async fn what_ses_cannot_take_now_waits_and_what_it_never_will_is_given_up() {
    let cases = [
        (429, "TooManyRequestsException", "rate exceeded", WAITING),
        (400, "SendingPausedException", "paused", WAITING),
        (403, "AccessDeniedException", "not authorized", WAITING),
        (500, "InternalServiceError", "", WAITING),
        (400, "BadRequestException", "no such address", REFUSED),
        (400, "MessageRejected", "it contains a virus", REFUSED),
    ];
    for (status, code, message, outcome) in cases {
        let app = TestApp::new().await;
        queue(&app).await;
        let mailer = Ses::new(ses(answering(status, code, message).await), FROM.to_owned());
        assert_eq!(run(&app, Arc::new(mailer)).await, outcome, "{code}");
        let refused = outcome == REFUSED;
        let word = if refused { "refused" } else { "not sent" };
        let kept = json!({"attempts": 1, "last_error": format!("{word}: {code}"), "failed": refused,
            "next": "12:01"});
        assert_eq!(waiting(&app).await, [kept], "{code}");
    }
}

#[tokio::test]
async fn while_ses_is_out_of_reach_mail_waits() {
    let (app, moto) = (TestApp::new().await, Moto::start("unused").await);
    moto.verify("wealth.example").await;
    queue(&app).await;
    let mailer = Arc::new(moto.mailer(FROM));
    moto.proxy.away(true);
    assert_eq!(run(&app, Arc::clone(&mailer) as Arc<dyn Mailer>).await, WAITING);
    moto.proxy.away(false);
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(run(&app, mailer).await, SENT);
    assert_eq!(moto.sent().await.len(), 1);
}

/// Sends, and never comes back to say so.
struct Dying(Ses, Semaphore);

#[async_trait]
impl Mailer for Dying {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        self.0.send(message).await?;
        self.1.add_permits(1);
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_mail_whose_sender_dies_after_sending_it_is_sent_again() {
    let (app, moto) = (TestApp::new().await, Moto::start("unused").await);
    moto.verify("wealth.example").await;
    queue(&app).await;
    let dying = Arc::new(Dying(moto.mailer(FROM), Semaphore::new(0)));
    let services = services_with(Arc::clone(&dying) as Arc<dyn Mailer>);
    tokio::select! {
        done = app.drain(&services) => panic!("it came back: {done:?}"),
        sent = dying.1.acquire() => drop(sent.expect("a permit")),
    }
    // At least once: nobody can know whether the first one went out.
    assert_eq!(moto.sent().await.len(), 1);
    assert_eq!(run(&app, Arc::new(moto.mailer(FROM))).await, Drained::default(), "still held");
    app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(run(&app, Arc::new(moto.mailer(FROM))).await, SENT);
    let sent = moto.sent().await;
    assert_eq!((sent.len(), &sent[0]), (2, &sent[1]));
}

/// An SES that says the same to everything.
async fn answering(status: u16, code: &'static str, message: &'static str) -> u16 {
    let router = Router::new().fallback(move || async move {
        let status = StatusCode::from_u16(status).expect("a status");
        let headers = [("x-amzn-errortype", code), ("content-type", "application/json")];
        (status, headers, json!({"message": message}).to_string())
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    tokio::spawn(async move { axum::serve(listener, router).await.expect("a server") });
    port
}
