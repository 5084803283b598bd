//! POST /scim/v2/Bulk (RFC 7644 section 3.7)

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::scim::document::{self, member, require_schema};
use wealth_core::scim::{
    BULK_REQUEST, BULK_RESPONSE, MAX_OPERATIONS, MAX_PAYLOAD, PatchRequest, ScimError, ScimType,
};
use wealth_http::{App, Problem, Result};

use super::answer;
use super::body::{Body, seen};
use super::directory::Directory;
use super::kind::Kind;
use super::operation::{Operation, read_all};
use super::store;

/// Change many resources
///
/// Each operation is a transaction of its own, in order; one that refers to a resource made in the
/// same request (`bulkId:…`) waits for it. After a crash the request can be sent again: what was
/// made is answered 409, and a `bulkId` then stands for the resource with the same name and
/// externalId, so that nothing is made twice and nothing is left out.
#[utoipa::path(post, path = "/scim/v2/Bulk", operation_id = "scim_bulk", tag = "scim",
    request_body(content = Object, content_type = "application/scim+json"),
    responses((status = 200, description = "What became of each operation", body = Object,
        content_type = "application/scim+json")),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    directory: Directory,
    body: Body,
) -> Result<Response> {
    if body.length > MAX_PAYLOAD {
        let detail = format!("The body exceeds maxPayloadSize, {MAX_PAYLOAD} bytes");
        return Err(ScimError::new(413, detail).into());
    }
    let given =
        body.value.as_object().ok_or_else(|| ScimError::syntax("The body must be an object"))?;
    require_schema(given, BULK_REQUEST)?;
    let limit = match member(given, "failOnErrors") {
        None | Some(Value::Null) => usize::MAX,
        Some(value) => value
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok())
            .filter(|limit| *limit > 0)
            .ok_or_else(|| ScimError::value("failOnErrors must be a positive whole number"))?,
    };
    let operations = member(given, "Operations").and_then(Value::as_array);
    let operations = operations.ok_or_else(|| ScimError::syntax("Operations must be a list"))?;
    if operations.len() > MAX_OPERATIONS {
        let detail = format!("The request exceeds maxOperations, {MAX_OPERATIONS}");
        return Err(ScimError::new(413, detail).into());
    }
    let operations = read_all(operations)?;
    let run = Run { app: &app, directory: &directory, known: HashMap::new() };
    let outcomes = run.all(&operations, limit).await;
    let body = json!({"schemas": [BULK_RESPONSE], "Operations": outcomes});
    Ok(answer::document(StatusCode::OK, &body))
}

/// What a bulkId stands for.
#[derive(Clone, Copy)]
enum Known {
    /// The resource.
    Made(Uuid),
    /// Its operation failed.
    Failed,
}

struct Run<'a> {
    app: &'a App,
    directory: &'a Directory,
    known: HashMap<String, Known>,
}

/// A resource that an operation made or changed.
struct Done {
    status: StatusCode,
    location: Option<String>,
    version: Option<String>,
}

impl Run<'_> {
    /// Runs the operations, those that wait for others after them, and answers in the order of the
    /// request. After `limit` failures the rest is left undone.
    async fn all(mut self, operations: &[Operation], limit: usize) -> Vec<Value> {
        let mut outcomes: Vec<Option<Value>> = vec![None; operations.len()];
        let mut failures: usize = 0;
        loop {
            let waiting: Vec<usize> =
                (0..operations.len()).filter(|at| outcomes.get(*at) == Some(&None)).collect();
            let ready =
                |at: &&usize| operations.get(**at).is_some_and(|o| self.is_ready(o, operations));
            // Where all wait for each other, the first goes ahead and fails for what it lacks.
            let Some(next) = waiting.iter().find(ready).or_else(|| waiting.first()).copied() else {
                break;
            };
            let Some(operation) = operations.get(next) else { break };
            let (outcome, failed) = self.one(operation).await;
            failures = failures.saturating_add(usize::from(failed));
            if let Some(place) = outcomes.get_mut(next) {
                *place = Some(outcome);
            }
            if failures >= limit {
                break;
            }
        }
        outcomes.into_iter().flatten().collect()
    }

    /// Whether everything that the operation refers to has been tried.
    fn is_ready(&self, operation: &Operation, all: &[Operation]) -> bool {
        operation.references.iter().all(|id| {
            self.known.contains_key(id)
                || !all
                    .iter()
                    .any(|other| other.bulk_id.as_ref() == Some(id) && other.method == "POST")
        })
    }

    async fn one(&mut self, operation: &Operation) -> (Value, bool) {
        let result = self.run(operation).await;
        let made = match &result {
            Ok(done) => done.location.as_deref().and_then(|l| l.rsplit('/').next()),
            Err((_, location)) => location.as_deref().and_then(|l| l.rsplit('/').next()),
        };
        if let Some(bulk_id) = operation.bulk_id.as_ref().filter(|_| operation.method == "POST") {
            let id = made.and_then(|id| Uuid::try_parse(id).ok());
            self.known.insert(bulk_id.clone(), id.map_or(Known::Failed, Known::Made));
        }
        let mut outcome = json!({"method": operation.method});
        if let Some(bulk_id) = &operation.bulk_id {
            outcome["bulkId"] = json!(bulk_id);
        }
        let failed = result.is_err();
        let (status, location) = match result {
            Ok(done) => {
                if let Some(version) = done.version {
                    outcome["version"] = json!(version);
                }
                (done.status.as_u16(), done.location)
            }
            Err((problem, location)) => {
                let error = problem.to_scim();
                outcome["response"] = error.document();
                (error.status, location)
            }
        };
        if let Some(location) = location {
            outcome["location"] = json!(location);
        }
        outcome["status"] = json!(status.to_string());
        (outcome, failed)
    }

    /// Runs one operation; a failure comes with the address of the resource it concerns.
    async fn run(&self, operation: &Operation) -> Result<Done, (Problem, Option<String>)> {
        let none = |problem: Problem| (problem, None);
        let (kind, id) = self.target(operation).map_err(|error| none(error.into()))?;
        let version = operation.version.as_deref().map(seen).transpose().map_err(none)?.flatten();
        let data = self.resolved(operation).map_err(|error| none(error.into()))?;
        let (app, directory) = (self.app, self.directory);
        let base = format!("{}{}", directory.base, kind.resource_type().endpoint);
        let Some(id) = id else {
            return self.create(kind, &data).await;
        };
        let there = |problem: Problem| (problem, Some(format!("{base}/{id}")));
        let target = (id, version);
        let changed = match operation.method.as_str() {
            "DELETE" => {
                store::delete(app, directory, kind, target).await.map_err(there)?;
                let location = Some(format!("{base}/{id}"));
                return Ok(Done { status: StatusCode::NO_CONTENT, location, version: None });
            }
            "PUT" => match document::read(kind.resource_type(), &data) {
                Ok(document) => store::replace(app, directory, kind, target, document).await,
                Err(error) => Err(error.into()),
            },
            _ => match PatchRequest::read(&data) {
                Ok(request) => store::patch(app, directory, kind, target, &request).await,
                Err(error) => Err(error.into()),
            },
        };
        let changed = changed.map_err(there)?;
        let (location, version) = (Some(changed.location), Some(changed.tag));
        Ok(Done { status: StatusCode::OK, location, version })
    }

    async fn create(&self, kind: Kind, data: &Value) -> Result<Done, (Problem, Option<String>)> {
        let document = document::read(kind.resource_type(), data);
        let document = document.map_err(|error| (error.into(), None))?;
        let name = document.get(kind.name()).and_then(Value::as_str).map(str::to_owned);
        let external = document.get("externalId").and_then(Value::as_str).map(str::to_owned);
        let id = self.app.ids.next();
        match store::create(self.app, self.directory, kind, id, document).await {
            Ok(made) => Ok(Done {
                status: StatusCode::CREATED,
                location: Some(made.location),
                version: Some(made.tag),
            }),
            Err(problem) if problem.to_scim().scim_type == Some(ScimType::Uniqueness) => {
                let location = self.made_before(kind, name, external).await;
                Err((problem, location))
            }
            Err(problem) => Err((problem, None)),
        }
    }

    /// The resource that an earlier try of the same request made: same name, same externalId.
    async fn made_before(
        &self,
        kind: Kind,
        name: Option<String>,
        external_id: Option<String>,
    ) -> Option<String> {
        let conditions = super::conditions::Conditions {
            name: Some(name?),
            external_id: Some(external_id?),
            ..Default::default()
        };
        let window = store::Window { conditions, limit: 1, ..store::Window::default() };
        let found = store::find(self.app, self.directory, kind, &window).await;
        // Whoever asks again is told of the failure; here it only costs a convenience.
        found.ok()?.1.into_iter().next().map(|resource| resource.location)
    }

    /// The kind and, except for POST, the id that the path names.
    fn target(&self, operation: &Operation) -> Result<(Kind, Option<Uuid>), ScimError> {
        let unknown = || ScimError::new(404, format!("There is nothing at {}", operation.endpoint));
        let kind = Kind::at(&operation.endpoint).ok_or_else(unknown)?;
        match &operation.id {
            None => Ok((kind, None)),
            Some(text) => {
                let id = match text.strip_prefix("bulkId:") {
                    Some(bulk_id) => self.made(bulk_id)?,
                    None => Uuid::try_parse(text).map_err(|_| ScimError::new(404, "Not found"))?,
                };
                Ok((kind, Some(id)))
            }
        }
    }

    fn made(&self, bulk_id: &str) -> Result<Uuid, ScimError> {
        match self.known.get(bulk_id) {
            Some(Known::Made(id)) => Ok(*id),
            Some(Known::Failed) => {
                Err(ScimError::value("It refers to a bulkId whose operation failed"))
            }
            None => Err(ScimError::value("It refers to a bulkId that stands for nothing")),
        }
    }

    /// The data with every `bulkId:…` in the place of an id replaced by the id.
    fn resolved(&self, operation: &Operation) -> Result<Value, ScimError> {
        let mut data = operation.data.clone();
        let mut failure = None;
        super::operation::each_text(&mut data, &mut |text| {
            if let Some(bulk_id) = text.strip_prefix("bulkId:") {
                match self.made(bulk_id) {
                    Ok(id) => *text = id.to_string(),
                    Err(error) => failure = Some(error),
                }
            }
        });
        failure.map_or(Ok(data), Err)
    }
}
