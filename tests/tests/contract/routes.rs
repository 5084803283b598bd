//! Three lists that must be one: what the binaries answer, what OpenAPI says, what the gateway
//! lets through (rules.md §5, threat 16).

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use regex::Regex;
use serde_json::Value;
use testkit::{Client, Request, TestApp};
use utoipa_axum::router::OpenApiRouter;
use wealth_http::App;

use crate::{Routes, read};

/// Every method that HTTP knows, and one that it does not.
const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PURGE"];

/// What each function answers when it is invoked itself; on the gateway these exist once.
const OF_EVERY_FUNCTION: [&str; 2] = ["GET /health", "GET /ready"];

/// The routers of the functions, with their documents.
pub(crate) fn functions() -> [(&'static str, OpenApiRouter<App>); 4] {
    let users = users::router(testkit::services());
    [
        ("audit", audit::router()),
        ("products", products::router()),
        ("rates", rates::router()),
        ("users", users),
    ]
}

/// The same without their documents, as the binaries serve them.
fn binaries() -> [axum::Router<App>; 4] {
    let users = users::router(testkit::services());
    [audit::router(), products::router(), rates::router(), users]
}

/// `METHOD /path` of every operation in a document.
pub(crate) fn documented(document: &Value) -> Routes {
    let mut routes = Routes::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("a path item").keys() {
            routes.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    routes
}

/// What a router answers, documented or not: its paths as it prints itself, each tried with every
/// method.
async fn answered(router: &axum::Router) -> Routes {
    let shown = format!("{router:?}");
    let path = Regex::new(r#"RouteId\(\d+\): "([^"]+)""#).expect("a pattern");
    let paths: BTreeSet<String> = path.captures_iter(&shown).map(|c| c[1].to_owned()).collect();
    assert!(!paths.is_empty(), "the router shows no paths: {shown}");
    let client = Client::new(router.clone(), None);
    let parameter = Regex::new(r"\{[^}]+\}").expect("a pattern");
    let mut routes = Routes::new();
    // The fallback shows as these two; it answers 404, or so the other tests say.
    let fallback = |path: &&String| *path == "/" || path.contains("__private__axum_fallback");
    for path in paths.iter().filter(|path| !fallback(path)) {
        let concrete = parameter.replace_all(path, "x");
        for method in METHODS {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let answer = client.send(Request::new(method.clone(), &concrete)).await;
            // axum answers HEAD wherever there is GET, which RFC 9110 asks for.
            if answer.status != 405 && method != Method::HEAD {
                routes.insert(format!("{method} {path}"));
            }
        }
    }
    routes
}

/// The gateway's tables of routes, by function.
fn gateway() -> BTreeMap<String, Routes> {
    let text = read("infra/api.yaml");
    let table = Regex::new(r"^  Fn::ForEach::([a-z]+)Routes:$").expect("a pattern");
    let line = Regex::new(r"^ +(?:- )+([A-Z]+ /\S*)$").expect("a pattern");
    let mut tables: BTreeMap<String, Routes> = BTreeMap::new();
    let mut current = String::new();
    for text in text.lines() {
        if let Some(found) = table.captures(text) {
            current = found[1].to_owned();
        } else if let Some(found) = line.captures(text) {
            let fresh = tables.entry(current.clone()).or_default().insert(found[1].to_owned());
            assert!(fresh, "{} stands twice", &found[1]);
        }
    }
    let targets = Regex::new(r"integrations/\$\{([a-z]+)Integration\}").expect("a pattern");
    let targets: BTreeSet<String> =
        targets.captures_iter(&text).map(|found| found[1].to_owned()).collect();
    assert_eq!(targets, tables.keys().cloned().collect(), "a table without its integration");
    tables
}

fn of_every_function() -> Routes {
    OF_EVERY_FUNCTION.map(str::to_owned).into()
}

#[tokio::test]
async fn binaries_openapi_and_gateway_have_the_same_routes_function_by_function() {
    let app = TestApp::new().await;
    let gateway = gateway();
    let names: Vec<&str> = gateway.keys().map(String::as_str).collect();
    assert_eq!(names, functions().map(|(name, _)| name), "functions with routes in the gateway");
    let mut everything = Routes::new();
    for ((name, routes), bare) in functions().into_iter().zip(binaries()) {
        let (router, document) = wealth_http::build(&app.app, routes);
        let document = serde_json::to_value(&document).expect("a document");
        let (documented, bare) = (documented(&document), wealth_http::bare(&app.app, bare));
        assert_eq!(answered(&router).await, documented, "{name}: routes (left) and their document");
        assert_eq!(answered(&bare).await, documented, "{name}: the binary's routes (left)");
        let mut served = gateway[name].clone();
        let twice: Vec<_> = served.intersection(&everything).collect();
        assert!(twice.is_empty(), "two functions have {twice:?}");
        everything.extend(served.iter().cloned());
        served.extend(of_every_function());
        assert_eq!(served, documented, "{name}: the gateway's routes (left) and the document's");
    }
    let merged = serde_json::to_value(&app.document).expect("a document");
    assert_eq!(
        everything,
        documented(&merged),
        "the gateway's routes (left) and all that there are"
    );
}

#[test]
fn every_function_of_the_template_has_its_crate_and_its_routes() {
    let text = read("infra/functions.yaml");
    let row =
        Regex::new(r"(?m)^    ([a-z]+): \{MemorySize: \d+, Timeout: \d+\}$").expect("a pattern");
    let listed: Vec<String> = row.captures_iter(&text).map(|row| row[1].to_owned()).collect();
    // The jobs function has events and no routes.
    let mut wanted: Vec<_> = functions().map(|(name, _)| name.to_owned()).into();
    wanted.push("jobs".to_owned());
    wanted.sort();
    assert_eq!(listed, wanted);
}
