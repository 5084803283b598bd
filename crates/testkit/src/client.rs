//! Speaking HTTP to the router, as one principal.

use std::net::IpAddr;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;
use wealth_core::{IdGen, SystemIds};

/// A caller.
#[derive(Clone)]
pub struct Client {
    router: Router,
    token: Option<String>,
    address: IpAddr,
}

/// A request with everything spelled out.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// Headers beside Authorization.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without a body.
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// Sets a body of any type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", content_type)
    }

    /// Sets the Idempotency-Key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Sets If-Match.
    #[must_use]
    pub fn if_match(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is empty or something else.
    pub body: Value,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header's text; empty when it is missing.
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    /// The entity tag, quotes and all.
    pub fn etag(&self) -> String {
        self.header("etag")
    }

    /// The problem's code; empty when it is no problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The body without `request_id`, which differs from request to request.
    pub fn problem(&self) -> Value {
        let mut body = self.body.clone();
        if let Some(map) = body.as_object_mut() {
            map.remove("request_id");
        }
        body
    }

    /// The answer itself if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{text}");
        self
    }
}

impl Client {
    /// A caller of `router`, with this bearer token or without one.
    pub fn new(router: Router, token: Option<String>) -> Self {
        Self { router, token, address: [203, 0, 113, 7].into() }
    }

    /// The same caller from another address.
    #[must_use]
    pub fn from(mut self, address: &str) -> Self {
        self.address = address.parse().expect("an address");
        self
    }

    /// Sends a request.
    pub async fn send(&self, request: Request) -> Answer {
        let mut builder = http::Request::builder().method(request.method).uri(&request.path);
        if let Some(token) = &self.token {
            builder = builder.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let mut request = builder.body(Body::from(request.body)).expect("a request");
        request.extensions_mut().insert(wealth_http::Caller {
            source_ip: Some(self.address),
            gateway_request_id: None,
        });
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::new(Method::GET, path)).await
    }

    /// POST with a fresh Idempotency-Key.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let key: Uuid = SystemIds.next();
        self.send(Request::new(Method::POST, path).json(&body).key(&key.to_string())).await
    }

    /// PUT with If-Match; an empty tag sends none.
    pub async fn put(&self, path: &str, body: Value, if_match: &str) -> Answer {
        self.send(tagged(Request::new(Method::PUT, path).json(&body), if_match)).await
    }

    /// PATCH with a merge patch and If-Match; an empty tag sends none.
    pub async fn patch(&self, path: &str, body: Value, if_match: &str) -> Answer {
        let request = Request::new(Method::PATCH, path);
        let request = request.body("application/merge-patch+json", body.to_string().into_bytes());
        self.send(tagged(request, if_match)).await
    }

    /// POST without a body, with If-Match; an empty tag sends none.
    pub async fn act(&self, path: &str, if_match: &str) -> Answer {
        self.send(tagged(Request::new(Method::POST, path), if_match)).await
    }

    /// DELETE with If-Match; an empty tag sends none.
    pub async fn delete(&self, path: &str, if_match: &str) -> Answer {
        self.send(tagged(Request::new(Method::DELETE, path), if_match)).await
    }
}

fn tagged(request: Request, if_match: &str) -> Request {
    if if_match.is_empty() { request } else { request.if_match(if_match) }
}
