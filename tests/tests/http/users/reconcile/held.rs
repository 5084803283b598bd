//! A directory that is half away looks like one that people have left.

use serde_json::{Value, json};
use testkit::{Firm, TestApp};

use super::{Files, active, group, managers, members, people, person, turn};

const NAMES: [&str; 5] = ["ana", "ben", "cleo", "dan", "eve"];

async fn scene(app: &TestApp) {
    let ids = people(app, &NAMES).await;
    group(app, "Leads", &ids.iter().collect::<Vec<_>>()).await;
    app.clock.advance(chrono::TimeDelta::hours(1));
}

/// Compares with a directory that names only these, and expects to be held for that reason.
async fn held(app: &TestApp, content: Value, reason: &str) {
    let files = Files::new();
    files.write(Firm::Meridian, &content);
    let reports = turn(app, &files.services()).await;
    assert_eq!(reports.len(), 1, "{reports:?}");
    assert_eq!((&reports[0]["status"], &reports[0]["reason"]), (&json!("held"), &json!(reason)));
    assert_eq!(active(app).await, NAMES);
    assert_eq!(managers(app).await, NAMES);
}

#[tokio::test]
async fn an_empty_answer_takes_nobodys_access() {
    let app = TestApp::new().await;
    scene(&app).await;
    held(&app, json!({"people": [], "groups": []}), "The directory named nobody").await;
}

#[tokio::test]
async fn half_an_answer_waits_until_somebody_confirms_it() {
    let app = TestApp::new().await;
    scene(&app).await;
    let half = json!({"people": NAMES[..3].iter().map(|name| person(name, true)).collect::<Vec<_>>(),
        "groups": [members("Leads", &NAMES[..3])]});
    held(&app, half, "2 of 5 people would lose access").await;
    let boss = app.system_admin();
    let runs = boss.get("/v1/users/directory-runs").await.expect(200).body["items"].take();
    let waiting: Vec<&Value> =
        runs[0]["differences"].as_array().unwrap().iter().map(|d| &d["outcome"]).collect();
    assert_eq!(waiting, [&json!("held"); 4]);
    let path = format!(
        "/v1/users/directory-runs/{}/confirm",
        runs[0]["directory_run_id"].as_str().unwrap()
    );
    app.sales_rep().post(&path, json!({})).await.expect(403);
    app.other_admin().post(&path, json!({})).await.expect(404);
    let done = boss.post(&path, json!({})).await.expect(200).body;
    assert_eq!(
        (&done["status"], &done["reason"]),
        (&json!("done"), &json!("2 of 5 people would lose access"))
    );
    assert!(done["confirmed_by"].is_string(), "{done}");
    assert_eq!(active(&app).await, NAMES[..3]);
    assert_eq!(managers(&app).await, NAMES[..3]);
    // A second click.
    assert_eq!(boss.post(&path, json!({})).await.expect(409).code(), "state_conflict");
}

#[tokio::test]
async fn groups_that_come_back_empty_wait_too() {
    let app = TestApp::new().await;
    scene(&app).await;
    let content = json!({"people": NAMES.map(|name| person(name, true)), "groups": []});
    held(&app, content, "5 of 5 members would leave their groups").await;
}

#[tokio::test]
async fn what_nobody_confirmed_is_superseded_the_next_night() {
    let app = TestApp::new().await;
    scene(&app).await;
    held(&app, json!({"people": [], "groups": []}), "The directory named nobody").await;
    app.clock.advance(chrono::TimeDelta::days(1));
    let files = Files::new();
    let content = json!({"people": NAMES.map(|name| person(name, true)), "groups": [members("Leads", &NAMES)]});
    files.write(Firm::Meridian, &content);
    assert_eq!(turn(&app, &files.services()).await[0]["status"], "done");
    let boss = app.system_admin();
    let runs = boss.get("/v1/users/directory-runs").await.expect(200).body["items"].take();
    assert_eq!((&runs[0]["status"], &runs[1]["status"]), (&json!("done"), &json!("superseded")));
    let path = format!(
        "/v1/users/directory-runs/{}/confirm",
        runs[1]["directory_run_id"].as_str().unwrap()
    );
    boss.post(&path, json!({})).await.expect(409);
    assert_eq!(active(&app).await, NAMES);
}

#[tokio::test]
async fn one_who_leaves_is_no_doubt() {
    let app = TestApp::new().await;
    scene(&app).await;
    let files = Files::new();
    let content = json!({"people": NAMES[..4].iter().map(|name| person(name, true)).collect::<Vec<_>>(),
        "groups": [members("Leads", &NAMES[..4])]});
    files.write(Firm::Meridian, &content);
    assert_eq!(turn(&app, &files.services()).await[0]["status"], "done");
    assert_eq!(active(&app).await, NAMES[..4]);
    assert_eq!(managers(&app).await, NAMES[..4]);
}
