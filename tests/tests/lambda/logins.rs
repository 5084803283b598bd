//! The logins of production, made by the program that makes them there, and what they may do.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use testkit::TestApp;
use testkit::database::TestDatabase;
use tokio::sync::OnceCell;

/// Made up for tests.
pub(crate) const PASSWORD: &str = "correct-horse-battery-staple";
/// An import of rates keeps its account where one of products does.
const ACCOUNT_OF_IMPORTS: [&str; 3] =
    ["products.start_import", "products.record_import_progress", "products.finish_import"];
const FUNCTIONS: [&str; 4] = ["products", "rates", "audit", "jobs"];
/// What other contexts do by the clock, besides what is called `job_…` there.
const BY_THE_CLOCK: [&str; 11] = [
    "audit.erasures_to_run",
    "audit.partition_may_go",
    "audit.tenants_to_seal",
    "audit.tenants_to_sweep",
    "rates.feeds_to_pull",
    "rates.tenants_with_due_rates",
    "users.claim_mail",
    "users.finish_mail",
    "users.register_signing_key",
    "users.retire_signing_keys",
    "users.signing_key_known",
];

static MADE: OnceCell<()> = OnceCell::const_new();

/// The login of a function; of one that is not in production, the login of the tests.
pub(crate) async fn of(function: &str) -> String {
    if !FUNCTIONS.contains(&function) {
        return testkit::database::LOGIN.to_owned();
    }
    MADE.get_or_init(make).await;
    format!("{function}_login")
}

async fn make() {
    let superuser = TestDatabase::new().await;
    let superuser = superuser.superuser().await;
    // Another test program may be about the same: roles belong to the whole server.
    superuser.batch_execute("select pg_advisory_lock(4712)").await.expect("a lock");
    for function in FUNCTIONS {
        for login in [format!("{function}_login"), format!("{function}_login_clone")] {
            let sql = statements(&login);
            superuser.batch_execute(&sql).await.expect(&sql);
        }
    }
    superuser.batch_execute("select pg_advisory_unlock(4712)").await.expect("a lock");
}

/// What `infra/login.py` makes of a login's secret, without psql's own first line.
fn statements(login: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/login.py");
    let mut child = Command::new("python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3: run .ci/tools test");
    let secret = json!({"username": login, "password": PASSWORD}).to_string();
    child.stdin.take().expect("its input").write_all(secret.as_bytes()).expect("its input");
    let output = child.wait_with_output().expect("its output");
    assert!(output.status.success(), "infra/login.py");
    let text = String::from_utf8(output.stdout).expect("text");
    let (first, rest) = text.split_once('\n').expect("two lines");
    assert_eq!(first, "\\set ON_ERROR_STOP on");
    assert!(!rest.contains(PASSWORD), "the password stands in the statements");
    rest.to_owned()
}

/// The functions of a context that a login may execute and that change something or act for a
/// tenant: everything but what every reader needs.
async fn may_execute(app: &TestApp, login: &str) -> Vec<String> {
    let query = format!(
        "select n.nspname || '.' || p.proname as name
           from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where p.prosecdef and has_function_privilege('{login}', p.oid, 'execute')
            and not has_function_privilege('application_role', p.oid, 'execute')
          group by 1 order by 1"
    );
    let rows = app.sql(&query).await;
    rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_login_is_a_member_of_its_context_and_of_nothing_else() {
    let app = TestApp::new().await;
    for function in FUNCTIONS {
        let login = of(function).await;
        for login in [login.clone(), format!("{login}_clone")] {
            let query = format!(
                "select g.rolname as name from pg_auth_members m join pg_roles g on g.oid = m.roleid
                   join pg_roles r on r.oid = m.member where r.rolname = '{login}'
                   and g.rolname <> 'password_login' order by 1"
            );
            let rows = app.sql(&query).await;
            let groups: Vec<_> =
                rows.iter().map(|row| row["name"].as_str().expect("a name")).collect();
            assert_eq!(groups, [format!("{function}_service")], "{login}");
        }
    }
}

#[tokio::test]
async fn a_login_executes_the_functions_of_its_own_context_only() {
    let app = TestApp::new().await;
    for function in FUNCTIONS {
        let login = of(function).await;
        let allowed = may_execute(&app, &login).await;
        assert!(!allowed.is_empty(), "{login}");
        for name in &allowed {
            let own = name.starts_with(&format!("{function}."));
            let shared = function == "rates" && ACCOUNT_OF_IMPORTS.contains(&name.as_str());
            let job = name.split_once('.').is_some_and(|(_, name)| name.starts_with("job_"));
            let job = function == "jobs" && (job || BY_THE_CLOCK.contains(&name.as_str()));
            assert!(own || shared || job, "{login} may execute {name}");
        }
    }
    let rates = may_execute(&app, &of("rates").await).await;
    assert!(rates.contains(&"rates.job_ingest_feed_batch".to_owned()), "{rates:?}");
    // What comes by the clock is one function's, which the internet does not reach.
    for function in ["products", "rates", "audit", "users"] {
        for name in may_execute(&app, &format!("{function}_service")).await {
            let clock =
                BY_THE_CLOCK.contains(&name.as_str()) && name != "users.register_signing_key";
            assert!(!clock && !name.starts_with("audit.job_"), "{function} may execute {name}");
        }
    }
}

#[tokio::test]
async fn only_a_function_that_names_its_job_may_act_for_a_tenant_without_a_person() {
    let app = TestApp::new().await;
    for function in FUNCTIONS {
        let login = of(function).await;
        for begin in
            ["platform.begin_job(uuid, text, timestamptz, uuid)", "rates.activate_due_rates(date)"]
        {
            let query =
                format!("select has_function_privilege('{login}', '{begin}', 'execute') as may");
            assert_eq!(app.sql(&query).await[0]["may"], false, "{login} may execute {begin}");
        }
    }
    let other = of("products").await;
    let query = format!(
        "select p.proname as name from pg_proc p
          where p.proname like 'job\\_%' and has_function_privilege('{other}', p.oid, 'execute')"
    );
    assert_eq!(app.sql(&query).await, Vec::<serde_json::Value>::new());
}
