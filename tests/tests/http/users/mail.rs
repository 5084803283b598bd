//! The queue of mail: nothing is lost, nothing is sent twice by two at once.

use async_trait::async_trait;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::{Firm, TestApp};
use users::mail::{Drained, MailError, Mailer, Message, Outbox, drain};

use super::local::{EMAIL, ada};

struct Failing(AtomicUsize, MailError);

#[async_trait]
impl Mailer for Failing {
    async fn send(&self, _: &Message) -> Result<(), MailError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(self.1.clone())
    }
}

async fn ask(app: &TestApp) {
    app.anonymous().post("/v1/auth/recover", json!({"email": EMAIL})).await.expect(202);
}

#[tokio::test]
async fn what_cannot_be_sent_is_tried_again_later_and_given_up_in_the_end() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app).await;
    let failing = Arc::new(Failing(AtomicUsize::new(0), MailError::Later("away".to_owned())));
    let services = testkit::services_with(Arc::clone(&failing) as Arc<dyn Mailer>);
    for minutes in [0, 1, 2, 4, 8, 16, 32, 64, 128, 256] {
        app.clock.advance(chrono::TimeDelta::minutes(minutes));
        let drained = drain(&app.app, &services).await.unwrap();
        assert_eq!(drained, Drained { waiting: 1, ..Drained::default() }, "{minutes}");
        assert_eq!(drain(&app.app, &services).await.unwrap(), Drained::default());
    }
    app.clock.advance(chrono::TimeDelta::days(1));
    assert_eq!(drain(&app.app, &services).await.unwrap(), Drained::default());
    let kept = app.sql("select attempts, last_error, sealed, failed_at is not null as failed from users.mail_queue").await;
    assert_eq!(
        kept,
        [json!({"attempts": 10, "last_error": "not sent: away", "sealed": null, "failed": true})]
    );
    assert_eq!(failing.0.load(Ordering::SeqCst), 10);
}

#[tokio::test]
async fn what_is_refused_for_good_is_given_up_at_once() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app).await;
    let failing = Failing(AtomicUsize::new(0), MailError::Never("MessageRejected".to_owned()));
    let services = testkit::services_with(Arc::new(failing));
    let drained = drain(&app.app, &services).await.unwrap();
    assert_eq!(drained, Drained { refused: 1, ..Drained::default() });
}

#[tokio::test]
async fn many_who_send_at_once_send_each_mail_once() {
    let app = TestApp::new().await;
    for number in 0..30 {
        app.execute(&format!(
            "insert into users.mail_queue (kind, recipient, created_at, next_attempt_at)
             values ('password_changed', 'p{number}@people.test', '2026-11-21Z', '2026-11-21Z')"
        ))
        .await;
    }
    let runs = (0..4).map(|_| drain(&app.app, &app.services));
    let sent: usize =
        futures_util::future::join_all(runs).await.into_iter().map(|run| run.unwrap().sent).sum();
    let mut to: Vec<String> = app.mail().await.into_iter().map(|message| message.to).collect();
    to.sort();
    to.dedup();
    assert_eq!((sent, to.len()), (30, 30));
}

#[tokio::test]
async fn a_link_that_was_moved_to_another_recipient_is_not_sent() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app).await;
    app.execute("update users.mail_queue set recipient = 'eve@people.test'").await;
    assert_eq!(app.mail().await, []);
    let kept = app.sql("select last_error from users.mail_queue").await;
    assert_eq!(kept, [json!({"last_error": "refused: its link cannot be opened"})]);
}

#[tokio::test]
async fn nothing_in_the_database_opens_a_link() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app).await;
    let stored = app
        .sql("select q::text as q, t::text as t from users.mail_queue q, users.one_time_tokens t")
        .await;
    let token = super::local::token(&app.mail().await[0]);
    assert!(!stored[0].to_string().contains(&token));
}

#[tokio::test]
async fn mail_is_sent_into_a_folder() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app).await;
    let folder = std::env::temp_dir().join(format!("wealth-outbox-{}", std::process::id()));
    let services =
        testkit::services_with(Arc::new(Outbox::new(&folder, "no-reply@wealth.example")));
    let sent = users::mail::drain(&app.app, &services).await.unwrap();
    assert_eq!(json!(sent), json!({"sent": 1, "waiting": 0, "refused": 0}));
    let again = users::mail::drain(&app.app, &services).await.unwrap();
    assert_eq!(json!(again), json!({"sent": 0, "waiting": 0, "refused": 0}));
    let files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    assert!(text.contains("To: ada@people.test\r\n") && text.contains("#token="), "{text}");
    std::fs::remove_dir_all(&folder).unwrap();
}
