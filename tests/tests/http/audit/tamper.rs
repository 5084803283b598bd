//! Threat 27 of rules.md: whatever a superuser does to the log, somebody who kept one signed head
//! finds it, and is told the first bad event.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use testkit::{TestApp, seals_with};
use tokio::process::Command;

use super::export::export;
use super::{head, product};
use crate::imports::program;

/// A sealed log, a folder with the head that was kept, and the archive.
pub(super) struct Scene {
    pub(super) app: TestApp,
    folder: PathBuf,
    key: String,
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Scene {
    pub(super) async fn new() -> Self {
        let mut app = TestApp::new().await;
        let folder = std::env::temp_dir().join(format!("wealth-audit-{}", app.database.name()));
        std::fs::create_dir_all(folder.join("archive")).expect("a folder");
        let archive = LocalFileSystem::new_with_prefix(folder.join("archive")).expect("an archive");
        app.seals = seals_with(Arc::new(archive));
        for number in 1..4 {
            product(&app, number).await;
            app.seal().await;
        }
        let head = head(&app).await;
        let text = |name: &str| head[name].as_str().expect(name).to_owned();
        std::fs::write(folder.join("trusted"), text("note")).expect("a file");
        Self { app, folder, key: text("verifier_key") }
    }

    /// Lets a superuser do anything, triggers or not.
    async fn tamper(&self, statements: &str) {
        let mut all = String::new();
        for table in ["audit_events", "log_tiles", "log_leaves", "checkpoints"] {
            all += &format!("alter table audit.{table} disable trigger user;");
        }
        self.app.execute(&format!("{all} {statements}")).await;
    }

    pub(super) async fn verify(&self, more: &[&str]) -> (bool, String) {
        let mut command = Command::new(program().await);
        command
            .args(["audit", "verify", "--key", &self.key, "--trusted"])
            .arg(self.folder.join("trusted"))
            .args(more)
            .env("DATABASE_URL", self.app.database.url(testkit::database::LOGIN).await)
            .env("DB_ALLOW_BELOW_FLOOR", "1")
            .env_remove("AUDIT_ARCHIVE");
        let out = command.output().await.expect("the program");
        let text = [out.stdout, out.stderr].concat();
        (out.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    /// What is said of the live log.
    async fn live(&self) -> (bool, String) {
        self.verify(&["--as", "system-admin@a.test"]).await
    }

    /// The same with the archive.
    async fn archived(&self) -> (bool, String) {
        let archive = self.folder.join("archive");
        self.verify(&["--as", "system-admin@a.test", "--archive", archive.to_str().expect("text")])
            .await
    }

    /// What is said of an export that is taken now.
    async fn exported(&self) -> (bool, String) {
        let file = self.file("export.ndjson", &export(&self.app, 7).await);
        self.verify(&["--export", file.to_str().expect("text")]).await
    }

    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let file = self.folder.join(name);
        std::fs::write(&file, text).expect("a file");
        file
    }

    /// The event at a place.
    async fn event(&self, place: u64) -> String {
        let query = format!(
            "select event_id from audit.log_leaves where leaf_index = {place} and tenant_id = '{}'",
            super::firm()
        );
        self.app.sql(&query).await[0]["event_id"].as_str().expect("an id").to_owned()
    }

    /// Every way to look finds it and names it.
    async fn found(&self, wanted: &str) {
        for (way, (fine, said)) in [
            ("live", self.live().await),
            ("archived", self.archived().await),
            ("export", self.exported().await),
        ] {
            assert!(!fine && said.contains(wanted), "{way}: {said}, not {wanted}");
        }
    }
}

#[tokio::test]
async fn a_log_that_is_whole_is_found_whole() {
    let scene = Scene::new().await;
    for (fine, said) in [scene.live().await, scene.archived().await, scene.exported().await] {
        assert!(fine && said.contains("events are what they were"), "{said}");
    }
    // It goes on growing; the head that was kept stays good.
    product(&scene.app, 9).await;
    scene.app.seal().await;
    let (fine, said) = scene.exported().await;
    assert!(fine, "{said}");
}

#[tokio::test]
async fn an_edit_is_found() {
    let scene = Scene::new().await;
    let event = scene.event(5).await;
    scene
        .tamper(&format!(
            "update audit.audit_events set actor_label = 'Nobody' where event_id = '{event}'"
        ))
        .await;
    scene.found(&format!("leaf 5: event {event} is not what was sealed")).await;
}

#[tokio::test]
async fn a_deletion_is_found() {
    let scene = Scene::new().await;
    let event = scene.event(4).await;
    scene.tamper(&format!("delete from audit.audit_events where event_id = '{event}'")).await;
    scene.found(&format!("leaf 4: event {event} was deleted")).await;
}

#[tokio::test]
async fn a_deletion_with_its_leaf_is_found() {
    let scene = Scene::new().await;
    let event = scene.event(4).await;
    scene
        .tamper(&format!(
            "delete from audit.audit_events where event_id = '{event}';
             delete from audit.log_leaves where event_id = '{event}'"
        ))
        .await;
    scene.found("leaf 4 is missing").await;
}

#[tokio::test]
async fn a_cut_tail_is_found() {
    let scene = Scene::new().await;
    scene
        .tamper(&format!(
            "delete from audit.checkpoints where size > 9;
             with gone as (delete from audit.log_leaves where leaf_index >= 9 and tenant_id = '{}' returning event_id)
             delete from audit.audit_events e using gone g where e.event_id = g.event_id;
             update audit.logs set size = 9, archived_size = 9 where tenant_id = '{0}'",
            super::firm()
        ))
        .await;
    scene.found("leaf 9 and what follows").await;
}

#[tokio::test]
async fn a_new_order_is_found() {
    let scene = Scene::new().await;
    let (one, other) = (scene.event(3).await, scene.event(6).await);
    scene
        .tamper(&format!(
            "update audit.log_leaves set leaf_index = 999999 where event_id = '{one}';
             update audit.log_leaves set leaf_index = 3 where event_id = '{other}';
             update audit.log_leaves set leaf_index = 6 where event_id = '{one}'"
        ))
        .await;
    scene.found(&format!("leaf 3: event {other} is not what was sealed")).await;
}

/// The events, their leaves and the tree made anew, in full agreement with each other.
#[tokio::test]
async fn a_log_that_was_hashed_anew_is_found() {
    let scene = Scene::new().await;
    let event = scene.event(5).await;
    scene
        .tamper(&format!(
            "update audit.audit_events set outcome = 'denied' where event_id = '{event}'"
        ))
        .await;
    let hash = rehashed(&scene, 5).await;
    scene
        .tamper(&format!(
            "update audit.log_tiles set hashes = overlay(hashes placing '\\x{hash}'::bytea from 5 * 32 + 1)
              where level = 0 and tenant_id = '{}';
             delete from audit.checkpoints where tenant_id = '{0}' and size < (select max(size) from audit.checkpoints where tenant_id = '{0}')",
            super::firm()
        ))
        .await;
    // Without the archive: among those that no older head is over.
    for (fine, said) in [scene.live().await, scene.exported().await] {
        assert!(!fine && said.contains("was rewritten together with its leaf"), "{said}");
    }
    let (fine, said) = scene.archived().await;
    assert!(
        !fine && said.contains(&format!("leaf 5: event {event} is not what was sealed")),
        "{said}"
    );
    // Nor does the platform sign on top of it.
    product(&scene.app, 77).await;
    let refused = scene.app.seal_refused().await;
    assert_eq!(refused.code().code, "chain_broken");
}

/// The leaf hash of a record as its database now has it, in hexadecimal.
async fn rehashed(scene: &Scene, place: usize) -> String {
    let text = export(&scene.app, 5000).await;
    let line =
        text.lines().filter(|line| line.starts_with("{\"leaf_index\"")).nth(place).expect("a line");
    let record: wealth_core::audit::Record = serde_json::from_str(line).expect("a record");
    let hash = record.event.expect("an event").leaf().expect("a leaf").hash();
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The same log continued in two ways, both signed: by a database that was set back with its archive.
#[tokio::test]
async fn a_forked_log_is_found() {
    let scene = Scene::new().await;
    let kept = std::fs::read_to_string(scene.folder.join("trusted")).expect("the kept head");
    let fork = Scene::new().await;
    // Another log of the same tenant, signed with the same key, of the same size or not.
    let (fine, said) = Scene {
        app: TestApp::new().await,
        folder: copy(&fork.folder, &kept),
        key: scene.key.clone(),
    }
    .verify(&[
        "--export",
        fork.file("fork.ndjson", &export(&fork.app, 5000).await).to_str().expect("text"),
    ])
    .await;
    assert!(!fine, "{said}");
    assert!(said.contains("the log was forked") || said.contains("was rewritten"), "{said}");
}

fn copy(beside: &Path, kept: &str) -> PathBuf {
    let folder = beside.with_extension("kept");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("trusted"), kept).expect("a file");
    folder
}

#[tokio::test]
async fn what_proves_nothing_is_refused() {
    let scene = Scene::new().await;
    let text = export(&scene.app, 5000).await;
    // A head of another key.
    let forged = text.replacen("wealth.example/audit", "wealth.example/audix", 1);
    let file = scene.file("forged.ndjson", &forged);
    let (fine, said) = scene.verify(&["--export", file.to_str().expect("text")]).await;
    assert!(!fine && said.contains("forged.ndjson, line 1"), "{said}");
    // A line that says two things.
    let twice = text.replacen("\"action\":", "\"action\":\"x\",\"action\":", 1);
    let file = scene.file("twice.ndjson", &twice);
    let (fine, said) = scene.verify(&["--export", file.to_str().expect("text")]).await;
    assert!(!fine && said.contains("twice.ndjson, line 2"), "{said}");
    // An export that ends early.
    let short: Vec<&str> = text.lines().take(8).collect();
    let file = scene.file("short.ndjson", &short.join("\n"));
    let (fine, said) = scene.verify(&["--export", file.to_str().expect("text")]).await;
    assert!(!fine && said.contains("the tail was cut: leaf 7"), "{said}");
    // A head that was kept of another log.
    std::fs::write(scene.folder.join("trusted"), "nothing\n").expect("a file");
    let (fine, said) = scene.exported().await;
    assert!(!fine && said.contains("the trusted checkpoint"), "{said}");
}
