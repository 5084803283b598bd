//! A load generator that costs little: fixed request bytes over kept connections.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// A GET with a bearer token.
pub(crate) fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nuser-agent: bench\r\naccept: application/json\r\n\r\n")
        .into_bytes()
}

/// A PUT or POST of JSON.
pub(crate) fn send(method: &str, path: &str, token: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\nuser-agent: bench\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A POST of JSON by somebody without a credential.
pub(crate) fn post(path: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\nuser-agent: bench\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One kept connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// To a port of 127.0.0.1.
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16_384) })
    }

    /// Sends a request and reads its answer, which has to have this status.
    pub(crate) async fn call(&mut self, request: &[u8], status: &str) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let (start, length) = loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the connection was closed");
            if let Some(found) = head(&self.buffer) {
                break found;
            }
        };
        while self.buffer.len() < start + length {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the connection was closed");
        }
        let text = || String::from_utf8_lossy(&self.buffer).into_owned();
        ensure!(self.buffer.get(9..12) == Some(status.as_bytes()), "not {status}: {}", text());
        Ok(&self.buffer[start..start + length])
    }
}

/// Where the body starts, and its length, once the whole head is there.
fn head(buffer: &[u8]) -> Option<(usize, usize)> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&buffer[..end]).ok()?.to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    Some((end + 4, length.parse().ok()?))
}

/// Keeps `connections` busy with the same GET for a while; gives the number of answers.
pub(crate) async fn saturate(
    port: u16,
    request: &[u8],
    connections: usize,
    time: Duration,
) -> Result<usize> {
    let mut set = JoinSet::new();
    let end = Instant::now() + time;
    for _ in 0..connections {
        let request = request.to_vec();
        set.spawn(async move {
            let mut connection = Connection::open(port).await?;
            let mut answers = 0;
            while Instant::now() < end {
                connection.call(&request, "200").await?;
                answers += 1;
            }
            anyhow::Ok(answers)
        });
    }
    let mut answers = 0;
    while let Some(done) = set.join_next().await {
        answers += done.context("a connection panicked")??;
    }
    Ok(answers)
}
