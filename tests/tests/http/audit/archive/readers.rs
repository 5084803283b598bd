//! What others read in the archive's files, and what the command line finds in them.

use serde_json::{Value, json};
use testkit::TestApp;
use tokio::process::Command;

use super::scene::Scene;
use super::{MONTH, PLATFORM};
use crate::audit::firm;

/// Reads files with DuckDB and with pyarrow, and prints what each finds.
const READERS: &str = r#"
import datetime, json, sys, duckdb, pyarrow.parquet
def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, (int, str)) else str(value)
found = duckdb.execute("set timezone = 'UTC'").execute(
    "select * from read_parquet(?) order by leaf_index", [sys.argv[1] + "/*.parquet"])
duck = {"columns": [[c[0], str(c[1])] for c in found.description],
        "rows": [[plain(v) for v in row] for row in found.fetchall()]}
shape = duckdb.execute("""select event_id::text, actor_id::text, coalesce(legacy_action, action), resource_type,
    (new_values->>'rate'), "occurred_at"::varchar from read_parquet(?) order by leaf_index""",
    [sys.argv[1] + "/*.parquet"]).fetchall()
import glob
tables = [pyarrow.parquet.read_table(f) for f in sorted(glob.glob(sys.argv[1] + "/*.parquet"))]
arrow = {"columns": [[f.name, str(f.type)] for f in tables[0].schema],
         "rows": [[plain(v) for v in row.values()] for t in tables for row in t.to_pylist()]}
meta = pyarrow.parquet.read_metadata(sorted(glob.glob(sys.argv[1] + "/*.parquet"))[0])
print(json.dumps({"duck": duck, "arrow": arrow, "shape": shape,
    "codec": meta.row_group(0).column(0).compression, "schema": meta.metadata[b"wealth.schema"].decode()}))
"#;

async fn read(scene: &Scene) -> Value {
    let root = wealth::postgres::project_root().expect("the project");
    let python = root.join(".local/venv-parquet/bin/python");
    assert!(python.is_file(), "duckdb and pyarrow: run .ci/tools test");
    let out = Command::new(python).args(["-c", READERS]).arg(scene.month()).output().await.unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

/// The columns of docs/audit-archive.md, by the names and types that others give them.
#[tokio::test]
async fn duckdb_and_pyarrow_read_the_columns_that_are_documented() {
    let scene = Scene::new().await;
    let found = read(&scene).await;
    let documented = std::fs::read_to_string(
        wealth::postgres::project_root().unwrap().join("docs/audit-archive.md"),
    )
    .expect("docs/audit-archive.md");
    let rows = documented.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let name = cells.next()?.trim_end_matches('`').to_owned();
        let mut kinds = || Some(cells.next()?.trim().trim_matches('`').to_owned());
        Some((json!([name, kinds()?]), json!([name, kinds()?])))
    });
    let (duck, arrow): (Vec<Value>, Vec<Value>) = rows.unzip();
    assert_eq!(found["duck"]["columns"], json!(duck));
    assert_eq!(found["arrow"]["columns"], json!(arrow));
    assert_eq!((&found["codec"], &found["schema"]), (&json!("ZSTD"), &json!("2")));
    assert_eq!(found["duck"]["rows"], found["arrow"]["rows"]);
    assert_eq!(found["duck"]["rows"].as_array().map(Vec::len), Some(12));
    let first = &found["shape"][1];
    assert_eq!(first.as_array().map(Vec::len), Some(6), "{first}");
    let mut shapes = found["shape"].as_array().expect("rows").iter();
    // What was a number with four decimals is one still.
    let values = found["duck"]["rows"].as_array().expect("rows").iter();
    assert!(values.clone().any(|row| row[14].to_string().contains("5.1000")), "{found}");
    assert!(shapes.all(|row| row[2] == "UPDATE_PRODUCT" || row[2] == "CREATE_PRODUCT"));
}

/// The same events that the API finds while they are in the database, by the same filters.
#[tokio::test]
async fn a_query_of_the_archive_finds_what_the_api_found() {
    let scene = Scene::new().await;
    let app = &scene.app;
    audit::months::restore(&app.app, &app.seals, super::day(), |_, _| {}).await.expect("a restore");
    for (filter, count) in [
        (vec![], 12),
        (vec![("action", "product.updated")], 6),
        (vec![("action", "CREATE_PRODUCT")], 6),
        (vec![("actor_id", "00000000-0000-7000-9000-000000000002")], 4),
        (vec![("resource_type", "products"), ("resource_id", "3")], 2),
        (vec![("resource_type", "accounts")], 0),
        (vec![("outcome", "denied")], 1),
        (vec![("request_id", "00000000-0000-4000-8000-000000000002")], 2),
        (vec![("from", "2025-09-01T00:14:00.123456Z"), ("to", "2025-09-01T00:35:00.123456Z")], 3),
        (vec![("from", "2025-09-02T00:00:00Z")], 0),
    ] {
        let by_api = api(app, &filter).await;
        let options: Vec<String> = filter
            .iter()
            .flat_map(|(name, value)| {
                [format!("--{}", name.replace('_', "-")), (*value).to_owned()]
            })
            .collect();
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let (mut found, said) = scene.query(&firm(), &[&options[..], &["--open"]].concat()).await;
        assert_eq!(said, "", "nothing is closed");
        // The archive has the order of the leaves, the API that of time.
        found.sort_by_key(|event| std::cmp::Reverse(event["occurred_at"].to_string()));
        assert_eq!(found.len(), count, "{filter:?}");
        assert_eq!(found, by_api, "{filter:?}");
    }
    assert_eq!(scene.query(PLATFORM, &["--month", MONTH]).await.0.len(), 2);
    assert_eq!(scene.query(&firm(), &["--month", "2025-08"]).await.0.len(), 0);
}

async fn api(app: &TestApp, filter: &[(&str, &str)]) -> Vec<Value> {
    let filter: String = filter.iter().map(|(name, value)| format!("&{name}={value}")).collect();
    let end = if filter.contains("&to=") { "" } else { "&to=2025-10-01T00:00:00Z" };
    let path = format!("/v1/audit/events?limit=100{end}{filter}");
    let mut body = app.system_admin().get(&path).await.expect(200).body;
    body["items"].as_array_mut().expect("events").drain(..).collect()
}
