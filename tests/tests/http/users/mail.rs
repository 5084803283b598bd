//! The queue of mail: nothing is lost, nothing is sent twice by two at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::json;
use testkit::{Firm, TestApp};
use users::mail::{Drained, MailError, Mailer, Message, NoMailer, Outbox, drain};

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

async fn notice(app: &TestApp, number: u32) {
    app.execute(&format!(
        "insert into users.mail_queue (kind, recipient, created_at, next_attempt_at)
         values ('password_changed', 'p{number}@people.test', '2026-11-21Z', '2026-11-21Z')"
    ))
    .await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_tried_again_as_long_as_its_link_opens() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app).await;
    let failing = Arc::new(Failing(AtomicUsize::new(0), MailError::Later("away".to_owned())));
    let services = testkit::services_with(Arc::clone(&failing) as Arc<dyn Mailer>);
    for minutes in [0, 1, 2, 4, 8, 16] {
        app.clock.advance(TimeDelta::minutes(minutes));
        let drained = app.drain(&services).await;
        assert_eq!(drained, Drained { waiting: 1, ..Drained::default() }, "{minutes}");
        assert_eq!(app.drain(&services).await, Drained::default());
    }
    app.clock.advance(TimeDelta::minutes(32));
    assert_eq!(app.drain(&services).await, Drained::default());
    let kept = app.sql("select attempts, last_error, sealed, failed_at is not null as failed from users.mail_queue").await;
    assert_eq!(
        kept,
        [json!({"attempts": 6, "last_error": "not sent: away", "sealed": null, "failed": true})]
    );
    assert_eq!(failing.0.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn a_notice_is_tried_for_a_week() {
    let app = TestApp::new().await;
    notice(&app, 1).await;
    let failing = Failing(AtomicUsize::new(0), MailError::Later("away".to_owned()));
    let services = testkit::services_with(Arc::new(failing));
    let waiting = Drained { waiting: 1, ..Drained::default() };
    for _ in 0..20 {
        assert_eq!(app.drain(&services).await, waiting);
        app.clock.advance(TimeDelta::hours(5));
    }
    app.clock.advance(TimeDelta::hours(65));
    assert_eq!(app.drain(&services).await, Drained::default());
    let kept = app.sql("select attempts, failed_at is not null as failed from users.mail_queue");
    assert_eq!(kept.await, [json!({"attempts": 20, "failed": true})]);
    let daily = jobs::find("report-daily").unwrap();
    app.execute("update users.mail_queue set failed_at = now()").await;
    let order = jobs::Order {
        scheduled: "2026-11-28T06:00:00Z".parse().unwrap(),
        tenant: None,
        date: None,
    };
    let ends = Instant::now() + Duration::from_secs(60);
    let report = jobs::run(&app.app, &app.jobs(), daily, &order, ends).await.unwrap();
    let report = &report.runs[0].report;
    assert_eq!(report["mail"], json!({"waiting": 0, "given_up": 1}));
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|it| it == "1 mails were given up"), "{findings:?}");
}

#[tokio::test]
async fn where_no_mail_can_leave_it_waits_for_a_way() {
    let app = TestApp::new().await;
    notice(&app, 1).await;
    ask(&app).await;
    let services = testkit::services_with(Arc::new(NoMailer));
    for _ in 0..20 {
        assert_eq!(app.drain(&services).await, Drained::default());
        app.clock.advance(TimeDelta::hours(5));
    }
    let kept = app.sql("select attempts, failed_at from users.mail_queue").await;
    assert_eq!(kept, [json!({"attempts": 0, "failed_at": null})], "nobody's mail is put away");
    assert_eq!(app.mail().await.len(), 1);
}

/// Slow, as a mail service under load is, and of no use.
struct Slow(Arc<wealth_core::FixedClock>);

#[async_trait]
impl Mailer for Slow {
    async fn send(&self, _: &Message) -> Result<(), MailError> {
        self.0.advance(TimeDelta::seconds(11));
        Err(MailError::Never("no".to_owned()))
    }
}

/// Else whoever comes next finds mails due that are being sent.
#[tokio::test]
async fn mail_is_held_from_the_time_at_which_it_is_taken() {
    let app = TestApp::new().await;
    for number in 0..10 {
        notice(&app, number).await;
    }
    let services = testkit::services_with(Arc::new(Slow(Arc::clone(&app.clock))));
    let none = drain(&app.app, &services, Instant::now()).await.unwrap();
    assert_eq!(none, Drained::default(), "nothing is taken when time is over");
    assert_eq!(app.drain(&services).await.refused, 10);
    let held = app.sql(
        "select to_char(next_attempt_at at time zone 'UTC', 'HH24:MI:SS') as until, count(*) as mails
           from users.mail_queue group by 1 order by 1",
    );
    let batch = |until| json!({"until": until, "mails": 5});
    assert_eq!(held.await, [batch("12:01:00"), batch("12:01:55")]);
}

#[tokio::test]
async fn what_is_refused_for_good_is_given_up_at_once() {
    let app = TestApp::new().await;
    ada(&app, &[Firm::Meridian]).await;
    ask(&app).await;
    let failing = Failing(AtomicUsize::new(0), MailError::Never("MessageRejected".to_owned()));
    let services = testkit::services_with(Arc::new(failing));
    let drained = app.drain(&services).await;
    assert_eq!(drained, Drained { refused: 1, ..Drained::default() });
}

#[tokio::test]
async fn many_who_send_at_once_send_each_mail_once() {
    let app = TestApp::new().await;
    for number in 0..30 {
        notice(&app, number).await;
    }
    let runs = (0..4).map(|_| app.drain(&app.services));
    let sent: usize =
        futures_util::future::join_all(runs).await.into_iter().map(|run| run.sent).sum();
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
    let sent = app.drain(&services).await;
    assert_eq!(json!(sent), json!({"sent": 1, "waiting": 0, "refused": 0}));
    let again = app.drain(&services).await;
    assert_eq!(json!(again), json!({"sent": 0, "waiting": 0, "refused": 0}));
    let files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(&files[0]).unwrap();
    assert!(text.contains("To: ada@people.test\r\n") && text.contains("#token="), "{text}");
    std::fs::remove_dir_all(&folder).unwrap();
}
