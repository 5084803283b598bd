//! Sends the bad requests to the router and looks at each answer.

use std::collections::BTreeMap;

use serde_json::Value;
use testkit::{Answer, Request, TestApp};
use uuid::Uuid;
use wealth_core::problem::Code;

use super::cases::{Chosen, Operation};
use super::good::World;
use super::wanted;
use crate::document::operations;

/// Operations that have a body, and a good one is not JSON.
const OTHER_BODIES: [&str; 1] = ["products_imports_create"];

/// Operations whose good request needs a proof that works once, or a session of ours.
const PROOFS: [&str; 12] = [
    "user_impersonate",
    "user_identities_create",
    "me_identities_create",
    "token",
    "mfa_totp_start",
    "mfa_totp_confirm",
    "mfa_webauthn_options",
    "mfa_webauthn_register",
    "auth_mfa",
    "auth_step_up",
    "auth_webauthn",
    "auth_webauthn_options",
];

fn operations_of(app: &TestApp) -> Vec<Operation> {
    let document = serde_json::to_value(&app.document).expect("a document");
    operations(&document).into_iter().map(|(route, found)| Operation::read(&route, found)).collect()
}

/// What is wrong with an answer to bad input.
fn fault(answer: &Answer) -> Option<String> {
    let text = String::from_utf8_lossy(&answer.bytes);
    if answer.status < 400 {
        return None;
    }
    if answer.header("content-type") == "application/scim+json" {
        return scim_fault(answer, &text)
            .map(|wrong| format!("{wrong}: {} {text:.300}", answer.status));
    }
    let code = Code::find(answer.code());
    let request_id = answer.body["request_id"].as_str().unwrap_or_default();
    let wrong = if answer.status >= 500 {
        "a fault of ours"
    } else if answer.header("content-type") != "application/problem+json" {
        "not a problem document"
    } else if code.is_none() {
        "a code that is not registered"
    } else if code
        .is_some_and(|code| code.status != answer.status || answer.body["status"] != code.status)
    {
        "a status that is not the code's"
    } else if Uuid::parse_str(request_id).is_err() || answer.header("x-request-id") != request_id {
        "no request id"
    } else if tells_what_is_inside(&text) {
        "tells what is inside"
    } else {
        return None;
    };
    Some(format!("{wrong}: {} {text:.300}", answer.status))
}

/// The same for an error of SCIM, which has no code of ours and the request id in the header only.
fn scim_fault(answer: &Answer, text: &str) -> Option<&'static str> {
    let body = &answer.body;
    if answer.status >= 500 {
        Some("a fault of ours")
    } else if body["schemas"] != serde_json::json!(["urn:ietf:params:scim:api:messages:2.0:Error"])
    {
        Some("no SCIM error")
    } else if body["status"].as_str() != Some(&*answer.status.to_string())
        || !body["detail"].is_string()
    {
        Some("status or detail is missing")
    } else if Uuid::parse_str(&answer.header("x-request-id")).is_err() {
        Some("no request id")
    } else {
        tells_what_is_inside(text).then_some("tells what is inside")
    }
}

fn tells_what_is_inside(text: &str) -> bool {
    ["SQLSTATE", "postgres", "relation \"", "panicked", "DETAIL:", ".rs:"]
        .iter()
        .any(|word| text.contains(word))
}

#[tokio::test]
async fn every_operation_with_a_body_has_a_good_one() {
    let world = World::new().await;
    let operations = operations_of(&world.app);
    let without: Vec<_> = operations
        .iter()
        .filter(|operation| operation.has_body && world.body(&operation.id).is_none())
        .map(|operation| operation.id.as_str())
        .filter(|id| !OTHER_BODIES.contains(id))
        .collect();
    assert!(without.is_empty(), "add to good.rs: {without:?}");
    let (mut number, mut misfits) = (0, Vec::new());
    for operation in operations.iter().filter(|operation| operation.has_body) {
        number += 1;
        let answer = world.caller.send(operation.good(&world, number)).await;
        // What is decided on or changed by id is not there; everything else succeeds.
        let fits = answer.status < 300
            || answer.status == 404
            || OTHER_BODIES.contains(&&*operation.id)
            || PROOFS.contains(&&*operation.id) && [401, 409, 422].contains(&answer.status);
        if !fits {
            misfits.push(format!("{}: {}", operation.id, String::from_utf8_lossy(&answer.bytes)));
        }
    }
    assert!(misfits.is_empty(), "{}", misfits.join("\n"));
}

#[allow(clippy::print_stdout, reason = "the figures of `make fuzz` are for its reader")]
fn say(line: &str) {
    println!("bad input: {line}");
}

/// What came of the requests.
#[derive(Default)]
struct Tally {
    sent: usize,
    by_status: BTreeMap<u16, usize>,
    changed: usize,
    faults: Vec<String>,
}

impl Tally {
    /// Sends one, and holds what is stored after a refusal against what was stored before.
    async fn send(&mut self, world: &World, writes: &mut i64, what: String, request: Request) {
        let answer = world.caller.send(request).await;
        self.sent += 1;
        *self.by_status.entry(answer.status).or_default() += 1;
        self.faults.extend(fault(&answer).map(|fault| format!("{what}: {fault}")));
        let now = world.writes().await;
        if answer.status >= 400 && now != *writes {
            self.changed += 1;
            self.faults.push(format!("{what}: {}, and yet something was written", answer.status));
        }
        *writes = now;
        if self.sent.is_multiple_of(10_000) {
            say(&format!("{} sent, {} faults", self.sent, self.faults.len()));
        }
    }

    /// Requests of a class of statuses: 2 for 2xx.
    fn class(&self, class: u16) -> usize {
        self.by_status.iter().filter(|(status, _)| *status / 100 == class).map(|(_, n)| n).sum()
    }

    fn say(&self, known: usize) {
        let statuses: Vec<_> =
            self.by_status.iter().map(|(status, count)| format!("{status}: {count}")).collect();
        say(&format!(
            "{} requests of {known} known; 2xx {}, 3xx {}, 4xx {}, 5xx {} ({}); \
             state changed by a refusal: {}",
            self.sent,
            self.class(2),
            self.class(3),
            self.class(4),
            self.class(5),
            statuses.join(", "),
            self.changed,
        ));
    }
}

#[tokio::test]
async fn bad_input_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let operations = operations_of(&world.app);
    let mut counted = Chosen::every(usize::MAX);
    operations.iter().for_each(|operation| operation.bad(&world, &mut counted));
    let known = counted.known;
    let mut chosen = Chosen::every((known / wanted()).max(1));
    let (mut tally, mut writes) = (Tally::default(), world.writes().await);
    let before = writes;
    for operation in &operations {
        operation.bad(&world, &mut chosen);
        for (what, request) in chosen.requests.drain(..) {
            let what = format!("{} {what:.1000}", operation.id);
            tally.send(&world, &mut writes, what, request).await;
        }
    }
    tally.say(known);
    let first = tally.faults[..tally.faults.len().min(40)].join("\n");
    assert!(tally.faults.is_empty(), "{} faults, the first:\n{first}", tally.faults.len());
    assert!(tally.sent >= wanted().min(known), "{} of {}", tally.sent, wanted());
    let refused = tally.class(4);
    assert!(refused * 2 > tally.sent, "only {refused} were refused: the requests are too good");
    assert!(writes > before, "what was accepted was not counted: the counter counts nothing");
}

#[tokio::test]
async fn reading_bad_input_changes_nothing() {
    let world = World::new().await;
    let before = world.writes().await;
    let mut chosen = Chosen::every(97);
    for operation in operations_of(&world.app).iter().filter(|operation| !operation.is_write()) {
        operation.bad(&world, &mut chosen);
        for (what, request) in chosen.requests.drain(..) {
            let answer = world.caller.send(request).await;
            assert_eq!(fault(&answer), None, "{what}");
        }
    }
    assert_eq!(world.writes().await, before);
}

#[test]
fn a_fault_is_seen() {
    let answer = |status, body: Value| Answer {
        status,
        headers: http::HeaderMap::new(),
        bytes: body.to_string().into_bytes(),
        body,
    };
    assert!(fault(&answer(500, Value::Null)).is_some());
    assert!(fault(&answer(400, Value::Null)).is_some());
    assert!(fault(&answer(200, Value::Null)).is_none());
}
