//! An outside judge: scim2-tester (PyPI) against the server on a socket. `.ci/tools test` installs it.

use std::path::Path;
use std::process::Stdio;

use testkit::{Firm, TestApp};

#[tokio::test]
async fn scim2_tester_finds_nothing_to_object_to() {
    let app = TestApp::new().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = root.join(".local/venv-scim/bin/python");
    assert!(python.exists(), "scim2-tester is not here: .ci/tools test installs it");
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}/scim/v2", listener.local_addr().expect("its address"));
    let router = app.router.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let token = app.token(Firm::Meridian, "system-admin", &["SystemAdministrator"]);
    let judged = tokio::process::Command::new(python)
        .arg(root.join("tests/tests/http/scim/judge.py"))
        .args([&base, &token])
        .stdin(Stdio::null())
        .output()
        .await
        .expect("the judge");
    server.abort();
    let text = String::from_utf8_lossy(&judged.stdout);
    assert!(judged.status.success(), "{text}{}", String::from_utf8_lossy(&judged.stderr));
    assert!(text.contains(" 0 other"), "{text}");
}
