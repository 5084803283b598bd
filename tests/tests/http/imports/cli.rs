//! `wealth import products`: any size, in somebody's name, and exactly once.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use testkit::{TestApp, cusip};
use tokio::process::Command;
use tokio::sync::OnceCell;

use super::{file, send};

/// The program, built as the tests are.
pub(crate) async fn program() -> PathBuf {
    static BUILT: OnceCell<PathBuf> = OnceCell::const_new();
    let build = || async {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--workspace", "--bin", "wealth"]);
        assert!(build.status().await.expect("cargo").success());
        let me = std::env::current_exe().expect("this test program");
        me.ancestors().nth(2).expect("deps/..").join("wealth")
    };
    BUILT.get_or_init(build).await.clone()
}

/// A file in a directory of its own, which goes with the value.
pub(super) struct File(PathBuf);

impl File {
    pub(super) fn new(app: &TestApp, name: &str, text: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("wealth-{}", app.database.name()));
        std::fs::create_dir_all(&folder).expect("a directory");
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }

    pub(super) fn report(&self) -> String {
        let mut path = self.0.clone().into_os_string();
        path.push(".errors.csv");
        std::fs::read_to_string(path).unwrap_or_default()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        if let Some(folder) = self.0.parent() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// `wealth import` for a member of Meridian.
pub(super) async fn command(app: &TestApp, what: &str, file: &File, person: &str) -> Command {
    let mut command = Command::new(program().await);
    command
        .args(["import", what])
        .arg(&file.0)
        .args(["--tenant", "T001", "--as", person])
        .env("DATABASE_URL", app.database.url(testkit::database::LOGIN).await)
        .env("DB_ALLOW_BELOW_FLOOR", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Exit code, standard output and standard error.
pub(super) async fn run(mut command: Command) -> (i32, String, String) {
    let out = command.output().await.expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

#[tokio::test]
async fn a_file_is_loaded_in_somebodys_name() {
    let app = TestApp::new().await;
    let file = File::new(&app, "book.csv", &(file(1, 25, "4.5") + "bad,X,Other,1\n"));
    let mut dry = command(&app, "products", &file, "admin@a.test").await;
    dry.args(["--dry-run", "--batch", "10"]);
    let told = "26 rows: 25 would be created, 0 updated, 0 unchanged, 0 wait for a second person, 1 failed\n";
    let (code, out, err) = run(dry).await;
    assert_eq!((code, out.starts_with(told), err.as_str()), (3, true, ""), "{out}");
    assert!(app.sql("select 1 from products.products").await.is_empty());
    let mut load = command(&app, "products", &file, "admin@a.test").await;
    load.args(["--batch", "10"]);
    let (code, out, err) = run(load).await;
    assert_eq!((code, err.as_str()), (3, ""), "{out}");
    assert!(out.starts_with(&told.replace("would be", "were")), "{out}");
    assert!(
        file.report().starts_with("line,column,code,message\n27,cusip,cusip_invalid,"),
        "{}",
        file.report()
    );
    let logged = app
        .sql(
            "select distinct actor_id::text, user_agent like 'wealth/% import' as agent
        from audit.audit_events where action = 'products.inserted'",
        )
        .await;
    assert_eq!(
        logged,
        [serde_json::json!({"actor_id": "00000000-0000-7000-9000-000000000a01", "agent": true})]
    );
    let listed = app.admin().get("/v1/products/imports").await.expect(200);
    assert_eq!(listed.body["items"][0]["file_name"], "book.csv");
    app.other_admin().get(&format!("/v1/products/by-cusip/{}", cusip(1))).await.expect(404);
}

#[tokio::test]
async fn who_may_not_import_is_told_in_one_line() {
    let app = TestApp::new().await;
    let file = File::new(&app, "book.csv", &file(1, 1, "4.5"));
    for (person, reason) in [
        ("sales-rep@a.test", "sales-rep@a.test may not import"),
        ("admin@b.test", "admin@b.test is no active member of T001"),
        ("https://local.wealth.invalid#nobody", "is no active member of T001"),
    ] {
        let (code, out, err) = run(command(&app, "products", &file, person).await).await;
        assert_eq!((code, out.as_str(), err.lines().count()), (1, "", 1), "{err}");
        assert!(err.contains(reason), "{err}");
    }
    let mut owner = command(&app, "products", &file, "admin@a.test").await;
    let server = testkit::database::server_url().await;
    let (server, _) = server.rsplit_once('/').expect("a database");
    owner.env("DATABASE_URL", format!("{server}/{}", app.database.name()));
    let (code, _, err) = run(owner).await;
    assert!(code == 1 && err.contains("superuser"), "{err}");
}

#[tokio::test]
async fn a_run_that_is_killed_goes_on_and_loads_each_row_once() {
    let app = TestApp::new().await;
    let rows = 3000;
    let mut text = file(1, rows, "4.5");
    text.insert_str(text.find(&cusip(50)).expect("row 50"), "bad,X,Other,1\n");
    let file = File::new(&app, "big.csv", &text);
    let mut kills = 0;
    loop {
        let mut load = command(&app, "products", &file, "admin@a.test").await;
        load.args(["--batch", "100"]).stdout(Stdio::null()).stderr(Stdio::null());
        let before = line(&app).await;
        let mut child = load.spawn().expect("the program");
        if kills == 3 {
            assert_eq!(child.wait().await.expect("its end").code(), Some(3));
            break;
        }
        while line(&app).await < before + 200 {
            assert!(child.try_wait().expect("its state").is_none(), "it was too fast to be killed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child.start_kill().expect("killed");
        child.wait().await.expect("its end");
        kills += 1;
    }
    let account =
        app.sql("select status, rows_total, rows_created, rows_failed from products.imports").await;
    assert_eq!(
        account,
        [
            serde_json::json!({"status": "finished", "rows_total": rows + 1, "rows_created": rows, "rows_failed": 1})
        ]
    );
    for table in ["products.products", "rates.rate_history", "products.product_versions"] {
        assert_eq!(
            app.sql(&format!("select 1 as x from {table}")).await.len(),
            rows as usize,
            "{table}"
        );
    }
    let inserted = "select 1 as x from audit.audit_events where action = 'products.inserted'";
    assert_eq!(app.sql(inserted).await.len(), rows as usize);
    assert_eq!(file.report().lines().count(), 2, "{}", file.report());
}

/// Where the run stands.
async fn line(app: &TestApp) -> i64 {
    let rows = app.sql("select next_line from products.imports").await;
    rows.first().map_or(1, |row| row["next_line"].as_i64().expect("a number"))
}

#[tokio::test]
async fn an_unfinished_file_of_the_command_line_is_finished_by_a_call() {
    let app = TestApp::new().await;
    let text = file(1, 4, "4.5");
    app.execute(&format!(
        "insert into products.imports (tenant_id, kind, file_sha256, format, next_line, rows_total, rows_created, created_by)
         values ('00000000-0000-7000-8000-00000000000a', 'products', sha256('{text}'), 'csv', 4, 2, 2, 'x')"
    ))
    .await;
    let made = send(&app.admin(), "", &text, "k").await.expect(201);
    assert_eq!((&made.body["rows_total"], &made.body["rows_created"]), (&4.into(), &4.into()));
    assert_eq!(app.sql("select 1 as x from products.products").await.len(), 2);
}

#[tokio::test]
async fn a_new_database_is_asked_no_more_for_the_last_row_than_for_the_first() {
    // Without statistics, and in one session, which keeps the plans it made for empty tables.
    let app = TestApp::new().await;
    let file = File::new(&app, "first.csv", &file(1, 1_500, "4.5"));
    let mut load = command(&app, "products", &file, "admin@a.test").await;
    load.args(["--batch", "100"]);
    let (code, out, err) = run(load).await;
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    // A server process counts its own until it ends, which may be a moment after its client.
    let scans = "select coalesce(sum(idx_scan), 0)::int as asked, coalesce(sum(idx_tup_read), 0)::int as read
                   from pg_stat_user_indexes where schemaname = 'rates' and relname = 'rate_history'";
    let asked = |counts: &[serde_json::Value]| counts[0]["asked"].as_i64().unwrap_or(0);
    let mut counts = app.sql(scans).await;
    for _ in 0..100 {
        if asked(&counts) >= 3_000 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        counts = app.sql(scans).await;
    }
    assert!(asked(&counts) >= 3_000, "the check for gaps looks twice at each: {counts:?}");
    assert!(counts[0]["read"].as_i64().is_some_and(|read| read <= 6_000), "{counts:?}");
}
