//! The log as a file, and its verification from the command line.

use http::Method;
use serde_json::{Value, json};
use testkit::{Request, TestApp};

use super::{events, product};

/// Every page of an export, as it came.
pub(super) async fn export(app: &TestApp, limit: u32) -> String {
    let (mut text, mut path) = (String::new(), format!("/v1/audit/export?limit={limit}"));
    loop {
        let answer = app.system_admin().get(&path).await.expect(200);
        text += &String::from_utf8(answer.bytes.clone()).expect("text");
        let link = answer.header("link");
        let Some(next) = link.strip_prefix('<').and_then(|link| link.split_once('>')) else {
            return text;
        };
        path = next.0.to_owned();
    }
}

#[tokio::test]
async fn the_export_holds_the_sealed_log_in_its_order() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    let count = events(&app).await;
    app.seal().await;
    let text = export(&app, 3).await;
    let lines: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (heads, records): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.get("checkpoint").is_some());
    assert!(heads.len() > 1 && heads.iter().all(|head| head["verifier_key"].is_string()));
    let places: Vec<_> = records.iter().map(|record| record["leaf_index"].as_u64()).collect();
    assert_eq!(places, (0..count).map(Some).collect::<Vec<_>>());
    for record in &records {
        assert_eq!(record["event"]["event_id"], record["event_id"]);
    }
    // What is not sealed yet is not in it, and each page was recorded.
    let pages = app.sql("select details from audit.audit_events where action = 'audit_log.exported' order by occurred_at").await;
    assert_eq!(pages.len(), heads.len());
    assert_eq!(
        pages[0],
        json!({"details": {"operation": "audit_export", "limit": 3, "format": "ndjson"}})
    );
    assert_eq!(pages[1]["details"]["after"], 2);
}

#[tokio::test]
async fn a_table_has_the_same_rows_and_no_formulas() {
    let app = TestApp::new().await;
    app.execute(&format!(
        "insert into audit.audit_events (tenant_id, actor_type, actor_label, action, reason)
         values ('{}', 'system', '=HYPERLINK(\"x\")', 'row.loaded', E'two\\nlines')",
        super::firm()
    ))
    .await;
    let count = events(&app).await;
    app.seal().await;
    let path = "/v1/audit/export?format=csv&limit=5000";
    let answer = app.system_admin().get(path).await.expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"audit.csv\"");
    let text = String::from_utf8(answer.bytes).expect("text");
    assert_eq!(text.matches("\r\n").count() as u64, count + 1);
    assert!(text.starts_with("leaf_index,leaf_hash,event_id,tenant_id,"));
    assert!(
        text.contains("\"'=HYPERLINK(\"\"x\"\")\"") && text.contains("\"two\nlines\""),
        "{text}"
    );
}

/// Each page is a file of its own, with the columns of the archive.
#[tokio::test]
async fn parquet_has_the_same_records() {
    let app = TestApp::new().await;
    product(&app, 1).await;
    app.seal().await;
    let (mut found, mut path) = (Vec::new(), "/v1/audit/export?format=parquet&limit=3".to_owned());
    loop {
        let answer = app.system_admin().get(&path).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/vnd.apache.parquet");
        let name = "attachment; filename=\"audit.parquet\"";
        assert_eq!(answer.header("content-disposition"), name);
        let rows = audit::columns::Rows::open(answer.bytes.clone().into()).expect("a file");
        found.extend(rows.map(|row| json!(row.expect("a row"))));
        let link = answer.header("link");
        let Some(next) = link.strip_prefix('<').and_then(|link| link.split_once('>')) else {
            break;
        };
        path = next.0.to_owned();
    }
    let text = export(&app, 5000).await;
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let records: Vec<_> = lines.filter(|line| line.get("checkpoint").is_none()).collect();
    assert!(found.len() > 3);
    assert_eq!(found, records);
}

#[tokio::test]
async fn only_who_may_take_the_log_away_takes_it() {
    let app = TestApp::new().await;
    app.seal().await;
    for client in [app.admin(), app.sales_rep(), app.feed()] {
        assert_eq!(client.get("/v1/audit/export").await.expect(403).code(), "permission_denied");
    }
    app.auditor().await.get("/v1/audit/export").await.expect(200);
    for bad in ["limit=0", "limit=5001"] {
        let answer = app.system_admin().get(&format!("/v1/audit/export?{bad}")).await.expect(422);
        assert_eq!(answer.body["errors"][0]["pointer"], "/limit");
    }
    app.system_admin().get("/v1/audit/export?format=xlsx").await.expect(400);
    let head = Request::new(Method::HEAD, "/v1/audit/export");
    assert_eq!(app.system_admin().send(head).await.bytes.len(), 0);
}
