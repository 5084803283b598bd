//! Everything the contexts share on the way from an event to a handler and back: problem
//! documents, strict JSON, cursors, idempotency, entity tags, authentication, the request log, the
//! OpenAPI base and the Lambda skin. Written once, so that every context answers alike.

mod again;
mod app;
pub mod auth;
mod caller;
mod constraints;
mod cursor;
mod etag;
mod form;
mod health;
mod idempotency;
mod input;
mod observe;
pub mod openapi;
mod path;
mod person;
mod personal;
mod principal;
mod problem;
mod refusals;
mod reply;
mod routes;
mod scim;
mod serve;
mod visitor;
mod wire;
mod write;

pub use app::{App, AppParts};
pub use caller::Caller;
pub use cursor::{Cursor, Limit, PAGE_BYTES, Page};
pub use etag::{IfMatch, IfNoneMatch, etag};
pub use form::{FormFields, JsonOrForm};
pub use idempotency::Idempotency;
pub use input::{Input, Nothing, OptionalInput, Params, RawInput};
pub use path::PathParams;
pub use person::{Enrollee, Person};
pub use personal::{Personal, Purpose};
pub use principal::Principal;
pub use problem::{Problem, ProblemDocument, Result};
pub use reply::{Reply, created, json, json_text, no_content, not_modified};
pub use routes::{Operations, Routes};
pub use scim::SCIM_JSON;
pub use serve::{
    EventHandler, ServeError, TimedHandler, bare, build, init_logging, serve, serve_events,
    settings,
};
pub use visitor::Visitor;
pub use wire::Row404;
pub use write::{Done, Write};
