//! The base of every OpenAPI document, and the parts that all operations share.

mod requests;

use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

use wealth_core::problem::{ALL, Code};

use crate::cursor::{Cursor, Limit};
use crate::problem::ProblemDocument;
use crate::scim::{SCIM_JSON, ScimErrorDocument, is_scim};

/// Title, security and shared schemas.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "wealth",
        description = "Back end for firms that sell and administer investment products. Decimals \
            are strings, rates are percent, times are RFC 3339 in UTC, dates are calendar days of \
            the tenant. Errors are RFC 9457 problem documents.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ProblemDocument, ScimErrorDocument, Cursor, Limit)),
    modifiers(&Bearer),
    security(("bearer" = []))
)]
struct Base;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The base document.
pub fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

/// Adds what all operations share, which is documented once here instead of at every handler.
pub fn complete(document: &mut utoipa::openapi::OpenApi) {
    requests::describe(document);
    add_problems(document);
}

/// Adds to every operation the problems that any of them can answer with.
fn add_problems(document: &mut utoipa::openapi::OpenApi) {
    document.extensions =
        Some(ExtensionsBuilder::new().add("x-problem-codes", problem_codes()).build());
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (&mut item.get, false),
            (&mut item.put, true),
            (&mut item.post, true),
            (&mut item.patch, true),
            (&mut item.delete, true),
        ];
        for (operation, writes) in operations {
            let Some(operation) = operation else { continue };
            let open = operation
                .security
                .as_ref()
                .is_some_and(|s| s.iter().any(|requirement| *requirement == Default::default()));
            if open {
                if writes {
                    add(path, operation, OPEN_WRITES);
                }
                continue;
            }
            for (status, text) in PROBLEMS {
                let only_writes = matches!(*status, "409" | "412" | "413" | "415" | "428");
                if (writes || !only_writes) && !operation.responses.responses.contains_key(*status)
                {
                    operation
                        .responses
                        .responses
                        .insert((*status).to_owned(), RefOr::T(problem(path, text)));
                }
            }
        }
    }
}

fn add(path: &str, operation: &mut utoipa::openapi::path::Operation, problems: &[(&str, &str)]) {
    for (status, text) in problems {
        let answers = &mut operation.responses.responses;
        answers.entry((*status).to_owned()).or_insert_with(|| RefOr::T(problem(path, text)));
    }
}

/// What a write without a credential can be answered with.
const OPEN_WRITES: &[(&str, &str)] = &[
    ("400", "The request cannot be read"),
    ("401", "What was shown is not accepted"),
    ("403", "Not allowed"),
    ("413", "The body is too large"),
    ("415", "The body is of another media type"),
    ("422", "The content is not valid; errors[] names the fields"),
    ("429", "Too many attempts from this network; Retry-After says when to go on"),
    ("500", "A fault on our side"),
    ("503", "Try again in a moment"),
];

/// The registry, so that a reader of the document needs no other.
fn problem_codes() -> Vec<serde_json::Value> {
    let row = |code: &&Code| {
        serde_json::json!({
            "code": code.code, "status": code.status, "title": code.title, "meaning": code.meaning,
        })
    };
    ALL.iter().map(row).collect()
}

const PROBLEMS: &[(&str, &str)] = &[
    ("400", "The request cannot be read"),
    ("401", "No valid bearer token"),
    ("403", "Not allowed"),
    ("404", "No such resource in this tenant"),
    ("409", "In conflict with the present state"),
    ("412", "Changed since it was read"),
    ("413", "The body is too large"),
    ("415", "The body is of another media type"),
    ("422", "The content is not valid; errors[] names the fields"),
    ("428", "If-Match is required"),
    ("429", "Too many requests; Retry-After says how long to wait"),
    ("500", "A fault on our side"),
    ("503", "Try again in a moment"),
];

fn problem(path: &str, description: &str) -> Response {
    let (kind, schema) = match is_scim(path) {
        true => (SCIM_JSON, "ScimErrorDocument"),
        false => ("application/problem+json", "ProblemDocument"),
    };
    let schema = RefOr::Ref(Ref::from_schema_name(schema));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content(kind, content).build()
}
