//! What a rehearsal of a restore finds, and rings with.

use serde_json::json;

use super::MONTH;
use super::drill::{FIRST, finish, place, reported, world};
use super::scene::Scene;
use crate::audit::firm;

/// What a rehearsal rings with, once somebody had a hand in the archive.
async fn rings(scene: &Scene, wanted: &str) {
    let app = &scene.app;
    let before = world(app).await;
    let report = reported(app, FIRST).await;
    let alarm = report["alarm"].as_str().unwrap_or_else(|| panic!("no alarm in {report}"));
    assert!(alarm.starts_with(&format!("{MONTH} cannot be brought back: {wanted}")), "{alarm}");
    assert_eq!((&report["outcome"], &report["month"]), (&json!("failed"), &json!(MONTH)));
    assert_eq!(world(app).await, before, "its table is gone");
    let daily =
        app.sql("select jobs.daily_health('2026-11-21') -> 'findings' as list").await.remove(0);
    let finding = format!("{MONTH} could not be brought back from the archive");
    assert!(daily["list"].as_array().expect("findings").contains(&json!(finding)), "{daily}");
}

#[tokio::test]
async fn a_flipped_byte_in_a_file_rings() {
    let scene = Scene::new().await;
    let (name, file) = (scene.manifest().files[1].name.clone(), scene.month());
    let mut bytes = std::fs::read(file.join(&name)).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file.join(&name), bytes).expect("a file");
    let folder = format!("{}/events/{MONTH}", firm());
    rings(&scene, &format!("{folder}/{name}")).await;
}

#[tokio::test]
async fn a_changed_event_rings_and_is_named() {
    let scene = Scene::new().await;
    let (leaf, event) = scene.named(1, 2);
    scene.replace(1, false, |records| {
        let changed = records[2].event.as_mut().expect("an event");
        changed.reason = Some("another".to_owned());
    });
    let name = scene.manifest().files[1].name.clone();
    let folder = format!("{}/events/{MONTH}", firm());
    let fault =
        wealth_core::audit::Fault::Changed { index: leaf, event_id: event.parse().expect("an id") };
    rings(&scene, &format!("{folder}/{name}: {fault}")).await;
}

#[tokio::test]
async fn a_missing_file_rings() {
    let scene = Scene::new().await;
    let name = scene.manifest().files[2].name.clone();
    std::fs::remove_file(scene.month().join(&name)).expect("a file");
    rings(&scene, &format!("{}/events/{MONTH}/{name} is missing", firm())).await;
}

#[tokio::test]
async fn a_manifest_that_leaves_a_file_out_rings() {
    let scene = Scene::new().await;
    let mut manifest = scene.manifest();
    manifest.files.pop();
    scene.describe(manifest);
    let path = format!("{}/events/{MONTH}/manifest.json", firm());
    rings(&scene, &format!("{path} is not the one that was signed")).await;
}

/// What is in the table is compared, not what was sent there.
#[tokio::test]
async fn what_came_back_otherwise_than_it_was_rings() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let edits = [
        "update audit.drill_2025_09 set reason = 'edited'",
        "delete from audit.drill_2025_09",
        // Of a firm that nobody knows.
        "insert into audit.drill_2025_09 (tenant_id, actor_type, action, occurred_at) values (gen_random_uuid(), 'system', 'x', '2025-09-02Z')",
    ];
    for (edit, wanted) in
        edits.into_iter().zip(["is not what was sealed", "was deleted", "19 of them are there"])
    {
        let begun = place(app, None).await;
        assert_eq!(begun["files"], 1);
        app.execute(edit).await;
        let (_, report) = finish(app, Some(begun)).await;
        let alarm = report["alarm"].as_str().unwrap_or_else(|| panic!("{edit}: {report}"));
        assert!(alarm.contains(wanted), "{edit}: {alarm}");
        assert_eq!(report["outcome"], "failed");
    }
}
