//! Fetches JWK sets, and other documents that belong to an identity provider, over HTTPS.

use std::net::{IpAddr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::request::Builder;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::aws_lc_rs;

use self::resolve::Resolver;

mod resolve;

/// Longest time for a whole fetch, name resolution included: it happens inside a request that the
/// gateway ends after 30 s.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Largest JWK set that is read.
const BODY_LENGTH_MAX: usize = 256 * 1024;

/// The same for a page of a directory or a batch of a feed, which nobody waits for at a screen.
const PAGE_TIMEOUT: Duration = Duration::from_secs(10);

/// Largest page of a directory, 200 people with all that a firm notes about them, and largest batch.
const PAGE_LENGTH_MAX: usize = 8 * 1024 * 1024;

/// Fetches a JWK set. The address comes from the issuer configuration, never from a token.
pub trait JwksFetcher: Send + Sync {
    /// The body of a successful answer.
    ///
    /// # Errors
    /// [`FetchError`] for everything else.
    fn fetch<'a>(&'a self, uri: &'a str) -> BoxFuture<'a, Result<Bytes, FetchError>>;
}

/// A key set could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address is not one that may be fetched.
    #[error("address refused: {0}")]
    Address(&'static str),
    /// No answer in time.
    #[error("no answer in time")]
    Timeout,
    /// Connection, TLS or HTTP failed.
    #[error("transport: {0}")]
    Transport(String),
    /// Another status than 200; redirects are not followed.
    #[error("status {0}")]
    Status(u16),
    /// The body is larger than what is asked for ever is.
    #[error("body too large")]
    TooLarge,
}

type HttpClient = Client<HttpsConnector<HttpConnector<Resolver>>, Empty<Bytes>>;

/// The real [`JwksFetcher`].
///
/// An operator of one tenant may one day enter these addresses, so they are treated as hostile
/// (OWASP API7): HTTPS with the public roots and a DNS name only, no redirect, no loopback or
/// link-local address even after name resolution (the Lambda Runtime API and the metadata services
/// live there), bounded time and size. Private networks stay reachable for providers behind a VPC
/// endpoint: TLS has proven the name before the first byte of a request is sent.
pub struct HttpsFetcher {
    loopback: bool,
    /// Made at the first fetch: a function whose issuers are all cached or static never pays for it.
    client: OnceLock<HttpClient>,
}

impl HttpsFetcher {
    /// For deployed functions.
    pub fn new() -> Self {
        Self { loopback: false, client: OnceLock::new() }
    }

    /// For a developer's machine and tests: also plain HTTP to `localhost`, `127.0.0.1`, `[::1]`.
    ///
    /// Never in a function: plain HTTP to its loopback reaches the Lambda Runtime API.
    pub fn with_loopback() -> Self {
        Self { loopback: true, client: OnceLock::new() }
    }

    fn client(&self) -> &HttpClient {
        self.client.get_or_init(|| build(self.loopback))
    }

    /// A page of a directory's API or a batch of a feed, whatever its status, under the same rules
    /// about addresses. `authorization` is the value of that header.
    ///
    /// # Errors
    /// [`FetchError`] when there is no whole answer.
    pub async fn ask(
        &self,
        uri: &str,
        authorization: Option<&str>,
    ) -> Result<Response<Bytes>, FetchError> {
        let asked = async {
            let mut request = self.request(uri)?;
            if let Some(authorization) = authorization {
                let mut value = HeaderValue::from_str(authorization)
                    .map_err(|_| FetchError::Address("an authorization that is no header"))?;
                value.set_sensitive(true);
                request = request.header(header::AUTHORIZATION, value);
            }
            let (head, body) = self.send(request).await?.into_parts();
            Ok(Response::from_parts(head, whole(body, PAGE_LENGTH_MAX).await?))
        };
        tokio::time::timeout(PAGE_TIMEOUT, asked).await.map_err(|_| FetchError::Timeout)?
    }

    async fn get(&self, uri: &str) -> Result<Bytes, FetchError> {
        let answer = self.send(self.request(uri)?).await?;
        if answer.status() != StatusCode::OK {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        whole(answer.into_body(), BODY_LENGTH_MAX).await
    }

    fn request(&self, uri: &str) -> Result<Builder, FetchError> {
        let uri = permitted(uri, self.loopback)?;
        Ok(Request::get(uri).header(header::ACCEPT, "application/json"))
    }

    async fn send(&self, request: Builder) -> Result<Response<Incoming>, FetchError> {
        let request =
            request.body(Empty::new()).map_err(|_| FetchError::Address("not a request target"))?;
        self.client().request(request).await.map_err(transport)
    }
}

impl Default for HttpsFetcher {
    fn default() -> Self {
        Self::new()
    }
}

impl JwksFetcher for HttpsFetcher {
    fn fetch<'a>(&'a self, uri: &'a str) -> BoxFuture<'a, Result<Bytes, FetchError>> {
        Box::pin(async move {
            tokio::time::timeout(TIMEOUT, self.get(uri)).await.map_err(|_| FetchError::Timeout)?
        })
    }
}

async fn whole(body: Incoming, length_max: usize) -> Result<Bytes, FetchError> {
    match Limited::new(body, length_max).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(FetchError::TooLarge),
        Err(error) => Err(FetchError::Transport(error.to_string())),
    }
}

fn build(loopback: bool) -> HttpClient {
    let mut http = HttpConnector::new_with_resolver(Resolver { loopback });
    http.enforce_http(false);
    http.set_connect_timeout(Some(TIMEOUT));
    let tls = rustls::ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map(|builder| {
            let roots = webpki_roots::TLS_SERVER_ROOTS.to_vec();
            builder.with_root_certificates(rustls::RootCertStore { roots }).with_no_client_auth()
        });
    #[expect(
        clippy::expect_used,
        reason = "fails only for a provider without a TLS 1.2 or 1.3 suite"
    )]
    let tls = tls.expect("aws-lc-rs has the default suites");
    let connector =
        HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
    // A kept connection would be dead after a freeze of the function, and a set is read every ten
    // minutes: none is kept.
    Client::builder(TokioExecutor::new())
        .pool_max_idle_per_host(0)
        .build(connector.wrap_connector(http))
}

/// The rules that can be seen in the address itself. Names are judged again once resolved.
fn permitted(uri: &str, loopback: bool) -> Result<Uri, FetchError> {
    let uri: Uri = uri.parse().map_err(|_| FetchError::Address("not a URI"))?;
    let authority = uri.authority().ok_or(FetchError::Address("no host"))?;
    if authority.as_str().contains('@') {
        return Err(FetchError::Address("user information"));
    }
    let host = authority.host();
    match uri.scheme_str() {
        Some("https") if ip(host).is_none() => Ok(uri),
        Some("https") => Err(FetchError::Address("an IP address has no public certificate")),
        Some("http") if loopback && is_loopback(host) => Ok(uri),
        _ => Err(FetchError::Address("not https")),
    }
}

fn ip(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || ip(host).is_some_and(|ip| ip.is_loopback())
}

fn transport(error: hyper_util::client::legacy::Error) -> FetchError {
    // The cause says what went wrong ("invalid peer certificate"), the error itself only where.
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    FetchError::Transport(cause.unwrap_or_else(|| error.to_string()))
}

/// Whether an address may be connected to.
fn is_permitted(address: &SocketAddr, loopback: bool) -> bool {
    let ip = address.ip().to_canonical();
    if ip.is_loopback() {
        return loopback;
    }
    let link_local = match ip {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast() || v4.octets()[0] == 0,
        // fd00:ec2::/32 holds the metadata service of EC2 for IPv6.
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6.segments()[..2] == [0xfd00, 0x0ec2],
    };
    !(link_local || ip.is_multicast() || ip.is_unspecified())
}
