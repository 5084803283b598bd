//! The operations of the OpenAPI document: what the crawls enumerate.

use std::collections::BTreeSet;

use http::Method;
use serde_json::Value;
use testkit::TestApp;

/// One operation.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// Its id.
    pub(crate) id: String,
    /// Its method.
    pub(crate) method: Method,
    /// Its path, with names in braces.
    pub(crate) path: String,
    /// Names of its path parameters.
    pub(crate) in_path: Vec<String>,
    /// Names of its query parameters.
    pub(crate) in_query: Vec<String>,
    /// Whether it needs no token.
    pub(crate) open: bool,
    /// The members its JSON body may have; empty when it takes none.
    pub(crate) members: BTreeSet<String>,
}

/// Every operation of every context, in the order of the document.
pub(crate) fn all(app: &TestApp) -> Vec<Operation> {
    let document = document(app);
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("an item") {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if operation.get("operationId").is_some() {
                found.push(read(&document, path, method, operation));
            }
        }
    }
    found
}

/// The document as JSON.
pub(crate) fn document(app: &TestApp) -> Value {
    serde_json::to_value(&app.document).expect("a document")
}

fn read(document: &Value, path: &str, method: Method, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let named = |place: &str| {
        let here = parameters.iter().filter(|parameter| parameter["in"] == place);
        here.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect()
    };
    let mut members = BTreeSet::new();
    for content in operation["requestBody"]["content"].as_object().into_iter().flatten() {
        properties(document, &content.1["schema"], &mut members, 0);
    }
    let security = operation["security"].as_array();
    let open = security.is_some_and(|all| all.iter().any(|one| *one == serde_json::json!({})));
    Operation {
        id: operation["operationId"].as_str().expect("an id").to_owned(),
        method,
        path: path.to_owned(),
        in_path: named("path"),
        in_query: named("query"),
        open,
        members,
    }
}

/// The members of the schema itself, through references and combinations.
fn properties(document: &Value, schema: &Value, found: &mut BTreeSet<String>, depth: u8) {
    if depth > 8 {
        return;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        let target = document.pointer(pointer).expect("a schema that exists");
        properties(document, target, found, depth + 1);
    }
    for combined in ["allOf", "oneOf", "anyOf"] {
        for part in schema[combined].as_array().into_iter().flatten() {
            properties(document, part, found, depth + 1);
        }
    }
    found.extend(
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()),
    );
}

/// Every member of every schema of the document: what any answer may hold.
pub(crate) fn every_property(app: &TestApp) -> BTreeSet<String> {
    let document = document(app);
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let mut found = BTreeSet::new();
    for schema in schemas.values() {
        properties(&document, schema, &mut found, 0);
    }
    found
}
