//! Every statement of `sql/*/queries` against the migrated schema: it prepares as the login that
//! will send it, and its parameters and columns are the committed ones.

use std::path::{Path, PathBuf};

use testkit::database::{LOGIN, TestDatabase};
use tokio_postgres::{Client, NoTls};

use crate::catalogue;

/// Every file of `sql/<context>/queries`, with its text.
pub(crate) fn files() -> Vec<(String, String)> {
    let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sql");
    let mut found = Vec::new();
    for context in entries(&sql) {
        for file in entries(&context.join("queries")) {
            let name = file.strip_prefix(&sql).unwrap().display().to_string();
            found.push((name, std::fs::read_to_string(&file).unwrap()));
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

/// A connection as the login of the service.
pub(crate) async fn login(database: &TestDatabase) -> Client {
    let (client, connection) =
        tokio_postgres::connect(&database.url(LOGIN).await, NoTls).await.expect("the login");
    tokio::spawn(connection);
    client
}

#[expect(
    clippy::disallowed_methods,
    reason = "what the server makes of a statement is the question"
)]
async fn signature(client: &Client, name: &str, text: &str) -> Result<String, String> {
    let statement = client
        .prepare(text)
        .await
        .map_err(|error| format!("{name}: {:?}", error.as_db_error().map(ToString::to_string)))?;
    let parameters: Vec<&str> = statement.params().iter().map(|kind| kind.name()).collect();
    let columns = statement.columns().iter();
    let columns: Vec<String> =
        columns.map(|column| format!("{} {}", column.name(), column.type_().name())).collect();
    Ok(format!("{name} ({}) -> {}", parameters.join(", "), columns.join(", ")))
}

#[tokio::test]
async fn every_statement_has_the_committed_signature() {
    let database = TestDatabase::new().await;
    let client = login(&database).await;
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    for (name, text) in files() {
        match signature(&client, &name, &text).await {
            Ok(line) => found.push(line),
            Err(error) => broken.push(error),
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    catalogue::compare("tests/schema/statements.txt", &found);
}

#[test]
fn every_statement_is_named_in_its_first_line_and_used() {
    let code = crate::used::sources();
    let mut broken = Vec::new();
    for (path, text) in files() {
        let name = path.replace("/queries/", ".").replace(".sql", "");
        if !text.starts_with(&format!("-- {name}")) {
            broken.push(format!("{path} does not begin with -- {name}"));
        }
        let (context, file) = name.split_once('.').unwrap();
        let (macro_call, included) = (
            format!("sql!(\"{context}\", \"{file}\")"),
            format!("sql/{context}/queries/{file}.sql"),
        );
        if !code.contains(&macro_call) && !code.contains(&included) {
            broken.push(format!("{path} is used by nothing"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
