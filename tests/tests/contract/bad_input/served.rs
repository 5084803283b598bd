//! The same over a socket: schemathesis makes up requests from the served OpenAPI document.

use std::path::Path;

use testkit::database::TestDatabase;
use testkit::lambda::binary;
use testkit::watched::{Watched, free_port};

/// Examples for each operation without `BAD_INPUTS`.
const ORDINARY: usize = 3;

fn examples() -> usize {
    if std::env::var_os("BAD_INPUTS").is_some() { super::wanted() / 1_000 } else { ORDINARY }
}

/// A server as `make run` starts it, and a token that it prints.
async fn serve(url: &str) -> (Watched, u16, String) {
    let program = binary("wealth").await.expect("the command line");
    let port = free_port();
    let log = std::env::temp_dir().join(format!("wealth-served-{port}.log"));
    let url = format!("DATABASE_URL={url}");
    let program = program.to_string_lossy().into_owned();
    let arguments = [url, format!("PORT={port}"), program, "dev".to_owned()];
    let server = Watched::start(Path::new("/usr/bin/env"), &arguments, port, &log).await;
    // It applies every migration first, which takes long on a busy machine.
    for _ in 0..1_200 {
        let text = std::fs::read_to_string(&log).expect("its output");
        if let Some((_, rest)) = text.split_once("ADMIN=") {
            let token: String = rest.chars().take_while(char::is_ascii_graphic).collect();
            return (server, port, token);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no token in its output:\n{}", std::fs::read_to_string(&log).expect("its output"));
}

#[tokio::test]
async fn schemathesis_finds_no_fault() {
    let root = crate::root();
    let program = root.join(".local/venv-schemathesis/bin/schemathesis");
    assert!(program.is_file(), "schemathesis is missing: run .ci/tools test");
    let database = TestDatabase::new().await;
    // An empty one beside it: the demo firms do not move in with others.
    let superuser = database.superuser().await;
    let empty = format!("{}_served", database.name());
    superuser.batch_execute(&format!("create database {empty}")).await.expect("a database");
    let url = database.url("postgres").await.replace(database.name(), &empty);
    let (server, port, token) = serve(&url).await;
    let folder = std::env::temp_dir().join(format!("wealth-schemathesis-{port}"));
    std::fs::create_dir_all(&folder).expect("a folder");
    let output = tokio::process::Command::new(program)
        .args(["run", &format!("http://127.0.0.1:{port}/openapi.json")])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", "not_a_server_error,content_type_conformance,status_code_conformance"])
        .args(["--phases", "examples,coverage,fuzzing", "--mode", "all", "--seed", "1"])
        .args([
            "--max-examples",
            &examples().to_string(),
            "--workers",
            "1",
            "--continue-on-failure",
        ])
        .args(["--generation-database", "none", "--no-color", "--exclude-path", "/ready"])
        .current_dir(&folder)
        .output()
        .await
        .expect("schemathesis");
    let text = String::from_utf8_lossy(&output.stdout);
    let tail: Vec<&str> = text.lines().filter(|line| line.contains("generated")).collect();
    println!("schemathesis: {}", tail.join(" "));
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    drop(server);
    let drop_it = format!("drop database {empty} with (force)");
    superuser.batch_execute(&drop_it).await.expect("the database is ours");
}
