//! The fetcher against servers that lie, and addresses that it must not touch.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::auth::{FetchError, HttpsFetcher, JwksFetcher};

/// Gives each connection the same bytes and counts connections.
async fn server(answer: Vec<u8>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
                if answer.is_empty() {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    (format!("127.0.0.1:{port}"), connections)
}

async fn fetch(address: &str) -> Result<bytes::Bytes, FetchError> {
    HttpsFetcher::with_loopback().fetch(&format!("http://{address}/keys")).await
}

#[tokio::test]
async fn a_plain_answer_is_read() {
    let (address, _) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    assert_eq!(fetch(&address).await.unwrap(), "{}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (target, connections) =
        server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    for status in [301, 302, 303, 307, 308] {
        let answer = format!(
            "HTTP/1.1 {status} Moved\r\nlocation: http://{target}/\r\ncontent-length: 0\r\n\r\n"
        );
        let (address, _) = server(answer.into_bytes()).await;
        assert_eq!(fetch(&address).await, Err(FetchError::Status(status)));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn other_answers_are_errors() {
    for status in [204, 400, 404, 500, 503] {
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").into_bytes();
        let (address, _) = server(answer).await;
        assert_eq!(fetch(&address).await, Err(FetchError::Status(status)));
    }
    for junk in ["junk", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}"] {
        let (address, _) = server(junk.as_bytes().to_vec()).await;
        assert!(matches!(fetch(&address).await, Err(FetchError::Transport(_))), "{junk}");
    }
}

#[tokio::test]
async fn large_bodies_are_cut_off() {
    let body = |length: usize| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
        [head.into_bytes(), vec![b' '; length]].concat()
    };
    let (address, _) = server(body(256 * 1024)).await;
    assert_eq!(fetch(&address).await.unwrap().len(), 256 * 1024);
    let (address, _) = server(body(256 * 1024 + 1)).await;
    assert_eq!(fetch(&address).await, Err(FetchError::TooLarge));
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; 400 * 1024]].concat();
    let (address, _) = server(endless).await;
    assert_eq!(fetch(&address).await, Err(FetchError::TooLarge));
}

#[tokio::test]
async fn a_silent_server_costs_three_seconds_at_most() {
    let (address, _) = server(Vec::new()).await;
    assert_eq!(fetch(&address).await, Err(FetchError::Timeout));
}

#[tokio::test]
async fn a_certificate_is_required() {
    let (address, _) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec()).await;
    let port = address.rsplit(':').next().unwrap();
    let uri = format!("https://localhost:{port}/keys");
    let answer = HttpsFetcher::with_loopback().fetch(&uri).await;
    assert!(matches!(answer, Err(FetchError::Transport(_))), "{answer:?}");
}

#[tokio::test]
async fn forbidden_addresses_are_never_connected_to() {
    let (address, connections) = server(Vec::new()).await;
    let port = address.rsplit(':').next().unwrap();
    let hosts = [
        "127.0.0.1",
        "[::1]",
        "localhost",
        "LOCALHOST",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "169.254.169.254",
        "0",
        "user@localhost",
        "localhost.",
        "[::]",
        "[fd00:ec2::254]",
        "255.255.255.255",
    ];
    for host in hosts {
        for scheme in ["https", "http", "HTTPS"] {
            let uri = format!("{scheme}://{host}:{port}/latest/meta-data");
            let answer = HttpsFetcher::new().fetch(&uri).await;
            let refused = matches!(answer, Err(FetchError::Address(_) | FetchError::Transport(_)));
            assert!(refused, "{uri}: {answer:?}");
        }
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn other_schemes_are_refused() {
    let uris = [
        "",
        "keys",
        "/keys",
        "file:///etc/passwd",
        "ftp://idp.example.com/keys",
        "http://idp.example.com/keys",
        "data:application/json,{}",
        "//idp.example.com/keys",
        "https://",
        "https:///keys",
        "http://169.254.169.254/",
        "http://10.0.0.1/",
    ];
    for uri in uris {
        for fetcher in [HttpsFetcher::new(), HttpsFetcher::with_loopback()] {
            let answer = fetcher.fetch(uri).await;
            assert!(matches!(answer, Err(FetchError::Address(_))), "{uri}: {answer:?}");
        }
    }
}
