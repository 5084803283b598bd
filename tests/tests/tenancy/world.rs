//! Two firms with a canary in every text, and the contexts they are looked at in.

use testkit::database::{LOGIN, TestDatabase};
use tokio_postgres::{Client, NoTls};

/// What of firm A nobody else may see: its texts, its rows' ids, its own id.
pub(crate) const OF_A: &str =
    "canary-a-leak|aaaaaaaa-0000-7000|00000000-0000-7000-8000-00000000000a";
/// The same of either firm.
pub(crate) const OF_BOTH: &str =
    "canary-[ab]-leak|(aaaaaaaa|bbbbbbbb)-0000-7000|00000000-0000-7000-8000-00000000000[ab]";
/// Firm A.
pub(crate) const A: &str = "00000000-0000-7000-8000-00000000000a";
/// Firm B.
pub(crate) const B: &str = "00000000-0000-7000-8000-00000000000b";
/// The schemas that are ours.
pub(crate) const OURS: &str = "^(platform|tenants|users|audit|products|rates|reporting)$";

/// A database with both firms, and a superuser's connection to it.
pub(crate) async fn firms() -> (TestDatabase, Client) {
    let database = TestDatabase::new().await;
    let client = database.superuser().await;
    for firm in ["a", "b"] {
        client.batch_execute(&data(firm)).await.expect(firm);
    }
    // Statistics are a way to see values too.
    client.batch_execute("analyze").await.expect("statistics");
    (database, client)
}

/// The statements that make a firm's data.
pub(crate) fn data(firm: &str) -> String {
    include_str!("canaries.sql").replace("{f}", firm)
}

/// The service's login.
pub(crate) async fn login(database: &TestDatabase) -> Client {
    let (client, connection) =
        tokio_postgres::connect(&database.url(LOGIN).await, NoTls).await.expect("the login");
    tokio::spawn(connection);
    client
}

/// The statement that makes a transaction one of firm `f`'s administrator, by these of the roles.
pub(crate) fn request(f: char, roles: &[&str]) -> String {
    format!(
        "select platform.begin_request('00000000-0000-7000-8000-00000000000{f}',
            'https://canary-{f}-leak.example', 'canary-{f}-leak', '{{{}}}', false, now(),
            gen_random_uuid(), null, '203.0.113.9', 'agent', 'crawl');",
        roles.join(",")
    )
}

/// Both administrators' roles.
pub(crate) const ADMINISTRATOR: &[&str] = &["ProductAdministrator", "SystemAdministrator"];
