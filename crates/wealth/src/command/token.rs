//! `wealth token`: signs a person of the demo in at the server of `make run`.

use anyhow::{Context as _, Result};
use bytes::Bytes;
use clap::ValueEnum;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::output::say;
use crate::samples::{ANSWER_MAX, SIGN_IN, access_token, credentials};

/// The people of the demo firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Who {
    /// Keeps products, rates and users
    Admin,
    /// Presents products and compares them
    Sales,
    /// A second administrator, who can approve what the first proposes
    Second,
    /// The administrator of the second firm, which sees nothing of the first
    Other,
}

/// Prints an access token.
///
/// # Errors
/// No server with the demo data listens on `port`.
pub async fn run(port: u16, who: Who) -> Result<()> {
    let connected = TcpStream::connect(("127.0.0.1", port)).await;
    let stream = connected
        .with_context(|| format!("nothing listens on port {port}; start make run first"))?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Ends with the answer below; an error shows there.
    tokio::spawn(connection);
    let request = Request::post(SIGN_IN)
        .header("host", "127.0.0.1")
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(credentials(who).to_string())))?;
    let answer = sender.send_request(request).await?;
    let body = Limited::new(answer.into_body(), ANSWER_MAX).collect().await;
    let body = body.map_err(|error| anyhow::anyhow!("the answer broke off: {error}"))?;
    say(&access_token(&body.to_bytes())?);
    Ok(())
}
