//! The OpenAPI documents say enough to be used without reading the code.

use std::collections::BTreeSet;

use serde_json::Value;
use testkit::TestApp;
use wealth_core::field_code::FieldCode;
use wealth_core::problem::Code;

/// Every operation: route, its part of the document.
pub(crate) fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let all = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("a path item");
        item.iter().map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), operation)
        })
    });
    all.collect()
}

async fn document() -> Value {
    serde_json::to_value(&TestApp::new().await.document).expect("a document")
}

fn said(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().len() > 2)
}

#[tokio::test]
async fn every_operation_is_named_and_explained() {
    let document = document().await;
    let mut ids = BTreeSet::new();
    let mut missing = Vec::new();
    for (route, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        if id.is_empty() || !ids.insert(id) {
            missing.push(format!("{route}: an operation_id of its own"));
        }
        if operation["tags"].as_array().is_none_or(|tags| tags.len() != 1) {
            missing.push(format!("{route}: one tag"));
        }
        for field in ["summary", "description"] {
            if !said(&operation[field]) {
                missing.push(format!("{route}: {field}"));
            }
        }
    }
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}

#[tokio::test]
async fn every_parameter_and_body_has_a_schema() {
    let document = document().await;
    let mut missing = Vec::new();
    for (route, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or("?");
            if parameter["schema"].is_null() || !said(&parameter["description"]) {
                missing.push(format!("{route}: schema and description of {name}"));
            }
        }
        let (_, path) = route.split_once(' ').expect("method and path");
        for wanted in path.split('/').filter_map(|part| part.strip_prefix('{')) {
            let wanted = wanted.trim_end_matches('}');
            let given = operation["parameters"].as_array().into_iter().flatten();
            if !given.into_iter().any(|p| p["in"] == "path" && p["name"] == wanted) {
                missing.push(format!("{route}: path parameter {wanted}"));
            }
        }
        for (kind, content) in operation["requestBody"]["content"].as_object().into_iter().flatten()
        {
            if content["schema"].is_null() {
                missing.push(format!("{route}: schema of {kind}"));
            }
        }
    }
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}

#[tokio::test]
async fn every_answer_has_a_schema_and_every_failure_is_a_problem() {
    let document = document().await;
    let mut missing = Vec::new();
    for (route, operation) in operations(&document) {
        let answers = operation["responses"].as_object().expect("responses");
        if !answers.keys().any(|status| status.starts_with('2')) {
            missing.push(format!("{route}: a success"));
        }
        for (status, answer) in answers {
            // RFC 7009, 2.2: the client reads nothing but the status.
            let bodiless = ["204", "304"].contains(&status.as_str())
                || (status == "200" && route.ends_with("/v1/auth/revoke"));
            let content = answer["content"].as_object();
            let described = content
                .is_some_and(|kinds| kinds.values().all(|content| !content["schema"].is_null()));
            if !said(&answer["description"]) || (!bodiless && !described) {
                missing.push(format!("{route}: description and schema of {status}"));
            }
            // /ready says in its own form what is not ready.
            let fails = status.starts_with(['4', '5']) && !route.ends_with("/ready");
            // Directories read RFC 7644 section 3.12 and nothing else.
            let kind = match route.contains(" /scim/") {
                true => "application/scim+json",
                false => "application/problem+json",
            };
            let is_problem = content.is_some_and(|kinds| kinds.contains_key(kind));
            if fails && !is_problem {
                missing.push(format!("{route}: {status} as a problem document"));
            }
        }
    }
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let document = document().await;
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a reference within the document");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                found.push(reference.clone());
            }
            members.values().for_each(|member| collect(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_command_line_writes_the_document_that_is_served() {
    let binary = testkit::lambda::binary("wealth").await.expect("the command line");
    let out = std::env::temp_dir().join(format!("wealth-openapi-{}", std::process::id()));
    let status = tokio::process::Command::new(binary)
        .args(["openapi", "--out"])
        .arg(&out)
        .status()
        .await
        .expect("wealth openapi");
    assert!(status.success());
    let written = std::fs::read_to_string(out.join("wealth.json")).expect("wealth.json");
    let written: Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(written, document().await);
    // Two things of one name would be told as one of them.
    for context in ["audit", "products", "rates", "users"] {
        let own = std::fs::read_to_string(out.join(format!("{context}.json"))).expect(context);
        let own: Value = serde_json::from_str(&own).expect("JSON");
        for (name, schema) in own["components"]["schemas"].as_object().expect("schemas") {
            assert_eq!(*schema, written["components"]["schemas"][name], "{context}: {name}");
        }
    }
    std::fs::remove_dir_all(&out).expect("the directory is ours");
}

/// Schemas with amounts of no currency: a calculation that is the same in all. May only shrink.
const ANY_CURRENCY: [&str; 1] = ["GET /v1/rates/yields"];

/// ADR 0008: an amount stands in an object with a currency, or in a part of one.
#[tokio::test]
async fn every_amount_has_its_currency() {
    let document = document().await;
    let mut bare = BTreeSet::new();
    for (route, operation) in operations(&document) {
        if ANY_CURRENCY.contains(&route.as_str()) {
            continue;
        }
        for (status, answer) in operation["responses"].as_object().expect("responses") {
            let schema = &answer["content"]["application/json"]["schema"];
            if status.starts_with('2') {
                amounts(&document, schema, false, &format!("{route} {status}"), &mut bare);
            }
        }
    }
    assert!(bare.is_empty(), "amounts without a currency: {bare:#?}");
}

/// The properties of an object, with those of the parts it is made of.
fn properties<'a>(document: &'a Value, schema: &'a Value, found: &mut Vec<(&'a str, &'a Value)>) {
    let schema = resolved(document, schema);
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        found.push((name, property));
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        properties(document, part, found);
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).expect("a schema"),
        None => schema,
    }
}

fn amounts(
    document: &Value,
    schema: &Value,
    inherited: bool,
    at: &str,
    bare: &mut BTreeSet<String>,
) {
    if schema["$ref"] == "#/components/schemas/Amount" && !inherited {
        bare.insert(at.to_owned());
    }
    let mut members = Vec::new();
    properties(document, schema, &mut members);
    let covered = inherited || members.iter().any(|(name, _)| *name == "currency");
    for (name, member) in &members {
        amounts(document, member, covered, &format!("{at}/{name}"), bare);
    }
    let schema = resolved(document, schema);
    for part in
        ["oneOf", "anyOf"].iter().flat_map(|kind| schema[kind].as_array().into_iter().flatten())
    {
        amounts(document, part, covered, at, bare);
    }
    if !schema["items"].is_null() {
        amounts(document, &schema["items"], covered, &format!("{at}/*"), bare);
    }
}

#[test]
fn every_code_that_sql_raises_is_registered() {
    let pattern =
        regex::Regex::new(r"platform\.fail\(\s*'(WA\d{3})',\s*'(\w+)'").expect("a pattern");
    let (mut unknown, mut seen) = (BTreeSet::new(), 0);
    let mut folders = vec![crate::root().join("sql")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("text");
            for found in pattern.captures_iter(&text) {
                seen += 1;
                // 208 is a stored answer and no failure; what is wrong with a field is said of it.
                let known = match &found[1] {
                    "WA208" => true,
                    "WA422" if FieldCode::find(&found[2]).is_some() => true,
                    _ => Code::find(&found[2]).is_some(),
                };
                if !known {
                    unknown.insert(format!("{} {}", &found[1], &found[2]));
                }
            }
        }
    }
    assert!(seen > 20 && unknown.is_empty(), "not in the registry: {unknown:?}");
}

/// The words that validation says of a field, in the text of all crates.
#[test]
fn every_code_of_a_field_is_registered() {
    let pattern = regex::Regex::new(
        r#"(?:ParseError::new\(|Violations::one\([^;]*?,|\bv_?\.add\([^;]*?,|violations\.add\([^;]*?,)\s*"([a-z_0-9]+)","#,
    )
    .expect("a pattern");
    let (mut unknown, mut seen) = (BTreeSet::new(), BTreeSet::new());
    for path in crate::sources() {
        let text = std::fs::read_to_string(&path).expect("text");
        let (text, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
        for found in pattern.captures_iter(text) {
            seen.insert(found[1].to_owned());
            if FieldCode::find(&found[1]).is_none() && Code::find(&found[1]).is_none() {
                unknown.insert(found[1].to_owned());
            }
        }
    }
    assert!(seen.len() > 20 && unknown.is_empty(), "not in the registry: {unknown:?}");
}
