//! `make watch` sends each path to the function that the gateway sends it to.

use std::collections::BTreeMap;

use cargo_metadata::MetadataCommand;
use testkit::TestApp;

use crate::routes::{documented, functions};

/// Patterns and functions as cargo-lambda reads them.
fn router() -> BTreeMap<String, String> {
    let metadata = MetadataCommand::new().no_deps().exec().expect("cargo metadata");
    let table = &metadata.workspace_metadata["lambda"]["watch"]["router"];
    serde_json::from_value(table.clone()).expect("[workspace.metadata.lambda.watch.router]")
}

#[tokio::test]
async fn each_path_reaches_its_function() {
    let app = TestApp::new().await;
    // The matcher of cargo-lambda's own router.
    let mut matcher = matchit::Router::new();
    for (pattern, function) in router() {
        matcher.insert(pattern.clone(), function).expect(&pattern);
    }
    for (name, routes) in functions() {
        let (_, document) = wealth_http::build(&app.app, routes);
        let document = serde_json::to_value(&document).expect("a document");
        for route in documented(&document) {
            let (_, path) = route.split_once(' ').expect("method and path");
            let concrete: Vec<&str> = path
                .split('/')
                .map(|segment| if segment.starts_with('{') { "0190-x" } else { segment })
                .collect();
            let found = matcher.at(&concrete.join("/")).map(|found| found.value.clone());
            // Both functions answer these two; one of them does under watch.
            if ["/health", "/ready"].contains(&path) {
                assert!(found.is_ok(), "{path}");
            } else {
                assert_eq!(found.as_deref(), Ok(name), "{path}");
            }
        }
    }
}
