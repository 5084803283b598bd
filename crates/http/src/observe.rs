//! The outermost layer: request id, one log line per request, problems rendered, panics caught.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use uuid::Uuid;
use wealth_db::{Meter, RequestContext};

use crate::again;
use crate::app::App;
use crate::caller::Caller;
use crate::cursor::TaggedByDigest;
use crate::problem::Problem;
use crate::refusals::Refused;
use crate::scim::is_scim;
use crate::serve::BODY_LIMIT;
use crate::visitor::Visitor;
use crate::write::stored_answer;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What is noted about a request while it is served.
#[derive(Debug)]
pub(crate) struct Observation {
    pub(crate) request_id: Uuid,
    pub(crate) meter: Meter,
    who: OnceLock<RequestContext>,
    visitor: OnceLock<Visitor>,
    refused: OnceLock<Refused>,
    remembered: AtomicBool,
}

impl Observation {
    fn new(request_id: Uuid) -> Self {
        Self {
            request_id,
            meter: Meter::default(),
            who: OnceLock::new(),
            visitor: OnceLock::new(),
            refused: OnceLock::new(),
            remembered: AtomicBool::new(false),
        }
    }

    // Each of these is set once: a second extraction in one request names the same caller.

    /// Notes who shows a credential.
    pub(crate) fn knocks(&self, visitor: &Visitor) {
        drop(self.visitor.set(visitor.clone()));
    }

    /// Notes the principal for the log line.
    pub(crate) fn identify(&self, context: &RequestContext) {
        drop(self.who.set(context.clone()));
    }

    /// Notes a credential that was refused, for the audit log.
    pub(crate) fn refuse(&self, refused: Refused) {
        drop(self.refused.set(refused));
    }

    /// Notes whether the caller's roles are remembered ones.
    pub(crate) fn rests_on_memory(&self, remembered: bool) {
        self.remembered.store(remembered, Ordering::Relaxed);
    }

    /// Whether the caller's roles are remembered ones.
    pub(crate) fn rested_on_memory(&self) -> bool {
        self.remembered.load(Ordering::Relaxed)
    }

    /// The credential that was refused in this request, where it is known whose log is to tell.
    fn refusal(&self, code: &str) -> Option<(&Visitor, Refused)> {
        let turned_away = || Refused::turned_away(self.who.get()?, code);
        let refused = self.refused.get().cloned().or_else(turned_away)?;
        Some((self.visitor.get()?, refused))
    }
}

/// Wraps a router; see the module.
pub(crate) async fn observe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let seen = Arc::new(Observation::new(request_id(&request, &app)));
    let line = Line::new(&request);
    let scim = is_scim(request.uri().path());
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    request.extensions_mut().insert(Arc::clone(&seen));
    let response =
        AssertUnwindSafe(again::run(&app, &seen, request, next, BODY_LIMIT)).catch_unwind().await;
    let mut response = response.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        axum::response::IntoResponse::into_response(Problem::internal(format!(
            "panic: {}",
            text.unwrap_or_default()
        )))
    });
    let mut cause = None;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if let Some((visitor, refused)) = seen.refusal(problem.code().code) {
            app.refusals().note(&app, visitor, refused).await;
        }
        response = finish(&app, problem, (seen.request_id, scim), &mut cause).await;
    }
    if is_held(&response, held.as_ref()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if let Ok(value) = HeaderValue::from_str(&seen.request_id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    line.write(&seen, &response, started, cause.as_deref());
    response
}

/// Whether the caller has this very page already (RFC 9110, 13.1.2). Tags made of versions are
/// judged by their handlers, which know when a version says enough.
fn is_held(response: &Response, held: Option<&HeaderValue>) -> bool {
    let by_digest = response.extensions().get::<TaggedByDigest>().is_some();
    let (Some(held), Some(tag)) = (held, response.headers().get(header::ETAG)) else {
        return false;
    };
    let held = held.to_str().unwrap_or_default();
    let mut tags = held.split(',').map(|one| one.trim().trim_start_matches("W/"));
    by_digest && tags.any(|one| one.as_bytes() == tag.as_bytes())
}

/// Renders a problem, or gives the stored answer that it stands for.
async fn finish(
    app: &App,
    mut problem: Problem,
    (request_id, scim): (Uuid, bool),
    cause: &mut Option<String>,
) -> Response {
    if let Some(replay) = problem.take_replay() {
        match stored_answer(&app.db, replay).await {
            Ok(response) => return response,
            Err(other) => problem = other,
        }
    }
    *cause = Some(match problem.cause() {
        Some(text) => format!("{}: {text}", problem.code().code),
        None => problem.code().code.to_owned(),
    });
    if scim { problem.render_scim() } else { problem.render(request_id) }
}

/// The caller's own request id where it is a UUID, else a new one.
fn request_id(request: &Request, app: &App) -> Uuid {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    given.and_then(|text| Uuid::try_parse(text).ok()).unwrap_or_else(|| app.ids.next())
}

/// The request's part of the log line. The route is logged and not the path or query, which may
/// hold personal data.
struct Line {
    method: Method,
    route: String,
    gateway_request_id: Option<String>,
}

impl Line {
    fn new(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        let caller = request.extensions().get::<Caller>();
        Self {
            method: request.method().clone(),
            route: route.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned()),
            gateway_request_id: caller.and_then(|caller| caller.gateway_request_id.clone()),
        }
    }

    fn write(
        &self,
        seen: &Observation,
        response: &Response,
        started: Instant,
        cause: Option<&str>,
    ) {
        let usage = seen.meter.usage();
        let status = response.status().as_u16();
        let (tenant, subject) = match seen.who.get() {
            Some(who) => (Some(tracing::field::display(who.tenant_id)), Some(&who.subject)),
            None => (None, None),
        };
        let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    request_id = %seen.request_id,
                    method = %self.method,
                    route = self.route,
                    status,
                    tenant,
                    principal = subject,
                    micros,
                    db_micros = usage.micros,
                    db_round_trips = usage.round_trips,
                    db_rows = usage.rows,
                    gateway_request_id = self.gateway_request_id,
                    cause,
                    "request"
                )
            };
        }
        if status >= 500 { line!(error) } else { line!(info) }
    }
}
