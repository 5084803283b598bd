//! `wealth import users`: people of another system, with the hashes of their passwords.

use serde_json::{Value, json};
use testkit::{Answer, Firm, TestApp};

use super::cli::{File, command, run};
use crate::users::local::{PASSWORD, events, hash, person};

/// The variants that systems write, and who has them.
const BCRYPT: [(&str, &str); 3] =
    [("2a", "bo@people.test"), ("2b", "bea@people.test"), ("2y", "ben@people.test")];
const HEADER: &str = "email,password_hash,roles,first_name,last_name,legacy_id,is_verified\n";

/// bcrypt of [`PASSWORD`], cost 10, with the prefix of this variant.
fn bcrypt(variant: &str) -> String {
    let hash =
        bcrypt::hash_with_salt(PASSWORD.as_bytes(), 10, *b"sixteen bytes it").expect("a hash");
    hash.to_string().replacen("$2b$", &format!("${variant}$"), 1)
}

async fn import(app: &TestApp, text: &str) -> (i32, String, String, String) {
    let file = File::new(app, "people.csv", text);
    let (code, out, err) = run(command(app, "users", &file, "system-admin@a.test").await).await;
    (code, out, err, file.report())
}

/// The command line goes by the real clock, so do those who come after it.
fn now(app: &TestApp) {
    app.clock
        .set(wealth_core::Clock::now(&wealth_core::SystemClock) + chrono::TimeDelta::minutes(1));
}

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.anonymous().post("/v1/auth/sign-in", body).await
}

#[tokio::test]
async fn people_come_with_their_passwords_and_sign_in() {
    let app = TestApp::new().await;
    let argon2 = hash(&app, PASSWORD).await;
    let mut text = HEADER.to_owned();
    for (variant, email) in BCRYPT {
        text += &format!(
            "{email},{},SalesManager;Investor,B,{variant},cuid-{variant},\n",
            bcrypt(variant)
        );
    }
    text += &format!("Anna@people.test,\"{argon2}\",,Anna,A,cuid-a,true\n");
    let (code, out, err, report) = import(&app, &text).await;
    assert_eq!((code, err.as_str(), report.as_str()), (0, "", ""), "{out}");
    assert_eq!(out, "4 rows: 4 were created, 0 unchanged, 0 failed\n");
    now(&app);
    for (_, email) in BCRYPT {
        sign_in(&app, email, "some other password").await.expect(401);
        let opened = sign_in(&app, email, PASSWORD).await.expect(200);
        assert_eq!(opened.body["roles"], json!(["Investor", "SalesManager"]));
    }
    sign_in(&app, "anna@people.test", PASSWORD).await.expect(200);
    // The first sign-in has put a hash of ours in its place, and it goes on working.
    let schemes = app
        .sql("select split_part(hash, '$', 2) as scheme, count(*) from users.password_credentials group by 1")
        .await;
    assert_eq!(schemes, [json!({"scheme": "argon2id", "count": 4})]);
    sign_in(&app, "bo@people.test", PASSWORD).await.expect(200);
    let listed = app.system_admin().get("/v1/users/by-legacy-id/cuid-2a").await.expect(200);
    assert_eq!(
        (&listed.body["email"], &listed.body["origin"], &listed.body["is_verified"]),
        (&json!("bo@people.test"), &json!("import"), &json!(true))
    );
    app.other_admin().get("/v1/users/by-legacy-id/cuid-2a").await.expect(404);
    let logged = app
        .sql(
            "select distinct actor_id::text, action, details ->> 'scheme' as scheme from audit.audit_events
              where legacy_action = 'USER_IMPORTED' order by 3",
        )
        .await;
    let line = |scheme: &str| {
        json!({"actor_id": "00000000-0000-7000-9000-000000000a03", "action": "user.imported",
            "scheme": scheme})
    };
    assert_eq!(logged, [line("2a"), line("2b"), line("2y"), line("argon2id")]);
    let log =
        json!(app.sql("select to_jsonb(e) as row from audit.audit_events e").await).to_string();
    assert!(!log.contains("$argon2id$") && !log.contains("$10$"), "no hash is in the log");
}

#[tokio::test]
async fn a_second_run_changes_nothing_whatever_became_of_the_people() {
    let app = TestApp::new().await;
    let row = |name: &str| format!("{name}@people.test,{},SalesManager,,,{name},\n", bcrypt("2b"));
    let first = HEADER.to_owned() + &row("a") + &row("b");
    assert_eq!(import(&app, &first).await.0, 0);
    // One has chosen another password, the other was relieved of the role.
    let opened = sign_in(&app, "a@people.test", PASSWORD).await.expect(200);
    let client = app.with_token(opened.body["access_token"].as_str().expect("a token"));
    let change = json!({"current_password": PASSWORD, "new_password": "six brown bottles here"});
    client.post("/v1/users/me/password", change).await.expect(204);
    app.execute(
        "update users.user_roles set effective_to = effective_from + interval '1 second' where reason = 'import'",
    )
    .await;
    let before = app.sql("select * from users.users order by user_id").await;
    // The file has grown meanwhile.
    let (code, out, err, _) = import(&app, &(first + &row("c"))).await;
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert_eq!(out, "3 rows: 1 were created, 2 unchanged, 0 failed\n");
    sign_in(&app, "a@people.test", PASSWORD).await.expect(401);
    sign_in(&app, "a@people.test", "six brown bottles here").await.expect(200);
    let after =
        app.sql("select * from users.users where email <> 'c@people.test' order by user_id").await;
    let kept = |rows: &[Value]| rows.iter().map(|row| row["user_id"].clone()).collect::<Vec<_>>();
    assert_eq!(kept(&before), kept(&after));
    let roles = app.sql("select count(*) from users.user_roles where reason = 'import'").await;
    assert_eq!(roles, [json!({"count": 3})]);
}

#[tokio::test]
async fn every_bad_line_is_named_and_the_good_ones_are_loaded() {
    let app = TestApp::new().await;
    let usual = hash(&app, PASSWORD).await;
    person(&app, "taken@people.test", &[Firm::Harbour], &usual).await;
    app.execute("update users.users set legacy_id = 'taken' where email = 'taken@people.test'")
        .await;
    app.system_admin().post("/v1/users", json!({"email": "kept@people.test"})).await.expect(201);
    let good = bcrypt("2b");
    let text = format!(
        "{HEADER}\
         good@people.test,{good},,,,good,\n\
         taken@people.test,{good},,,,,\n\
         other@people.test,{good},,,,taken,\n\
         kept@people.test,{good},,,,,\n\
         role@people.test,{good},Emperor,,,,\n\
         weak@people.test,$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm,,,,,\n\
         plain@people.test,hunter2,,,,,maybe\n\
         nobody,{good},,,,,\n\
         good@people.test,{good},,,,,\n\
         last@people.test,{good},,,,,no\n"
    );
    let (code, out, err, report) = import(&app, &text).await;
    assert_eq!((code, err.as_str()), (3, ""), "{out}");
    assert!(
        out.starts_with("10 rows: 2 were created, 0 unchanged, 8 failed\nwhat is wrong: "),
        "{out}"
    );
    let named: Vec<String> = report
        .lines()
        .map(|line| line.splitn(4, ',').take(3).collect::<Vec<_>>().join(","))
        .collect();
    assert_eq!(
        named,
        [
            "line,column,code",
            "3,email,duplicate",
            "4,legacy_id,duplicate",
            "5,email,duplicate",
            "6,roles,unknown_role",
            "7,password_hash,hash_invalid",
            "8,is_verified,flag_invalid",
            "8,password_hash,hash_invalid",
            "9,email,email_invalid",
            "10,email,duplicate_in_file",
        ]
    );
    assert!(!report.contains("cVWp4XaN") && !report.contains("hunter2"), "{report}");
    // Whose address nobody has verified proves it first.
    assert_eq!(
        sign_in(&app, "last@people.test", PASSWORD).await.expect(403).code(),
        "email_not_verified"
    );
    sign_in(&app, "good@people.test", PASSWORD).await.expect(200);
    // The account that was there is as it was.
    let taken = app.sql("select count(*) from users.memberships m join users.users u using (user_id) where email = 'taken@people.test'").await;
    assert_eq!(taken, [json!({"count": 1})]);
    assert!(events(&app).await.contains(&"USER_IMPORTED success".to_owned()));
}

#[tokio::test]
async fn a_dry_run_tells_and_changes_nothing() {
    let app = TestApp::new().await;
    let text = format!("{HEADER}a@people.test,{},,,,,\nb@people.test,x,,,,,\n", bcrypt("2b"));
    let file = File::new(&app, "people.csv", &text);
    let mut dry = command(&app, "users", &file, "system-admin@a.test").await;
    dry.arg("--dry-run");
    let (code, out, err) = run(dry).await;
    assert_eq!((code, err.as_str()), (3, ""), "{out}");
    assert!(out.starts_with("2 rows: 1 would be created, 0 unchanged, 1 failed\n"), "{out}");
    assert_eq!(
        app.sql("select count(*) from users.password_credentials").await,
        [json!({"count": 0})]
    );
}

#[tokio::test]
async fn only_somebody_who_may_imports_people() {
    let app = TestApp::new().await;
    let file =
        File::new(&app, "people.csv", &format!("{HEADER}a@people.test,{},,,,,\n", bcrypt("2b")));
    for who in ["admin@a.test", "sales-rep@a.test", "nobody@a.test"] {
        let (code, out, err) = run(command(&app, "users", &file, who).await).await;
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
    }
    let file = File::new(&app, "other.csv", "email,hash\n");
    let (code, _, err) = run(command(&app, "users", &file, "system-admin@a.test").await).await;
    assert!(code == 1 && err.contains("unknown columns: hash"), "{err}");
    // A role above the importer's own is not given.
    app.execute(
        "insert into users.roles (role_name, namespace, rank, description)
         values ('Owner', 'platform', 900, 'Above everybody')",
    )
    .await;
    let (code, out, _, report) =
        import(&app, &format!("{HEADER}a@people.test,{},Owner,,,,\n", bcrypt("2b"))).await;
    assert_eq!(code, 3, "{out}");
    assert!(report.contains("2,roles,permission_denied,"), "{report}");
}

#[tokio::test]
async fn many_batches_are_loaded_as_one_is() {
    let app = TestApp::new().await;
    let hash = bcrypt("2b");
    let rows: String =
        (0..25).map(|n| format!("p{n}@people.test,{hash},,,,legacy-{n},\n")).collect();
    let file = File::new(&app, "people.csv", &(HEADER.to_owned() + &rows));
    let mut small = command(&app, "users", &file, "system-admin@a.test").await;
    small.args(["--batch", "10"]);
    let (code, out, _) = run(small).await;
    assert_eq!((code, out.as_str()), (0, "25 rows: 25 were created, 0 unchanged, 0 failed\n"));
}
