//! Threat 12 of rules.md: every operation with every identity and every method, compared with the
//! committed matrix, which is the policy in a form that can be read.

use http::Method;
use testkit::{Answer, Client, Firm, Request, TestApp};

use crate::catalogue::compare;
use crate::fixtures::{self, Ids};
use crate::operations::{self, Operation};
use crate::owned::MAKER;

/// Everybody who may knock.
async fn identities(app: &TestApp) -> Vec<(&'static str, Client)> {
    let auditor = app.auditor().await;
    vec![
        ("anonymous", app.anonymous()),
        ("garbage", app.with_token("garbage")),
        ("no-role", app.client(Firm::Meridian, "sales-rep", &[])),
        ("foreign-role", app.client(Firm::Meridian, "sales-rep", &["Investor"])),
        ("SalesRepresentative", app.sales_rep()),
        ("SalesManager", app.sales_manager()),
        // The second one: a change is decided on by somebody else than proposed it.
        ("ProductAdministrator", app.second_admin()),
        ("SystemAdministrator", app.system_admin()),
        ("RateFeed", app.feed()),
        ("Auditor", auditor),
    ]
}

/// What an answer means for permission: whether it went well or badly beyond it is no matter here.
fn verdict(answer: &Answer) -> String {
    match (answer.status, answer.code()) {
        (401 | 405, _) => answer.status.to_string(),
        (403, "permission_denied") => "no".to_owned(),
        // SCIM's errors have no code of ours.
        (403, "") if refuses_the_role(answer) => "no".to_owned(),
        (403, code) => format!("403 {code}"),
        (status, _) if status >= 500 => status.to_string(),
        _ => "yes".to_owned(),
    }
}

fn refuses_the_role(answer: &Answer) -> bool {
    let detail = answer.body["detail"].as_str().unwrap_or_default();
    answer.header("content-type") == "application/scim+json"
        && detail.starts_with("None of your roles")
}

async fn firm() -> (TestApp, Ids) {
    let app = TestApp::new().await;
    let ids = fixtures::firm(&app, &app.admin(), "meridian-secret", MAKER[0], 10).await;
    (app, ids)
}

#[tokio::test]
async fn every_identity_may_do_what_the_matrix_says() {
    let (app, ids) = firm().await;
    let (mut lines, mut cells) = (Vec::new(), 0);
    let identities = identities(&app).await;
    for operation in operations::all(&app) {
        let mut line = format!("{} {} {}:", operation.id, operation.method, operation.path);
        for (who, client) in &identities {
            let answer = client.send(fixtures::request(&operation, &ids, &ids)).await;
            line += &format!(" {who}={}", verdict(&answer));
            cells += 1;
        }
        lines.push(line);
    }
    println!("{cells} cells\n{}", lines.join("\n"));
    compare("tests/tenancy/matrix.txt", &lines);
}

/// The committed matrix itself says what must never be otherwise.
#[tokio::test]
async fn the_matrix_opens_nothing_without_a_token() {
    let app = TestApp::new().await;
    let matrix =
        std::fs::read_to_string(crate::catalogue::here("tests/tenancy/matrix.txt")).unwrap();
    for operation in operations::all(&app) {
        let start = format!("{} ", operation.id);
        let line = matrix.lines().find(|line| line.starts_with(&start)).expect(&operation.id);
        if ["/health", "/ready", "/openapi.json", "/docs"].contains(&operation.path.as_str())
            || operation.path.starts_with("/.well-known/")
            || operation.path.starts_with("/v1/auth/")
        {
            continue;
        }
        // One's own account needs no role, but a person.
        let own = ["/v1/users/me", "/v1/sessions", "/v1/api-keys"];
        if own.iter().any(|start| operation.path.starts_with(start)) {
            assert!(line.contains(" anonymous=401") && line.contains(" garbage=401"), "{line}");
            continue;
        }
        for who in ["anonymous=401", "garbage=401", "no-role=no", "foreign-role=no"] {
            assert!(line.contains(&format!(" {who}")), "{line}");
        }
        let reads = operation.method == Method::GET;
        if !reads {
            assert!(line.contains("Auditor=no"), "{line}");
        }
        let sells = ["comparisons", "product_ladders", "recommendations_create"];
        if !reads && !sells.iter().any(|start| operation.id.starts_with(start)) {
            assert!(line.contains("SalesRepresentative=no"), "{line}");
        }
    }
}

/// Methods that no operation has answer 405, and no header smuggles one in.
#[tokio::test]
async fn only_documented_methods_are_answered() {
    let (app, ids) = firm().await;
    let all = operations::all(&app);
    let mut wrong = Vec::new();
    let mut requests = 0;
    let methods = [
        "GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PUT", "POST", "PATCH", "DELETE", "PROPFIND",
    ];
    for operation in &all {
        let has = |method: &Method| {
            all.iter().any(|other| other.path == operation.path && other.method == *method)
        };
        for method in methods.map(|name| name.parse::<Method>().expect("a method")) {
            let answered = has(&method) || (method == Method::HEAD && has(&Method::GET));
            if answered {
                continue;
            }
            let path = fixtures::path(operation, &ids);
            let answer = app.second_admin().send(Request::new(method.clone(), &path)).await;
            requests += 1;
            if answer.status != 405 {
                wrong.push(format!("{method} {path}: {}", answer.status));
            }
        }
    }
    for operation in all.iter().filter(|operation| operation.method == Method::GET) {
        wrong.extend(smuggled(&app, operation, &ids).await);
        requests += 8;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!("{requests} requests");
}

/// HEAD is GET without the body, for the same callers; override headers change nothing.
async fn smuggled(app: &TestApp, operation: &Operation, ids: &Ids) -> Vec<String> {
    let mut wrong = Vec::new();
    for client in [app.anonymous(), app.feed(), app.second_admin()] {
        let got = client.send(fixtures::request(operation, ids, ids)).await;
        let mut head = fixtures::request(operation, ids, ids);
        head.method = Method::HEAD;
        let head = client.send(head).await;
        if head.status != got.status || !head.bytes.is_empty() {
            wrong.push(format!("HEAD of {}: {} for {}", operation.id, head.status, got.status));
        }
        for header in ["x-http-method-override", "x-http-method", "x-method-override"] {
            let overridden =
                client.send(fixtures::request(operation, ids, ids).header(header, "DELETE")).await;
            if overridden.status != got.status {
                wrong.push(format!("{header} on {}: {}", operation.id, overridden.status));
            }
        }
    }
    wrong
}
