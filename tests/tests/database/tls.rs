//! TLS: the right name on a certificate of a trusted authority, or no connection.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_postgres::{Client, NoTls};
use wealth::postgres::Throwaway;
use wealth_db::{DbConfig, TlsMode};

use crate::certificates::{Authority, Certificate};

/// A configuration as an operator writes it; the bundle is a file.
fn config(port: u16, host: &str, bundle: Option<&Path>) -> DbConfig {
    let url = format!("postgres://postgres@{host}:{port}/postgres?sslmode=require");
    let bundle = bundle.map(|file| file.display().to_string());
    DbConfig::from_lookup(|name| match name {
        "DATABASE_URL" => Some(url.clone()),
        "DB_CA_BUNDLE" => bundle.clone(),
        _ => None,
    })
    .unwrap()
}

/// Whether the session is encrypted, or why there is none.
async fn connect(config: &DbConfig) -> Result<bool, String> {
    let client = config.connect_as_administrator().await.map_err(|error| error.to_string())?;
    let rows = client
        .query_typed("select ssl from pg_stat_ssl where pid = pg_backend_pid()", &[])
        .await
        .unwrap();
    Ok(rows[0].get(0))
}

/// Has the server present `certificate` from now on.
async fn present(server: &Throwaway, superuser: &Client, name: &str, certificate: &Certificate) {
    let owner = std::fs::metadata(server.directory()).unwrap();
    for (suffix, text) in [("crt", &certificate.chain), ("key", &certificate.key)] {
        let file = server.directory().join(format!("{name}.{suffix}"));
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        let setting = if suffix == "crt" { "ssl_cert_file" } else { "ssl_key_file" };
        let text = format!("alter system set {setting} = '{}'", file.display());
        superuser.batch_execute(&text).await.unwrap();
    }
    superuser.batch_execute("alter system set ssl = on").await.unwrap();
    superuser.batch_execute("select pg_reload_conf()").await.unwrap();
    // The postmaster reads its settings a moment later; sessions show what it has.
    for _ in 0..200 {
        let (fresh, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
        let driver = tokio::spawn(connection);
        let rows = fresh.query_typed("select current_setting('ssl_cert_file')", &[]).await.unwrap();
        driver.abort();
        if rows[0].get::<_, String>(0).ends_with(&format!("/{name}.crt")) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the server does not present {name}");
}

#[tokio::test]
async fn only_the_right_name_of_a_trusted_authority_is_connected_to() {
    let server = Throwaway::start().await.unwrap();
    let (superuser, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let (ours, foreign) = (Authority::new(), Authority::new());
    let bundle = server.directory().join("bundle.pem");
    std::fs::write(&bundle, ours.pem()).unwrap();
    let trusting = config(server.port(), "localhost", Some(&bundle));

    // A server that answers 'N': ssl is still off.
    let refused = connect(&trusting).await.unwrap_err();
    assert!(refused.contains("server does not support TLS"), "{refused}");

    present(&server, &superuser, "right", &ours.server("localhost")).await;
    assert_eq!(connect(&trusting).await, Ok(true));

    // The same server without the bundle: its authority is in no public store.
    let refused = connect(&config(server.port(), "localhost", None)).await.unwrap_err();
    assert!(refused.contains("UnknownIssuer"), "{refused}");
    // By its address, which the certificate does not name.
    let refused = connect(&config(server.port(), "127.0.0.1", Some(&bundle))).await.unwrap_err();
    assert!(refused.contains("not valid for name"), "{refused}");

    for (name, certificate, reason) in [
        ("wrong", ours.server("elsewhere.example"), "not valid for name \"localhost\""),
        ("foreign", foreign.server("localhost"), "invalid peer certificate"),
        ("expired", ours.expired("localhost"), "expired"),
    ] {
        present(&server, &superuser, name, &certificate).await;
        let refused = connect(&trusting).await.unwrap_err();
        assert!(refused.contains(reason), "{name}: {refused}");
    }
    present(&server, &superuser, "again", &ours.server("localhost")).await;
    assert_eq!(connect(&trusting).await, Ok(true));
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_said_to_a_server_without_tls() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 8];
        socket.read_exact(&mut request).await.unwrap();
        socket.write_all(b"N").await.unwrap();
        let mut rest = Vec::new();
        socket.read_to_end(&mut rest).await.unwrap();
        (request, rest)
    });
    let config = config(port, "localhost", None);
    assert_eq!(config.tls, TlsMode::VerifyFull);
    // A client that goes on in plain text would wait for an answer that never comes.
    let attempt = tokio::time::timeout(std::time::Duration::from_secs(20), connect(&config));
    let refused = attempt.await.expect("no plain text").unwrap_err();
    assert!(refused.contains("server does not support TLS"), "{refused}");
    let (request, rest) = server.await.unwrap();
    assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47], "an SSLRequest");
    assert_eq!(rest, Vec::<u8>::new(), "no startup message, no name, no password");
}

#[test]
fn a_bundle_that_is_none_is_one_clear_line() {
    let missing = DbConfig::from_lookup(|name| match name {
        "DATABASE_URL" => Some("postgres://u@h/d".to_owned()),
        "DB_CA_BUNDLE" => Some("/nowhere/bundle.pem".to_owned()),
        _ => None,
    });
    let line = missing.map(drop).unwrap_err().to_string();
    assert!(line.starts_with("DB_CA_BUNDLE: cannot read /nowhere/bundle.pem"), "{line}");
}
