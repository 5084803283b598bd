//! Whoever replaces a file of the archive is found by somebody with one trusted head, the log's key
//! and nothing else, and is told the first bad event (threat 27 of rules.md).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use audit::columns::{Rows, Table};
use audit::months::manifest::{File, Manifest, sha256};
use object_store::local::LocalFileSystem;
use testkit::TestApp;
use tokio::process::Command;
use wealth_core::audit::Record;

use super::{MONTH, archive, old_month_in, steps, write};
use crate::audit::export::export;
use crate::audit::{firm, head, product};
use crate::imports::program;

/// An archived month of twelve events in files of five, in a folder.
pub(super) struct Scene {
    pub(super) app: TestApp,
    pub(super) folder: PathBuf,
    key: String,
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Scene {
    pub(super) async fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("wealth-months-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("archive")).expect("a folder");
        let store = LocalFileSystem::new_with_prefix(folder.join("archive")).expect("a store");
        let app = old_month_in(Arc::new(store), 12).await;
        let trusted = head(&app).await;
        let text = |name: &str| trusted[name].as_str().expect(name).to_owned();
        std::fs::write(folder.join("trusted"), text("note")).expect("a file");
        steps(&app, 5).await;
        Self { app, folder, key: text("verifier_key") }
    }

    /// The folder of Meridian's month.
    pub(super) fn month(&self) -> PathBuf {
        self.folder.join("archive").join(firm()).join("events").join(MONTH)
    }

    pub(super) async fn verify(&self, more: &[&str]) -> (bool, String) {
        let mut command = Command::new(program().await);
        command
            .args(["audit", "verify", "--key", &self.key, "--trusted"])
            .arg(self.folder.join("trusted"))
            .arg("--archive")
            .arg(self.folder.join("archive"))
            .args(more)
            .env("DATABASE_URL", self.app.database.url(testkit::database::LOGIN).await)
            .env("DB_ALLOW_BELOW_FLOOR", "1")
            .env_remove("WEALTH_AS");
        let out = command.output().await.expect("the program");
        let text = [out.stdout, out.stderr].concat();
        (out.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    async fn found(&self, wanted: &str) {
        let (fine, said) = self.verify(&[]).await;
        assert!(!fine && said.contains(wanted), "{said}, not {wanted}");
    }

    fn manifest(&self) -> Manifest {
        let text = std::fs::read(self.month().join("manifest.json")).expect("a manifest");
        Manifest::read(MONTH, &text).expect("a manifest")
    }

    /// Replaces a file, and lets the manifest say that it was so always, if `fitting`.
    fn replace(&self, part: usize, fitting: bool, change: impl FnOnce(&mut Vec<Record>)) {
        let mut manifest = self.manifest();
        let file = &mut manifest.files[part];
        let path = self.month().join(&file.name);
        let rows = Rows::open(std::fs::read(&path).expect("a file").into()).expect("a file");
        let mut records: Vec<Record> = rows.map(|row| row.expect("a row")).collect();
        change(&mut records);
        let mut table = Table::new().expect("a table");
        for record in &records {
            table.push(record).expect("a row");
        }
        let bytes = table.finish().expect("a file");
        *file = described(file, &records, &bytes);
        std::fs::write(&path, bytes).expect("a file");
        if fitting {
            self.describe(manifest);
        }
    }

    fn describe(&self, mut manifest: Manifest) {
        manifest.rows = manifest.files.iter().map(|file| file.rows).sum();
        manifest.last_at = manifest.files.iter().map(|file| file.last_at.clone()).max().unwrap();
        manifest.last_leaf =
            manifest.files.iter().flat_map(|f| &f.runs).map(|(a, n)| a + n - 1).max().unwrap();
        std::fs::write(self.month().join("manifest.json"), manifest.text()).expect("a manifest");
    }

    /// The event at a place of a file, in words.
    fn named(&self, part: usize, place: usize) -> (u64, String) {
        let path = self.month().join(&self.manifest().files[part].name);
        let mut rows = Rows::open(std::fs::read(path).expect("a file").into()).expect("a file");
        let record = rows.nth(place).expect("a row").expect("a row");
        (record.leaf_index, record.event_id.to_string())
    }
}

/// What a manifest says of a file with these events.
fn described(before: &File, records: &[Record], bytes: &[u8]) -> File {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for record in records {
        match runs.last_mut() {
            Some((first, count)) if *first + *count == record.leaf_index => *count += 1,
            _ => runs.push((record.leaf_index, 1)),
        }
    }
    let times = records.iter().filter_map(|record| record.event.as_ref());
    let times: Vec<String> = times.map(|event| event.occurred_at.clone()).collect();
    File {
        name: before.name.clone(),
        sha256: sha256(bytes),
        bytes: bytes.len() as u64,
        rows: records.len() as u64,
        runs,
        first_at: times.iter().min().cloned().unwrap_or_default(),
        last_at: times.iter().max().cloned().unwrap_or_default(),
    }
}

#[tokio::test]
async fn an_archive_that_is_whole_is_found_whole() {
    let scene = Scene::new().await;
    let (fine, said) = scene.verify(&[]).await;
    assert!(fine && said.contains("12 archived events of 1 months are what was sealed"), "{said}");
    // The log goes on, and the head that was kept stays good.
    product(&scene.app, 1).await;
    scene.app.seal().await;
    let (fine, said) = scene.verify(&[]).await;
    assert!(fine, "{said}");
}

/// The log of the database and its export have leaves without events now: the archive has them.
#[tokio::test]
async fn what_has_left_the_database_is_proven_with_the_archive() {
    let scene = Scene::new().await;
    product(&scene.app, 1).await;
    scene.app.seal().await;
    let file = scene.folder.join("export.ndjson");
    std::fs::write(&file, export(&scene.app, 7).await).expect("a file");
    let export = ["--export", file.to_str().expect("text")];
    let live = ["--as", "system-admin@a.test"];
    for way in [&export, &live] {
        let (fine, said) = scene.verify(way).await;
        assert!(fine && said.contains("events are what they were"), "{said}");
    }
    let (leaf, event) = scene.named(1, 2);
    scene.replace(1, true, |records| {
        records[2].event.as_mut().expect("an event").outcome = "denied".to_owned();
    });
    for way in [&export, &live] {
        let (fine, said) = scene.verify(way).await;
        let wanted = format!("leaf {leaf}: event {event} is not what was sealed");
        assert!(!fine && said.contains(&wanted), "{said}");
    }
}

#[tokio::test]
async fn an_edited_event_is_found() {
    for fitting in [false, true] {
        let scene = Scene::new().await;
        let (leaf, event) = scene.named(1, 2);
        scene.replace(1, fitting, |records| {
            records[2].event.as_mut().expect("an event").actor_label = Some("Nobody".to_owned());
        });
        scene.found(&format!("leaf {leaf}: event {event} is not what was sealed")).await;
    }
}

/// Event and hash made to agree with each other.
#[tokio::test]
async fn an_event_that_was_hashed_anew_is_found() {
    let scene = Scene::new().await;
    let (leaf, event) = scene.named(0, 4);
    scene.replace(0, true, |records| {
        let changed = records[4].event.as_mut().expect("an event");
        changed.action = "product.deleted".to_owned();
        let hash = changed.leaf().expect("a leaf").hash();
        records[4].leaf_hash = hash;
    });
    scene.found(&format!("leaf {leaf}: event {event} is not what was sealed")).await;
}

#[tokio::test]
async fn a_deleted_event_is_found() {
    let scene = Scene::new().await;
    let (leaf, _) = scene.named(1, 2);
    scene.replace(1, false, |records| drop(records.remove(2)));
    scene.found(&format!("leaf {leaf} is missing: what follows is leaf {}", leaf + 1)).await;
    // With a manifest that never heard of it.
    let scene = Scene::new().await;
    scene.replace(1, true, |records| drop(records.remove(2)));
    scene.found(&format!("the first leaf that is in no file is {leaf}: the manifest of {MONTH} is not the one that was signed")).await;
}

#[tokio::test]
async fn a_cut_tail_is_found() {
    let scene = Scene::new().await;
    let (leaf, _) = scene.named(2, 1);
    scene.replace(2, false, |records| drop(records.split_off(1)));
    scene.found(&format!("leaf {leaf} and what follows")).await;
    let scene = Scene::new().await;
    scene.replace(2, true, |records| drop(records.split_off(1)));
    scene.found(&format!("the first leaf that is in no file is {leaf}: the manifest")).await;
    // A whole file, and the manifest with it.
    let scene = Scene::new().await;
    let (leaf, _) = scene.named(2, 0);
    let mut manifest = scene.manifest();
    let gone = manifest.files.pop().expect("a file");
    std::fs::remove_file(scene.month().join(&gone.name)).expect("a file");
    scene.found("is missing").await;
    scene.describe(manifest);
    scene.found(&format!("the first leaf that is in no file is {leaf}: the manifest")).await;
}

#[tokio::test]
async fn a_new_order_is_found() {
    for fitting in [false, true] {
        let scene = Scene::new().await;
        let (leaf, _) = scene.named(0, 1);
        scene.replace(0, fitting, |records| records.swap(1, 3));
        let wanted = if fitting {
            // The manifest says that order, and the leaves are what they say: it was not signed.
            format!("the manifest of {MONTH} is not the one that was signed")
        } else {
            format!("leaf {leaf} is missing: what follows is leaf {}", leaf + 2)
        };
        scene.found(&wanted).await;
        // The places kept, the events exchanged.
        let scene = Scene::new().await;
        let (_, event) = scene.named(0, 3);
        scene.replace(0, fitting, |records| {
            records.swap(1, 3);
            (records[1].leaf_index, records[3].leaf_index) =
                (records[3].leaf_index, records[1].leaf_index);
        });
        scene.found(&format!("leaf {leaf}: event {event} is not what was sealed")).await;
    }
}

#[tokio::test]
async fn a_manifest_that_says_something_else_is_found() {
    let scene = Scene::new().await;
    let mut manifest = scene.manifest();
    manifest.keep_until = "2027-01-01T00:00:00.000000Z".to_owned();
    std::fs::write(scene.month().join("manifest.json"), manifest.text()).expect("a manifest");
    scene.found(&format!("the manifest of {MONTH} is not the one that was signed")).await;
    // Another month's manifest and note, both good.
    let scene = Scene::new().await;
    for name in ["manifest.json", "manifest.note"] {
        std::fs::write(scene.month().join(name), "{}").expect("a file");
    }
    scene.found(&format!("the manifest of {MONTH} is missing or damaged")).await;
    // Bytes that are no table any more.
    let scene = Scene::new().await;
    let path = scene.month().join(&scene.manifest().files[1].name);
    let mut bytes = std::fs::read(&path).expect("a file");
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&path, bytes).expect("a file");
    let (leaf, _) = (scene.manifest().files[1].runs[0].0, ());
    scene.found(&format!("cannot be read from leaf {leaf} on")).await;
}

/// Each manifest names the one before it.
#[tokio::test]
async fn a_month_that_went_missing_between_two_is_found() {
    let scene = Scene::new().await;
    scene.app.clock.set("2026-12-02T00:00:00Z".parse().expect("an instant"));
    scene.app.execute("select audit.ensure_partitions('2025-10-01', 1)").await;
    scene
        .app
        .execute(&format!(
            "insert into audit.audit_events (tenant_id, actor_type, action, occurred_at)
             values ('{}', 'system', 'next.month', '2025-10-05Z')",
            firm()
        ))
        .await;
    scene.app.seal().await;
    assert_eq!(archive(&scene.app).await.dropped.len(), 1);
    let (fine, said) = scene.verify(&[]).await;
    assert!(fine && said.contains("13 archived events of 2 months"), "{said}");
    std::fs::remove_dir_all(scene.month()).expect("a folder");
    scene.found(&format!("before 2025-10 comes {MONTH}, which is missing")).await;
}

/// The tree itself, replaced in the archive.
#[tokio::test]
async fn tiles_and_heads_that_were_exchanged_are_found() {
    let scene = Scene::new().await;
    let tiles = scene.folder.join("archive").join(firm()).join("tile/0");
    let mut changed = 0;
    change_all(&tiles, &mut changed);
    assert!(changed > 0);
    scene.found("do not lead to the signed head").await;
    let scene = Scene::new().await;
    let head = scene.folder.join("archive").join(firm()).join("checkpoint");
    let text = std::fs::read_to_string(&head).expect("a head");
    std::fs::write(&head, text.replacen('\n', "\n1", 1)).expect("a head");
    scene.found("the archive's head is missing or carries no good signature").await;
    // An archive that ends before the head that is trusted.
    write(&scene.app, &firm(), 0).await;
    product(&scene.app, 5).await;
    std::fs::write(&head, text).expect("a head");
    let keep = std::fs::read(&head).expect("a head");
    scene.app.seal().await;
    let later = self::head(&scene.app).await;
    std::fs::write(scene.folder.join("trusted"), later["note"].as_str().expect("a note"))
        .expect("a file");
    std::fs::write(&head, keep).expect("a head");
    scene.found("the tail was cut").await;
}

/// Turns a bit in every file of a folder.
fn change_all(folder: &Path, changed: &mut u32) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            change_all(&path, changed);
        } else {
            let mut bytes = std::fs::read(&path).expect("a tile");
            bytes[3] ^= 1;
            std::fs::write(&path, bytes).expect("a tile");
            *changed += 1;
        }
    }
}
