//! The application on a database of its own, with a clock that stands still.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;
use wealth_core::{FixedClock, SystemIds};
use wealth_db::{Db, DbConfig};
use wealth_http::auth::{DbIssuers, HttpsFetcher, LocalClaims, LocalIssuer, Verifier};
use wealth_http::{App, AppParts};

use crate::client::Client;
use crate::database::{LOGIN, TestDatabase};
use crate::services::{ISSUER, services_with};

/// One of the two firms of the seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firm {
    /// Meridian Advisory, New York: the firm that tests act in.
    Meridian,
    /// Harbour Wealth, Berlin: the other tenant.
    Harbour,
}

impl Firm {
    /// Its tenant id.
    pub const fn tenant_id(self) -> Uuid {
        Uuid::from_u128(match self {
            Self::Meridian => 0x0000_0000_0000_7000_8000_0000_0000_000a,
            Self::Harbour => 0x0000_0000_0000_7000_8000_0000_0000_000b,
        })
    }

    const fn letter(self) -> char {
        match self {
            Self::Meridian => 'a',
            Self::Harbour => 'b',
        }
    }
}

/// Router, database, clock and clients of one test.
pub struct TestApp {
    /// What handlers see.
    pub app: App,
    /// All contexts, as the local server has them.
    pub router: Router,
    /// The OpenAPI document of all contexts.
    pub document: utoipa::openapi::OpenApi,
    /// Keys and settings of the users context.
    pub services: users::Services,
    /// What seals the audit log: a key and an archive of this test.
    pub seals: audit::Services,
    /// Mail that was sent.
    pub mailbox: Arc<Mailbox>,
    /// Stands at 2026-11-21T12:00:00Z until it is set.
    pub clock: Arc<FixedClock>,
    /// The test's database.
    pub database: TestDatabase,
    superuser: tokio_postgres::Client,
}

/// Keeps what is sent.
#[derive(Default)]
pub struct Mailbox(std::sync::Mutex<Vec<users::mail::Message>>);

#[async_trait::async_trait]
impl users::mail::Mailer for Mailbox {
    async fn send(&self, message: &users::mail::Message) -> Result<(), users::mail::MailError> {
        self.0.lock().expect("the mailbox").push(message.clone());
        Ok(())
    }
}

/// One key for the whole run: making it costs more than a test.
fn issuer() -> &'static LocalIssuer {
    static ISSUER: OnceLock<LocalIssuer> = OnceLock::new();
    ISSUER.get_or_init(|| LocalIssuer::generate().expect("a signing key"))
}

impl TestApp {
    /// A fresh one.
    pub async fn new() -> Self {
        Self::with_config(|_| {}).await
    }

    /// A fresh one with a changed database configuration (another port, a proxy in between).
    pub async fn with_config(change: impl FnOnce(&mut DbConfig)) -> Self {
        show_errors();
        let database = TestDatabase::new().await;
        let mut config = DbConfig::from_url(&database.url(LOGIN).await).expect("a URL");
        config.pool_size = 4;
        config.allow_below_floor = true;
        crate::pgbouncer::divert(&mut config).await;
        change(&mut config);
        let superuser = database.superuser().await;
        trust_local_issuer(&superuser).await;
        let clock = Arc::new(FixedClock::new(
            DateTime::from_timestamp(1_795_262_400, 0).expect("2026-11-21T12:00:00Z"),
        ));
        let db = Db::new(config).await.expect("a pool");
        let app = App::new(AppParts {
            verifier: verifier(&db),
            db,
            clock: Arc::clone(&clock) as Arc<dyn wealth_core::Clock>,
            ids: Arc::new(SystemIds),
        });
        let mailbox = Arc::new(Mailbox::default());
        let services = services_with(Arc::clone(&mailbox) as Arc<dyn users::mail::Mailer>);
        let seals = crate::seals::seals_with(Arc::new(object_store::memory::InMemory::new()));
        let (router, document) = all_contexts(&app, &services);
        Self { app, router, document, services, seals, mailbox, clock, database, superuser }
    }

    /// The same, with answers that must not tell by their time held back for so long.
    #[must_use]
    pub fn holding_back(mut self, time: Duration) -> Self {
        let mailer = Arc::clone(&self.mailbox) as Arc<dyn users::mail::Mailer>;
        self.services = crate::services::services_holding_back(mailer, time);
        (self.router, self.document) = all_contexts(&self.app, &self.services);
        self
    }

    /// A product administrator.
    pub fn admin(&self) -> Client {
        self.client(Firm::Meridian, "admin", &["ProductAdministrator"])
    }

    /// Another product administrator: the second pair of eyes.
    pub fn second_admin(&self) -> Client {
        self.client(Firm::Meridian, "second-admin", &["ProductAdministrator"])
    }

    /// A system administrator.
    pub fn system_admin(&self) -> Client {
        self.client(Firm::Meridian, "system-admin", &["SystemAdministrator"])
    }

    /// A sales representative.
    pub fn sales_rep(&self) -> Client {
        self.client(Firm::Meridian, "sales-rep", &["SalesRepresentative"])
    }

    /// A sales manager.
    pub fn sales_manager(&self) -> Client {
        self.client(Firm::Meridian, "sales-manager", &["SalesManager"])
    }

    /// A machine that delivers rates.
    pub fn feed(&self) -> Client {
        self.client(Firm::Meridian, "feed", &["RateFeed"])
    }

    /// A product administrator of the other firm.
    pub fn other_admin(&self) -> Client {
        self.client(Firm::Harbour, "admin", &["ProductAdministrator", "SystemAdministrator"])
    }

    /// A caller without a token.
    pub fn anonymous(&self) -> Client {
        Client::new(self.router.clone(), None)
    }

    /// A caller with this text as bearer token.
    pub fn with_token(&self, token: &str) -> Client {
        Client::new(self.router.clone(), Some(token.to_owned()))
    }

    /// Anybody: `subject` as in the seed, claiming `roles`.
    pub fn client(&self, firm: Firm, subject: &str, roles: &[&str]) -> Client {
        self.with_token(&self.token(firm, subject, roles))
    }

    /// A session of the platform's own issuer, opened as a sign-in opens it: `user` is taken for
    /// recognised with this assurance.
    pub async fn open_session(
        &self,
        firm: Firm,
        user: Uuid,
        assurance: i16,
    ) -> users::tokens::TokenAnswer {
        let new = users::tokens::NewSession {
            tenant_id: firm.tenant_id(),
            user_id: user,
            assurance,
            methods: if assurance > 1 { &["pwd", "otp", "mfa"] } else { &["pwd"] },
            device: None,
            impersonator: None,
        };
        let visitor = wealth_http::Visitor::for_tests(wealth_core::Clock::now(&*self.clock));
        let opened = users::tokens::open(&self.app, &self.services, &visitor, "test", &new).await;
        opened.expect("a session")
    }

    /// A token for anybody.
    pub fn token(&self, firm: Firm, subject: &str, roles: &[&str]) -> String {
        token_at(firm, subject, roles, wealth_core::Clock::now(&*self.clock))
    }

    /// Sends what is queued and gives what was sent by it.
    pub async fn mail(&self) -> Vec<users::mail::Message> {
        self.drain(&self.services).await;
        std::mem::take(&mut *self.mailbox.0.lock().expect("the mailbox"))
    }

    /// Sends what is queued the way these services have.
    pub async fn drain(&self, services: &users::Services) -> users::mail::Drained {
        let ends = Instant::now() + Duration::from_secs(60);
        users::mail::drain(&self.app, services, ends).await.expect("the queue")
    }

    /// What the jobs have: the keys, mail and audit archive of this test.
    pub fn jobs(&self) -> jobs::Services {
        let caller = jobs::FeedCaller::new(HttpsFetcher::with_loopback(), None);
        jobs::Services::new(self.services.clone(), self.seals.clone(), None, caller)
    }

    /// Runs one query as superuser; each row as a JSON object. Take care: row level security does
    /// not apply.
    pub async fn sql(&self, query: &str) -> Vec<Value> {
        let text = format!("select to_jsonb(q) from ({query}) q");
        let rows = self.superuser.query_typed(&text, &[]).await.expect(query);
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Why the superuser's statements are refused; `None` if they are not. Nothing of them stays.
    pub async fn refusal(&self, statements: &str) -> Option<String> {
        let all = format!("begin; {statements}; set constraints all immediate; rollback");
        let refused = self.superuser.batch_execute(&all).await.err()?;
        self.execute("rollback").await;
        let text = refused.as_db_error().map(|error| error.message().to_owned());
        Some(text.unwrap_or_else(|| refused.to_string()))
    }

    /// Runs statements as superuser.
    pub async fn execute(&self, statements: &str) {
        self.superuser.batch_execute(statements).await.expect(statements);
    }
}

/// The routes of every context, as the local server has them.
fn all_contexts(app: &App, services: &users::Services) -> (Router, utoipa::openapi::OpenApi) {
    let routes = wealth_http::Routes::and(products::router(), rates::router());
    let routes = wealth_http::Routes::and(routes, users::router(services.clone()));
    wealth_http::build(app, wealth_http::Routes::and(routes, audit::router()))
}

/// A check of tokens that has seen none yet.
pub fn verifier(db: &Db) -> Verifier {
    let issuers = DbIssuers::new(db.clone(), Some(ISSUER.to_owned()));
    Verifier::new(Arc::new(issuers), Arc::new(HttpsFetcher::new()))
}

/// A token for anybody, as of `now`: for a function, which goes by the real clock.
pub fn token_at(firm: Firm, subject: &str, roles: &[&str], now: DateTime<Utc>) -> String {
    issuer().issue(&LocalClaims {
        subject: format!("{subject}-{}", firm.letter()),
        tenant_id: firm.tenant_id(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        session_id: Uuid::from_u128(0x0000_0000_0000_7000_a000_0000_0000_0001),
        token_id: wealth_core::IdGen::next(&SystemIds),
        issued_at: now,
        expires_at: now + TimeDelta::minutes(15),
    })
}

/// A token with these claims, signed with the key of the run: for issuers that a test has a firm
/// trust, with [`issuer_keys`].
pub fn signed(claims: &Value) -> String {
    let signer = wealth_http::auth::TokenSigner::from_pkcs8(issuer().pkcs8()).expect("a key");
    signer.sign(claims)
}

/// The public keys of the run.
pub fn issuer_keys() -> Value {
    issuer().jwks()
}

/// Lets both firms trust the run's issuer, as `wealth dev` does for its own.
async fn trust_local_issuer(superuser: &tokio_postgres::Client) {
    for firm in [Firm::Meridian, Firm::Harbour] {
        let settings = serde_json::json!({
            "issuer": LocalIssuer::ISSUER,
            "provider": "local",
            "audience": [LocalIssuer::AUDIENCE],
            "jwks": issuer().jwks(),
            "algorithms": ["EdDSA"],
            "token_types": ["at+jwt"],
            "tenant_claim": "tenant_id",
            "role_claim": "roles",
            "role_source": "grants",
        });
        superuser
            .query_typed(
                "select users.put_identity_provider($1, $2)",
                &[wealth_db::p::uuid(&firm.tenant_id()), wealth_db::p::json(&settings)],
            )
            .await
            .expect("the local issuer");
    }
}

/// Sends the log's errors to the test's output: a 500 says nothing of its cause to the caller.
fn show_errors() {
    let level = tracing_subscriber::filter::LevelFilter::ERROR;
    let subscriber =
        tracing_subscriber::fmt().with_test_writer().with_max_level(level).without_time();
    // The first test of a program sets it; the others find it set.
    let _ = subscriber.try_init();
}
