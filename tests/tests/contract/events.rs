//! The events of `events/`: each in the shape of AWS, and of a route that exists.

use std::collections::BTreeSet;
use std::path::PathBuf;

use regex::Regex;
use serde_json::Value;
use testkit::TestApp;

use crate::root;
use crate::routes::{documented, functions};
use crate::{Routes, read};

/// What a test or a reader fills in.
const PLACEHOLDERS: [&str; 10] = [
    "token",
    "version",
    "tenant_id",
    "product_id",
    "other_product_id",
    "change_id",
    "availability_id",
    "comparison_id",
    "event_id",
    "hold_id",
];

fn of(function: &str) -> Vec<(PathBuf, String)> {
    let folder = root().join("events").join(function);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|_| panic!("no events of {function}"));
    let paths = files.map(|file| file.expect("a file").path());
    paths.map(|path| (path.clone(), std::fs::read_to_string(path).expect("text"))).collect()
}

#[tokio::test]
async fn every_event_is_one_that_its_function_can_get() {
    let app = TestApp::new().await;
    for (function, routes) in functions() {
        let (_, document) = wealth_http::build(&app.app, routes);
        let routes = documented(&serde_json::to_value(&document).expect("a document"));
        for (path, text) in of(function) {
            let name = path.file_stem().expect("a name").to_string_lossy();
            let event: Value = serde_json::from_str(&text).expect("JSON");
            check_placeholders(&path, &text);
            match &*name {
                "malformed" | "foreign" => {}
                _ if event.get("detail-type").is_some() => check_background(&path, &event),
                _ if event.get("triggerSource").is_some() => check_trigger(&path, &event),
                "options" | "unknown-route" => assert_eq!(event["routeKey"], "$default"),
                _ => check_http(&path, &event, &routes),
            }
        }
    }
    for (path, text) in of("jobs") {
        check_placeholders(&path, &text);
        let event: Value = serde_json::from_str(&text).expect("JSON");
        if event.get("detail-type").is_some() {
            check_background(&path, &event);
        }
    }
}

fn check_placeholders(path: &std::path::Path, text: &str) {
    let pattern = Regex::new(r"\{\{([^}]*)\}\}").expect("a pattern");
    for found in pattern.captures_iter(text) {
        assert!(PLACEHOLDERS.contains(&&found[1]), "{}: {{{{{}}}}}", path.display(), &found[1]);
    }
}

/// Payload format 2.0, all its parts telling of one request.
fn check_http(path: &std::path::Path, event: &Value, routes: &Routes) {
    let shown = path.display();
    let key = event["routeKey"].as_str().expect("a route key");
    assert!(routes.contains(key), "{shown}: {key} is no route");
    let (method, template) = key.split_once(' ').expect("method and path");
    let context = &event["requestContext"];
    assert_eq!(event["version"], "2.0", "{shown}");
    assert_eq!(context["routeKey"], key, "{shown}");
    assert_eq!(context["http"]["method"], method, "{shown}");
    assert_eq!(context["http"]["path"], event["rawPath"], "{shown}");
    let raw = event["rawPath"].as_str().expect("a path");
    let parts: Vec<_> = template.split('/').zip(raw.split('/')).collect();
    assert_eq!(template.split('/').count(), raw.split('/').count(), "{shown}");
    for (wanted, given) in parts {
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => assert_eq!(event["pathParameters"][name], given, "{shown}"),
            None => assert_eq!(wanted, given, "{shown}"),
        }
    }
    let is_json = event["headers"]["content-type"].as_str().is_some_and(|t| t.contains("json"));
    if is_json {
        let body = event["body"].as_str().expect("a body");
        serde_json::from_str::<Value>(body).unwrap_or_else(|error| panic!("{shown}: {error}"));
    }
    assert!(event["isBase64Encoded"].is_boolean(), "{shown}");
}

/// Its kind is one that `infra/events.yaml` sends.
fn check_background(path: &std::path::Path, event: &Value) {
    let kind = event["detail-type"].as_str().expect("detail-type");
    assert!(kinds().contains(kind), "{}: {kind} is sent by nothing", path.display());
}

/// A trigger of a Cognito user pool, of which the template lets one invoke the function.
fn check_trigger(path: &std::path::Path, event: &Value) {
    let shown = path.display();
    let (region, pool) = (&event["region"], event["userPoolId"].as_str().expect("a pool"));
    assert_eq!(pool.split_once('_').expect("a region").0, region, "{shown}");
    for object in ["callerContext", "request", "response"] {
        assert!(event[object].is_object(), "{shown}: {object}");
    }
    let template = read("infra/events.yaml");
    assert!(template.contains("Principal: cognito-idp.amazonaws.com"), "{shown}");
}

fn kinds() -> BTreeSet<String> {
    let text = read("infra/events.yaml");
    let rule = Regex::new(r"detail-type: \[(\w+)\]").expect("a pattern");
    let schedule = Regex::new(r#""detail-type":"(\w+)""#).expect("a pattern");
    let found = rule.captures_iter(&text).chain(schedule.captures_iter(&text));
    found.map(|kind| kind[1].to_owned()).collect()
}

#[test]
fn each_kind_that_the_template_sends_has_its_event() {
    let recorded: BTreeSet<String> = functions()
        .iter()
        .flat_map(|(function, _)| of(function))
        .chain(of("jobs"))
        .map(|(_, text)| serde_json::from_str::<Value>(&text).expect("JSON"))
        .filter_map(|event| event["detail-type"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(recorded, kinds());
}
