//! Events: what happens in another system, and not by a call. Each may come twice and in any order,
//! and does then only what is left to do.

mod cognito;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::Value;
use wealth_core::violations::Violations;
use wealth_http::{App, Problem};

/// Handles a trigger of a Cognito user pool, which takes the answer. An error names what is wrong.
pub fn on_event(app: App, event: Value) -> BoxFuture<'static, Result<Value, Problem>> {
    async move {
        let handled = match event.get("triggerSource") {
            Some(_) => cognito::handle(&app, event).await,
            None => {
                let text = "must be a trigger of a Cognito user pool";
                Err(Violations::one("/triggerSource", "required", text).into())
            }
        };
        // What the caller of HTTP would read has to stand in the error: an event gets no answer.
        handled.map_err(|problem| {
            let text = problem.summary();
            problem.because(text)
        })
    }
    .boxed()
}
