//! What the tests of this program share: a database with a small fenced table, and requests to it.

use testkit::Firm;
use testkit::database::{LOGIN, TestDatabase};
use testkit::proxy::Proxy;
use tokio_postgres::Client;
use uuid::Uuid;
use wealth_core::{IdGen as _, SystemIds};
use wealth_db::{Db, DbConfig, DbError, Meter, Param, Query, RequestContext, Row, Sql, p};

/// Writes one note.
pub(crate) const PUT: Sql = Sql { name: "probe.put", text: "select probe.put($1, $2)" };
/// Writes one note with a number that must be unique when the transaction commits.
pub(crate) const PUT_SLOT: Sql =
    Sql { name: "probe.put_slot", text: "select probe.put($1, $2, $3)" };
/// Every note that the tenant may see.
pub(crate) const LIST: Sql =
    Sql { name: "probe.list", text: "select tenant_id, id, body from probe.notes order by id" };
/// Stores an answer under an idempotency key.
pub(crate) const FINISH: Sql = Sql {
    name: "platform.idempotency_finish",
    text: "select platform.idempotency_finish($1, 200, '{}', '')",
};

/// A database with the probe table.
pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) superuser: Client,
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let superuser = database.superuser().await;
        superuser.batch_execute(include_str!("probe.sql")).await.expect("the probe table");
        Self { database, superuser }
    }

    /// How the application connects.
    pub(crate) async fn config(&self) -> DbConfig {
        self.config_as(LOGIN).await
    }

    /// How another login connects.
    pub(crate) async fn config_as(&self, login: &str) -> DbConfig {
        let mut config = DbConfig::from_url(&self.database.url(login).await).expect("a URL");
        config.allow_below_floor = true;
        config
    }

    /// The application's pool of one connection, through a proxy.
    pub(crate) async fn behind_proxy(&self) -> (Proxy, Db) {
        self.behind_proxy_with(|_| {}).await
    }

    pub(crate) async fn behind_proxy_with(
        &self,
        change: impl FnOnce(&mut DbConfig),
    ) -> (Proxy, Db) {
        let mut config = self.config().await;
        let proxy = Proxy::start(config.port).await;
        config.port = proxy.port();
        change(&mut config);
        (proxy, Db::new(config).await.expect("a pool"))
    }

    /// How many notes there are, whoever's they are.
    pub(crate) async fn notes(&self) -> i64 {
        self.number("select count(*) from probe.notes").await
    }

    /// A number that the superuser sees.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        self.superuser.query_typed(query, &[]).await.expect("a number")[0].get(0)
    }
}

/// A request of a product administrator of `firm`.
pub(crate) fn request(firm: Firm) -> RequestContext {
    let subject = match firm {
        Firm::Meridian => "admin-a",
        Firm::Harbour => "admin-b",
    };
    RequestContext {
        tenant_id: firm.tenant_id(),
        issuer: "https://local.wealth.invalid".to_owned(),
        subject: subject.to_owned(),
        roles: vec!["ProductAdministrator".to_owned()],
        check_grants: true,
        now: chrono::DateTime::from_timestamp(1_795_262_400, 0).expect("2026-11-21T12:00:00Z"),
        request_id: id(),
        session_id: None,
        user_id: None,
        api_key_id: None,
        impersonator_id: None,
        before_enrolment: false,
        scope: wealth_db::Scope::default(),
        step_up: wealth_db::StepUp::default(),
        client_ip: None,
        user_agent: None,
        meter: Meter::default(),
    }
}

/// A new id.
pub(crate) fn id() -> Uuid {
    SystemIds.next()
}

/// Reads the notes of `firm`.
pub(crate) async fn list(db: &Db, firm: Firm) -> Result<Vec<Row>, DbError> {
    db.read("probe_list", &request(firm)).query_and_commit(LIST, &[]).await
}

/// Writes a note without an idempotency key.
pub(crate) async fn put(db: &Db, firm: Firm, body: &str) -> Result<Vec<Row>, DbError> {
    let id = id();
    let params = [p::uuid(&id), p::text(&body)];
    db.begin("probe_put", &request(firm)).query_and_commit(PUT, &params).await
}

/// Writes a note once per key: the claim in the first round trip, answer and COMMIT in the second.
pub(crate) async fn put_once(db: &Db, firm: Firm, key: &str) -> Result<(), DbError> {
    let id = id();
    let mut tx = db.begin("probe_put", &request(firm));
    tx.claim(key, "probe_put", b"fingerprint");
    tx.query(PUT, &[p::uuid(&id), p::text(&key)]).await?;
    tx.query_and_commit(FINISH, &[p::text(&key)]).await.map(drop)
}

/// Statements of one flight.
pub(crate) fn flight<'a>(queries: &'a [(Sql, Vec<Param<'a>>)]) -> Vec<Query<'a>> {
    queries.iter().map(|(sql, params)| (*sql, params.as_slice())).collect()
}
