//! The Runtime API itself: an HTTP/1.1 server on 127.0.0.1.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, request::Parts};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use super::service::{Invocation, MAX_PAYLOAD, Outcome, Progress, Service};

const RUNTIME: &str = "/2018-06-01/runtime/";
const EXTENSION: &str = "/2020-01-01/extension/";

type Answer = Response<Full<Bytes>>;

/// A Runtime API for one function that somebody else runs: a test's own client, or a binary
/// started by hand. [`super::Lambda`] adds the process.
pub struct RuntimeApi {
    address: SocketAddr,
    pub(super) service: Arc<Service>,
    // Dropping the set ends the server and all its connections.
    _server: JoinSet<()>,
}

impl RuntimeApi {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When there is no such port.
    pub async fn start(name: &str, arn: String) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no free port")?;
        let address = listener.local_addr()?;
        let service = Arc::new(Service::new(name, arn));
        let mut server = JoinSet::new();
        server.spawn(accept(listener, service.clone()));
        Ok(Self { address, service, _server: server })
    }

    /// The value of `AWS_LAMBDA_RUNTIME_API`.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends one event, byte for byte (it need not even be JSON), and waits for its end.
    ///
    /// # Errors
    /// When the function did not end it within `limit`, which is also the deadline it is told.
    pub async fn invoke(&self, event: Bytes, limit: Duration) -> anyhow::Result<Outcome> {
        let (request_id, ended) = self.service.submit(event, limit);
        match timeout(limit, ended).await {
            Ok(outcome) => outcome.context("the Runtime API has stopped"),
            Err(_) => {
                self.service.give_up(&request_id);
                anyhow::bail!("{request_id}: task timed out after {limit:?}")
            }
        }
    }

    /// The body of `POST …/init/error`, if the function sent one.
    #[must_use]
    pub fn init_error(&self) -> Option<Value> {
        match &*self.service.progress().borrow() {
            Progress::InitError(error) => Some(error.clone()),
            _ => None,
        }
    }
}

async fn accept(listener: TcpListener, service: Arc<Service>) {
    let mut connections = JoinSet::new();
    // An accept error (out of descriptors) passes; the next round tries again.
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, service.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, service: Arc<Service>) {
    // Head and body leave in one segment; a delayed acknowledgement would cost 40 ms a call.
    let nodelay = stream.set_nodelay(true);
    debug_assert!(nodelay.is_ok());
    let handler = service_fn(|request| {
        let service = service.clone();
        async move { Ok::<_, Infallible>(handle(&service, request).await) }
    });
    // An error here means that the function closed the connection or died in the middle of a
    // request: the test sees that through the process.
    let _closed = http1::Builder::new().serve_connection(TokioIo::new(stream), handler).await;
}

async fn handle(service: &Service, request: Request<Incoming>) -> Answer {
    let (parts, body) = request.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return refuse(StatusCode::BAD_REQUEST, "InvalidRequest", &error.to_string()),
    };
    let path = parts.uri.path();
    if let Some(call) = path.strip_prefix(RUNTIME) {
        runtime(service, &parts.method, call, &body).await
    } else if let Some(call) = path.strip_prefix(EXTENSION) {
        extension(service, &parts, call, &body).await
    } else {
        unknown(path)
    }
}

async fn runtime(service: &Service, method: &Method, call: &str, body: &[u8]) -> Answer {
    let mut segments = call.split('/');
    let call = (segments.next(), segments.next(), segments.next(), segments.next());
    match (method, call) {
        (&Method::GET, (Some("invocation"), Some("next"), None, None)) => {
            match service.next().await {
                Some(invocation) => deliver(service, invocation),
                None => unknown("the service has stopped"),
            }
        }
        (&Method::POST, (Some("invocation"), Some(id), Some("response"), None)) => {
            let too_large = body.len() > MAX_PAYLOAD;
            let known = service.finish(id, Outcome::from_response(body));
            if too_large && known {
                let message =
                    format!("Exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes).");
                refuse(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message)
            } else {
                ended(id, known)
            }
        }
        (&Method::POST, (Some("invocation"), Some(id), Some("error"), None)) => {
            ended(id, service.finish(id, Outcome::from_error(body)))
        }
        (&Method::POST, (Some("init"), Some("error"), None, None)) => {
            let error = Outcome::from_error(body);
            if let Outcome::Error(error) = error {
                service.init_failed(error);
            }
            accepted()
        }
        _ => unknown("no such runtime call"),
    }
}

/// The event with the headers of a real `/next`.
fn deliver(service: &Service, invocation: Invocation) -> Answer {
    let mut answer = Response::new(Full::new(invocation.event));
    let headers = answer.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let described = [
        ("lambda-runtime-aws-request-id", invocation.request_id),
        ("lambda-runtime-deadline-ms", invocation.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", service.arn.clone()),
        ("lambda-runtime-trace-id", invocation.trace_id),
    ];
    for (name, value) in described {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    answer
}

async fn extension(service: &Service, parts: &Parts, call: &str, body: &[u8]) -> Answer {
    let header = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    match (&parts.method, call) {
        (&Method::POST, "register") => {
            match service.extensions.register(header("lambda-extension-name"), body) {
                Ok(identifier) => registered(service, &identifier),
                Err(refused) => {
                    let message = format!("cannot register: {refused:?}");
                    refuse(StatusCode::FORBIDDEN, "Extension.RegisterError", &message)
                }
            }
        }
        (_, _) if !service.extensions.knows(header("lambda-extension-identifier")) => refuse(
            StatusCode::FORBIDDEN,
            "Extension.UnknownExtensionIdentifier",
            "register first and send Lambda-Extension-Identifier",
        ),
        (&Method::GET, "event/next") => {
            service.extensions.next().await;
            accepted()
        }
        (&Method::POST, "init/error" | "exit/error") => accepted(),
        _ => unknown("no such extension call"),
    }
}

fn registered(service: &Service, identifier: &str) -> Answer {
    let function = json!({
        "functionName": service.name,
        "functionVersion": "$LATEST",
        "handler": "bootstrap",
    });
    let mut answer = json_answer(StatusCode::OK, &function);
    if let Ok(identifier) = HeaderValue::from_str(identifier) {
        answer.headers_mut().insert("lambda-extension-identifier", identifier);
    }
    answer
}

fn ended(request_id: &str, known: bool) -> Answer {
    if known {
        accepted()
    } else {
        let message = format!("no invocation {request_id} is in flight");
        refuse(StatusCode::BAD_REQUEST, "InvalidRequestID", &message)
    }
}

fn accepted() -> Answer {
    json_answer(StatusCode::ACCEPTED, &json!({ "status": "OK" }))
}

fn unknown(what: &str) -> Answer {
    refuse(StatusCode::NOT_FOUND, "NotFound", what)
}

fn refuse(status: StatusCode, kind: &str, message: &str) -> Answer {
    json_answer(status, &json!({ "errorType": kind, "errorMessage": message }))
}

fn json_answer(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Response::new(Full::from(body.to_string()));
    *answer.status_mut() = status;
    answer.headers_mut().insert("content-type", HeaderValue::from_static("application/json"));
    answer
}
