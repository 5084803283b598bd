//! `wealth jobs`.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};
use tokio::process::Command;

use super::{JOB, windows};
use crate::imports::program;

/// Exit code, standard output and standard error of `wealth jobs …`.
async fn jobs(app: &TestApp, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(program().await);
    command
        .arg("jobs")
        .args(arguments)
        .env("DATABASE_URL", app.database.url(testkit::database::LOGIN).await)
        .env("DB_ALLOW_BELOW_FLOOR", "1")
        .env_remove("AUDIT_ARCHIVE")
        .env_remove("ISSUER_URL");
    let out = command.output().await.expect("the program");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (out.status.code().unwrap_or(-1), text(out.stdout), text(out.stderr))
}

#[tokio::test]
async fn the_list_names_every_job() {
    let app = TestApp::new().await;
    let (code, out, err) = jobs(&app, &["list"]).await;
    assert_eq!((code, err.as_str()), (0, ""));
    let names: Vec<&str> = out.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, jobs::JOBS.iter().map(|job| job.name).collect::<Vec<_>>(), "{out}");
    let (_, out, _) = jobs(&app, &["list", "--json"]).await;
    let all: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(all[0]["job"], "seal-audit");
    assert_eq!(all[0]["each"], "turn");
}

#[tokio::test]
async fn a_job_is_run_by_hand_once_and_its_run_is_shown() {
    let app = TestApp::new().await;
    let today = app.sql("select (now() at time zone 'America/New_York')::date::text as day").await;
    let today = today[0]["day"].as_str().expect("a day").to_owned();
    windows(&app, Firm::Meridian, 1, &[&today]).await;
    let firm = Firm::Meridian.tenant_id().to_string();
    let run = ["run", JOB, "--tenant", &firm, "--date", &today];
    let (code, out, err) = jobs(&app, &run).await;
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let wanted = format!("{firm}  {today}  done   opened 1, closed 0\n");
    let told = out.lines().nth(1).map(|line| format!("{line}\n")).unwrap_or_default();
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sorted = |text: &str| {
        let mut words: Vec<String> =
            squeezed(text).replace(',', "").split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(sorted(&told), sorted(&wanted), "{out}");
    let (code, out, _) = jobs(&app, &run).await;
    assert_eq!((code, out.as_str()), (0, "turn-availability: nothing is left to do\n"));
    let (_, out, _) = jobs(&app, &["status", "--job", JOB, "--json"]).await;
    let status: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(status.as_array().map(Vec::len), Some(1), "{out}");
    assert_eq!(status[0]["counts"], json!({"opened": 1, "closed": 0}));
    let (_, out, _) = jobs(&app, &["status", "--job", JOB, "--date", &today]).await;
    assert!(out.starts_with("JOB") && out.contains("done"), "{out}");
    let (_, out, _) = jobs(&app, &["status", "--date", "2020-02-29"]).await;
    assert_eq!(out, "no runs\n");
}

#[tokio::test]
async fn what_cannot_be_run_is_one_line_and_what_fails_ends_with_3() {
    let app = TestApp::new().await;
    for (arguments, line) in [
        (vec!["run", "seal"], "wealth: there is no job seal; see wealth jobs list\n"),
        (vec!["status", "--job", "seal"], "wealth: there is no job seal; see wealth jobs list\n"),
        (
            vec!["run", "seal-audit", "--date", "2026-11-21"],
            "wealth: /date: it does what there is to do, of no date\n",
        ),
    ] {
        assert_eq!(jobs(&app, &arguments).await, (1, String::new(), line.to_owned()));
    }
    // Neither key nor archive is configured.
    let (code, out, _) = jobs(&app, &["run", "seal-audit"]).await;
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("set ISSUER_URL"), "{out}");
    let (_, out, _) = jobs(&app, &["status"]).await;
    assert!(out.contains("waiting") && out.contains("set ISSUER_URL"), "{out}");
}
