//! Requests with an API key, whose roles are remembered for a minute: an answer that rested on them
//! and refused is asked again with the roles of now. So the end of one grant does not take the others
//! with it, a new grant counts at once, and nothing of this costs a request that is let in.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::auth::{KeyName, bearer};
use crate::input::too_large;
use crate::observe::Observation;
use crate::problem::Problem;

/// Runs the request, and once more where the first refusal was of roles that may have changed.
pub(crate) async fn run(
    app: &App,
    seen: &Observation,
    request: Request,
    next: Next,
    limit: usize,
) -> Response {
    if !has_key(request.headers()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, limit).await else {
        return too_large().into_response();
    };
    let (parts_again, body_again) = (parts.clone(), body.clone());
    let first = next.clone().run(Request::from_parts(parts, Body::from(body))).await;
    if !seen.rested_on_memory() || !may_be_outdated(seen, &first) {
        return first;
    }
    if let Ok(token) = bearer(&parts_again.headers) {
        app.api_keys().forget(token);
    }
    next.run(Request::from_parts(parts_again, Body::from(body_again))).await
}

fn has_key(headers: &HeaderMap) -> bool {
    bearer(headers).is_ok_and(KeyName::is_meant)
}

/// Whether the request was refused for its roles before anything of it was done: by the first
/// statement of its first transaction, or before that.
fn may_be_outdated(seen: &Observation, answer: &Response) -> bool {
    let code = answer.extensions().get::<Problem>().map_or("", |problem| problem.code().code);
    let round_trips = seen.meter.usage().round_trips;
    matches!((code, round_trips), ("permission_denied", 0) | ("role_revoked", 0 | 1))
}
