//! From a context's router to a running Lambda, and the same router for server and tests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{self, Next};
use axum::response::Response;
use futures_util::future::BoxFuture;
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::{Adapter, LambdaEvent, Service};
use serde::Deserialize;
use serde_json::value::RawValue;
use thiserror::Error;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use utoipa_axum::router::OpenApiRouter;
use wealth_core::{SystemClock, SystemIds, json, problem};
use wealth_db::{ConfigError, Db, DbConfig, TlsError};

use crate::app::{App, AppParts};
use crate::auth::{DbIssuers, HttpsFetcher, Verifier};
use crate::caller::Caller;
use crate::observe::observe;
use crate::problem::Problem;
use crate::routes::Routes as _;
use crate::{health, openapi};

/// Lambda takes 6 MB a call, base64 included: about 4.5 MB of anything that is not text.
pub(crate) const BODY_LIMIT: usize = 6 * 1024 * 1024;

/// Handles what is no HTTP call: an EventBridge event, a scheduled one, or a trigger of a Cognito
/// user pool. Cognito takes the answer, for the others Lambda logs it; an error makes EventBridge
/// deliver again.
pub type EventHandler = Arc<
    dyn Fn(App, serde_json::Value) -> BoxFuture<'static, Result<serde_json::Value, Problem>>
        + Send
        + Sync,
>;

/// The same for a function that takes nothing else, told besides when to stop beginning anything.
pub type TimedHandler = Arc<
    dyn Fn(
            App,
            serde_json::Value,
            Instant,
        ) -> BoxFuture<'static, Result<serde_json::Value, Problem>>
        + Send
        + Sync,
>;

/// What a function that is told its time needs at its end: the longest statement, and the answer.
const AT_THE_END: Duration = Duration::from_secs(30);

/// Why a function cannot start. One line each.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The environment is incomplete.
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    /// TLS cannot be set up.
    #[error("configuration: {0}")]
    Tls(#[from] TlsError),
}

/// Finishes a context's router: state, layers, fallbacks. Returns it with its OpenAPI document.
pub fn build(app: &App, routes: OpenApiRouter<App>) -> (Router, utoipa::openapi::OpenApi) {
    let routes = OpenApiRouter::with_openapi(openapi::base()).merge(routes).merge(health::router());
    let (router, mut document) = routes.split_for_parts();
    openapi::complete(&mut document);
    (finish(app, router), document)
}

/// The same router without the document, as a Lambda serves it: a cold start waits for it, and
/// nobody reads a document there.
pub fn bare(app: &App, routes: Router<App>) -> Router {
    finish(app, routes.and(health::router()))
}

fn finish(app: &App, router: Router<App>) -> Router {
    router
        .fallback(no_route)
        .method_not_allowed_fallback(no_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(app.clone(), observe))
        .with_state(app.clone())
}

async fn no_route() -> Problem {
    Problem::not_found(&problem::NOT_FOUND)
}

async fn no_method() -> Problem {
    Problem::new(&problem::METHOD_NOT_ALLOWED, "This resource does not take that method.")
}

/// The application out of the environment, its database connection opened if it can be had.
pub async fn settings() -> Result<App, ServeError> {
    let db = Db::new(DbConfig::from_env()?).await?;
    if let Err(error) = db.warm_up().await {
        // Not final: requests answer 503 and try again.
        tracing::error!(error = crate::problem::chain(&error), "no database connection yet");
    }
    let platform = std::env::var("ISSUER_URL").ok().filter(|url| !url.is_empty());
    let issuers = Arc::new(DbIssuers::new(db.clone(), platform));
    let verifier = Verifier::new(issuers, Arc::new(HttpsFetcher::new()));
    let parts = AppParts { db, verifier, clock: Arc::new(SystemClock), ids: Arc::new(SystemIds) };
    Ok(App::new(parts))
}

/// One JSON line per event on standard output. `LOG_LEVEL` is a level (`info` unless given) or a list
/// such as `info,wealth_db=debug`.
pub fn init_logging() {
    let level = std::env::var("LOG_LEVEL").ok().filter(|level| !level.is_empty());
    let level = level.unwrap_or_else(|| "info".to_owned());
    let fallback = Targets::new().with_default(LevelFilter::INFO);
    let wanted: Targets = level.parse().unwrap_or(fallback);
    let quiet = wanted.default_level().unwrap_or(LevelFilter::INFO).min(LevelFilter::WARN);
    // The runtime opens a span for each invocation, which our one line has no use for.
    let filter = match level.contains("lambda_runtime") {
        true => wanted,
        false => wanted.with_target("lambda_runtime", quiet),
    };
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false);
    // Fails only when a subscriber is set already, which then stays.
    drop(tracing_subscriber::registry().with(lines).with(filter).try_init());
}

/// Runs a context as a Lambda function until the environment is shut down.
pub async fn serve(
    routes: Router<App>,
    events: Option<EventHandler>,
) -> Result<(), lambda_http::Error> {
    init_logging();
    // As text, for the runtime prints what it is given with Debug.
    let app = settings().await.map_err(|error| error.to_string())?;
    let router = bare(&app, routes).layer(middleware::from_fn(attach_caller));
    // Registers an internal extension, without which Lambda sends no SIGTERM.
    lambda_runtime::spawn_graceful_shutdown_handler(|| async {
        tracing::info!("shutting down");
    })
    .await;
    let handler = lambda_runtime::service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        dispatch(router.clone(), app.clone(), events.clone(), event)
    });
    lambda_runtime::run(handler).await
}

/// Runs a function that takes events and no calls until the environment is shut down.
pub async fn serve_events(handler: TimedHandler) -> Result<(), lambda_http::Error> {
    init_logging();
    // As text, for the runtime prints what it is given with Debug.
    let app = settings().await.map_err(|error| error.to_string())?;
    lambda_runtime::spawn_graceful_shutdown_handler(|| async {
        tracing::info!("shutting down");
    })
    .await;
    let handler = lambda_runtime::service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let (app, handler) = (app.clone(), Arc::clone(&handler));
        async move {
            let ends = ends(event.context.deadline, app.clock.now().timestamp_millis());
            let event = json::from_slice(event.payload.get().as_bytes())?;
            answered(handler(app, event, ends).await)
        }
    });
    lambda_runtime::run(handler).await
}

/// When to stop, a while before Lambda does: half of the time if that is short.
fn ends(deadline: u64, now: i64) -> Instant {
    let left = deadline.saturating_sub(u64::try_from(now).unwrap_or(0));
    let left = Duration::from_millis(left);
    Instant::now() + left.saturating_sub(AT_THE_END).max(left / 2)
}

/// What Lambda is told of an event's outcome.
fn answered(
    outcome: Result<serde_json::Value, Problem>,
) -> Result<Box<RawValue>, lambda_http::Error> {
    let answer = outcome.map_err(|problem| {
        let text = format!("{}: {}", problem.code().code, problem.cause().unwrap_or(""));
        tracing::error!(cause = text, "event failed");
        text
    })?;
    Ok(serde_json::value::to_raw_value(&answer)?)
}

/// The members that tell kinds of events apart.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "requestContext")]
    request_context: Option<serde::de::IgnoredAny>,
    #[serde(rename = "detail-type")]
    detail_type: Option<serde::de::IgnoredAny>,
    #[serde(rename = "triggerSource")]
    trigger_source: Option<serde::de::IgnoredAny>,
}

async fn dispatch(
    router: Router,
    app: App,
    events: Option<EventHandler>,
    event: LambdaEvent<Box<RawValue>>,
) -> Result<Box<RawValue>, lambda_http::Error> {
    let LambdaEvent { payload, context } = event;
    let kind: Kind = serde_json::from_str(payload.get())?;
    if kind.request_context.is_some() {
        // The one form that our gateway sends: left to itself, lambda_http would copy the event and
        // try its forms one after the other.
        let request: ApiGatewayV2httpRequest = serde_json::from_str(payload.get())?;
        let request = LambdaEvent::new(LambdaRequest::ApiGatewayV2(request), context);
        let answer = Adapter::from(router).call(request).await?;
        return Ok(serde_json::value::to_raw_value(&answer)?);
    }
    match events {
        Some(handle) if kind.detail_type.is_some() || kind.trigger_source.is_some() => {
            let event = json::from_slice(payload.get().as_bytes())?;
            answered(handle(app, event).await)
        }
        _ => Err("this function does not take such an event".into()),
    }
}

/// What API Gateway says of the caller, in our own terms.
async fn attach_caller(mut request: Request, next: Next) -> Response {
    let caller = match request.extensions().get::<RequestContext>() {
        Some(RequestContext::ApiGatewayV2(context)) => Caller {
            source_ip: context.http.source_ip.as_deref().and_then(|ip| ip.parse().ok()),
            gateway_request_id: context.request_id.clone(),
        },
        _ => Caller::default(),
    };
    request.extensions_mut().insert(caller);
    next.run(request).await
}
