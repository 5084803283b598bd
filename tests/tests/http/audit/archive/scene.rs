//! An archived month in a folder, and whoever has a hand in it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use audit::columns::{Rows, Table};
use audit::months::manifest::{File, Manifest, sha256};
use object_store::local::LocalFileSystem;
use serde_json::Value;
use testkit::TestApp;
use tokio::process::Command;
use wealth_core::audit::{Record, VerifierKey};

use super::{MONTH, old_month_in, steps};
use crate::audit::{firm, head};
use crate::imports::program;

/// An archived month of twelve events in files of five, in a folder.
pub(super) struct Scene {
    pub(super) app: TestApp,
    pub(super) folder: PathBuf,
    /// The keys that it is verified with, commas between.
    pub(super) keys: String,
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Scene {
    pub(super) async fn new() -> Self {
        let mut scene = Self::hot(12).await;
        scene.trust().await;
        steps(&scene.app, 5).await;
        scene
    }

    /// A month of so many events that is in the database still.
    pub(super) async fn hot(events: u32) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("wealth-months-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("archive")).expect("a folder");
        let store = LocalFileSystem::new_with_prefix(folder.join("archive")).expect("a store");
        let app = old_month_in(Arc::new(store), events).await;
        Self { app, folder, keys: String::new() }
    }

    /// Keeps the present head.
    pub(super) async fn trust(&mut self) {
        let trusted = head(&self.app).await;
        let text = |name: &str| trusted[name].as_str().expect(name).to_owned();
        std::fs::write(self.folder.join("trusted"), text("note")).expect("a file");
        self.keys = text("verifier_key");
    }

    /// What a query of the archive prints, and what it says beside.
    pub(super) async fn query(&self, tenant: &str, more: &[&str]) -> (Vec<Value>, String) {
        let mut command = Command::new(program().await);
        command
            .args(["audit", "archive", "query", "--tenant", tenant, "--archive"])
            .arg(self.folder.join("archive"))
            .args(more)
            .env("DATABASE_URL", self.app.database.url(testkit::database::LOGIN).await)
            .env("DB_ALLOW_BELOW_FLOOR", "1");
        let out = command.output().await.expect("the program");
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "{said}");
        let text = String::from_utf8(out.stdout).expect("text");
        (text.lines().map(|line| serde_json::from_str(line).expect("an event")).collect(), said)
    }

    /// The folder of Meridian's month.
    pub(super) fn month(&self) -> PathBuf {
        self.folder.join("archive").join(firm()).join("events").join(MONTH)
    }

    pub(super) async fn verify(&self, more: &[&str]) -> (bool, String) {
        let mut command = Command::new(program().await);
        command
            .args(["audit", "verify", "--key", &self.keys, "--trusted"])
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

    /// A note of the log's key over any text.
    pub(super) async fn signed(&self, text: &str) -> String {
        let signature = self.app.seals.signer.sign(text.as_bytes()).await.expect("a signature");
        let key: VerifierKey = self.keys.parse().expect("a key");
        key.signed(text, &signature).expect("a note").text
    }

    pub(super) async fn found(&self, wanted: &str) {
        let (fine, said) = self.verify(&[]).await;
        assert!(!fine && said.contains(wanted), "{said}, not {wanted}");
    }

    pub(super) fn manifest(&self) -> Manifest {
        let text = std::fs::read(self.month().join("manifest.json")).expect("a manifest");
        Manifest::read(MONTH, &text).expect("a manifest")
    }

    /// Replaces a file, and lets the manifest say that it was so always, if `fitting`.
    pub(super) fn replace(
        &self,
        part: usize,
        fitting: bool,
        change: impl FnOnce(&mut Vec<Record>),
    ) {
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

    pub(super) fn describe(&self, mut manifest: Manifest) {
        manifest.rows = manifest.files.iter().map(|file| file.rows).sum();
        manifest.last_at = manifest.files.iter().map(|file| file.last_at.clone()).max().unwrap();
        manifest.last_leaf =
            manifest.files.iter().flat_map(|f| &f.runs).map(|(a, n)| a + n - 1).max().unwrap();
        std::fs::write(self.month().join("manifest.json"), manifest.text()).expect("a manifest");
    }

    /// The event at a place of a file, in words.
    pub(super) fn named(&self, part: usize, place: usize) -> (u64, String) {
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
